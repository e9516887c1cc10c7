//! The desk's list, answers and openings.

use super::*;
use domain::records::{Contribution, Proposal, SignedAs, What};

fn lang(tag: &str) -> Lang {
    tag.parse().unwrap()
}

fn item(title: &str, name: &str, at: i64, state: DeskState) -> Record {
    Record::DeskItem(DeskItem {
        contribution: Contribution {
            id: RecordId([1; 16]),
            consultation: RecordId([2; 16]),
            what: What::Proposal(Proposal {
                title: title.parse().unwrap(),
                text: None,
                subject: "roads".parse().unwrap(),
                photos: vec![],
            }),
            week: Millis(0).week(),
            signed: SignedAs::Resident,
            answer: None,
            step: None,
            merged: vec![],
            merged_into: None,
        },
        person: "p1".parse().unwrap(),
        name: name.parse().unwrap(),
        receipt: "000-000-0".to_owned(),
        received_at: Millis(at),
        written_at: Millis(at),
        state,
        step: None,
        notes: vec![],
        questions: vec![],
    })
}

#[test]
fn the_inbox_is_newest_first_and_finds_by_name_and_state() {
    let records =
        [item("Un banc", "Aline", 1, DeskState::New), item("Une lampe", "Maude", 2, DeskState::Answered)];
    let inbox = Inbox::read(&records, str::to_owned);
    assert_eq!((inbox.items[0].received_at, inbox.to_answer()), (Millis(2), 1));
    let found = |wanted: Wanted| inbox.find(&wanted, str::to_owned).len();
    assert_eq!(found(Wanted::default()), 2);
    assert_eq!(found(Wanted { query: "aline".into(), ..Wanted::default() }), 1);
    assert_eq!(found(Wanted { shown: Shown::Answered, query: "aline".into(), ..Wanted::default() }), 0);
    assert_eq!(found(Wanted { subject: "leisure".parse().ok(), ..Wanted::default() }), 0);
}

#[test]
fn an_answer_needs_the_first_language_only() {
    let write = |fr: &str, en: &str| answer(&lang("fr"), &[(lang("fr"), fr.into()), (lang("en"), en.into())]);
    assert_eq!(write("Oui.", "").unwrap().iter().count(), 1);
    assert_eq!(write("Oui.", "Yes.").unwrap().iter().count(), 2);
    assert_eq!(write(" ", "Yes."), Err(vec![AnswerProblem::Missing(lang("fr"))]));
    assert_eq!(write(&"a".repeat(5_001), ""), Err(vec![AnswerProblem::Long(lang("fr"))]));
}

#[test]
fn a_consultation_opens_whole_or_says_everything_that_is_missing() {
    let both = |text: &str| vec![(lang("fr"), text.to_owned()), (lang("en"), text.to_owned())];
    let form = OpenForm {
        titles: both("Q"),
        summaries: both("S"),
        closes_at: Some(Millis(10)),
        grace_hours: 48,
        answer_by: None,
    };
    let opened = open(&form, Millis(5)).unwrap();
    assert_eq!(
        opened.phases.open_for(domain::phases::Form::Proposals).1.plus(opened.grace),
        Millis(10 + 48 * HOUR)
    );
    let early = OpenForm { answer_by: Some(Millis(9)), ..form };
    assert_eq!(open(&early, Millis(5)), Err(vec![OpenProblem::Promise]));
    let empty = open(&OpenForm { titles: both(""), ..OpenForm::default() }, Millis(5));
    assert_eq!(empty, Err(vec![OpenProblem::Title, OpenProblem::Summary, OpenProblem::Closes]));
}
