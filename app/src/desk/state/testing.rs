//! Items for the tests of this folder.

use std::sync::Arc;

use domain::ids::RecordId;
use domain::operations::{Progress, Stance};
use domain::phases::{Form, Phases};
use domain::records::{
    Comment, Conclusion, Consultation, Contribution, DeskItem, DeskState, Proposal, Record, SignedAs, Step,
    What,
};
use domain::text::{Lang, Localized, Text};
use domain::time::Millis;

use crate::offline::Held;

pub fn lang(tag: &str) -> Lang {
    tag.parse().unwrap()
}

pub fn id(byte: u8) -> RecordId {
    RecordId([byte; 16])
}

/// A proposal, received at that time, whose number is its name.
pub fn proposal(number: u8, title: &str, at: i64) -> DeskItem {
    let what = What::Proposal(Proposal {
        title: title.parse().unwrap(),
        text: None,
        subject: "roads".parse().unwrap(),
        photos: vec![],
        place: None,
        photos_out: 0,
        photos_covered: 0,
    });
    DeskItem {
        contribution: Contribution {
            id: id(number),
            consultation: id(200),
            what,
            week: Millis(0).week(),
            signed: SignedAs::Resident,
            answer: None,
            step: None,
            merged: vec![],
            merged_into: None,
            home: None,
            forwarded: None,
            forwarded_from: None,
        },
        person: "p1".parse().unwrap(),
        name: "Aline".parse().unwrap(),
        receipt: "000-000-0".to_owned(),
        received_at: Millis(at),
        written_at: Millis(at),
        state: DeskState::New,
        step: None,
        notes: vec![],
        questions: vec![],
        cover: None,
        hidden: None,
    }
}

pub fn comment(number: u8, on: u8, at: i64) -> DeskItem {
    let mut item = proposal(number, "x", at);
    let text = "Un mot".parse().unwrap();
    item.contribution.what = What::Comment(Comment { on: id(on), stance: Stance::For, text });
    item
}

pub fn step(mut item: DeskItem, progress: Progress) -> DeskItem {
    item.step = Some(Step { progress, at: Millis(9) });
    item
}

pub fn held(item: DeskItem) -> Arc<Held> {
    Arc::new(Held { name: String::new(), seq: 1, record: Record::DeskItem(item), pending: false })
}

/// A consultation that took contributions for an instant, long ago.
pub fn consultation(number: u8) -> Consultation {
    Consultation {
        id: id(number),
        community: "laforce".parse().unwrap(),
        title: Localized::new([(lang("fr"), "Q".parse().unwrap())]).unwrap(),
        summary: said("S"),
        opened_at: Millis(0),
        phases: Phases::contribute(Millis(0), Millis(1)).unwrap(),
        grace: 0,
        takes: Form::ALL.to_vec(),
        closed_at: None,
        decided_by: None,
        used_for: None,
        answer_by: None,
        conclusion: None,
        source: None,
        adapted_from: None,
        shared_with: Vec::new(),
        fictitious: false,
    }
}

pub fn conclusion(at: Millis) -> Conclusion {
    Conclusion { text: said("Oui."), at, uses: vec![] }
}

pub fn said(text: &str) -> Localized<Text> {
    Localized::new([(lang("fr"), text.parse().unwrap())]).unwrap()
}
