//! What an office enters for somebody, as everyone reads it, and what its code takes back.

use domain::codes::SlipCode;
use domain::time::DAY;
use serde_json::{Value, json};

use super::data::{consultation, now, proposal};
use super::questions::answers;
use super::texts;
use super::walk::Village;

fn code(number: u8) -> SlipCode {
    SlipCode::from_random([number; 16])
}

/// An entry with the slip of this number.
fn entry(number: u8, way: &str, consent: &str, act: Value) -> Value {
    json!({ "act": act, "way": way, "consent": consent, "slip": code(number).hash() })
}

fn take_back(number: u8) -> Value {
    json!({ "code": code(number).to_string() })
}

impl Village {
    /// Texts and support.
    pub(super) async fn entered(&self) {
        let Self { client, clerk, author, .. } = self;
        let place = &client.accepted(clerk, "open_consultation", consultation(now() + DAY)).await;
        let act = json!({ "propose": proposal(place, "other") });
        let record = client.accepted(clerk, "enter", entry(1, "visit", "spoken", act.clone())).await;
        let word = json!({ "consultation": place, "on": record, "stance": "for", "text": "Oui." });
        client.accepted(clerk, "enter", entry(2, "paper", "signed", json!({ "comment": word }))).await;
        let support = json!({ "consultation": place, "record": record, "given": true });
        let support = json!({ "support": support });
        client.accepted(clerk, "enter", entry(3, "phone", "spoken", support.clone())).await;
        client.accepted(clerk, "enter", entry(4, "letter", "signed", support.clone())).await;
        self.pull_all(place).await;
        client.refused(author, "enter", entry(5, "visit", "spoken", support.clone()), "not_permitted").await;
        client.refused(clerk, "enter", entry(4, "visit", "spoken", support.clone()), "already_done").await;
        let signed =
            client.push(clerk, &client.seal(clerk, "enter", &entry(5, "phone", "signed", support))).await;
        assert!(signed["invalid"].is_object(), "nobody signs on the telephone: {signed}");
        let appeal = |number: u8| json!({ "slip": code(number).hash(), "text": "Non." });
        client.refused(author, "appeal_for", appeal(1), "not_permitted").await;
        client.refused(clerk, "appeal_for", appeal(1), "not_hidden").await;
        client.refused(clerk, "appeal_for", appeal(9), "no_such_code").await;
        client.refused(author, "take_back", take_back(1), "not_permitted").await;
        client.refused(clerk, "take_back", take_back(9), "no_such_code").await;
        client.accepted(clerk, "take_back", take_back(1)).await;
        client.refused(clerk, "take_back", take_back(1), "already_withdrawn").await;
        self.pull_all(place).await;
        let text = &client.accepted(clerk, "publish_text", texts::text(place)).await;
        let mut amend = texts::amendment(place, text);
        client.accepted(clerk, "enter", entry(6, "letter", "signed", json!({ "amend": amend }))).await;
        amend["quote"] = json!("La marge est de 9 mètres.");
        let late = entry(7, "letter", "signed", json!({ "amend": amend }));
        client.refused(clerk, "enter", late, "text_changed").await;
        self.pull_all(place).await;
        client.accepted(clerk, "take_back", take_back(6)).await;
    }

    /// A ballot that stays until it is counted, and answers that are taken back.
    pub(super) async fn entered_asked(&self, place: &str, poll: &str, survey: &str) {
        let Self { client, clerk, .. } = self;
        let cast = json!({ "cast": { "consultation": place, "poll": poll, "ballot": { "choice": 1 } } });
        client.accepted(clerk, "enter", entry(20, "paper", "spoken", cast)).await;
        let said = json!({ "consultation": place, "survey": survey, "answers": answers(1) });
        client.accepted(clerk, "enter", entry(21, "paper", "spoken", json!({ "respond": said }))).await;
        client.accepted(clerk, "take_back", take_back(21)).await;
    }

    /// It is counted.
    pub(super) async fn entered_too_late_to_take_back(&self) {
        self.client.refused(&self.clerk, "take_back", take_back(20), "already_counted").await;
    }
}
