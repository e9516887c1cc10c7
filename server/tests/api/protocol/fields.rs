//! Which fields the server needs, by the document.

use domain::authority::Role;
use domain::time::DAY;
use serde_json::{Value, json};

use super::acts::Client;
use super::data::{both, consultation, document, now, proposal, with_photo};
use super::{questions, sharing, texts};

#[tokio::test]
async fn a_documented_field_is_needed_unless_it_may_be_left_out_and_no_other_is_taken() {
    let client = &Client::new().await;
    let clerk = &client.sign_in(Role::Clerk).await;
    let place = client.accepted(clerk, "open_consultation", consultation(now() + DAY)).await;
    let about = |more: Value| {
        let mut data = json!({ "consultation": place, "record": "ab".repeat(16) });
        data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        data
    };
    let kinds = [
        ("propose", with_photo(&place)),
        ("comment", json!({ "consultation": place, "on": "ab".repeat(16), "stance": "for", "text": "Oui." })),
        ("amend", texts::amendment(&place, &"ab".repeat(16))),
        ("publish_text", texts::second(&place, &"ab".repeat(16))),
        ("support", about(json!({ "given": true }))),
        ("withdraw", about(json!({}))),
        ("reply", about(json!({ "text": "Oui." }))),
        ("mark", about(json!({ "progress": "read" }))),
        ("ask", about(json!({ "text": "Où?" }))),
        ("file", about(json!({ "subject": "other" }))),
        ("note", about(json!({ "text": "Oui." }))),
        ("blot", about(json!({ "words": ["Oui."] }))),
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
        ("attach_document", document(&place)),
        (
            "keep_template",
            json!({ "template": "ab".repeat(16), "title": both("Merci"), "text": both("Merci.") }),
        ),
        ("drop_template", json!({ "template": "ab".repeat(16) })),
        ("detach_document", json!({ "consultation": place, "document": "ab".repeat(16) })),
        ("open_poll", questions::poll(&place, "plurality", &[])),
        ("open_survey", questions::survey(&place)),
        ("answer", about(json!({ "text": both("Oui.") }))),
        ("open_consultation", sharing::consultation(now() + DAY)),
        ("forward", sharing::forward(&place, &"ab".repeat(16), "moffet")),
        ("deliver", sharing::deliver(&place, &"ab".repeat(16))),
        ("confirm_delivery", about(json!({ "arrived": "cd".repeat(16) }))),
        ("share", about(json!({ "from": "moffet" }))),
        ("join", sharing::join(&place)),
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
    ];
    let refused = async |what: &str, envelope: &Value, wanted: bool| {
        let result = client.push(clerk, envelope).await;
        assert_eq!(result["invalid"].is_object(), wanted, "{what}: {result}");
    };
    for (kind, data) in kinds {
        for name in client.document.names(kind).into_iter().chain(["colour".to_owned()]) {
            let (key, optional) = name.strip_suffix('?').map_or((name.as_str(), false), |key| (key, true));
            let mut less = data.clone();
            if less.as_object_mut().unwrap().remove(key).is_none() {
                less[key] = json!("red");
            }
            let envelope = client.envelope(clerk, &client.body(kind, &less));
            refused(&format!("{kind} and {key}"), &envelope, !optional).await;
        }
    }
    let data = proposal(&place, "other");
    for name in client.document.names("Body").into_iter().filter(|name| !name.ends_with('?')) {
        let mut body = client.body("propose", &data);
        body.as_object_mut().unwrap().remove(&name);
        refused(&name, &client.envelope(clerk, &body), true).await;
    }
    for name in client.document.names("Envelope") {
        let mut envelope = client.seal(clerk, "propose", &data);
        envelope.as_object_mut().unwrap().remove(&name);
        refused(&name, &envelope, true).await;
    }
}
