//! Histories: the production sender and the production server code, over real SQLite, under
//! scripted loss, duplication, reordering, delay and crashes at every step.
//!
//! Each history is drawn from its number alone; a failure prints it, and
//! `RABASKA_HISTORY=<number>` runs that one. What must hold: an operation has at most one
//! effect; what was sealed is on the device until it is receipted; equal ids give byte-equal
//! receipts; what a device calls accepted is what the server stored; and each word was answered and left what a book
//! of a few lines says that it had to (`ledger.rs`), so that one person supports once, also where proposals are merged
//! and parted again. In some two communities are at it: what is forwarded arrives once, what is shared is held as it
//! was answered, and one person's ballot counts once. In some an office is: it answers, hides, blots out words, merges,
//! promises, changes a text, looks first at what people say (then nobody else sees it before it is approved), holds a
//! poll and a survey (each person has one ballot and one response, their last), and enters what somebody says. And in
//! some there are photos, taken out and covered too, and documents: each of their files is whole in the end, once, and
//! served as long as something that stands names it.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it cannot go on")]

mod across;
mod asked;
mod device;
mod dice;
mod ledger;
mod line;
mod mutants;
mod office;
mod passing;
mod photos;
mod reading;
mod said;
mod story;
mod template;
mod traces;
mod verdict;
mod village;

use mutants::Mutant;
use story::Story;
use template::Template;
use village::Village;

fn scale() -> u64 {
    std::env::var("RABASKA_TEST_SCALE").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Runs histories on one database, many persons' worth of acts in it.
fn together(numbers: std::ops::Range<u64>, mutant: Option<Mutant>) -> Result<(), String> {
    let template = Template::new();
    runtime().block_on(async {
        let mut village = Village::shared(&template, mutant).await;
        for number in numbers {
            if number % 50 == 0 {
                village = Village::shared(&template, mutant).await;
            }
            Story::new(number, mutant, false).run(&village).await?;
        }
        Ok(())
    })
}

#[test]
fn nine_thousand_histories_of_a_faulty_line() {
    if let Some(number) = std::env::var("RABASKA_HISTORY").ok().and_then(|text| text.parse().ok()) {
        return together(number..number + 1, None).unwrap();
    }
    // Two halves side by side: each has its own databases.
    let count = 9_000 * scale();
    let other = std::thread::spawn(move || together(0..count / 2, None));
    together(count / 2..count, None).unwrap();
    other.join().unwrap().unwrap();
    println!("{count} histories");
}

#[test]
fn a_thousand_histories_on_a_file_reopened_after_each_crash() {
    let template = Template::new();
    let count = 1_000 * scale();
    runtime().block_on(async {
        for number in 0..count {
            let village = Village::shared(&template, None).await;
            Story::new(1_000_000 + number, None, true).run(&village).await.unwrap();
        }
    });
    println!("{count} histories on files");
}

/// A mutant must turn at least one of the first histories red.
fn is_caught(mutant: Mutant) {
    println!("{mutant:?}: {}", together(0..400, Some(mutant)).expect_err("the mutant went unnoticed"));
}

#[test]
fn a_server_without_a_replay_check_is_caught() {
    is_caught(Mutant::NoReplayCheck);
}

#[test]
fn a_device_that_trusts_any_200_is_caught() {
    is_caught(Mutant::TrustsAny200);
}

#[test]
fn a_device_that_deletes_before_the_receipt_is_caught() {
    is_caught(Mutant::DeletesBeforeTheReceipt);
}

#[test]
fn a_server_that_ignores_the_hash_is_caught() {
    is_caught(Mutant::IgnoresTheHash);
}

#[test]
fn a_device_that_seals_anew_on_retry_is_caught() {
    is_caught(Mutant::SealsAnewOnRetry);
}

#[test]
fn a_passing_of_time_that_names_anew_what_it_repeats_is_caught() {
    is_caught(Mutant::NamesAnew);
}

#[test]
fn a_server_that_counts_somebody_on_both_shores_is_caught() {
    is_caught(Mutant::CountsOnBothShores);
}

#[test]
fn a_server_that_answers_again_what_is_tried_again_is_caught() {
    is_caught(Mutant::AnswersTwice);
}

#[test]
fn a_server_that_adds_up_the_supporters_of_what_is_merged_is_caught() {
    is_caught(Mutant::MergesCountTwice);
}

#[test]
fn a_server_that_shows_again_what_was_blotted_out_is_caught() {
    is_caught(Mutant::ShowsBlottedAgain);
}

#[test]
fn a_server_that_shows_photos_that_were_blotted_out_is_caught() {
    is_caught(Mutant::KeepsBlottedPhotos);
}

#[test]
fn a_server_that_publishes_what_is_entered_before_it_is_approved_is_caught() {
    is_caught(Mutant::PublishesWhatIsEntered);
}

#[test]
fn a_server_that_keeps_the_ballots_that_were_taken_back_is_caught() {
    is_caught(Mutant::KeepsTakenBallots);
}

#[test]
fn a_server_that_keeps_earlier_answers_beside_later_ones_is_caught() {
    is_caught(Mutant::KeepsEarlierAnswers);
}

#[test]
fn a_server_that_takes_photos_with_holes_is_caught() {
    is_caught(Mutant::TakesPhotosWithHoles);
}

#[test]
fn a_server_that_takes_what_has_no_photo_is_caught() {
    is_caught(Mutant::TakesWhatHasNoPhoto);
}

#[test]
fn a_server_that_keeps_the_documents_that_were_taken_away_is_caught() {
    is_caught(Mutant::KeepsDetached);
}
