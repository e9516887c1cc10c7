//! The form that opens a consultation, a step at a time, and how long it takes somebody who never saw it.

use std::cell::Cell;

use harness::{Page, run};

use crate::inbox::{Office, say_yes};

/// Goes on to that step of the form that opens a consultation.
pub async fn step(desk: &Page, number: usize) {
    desk.click_text("button", "Continuer").await;
    let at = format!("document.querySelector('#step')?.innerText.startsWith('Partie {number} de 4')");
    desk.wait_for(&at, &format!("step {number}")).await;
}

/// The same through several.
pub async fn steps(desk: &Page, numbers: std::ops::Range<usize>) {
    for number in numbers {
        step(desk, number).await;
    }
}

/// What somebody does, in the units of the keystroke-level model (Card, Moran and Newell, "The keystroke-level model for
/// user performance time with interactive systems", Communications of the ACM 23(7), 1980), and the words they read.
#[derive(Default)]
struct Effort {
    words: Cell<usize>,
    keys: Cell<usize>,
    taps: Cell<usize>,
}

impl Effort {
    /// Reads every word of the page that was not there before.
    async fn reads(&self, desk: &Page, seen: &mut String) {
        let text: String = desk.eval("document.querySelector('main').innerText").await.unwrap();
        let new = text.lines().filter(|line| !seen.contains(line)).flat_map(str::split_whitespace).count();
        self.words.set(self.words.get() + new);
        seen.push_str(&text);
    }

    async fn writes(&self, desk: &Page, field: &str, text: &str) {
        desk.fill(field, text).await;
        self.taps.set(self.taps.get() + 1);
        self.keys.set(self.keys.get() + text.chars().count());
    }

    fn taps(&self, times: usize) {
        self.taps.set(self.taps.get() + times);
    }

    /// In seconds, slowly: 0.28 s a key for somebody who types little; each field and button is found and thought about
    /// (1.35 s), pointed at (1.1 s) and pressed (0.2 s); 130 words a minute are read, as aloud.
    #[expect(clippy::cast_precision_loss, reason = "thousands")]
    fn seconds(&self) -> f64 {
        let (words, keys, taps) = (self.words.get() as f64, self.keys.get() as f64, self.taps.get() as f64);
        words * 60.0 / 130.0 + keys * 0.28 + taps * (1.35 + 1.1 + 0.2)
    }
}

#[test]
fn a_volunteer_who_reads_every_word_opens_one_from_a_template_in_less_than_ten_minutes() {
    run(async {
        let office = Office::new().await;
        let desk = &office.desk;
        let (effort, mut seen) = (Effort::default(), String::new());
        desk.goto(&office.hall.proxy.at("/desk/consultations/new")).await;
        desk.mounted().await;
        desk.wait_for("document.querySelectorAll('#start option').length > 7", "the templates").await;
        effort.reads(desk, &mut seen).await;
        desk.fill("#start", "Parc ou lieu public").await;
        desk.click_text("button", "Remplir").await;
        effort.taps(3);
        desk.wait_for("document.querySelector('#title').value.startsWith('Que faire au [')", "its words")
            .await;
        // The template's own words are read too, in the language of whoever reads.
        for field in ["#title", "#summary", "#who", "#use"] {
            let text: String = desk.eval(&format!("document.querySelector('{field}').value")).await.unwrap();
            effort.words.set(effort.words.get() + text.split_whitespace().count());
        }
        for (field, text) in [
            ("#title", "Que faire au parc du quai?"),
            ("#title-2", "What should we do at the quay park?"),
            (
                "#summary",
                "Le parc du quai a besoin d’ombre et de bancs. Le budget est de 4 000 $. Dites-nous ce que vous voulez y faire, et ce qui doit rester comme avant.",
            ),
            (
                "#summary-2",
                "The quay park needs shade and benches. The budget is $4,000. Tell us what you want to do there, and what should stay as it was.",
            ),
        ] {
            effort.writes(desk, field, text).await;
        }
        for number in 2..5 {
            effort.reads(desk, &mut seen).await;
            step(desk, number).await;
            effort.taps(1);
        }
        desk.wait_for("document.querySelector('.preview-phone h3') !== null", "as on a phone").await;
        effort.reads(desk, &mut seen).await;
        desk.click_text("button", "Relire avant d’ouvrir").await;
        say_yes(desk).await;
        desk.wait_for("location.pathname === '/desk/consultations'", "it is sealed").await;
        effort.taps(3);
        let (words, keys, taps) = (effort.words.get(), effort.keys.get(), effort.taps.get());
        let seconds = effort.seconds();
        println!(
            "{words} words read, {keys} keys, {taps} taps: {:.1} min by the keystroke-level model",
            seconds / 60.0
        );
        assert!(seconds < 600.0, "{words} words, {keys} keys, {taps} taps: {seconds:.0} s");
    });
}
