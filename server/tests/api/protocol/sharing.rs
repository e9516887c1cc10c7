//! What passes from one community to another: a proposal, a consultation.

use domain::authority::{Actor, Membership, Person, Role};
use domain::envelope::Envelope;
use domain::operations::Operation;
use domain::ports::{Journal, Submission};
use domain::receipts::PushResult;
use domain::rules::forwarding::letterbox;
use domain::time::{DAY, Millis};
use rabaska::passing::settle;
use serde_json::{Value, json};

use super::data::{both, now, proposal};
use super::questions::poll;
use super::walk::Village;
use crate::site::Someone;

/// One that Moffet is invited to.
pub fn consultation(closes_at: i64) -> Value {
    let mut data = super::data::consultation(closes_at);
    data["shared_with"] = json!(["moffet"]);
    data
}

pub fn forward(consultation: &str, record: &str, to: &str) -> Value {
    json!({ "consultation": consultation, "record": record, "to": to, "note": "À vous." })
}

pub fn deliver(consultation: &str, record: &str) -> Value {
    json!({
        "from": "moffet", "consultation": consultation, "record": record, "title": both("Reçu"),
        "summary": both("D’ailleurs.")
    })
}

pub fn join(consultation: &str) -> Value {
    json!({
        "from": "laforce", "consultation": consultation, "decided_by": both("Le conseil de Moffet."),
        "used_for": both("Le greffe répond."), "answer_by": now() + 60 * DAY
    })
}

impl Village {
    /// Forwards a proposal, and holds a consultation together with Moffet.
    pub(super) async fn across(&self) {
        let Self { client, clerk, author, .. } = self;
        client.site.clock.release();
        let theirs = client.site.someone_of("moffet", Role::Clerk).await;
        let place = &self.open().await;
        let record = client.accepted(author, "propose", proposal(place, "other")).await;
        let forward =
            |to: &str| json!({ "consultation": place, "record": record, "to": to, "note": "À vous." });
        client.refused(clerk, "forward", forward("laforce"), "no_such_community").await;
        client.accepted(clerk, "forward", forward("moffet")).await;
        client.refused(clerk, "forward", forward("moffet"), "already_forwarded").await;
        self.pull_all(place).await;
        self.done_by_time().await;
        self.pull_all(place).await;
        let letterbox = letterbox(&"moffet".parse().unwrap()).to_string();
        self.pull_there(&theirs, &letterbox).await;

        let shared = || consultation(now() + 5 * DAY);
        let lake = &client.accepted(clerk, "open_consultation", shared()).await;
        let other = &client.accepted(clerk, "open_consultation", shared()).await;
        self.done_by_time().await;
        self.pull_there(&theirs, lake).await;
        let decline = json!({ "from": "laforce", "consultation": other });
        self.there(&theirs, "decline", decline).await;
        self.there(&theirs, "join", join(lake)).await;
        for someone in [author, clerk] {
            for (kind, data) in [
                ("share", json!({ "from": "moffet", "consultation": lake, "record": lake })),
                ("confirm_delivery", json!({ "consultation": place, "record": record, "arrived": record })),
                ("deliver", deliver(place, &record)),
            ] {
                client.refused(someone, kind, data, "not_permitted").await;
            }
        }
        self.held_together(&theirs, lake).await;
    }

    /// A word from the other shore, and a poll that both hold.
    async fn held_together(&self, theirs: &Someone, lake: &str) {
        let Self { client, clerk, author, .. } = self;
        let on = client.accepted(author, "propose", proposal(lake, "other")).await;
        let neighbour = client.site.someone_of("moffet", Role::Participant).await;
        let word = json!({ "consultation": lake, "on": on, "stance": "for", "text": "Oui." });
        client.accepted(&neighbour, "comment", word).await;
        let asked = &client.accepted(clerk, "open_poll", poll(lake, "plurality", &[])).await;
        self.done_by_time().await;
        let ballot = json!({ "consultation": lake, "poll": asked, "ballot": { "choice": 0 } });
        for number in 0..10 {
            let here = client.site.someone(Role::Participant).await;
            client.accepted(&here, "cast", ballot.clone()).await;
            let there = client.site.someone_of("moffet", Role::Participant).await;
            self.there(&there, "cast", ballot.clone()).await;
            if number == 0 {
                self.elsewhere(&here, &ballot).await;
            }
        }
        client.site.clock.set(Millis(now() + 4 * DAY));
        self.done_by_time().await;
        self.pull_all(lake).await;
        self.pull_there(theirs, lake).await;
    }

    /// Somebody of both communities who took part in the one takes no part in the other.
    async fn elsewhere(&self, here: &Someone, ballot: &Value) {
        let mut envelope = self.client.seal(here, "cast", ballot);
        envelope["community"] = json!("moffet");
        let envelope: Envelope = serde_json::from_value(envelope).unwrap();
        let operation = Operation::decode(&envelope).unwrap();
        let mut memberships = here.person.memberships.clone();
        memberships.push(Membership { community: "moffet".parse().unwrap(), role: Role::Participant });
        let actor = Actor::Person(Person { memberships, ..here.person.clone() });
        let submission = Submission { envelope, operation, actor, receipt: None };
        let results = self.client.site.store.append(vec![submission]).await.unwrap();
        let [PushResult::Receipt(signed)] = &results[..] else { panic!("{results:?}") };
        let receipt: Value = serde_json::from_str(&signed.text).unwrap();
        self.client.document.fits("Receipt", &receipt);
        assert_eq!(receipt["outcome"]["refused"]["code"], "took_part_elsewhere");
    }

    /// Does something in Moffet that is accepted.
    async fn there(&self, someone: &Someone, kind: &str, data: Value) {
        let mut envelope = self.client.seal(someone, kind, &data);
        envelope["community"] = json!("moffet");
        let result = self.client.push(someone, &envelope).await;
        let text = result["receipt"]["text"].as_str().unwrap_or_else(|| panic!("{kind}: {result}"));
        let receipt: Value = serde_json::from_str(text).unwrap();
        assert_eq!(receipt["outcome"], "accepted", "{kind}");
    }

    async fn done_by_time(&self) {
        let site = &self.client.site;
        assert!(settle(&site.store, &*site.clock).await.unwrap() > 0);
    }

    async fn pull_there(&self, clerk: &Someone, consultation: &str) {
        for scope in ["public/moffet", &format!("public/moffet/{consultation}")] {
            self.client.get("Page", &format!("/api/v1/pull?scope={scope}"), None).await;
        }
        self.client.get("Page", "/api/v1/pull?scope=desk/moffet", Some(clerk)).await;
    }
}
