//! Entering what somebody said who came, telephoned, wrote or filled in a form: what, how it came, that they agree;
//! then the form of it, read out again before it is sealed. What and how it came stay for the next one.

use domain::ids::RecordId;
use domain::operations::{Act, Action, Consent, Enter, Way};
use domain::outbox::Item;
use domain::records::Consultation;
use domain::scopes::Scope;
use domain::time::Millis;
use leptos::prelude::*;

use super::inbox::Desk;
use super::state::entering::{Missing, What, agreed, name_of, offered, poll, survey};
use super::{amending, entries, slip, within};
use crate::ui::dialog::{Asked, dialog};
use crate::ui::field::{Choice, Errors, choices, summary};
use crate::ui::live::{live, memo};
use crate::ui::routes::Route;
use crate::ui::{App, dates, parts, typed, words};
use crate::{proposals, w};

/// The page.
pub fn page(app: App, id: RecordId) -> AnyView {
    within::page(app, id, || w!(desk_enter_title), draw)
}

/// Under which name it is kept what is entered next in a consultation.
pub fn kept_as(consultation: RecordId) -> String {
    format!("enter {consultation}")
}

/// Something that was written for somebody and can be sealed.
#[derive(Clone)]
pub struct Written {
    /// What they would have done.
    pub act: Act,
    /// What it is, or what it is about, in one line.
    pub title: String,
    /// Their words; empty for what has none.
    pub text: String,
    /// More to be read out before it is sealed, and kept nowhere: a ballot, answers with their questions.
    pub aloud: Vec<(String, String)>,
    /// Where everyone sees what becomes of it; none: at its own address.
    pub at: Option<Route>,
    /// Under which name its form is kept.
    pub kept_as: String,
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct Entering {
    /// The app.
    pub app: App,
    /// Whose desk it is.
    pub desk: Desk,
    /// Its consultation.
    pub consultation: RecordId,
    /// What is wrong, by field.
    pub errors: Errors,
    way: RwSignal<String>,
    consent: RwSignal<String>,
    asking: RwSignal<bool>,
    ready: RwSignal<Option<Written>>,
}

impl Entering {
    /// Asks whether it is right, once nothing is missing.
    pub fn check(self, written: Result<Written, Vec<(&'static str, String)>>) {
        let mut wrong: Vec<(&'static str, String)> = match self.agreed() {
            Ok(_) => Vec::new(),
            Err(missing) => missing.into_iter().map(say).collect(),
        };
        let written = written.map_err(|more| wrong.extend(more)).ok();
        let fine = wrong.is_empty();
        self.errors.set(wrong);
        self.ready.set(written.filter(|_| fine));
        self.asking.set(fine);
    }

    fn agreed(self) -> Result<(Way, Consent), Vec<Missing>> {
        agreed(&self.way.get_untracked(), &self.consent.get_untracked())
    }

    /// Seals it with its slip: a code that nobody could read any more would be lost.
    fn seal(self) {
        let (Some(written), Ok((way, consent))) = (self.ready.get_untracked(), self.agreed()) else { return };
        let app = self.app;
        let Some(code) = app.device().draw_code() else {
            return self.errors.set(vec![("what", w!(desk_enter_error_code))]);
        };
        let community = self.desk.community();
        app.spawn(async move {
            let enter = Enter { act: written.act.clone(), way, consent, slip: code.hash() };
            let now = app.device().server_now();
            let form = slip::kept_as(self.consultation);
            let values = |item: &Item| slip::values(&written, way, code, now, item);
            match typed::seal_into(app, &community, Action::Enter(enter), &form, values).await {
                Ok(()) => {
                    typed::forget(app, &written.kept_as).await;
                    app.go(&Route::DeskSlip(self.consultation));
                }
                // The slip that waited before stays.
                Err(error) => drop(self.errors.try_set(vec![("what", proposals::say(error))])),
            }
        });
    }
}

fn say(missing: Missing) -> (&'static str, String) {
    match missing {
        Missing::Way => ("way", w!(desk_enter_error_way)),
        Missing::Consent => ("consent", w!(desk_enter_error_consent)),
        Missing::Spoken => ("consent", w!(desk_enter_error_spoken)),
    }
}

/// A way in words.
pub fn said(way: Way) -> String {
    match way {
        Way::Visit => w!(desk_enter_visit),
        Way::Phone => w!(desk_enter_phone),
        Way::Letter => w!(desk_enter_letter),
        Way::Paper => w!(desk_enter_paper),
    }
}

fn choice(value: &str, text: String, hint: String) -> Choice {
    Choice { value: value.to_owned(), text, hint }
}

fn draw(app: App, desk: Desk, it: &Consultation) -> AnyView {
    desk.follow_also(app, it.id);
    let records = app.records(&Scope::Consultation(desk.community(), it.id));
    let (what, way) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    typed::keep(app, &kept_as(it.id), vec![("what".to_owned(), what), ("way".to_owned(), way)]);
    let entering = Entering {
        app,
        desk,
        consultation: it.id,
        errors: RwSignal::new(Vec::new()),
        way,
        consent: RwSignal::new(String::new()),
        asking: RwSignal::new(false),
        ready: RwSignal::new(None),
    };
    let own = it.clone();
    // Drawn anew when there is another thing to enter, not with the clock.
    let all = memo(move || {
        app.clock.track();
        records.with(|records| offered(&own, records, app.device().server_now()))
    });
    let name = move |what: What| match what {
        What::Propose => w!(desk_enter_propose),
        What::Comment => w!(desk_enter_comment),
        What::Support => w!(desk_enter_support),
        What::Amend => w!(desk_enter_amend),
        What::Poll(id) => {
            let title = records.with_untracked(|all| poll(all, id).map(|it| words::say(&it.question)));
            w!(desk_enter_poll, title = title.unwrap_or_default())
        }
        What::Survey(id) => {
            let title = records.with_untracked(|all| survey(all, id).map(|it| words::say(&it.title)));
            w!(desk_enter_survey, title = title.unwrap_or_default())
        }
    };
    let asked = live(move || {
        let all = all.get();
        if all.is_empty() {
            return parts::notice("warn", String::new(), w!(desk_enter_nothing), None);
        }
        let option = |(what, until): &(What, Millis)| {
            let hint = match what {
                What::Poll(_) | What::Survey(_) => w!(desk_enter_until_counted, date = dates::moment(*until)),
                _ => w!(desk_enter_until, date = dates::moment(*until)),
            };
            choice(&what.name(), name(*what), hint)
        };
        let options = all.iter().map(option).collect();
        choices("what", w!(desk_enter_what), String::new(), true, options, what, entering.errors)
    });
    let ways = Way::ALL.map(|way| choice(name_of(way), said(way), String::new()));
    let consents = [
        choice("spoken", w!(desk_enter_spoken), String::new()),
        choice("signed", w!(desk_enter_signed), String::new()),
    ];
    let chosen = memo(move || {
        let what = What::named(&what.get())?;
        all.with(|all| all.iter().any(|(known, _)| *known == what).then_some(what))
    });
    let form = live(move || chosen.get().map(|what| entries::form(entering, records, what)));
    view! {
        {within::head(app, w!(desk_enter_title), it, None)}
        <p class="soft">{w!(desk_enter_intro)}</p>
        {slip::waits(app, it.id)}
        {summary(entering.errors)}
        <section class="stack-l">
            {asked}
            {choices("way", w!(desk_enter_way), String::new(), true, ways.into(), way, entering.errors)}
            {choices("consent", w!(desk_enter_consent), w!(desk_enter_consent_hint), true, consents.into(), entering.consent, entering.errors)}
        </section>
        {form}
        {confirm(entering)}
    }
    .into_any()
}

/// Read out again, and sealed.
fn confirm(entering: Entering) -> AnyView {
    let again = live(move || {
        let it = entering.ready.get()?;
        let lines: Vec<AnyView> = it
            .aloud
            .iter()
            .map(|(asked, said)| {
                let asked = (!asked.is_empty())
                    .then(|| view! { <p class="small soft" dir="auto">{asked.clone()}</p> });
                view! { {asked} <p dir="auto">{said.clone()}</p> }.into_any()
            })
            .collect();
        let text = match &it.act {
            Act::Amend(amend) => Some(amending::read_out(amend)),
            _ => (!it.text.is_empty()).then(|| parts::words_of("person", it.text.clone(), None)),
        };
        Some(view! { <p dir="auto"><strong>{it.title.clone()}</strong></p> {text} {lines} })
    });
    let asked = Asked {
        title: w!(desk_enter_ask),
        text: w!(desk_enter_ask_help),
        yes: w!(desk_enter_yes),
        class: "btn",
    };
    dialog(entering.asking, asked, Some(again), move || {
        entering.seal();
        true
    })
}
