//! What each kind may say: with every field, about things that are not there.

use domain::ids::Hash;
use domain::operations::Kind;
use domain::time::DAY;
use serde_json::{Value, json};

use super::acts::{QUAY, ROAD};
use super::data::{both, document, now, with_photo};
use super::{questions, sharing, texts};

/// One of each kind, in a consultation.
pub fn one_of_each(place: &str) -> Vec<(&'static str, Value)> {
    let rule = json!({ "id": "rule-1", "label": both("Règle"), "explanation": both("Ce qu’elle dit.") });
    let about = |more: Value| {
        let mut data = json!({ "consultation": place, "record": "ab".repeat(16) });
        data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        data
    };
    vec![
        ("propose", with_photo(place)),
        ("comment", json!({ "consultation": place, "on": "ab".repeat(16), "stance": "for", "text": "Oui." })),
        ("amend", texts::amendment(place, &"ab".repeat(16))),
        ("publish_text", texts::second(place, &"ab".repeat(16))),
        ("support", about(json!({ "given": true }))),
        ("withdraw", about(json!({}))),
        ("reply", about(json!({ "text": "Oui." }))),
        ("mark", about(json!({ "progress": "read" }))),
        ("ask", about(json!({ "text": "Où?" }))),
        ("file", about(json!({ "subject": "other" }))),
        ("note", about(json!({ "text": "Oui." }))),
        (
            "blot",
            about(json!({
                "words": ["Oui."], "photos": ["ab".repeat(32)],
                "covers": [{ "photo": "cd".repeat(32), "full": Hash::of(QUAY), "thumb": Hash::of(ROAD) }]
            })),
        ),
        ("merge", about(json!({ "into": "cd".repeat(16) }))),
        ("unmerge", about(json!({}))),
        ("conclude", json!({ "consultation": place, "text": both("Oui."), "uses": ["ab".repeat(16)] })),
        (
            "commit",
            json!({
                "consultation": place, "text": both("Oui."), "owner": both("La voirie"), "due": now() + DAY,
                "follows": []
            }),
        ),
        ("report_progress", about(json!({ "text": both("Oui."), "state": "done" }))),
        ("cast", json!({ "consultation": place, "poll": "ab".repeat(16), "ballot": { "choice": 0 } })),
        ("respond", json!({ "consultation": place, "survey": "ab".repeat(16), "answers": {} })),
        ("count", json!({ "consultation": place, "poll": "ab".repeat(16) })),
        ("publish_results", json!({ "consultation": place, "survey": "ab".repeat(16) })),
        ("attach_document", document(place)),
        (
            "keep_template",
            json!({ "template": "ab".repeat(16), "title": both("Merci"), "text": both("Merci.") }),
        ),
        ("drop_template", json!({ "template": "ab".repeat(16) })),
        ("detach_document", json!({ "consultation": place, "document": "ab".repeat(16) })),
        ("open_poll", questions::poll(place, "plurality", &[])),
        ("open_survey", questions::survey(place)),
        ("answer", about(json!({ "text": both("Oui.") }))),
        ("open_consultation", sharing::consultation(now() + DAY)),
        ("forward", sharing::forward(place, &"ab".repeat(16), "moffet")),
        ("deliver", sharing::deliver(place, &"ab".repeat(16))),
        ("confirm_delivery", about(json!({ "arrived": "cd".repeat(16) }))),
        ("share", about(json!({ "from": "moffet" }))),
        ("join", sharing::join(place)),
        ("decline", json!({ "from": "laforce", "consultation": place })),
        ("close_consultation", json!({ "consultation": place, "grace": 5 })),
        ("hide", about(json!({ "rule": "off-topic" }))),
        (
            "enter",
            json!({
                "act": { "support": about(json!({ "given": true })) }, "way": "visit", "consent": "spoken",
                "slip": "ab".repeat(32)
            }),
        ),
        ("take_back", json!({ "code": "0123-4567-89AB-CDEF" })),
        ("appeal_for", json!({ "slip": "ab".repeat(32), "text": "Non." })),
        ("flag", about(json!({ "rule": "off-topic", "text": "Là." }))),
        ("keep", about(json!({ "flags": ["cd".repeat(16)] }))),
        ("approve", about(json!({}))),
        ("appeal", about(json!({ "text": "C’est mon chien." }))),
        ("decide_appeal", about(json!({ "restored": true, "text": both("Oui.") }))),
        ("settle_rules", json!({ "rules": [rule], "premoderated": true })),
    ]
}

#[test]
fn every_kind_is_there_once() {
    let all: Vec<&str> = one_of_each(&"ab".repeat(16)).into_iter().map(|(kind, _)| kind).collect();
    for kind in Kind::ALL {
        assert_eq!(all.iter().filter(|name| **name == kind.name()).count(), 1, "{}", kind.name());
    }
}
