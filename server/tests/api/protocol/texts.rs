//! Texts: published, amended, changed meanwhile, published again.

use domain::time::DAY;
use serde_json::{Value, json};

use super::data::{both, consultation, now, proposal};
use super::walk::Village;

/// A first version with one paragraph.
pub fn text(consultation: &str) -> Value {
    json!({
        "consultation": consultation, "title": both("Zonage"),
        "paragraphs": [{ "words": both("La marge est de 6 mètres.") }]
    })
}

/// What takes its place.
pub fn second(consultation: &str, of: &str) -> Value {
    let mut second = text(consultation);
    second["replaces"] = json!({ "text": of, "version": 1 });
    second
}

/// Another wording for it.
pub fn amendment(consultation: &str, text: &str) -> Value {
    json!({
        "consultation": consultation, "text": text, "paragraph": 1, "lang": "fr",
        "quote": "La marge est de 6 mètres.", "wording": "La marge est de 4 mètres.", "reason": "C’est étroit."
    })
}

impl Village {
    /// A text with its amendments, up to one that comes too late.
    pub(super) async fn texts(&self) {
        let Self { client, clerk, author, .. } = self;
        let place = &client.accepted(clerk, "open_consultation", consultation(now() + 9 * DAY)).await;
        client.refused(author, "publish_text", text(place), "not_permitted").await;
        let id = &client.accepted(clerk, "publish_text", text(place)).await;
        let amend = amendment(place, id);
        client.refused(clerk, "amend", amend.clone(), "not_permitted").await;
        let one = client.accepted(author, "amend", amend.clone()).await;
        let mut goes = amend.clone();
        goes.as_object_mut().unwrap().retain(|name, _| !["wording", "reason"].contains(&name.as_str()));
        let other = client.accepted(author, "amend", goes).await;
        self.pull_all(place).await;
        let comment =
            json!({ "consultation": place, "on": one, "stance": "for", "text": "Le mien aussi est étroit." });
        client.accepted(author, "comment", comment).await;
        let bench = client.accepted(author, "propose", proposal(place, "other")).await;
        let merge = |into: &str| json!({ "consultation": place, "record": other, "into": into });
        client.refused(clerk, "merge", merge(&bench), "not_alike").await;
        client.accepted(clerk, "merge", merge(&one)).await;

        let mut next = text(place);
        next["replaces"] = json!({ "text": id, "version": 2 });
        client.refused(clerk, "publish_text", next.clone(), "text_changed").await;
        next["replaces"]["version"] = json!(1);
        next["paragraphs"] = json!([{ "was": 1, "words": both("La marge est de 5 mètres.") }]);
        client.accepted(clerk, "publish_text", next).await;
        client.refused(author, "amend", amend, "text_changed").await;
        for _ in 1..3 {
            client.accepted(clerk, "publish_text", text(place)).await;
        }
        client.refused(clerk, "publish_text", text(place), "too_many_texts").await;
        self.pull_all(place).await;
    }
}
