//! Polls and surveys: opened, answered, and told once they are over.

use domain::authority::{Actor, Role};
use domain::envelope::{Author, Envelope, Proof};
use domain::ids::{OpId, Salt};
use domain::operations::{Action, Count, Operation, seal};
use domain::ports::{Journal, Submission};
use domain::receipts::PushResult;
use domain::time::{DAY, HOUR, Millis};
use rabaska::passing::settle;
use serde_json::{Value, json};

use super::data::now;
use super::questions::{answers, ballot, poll, survey};
use super::walk::Village;
use crate::site::Someone;

/// By the first ten people, each.
const POLLS: [(&str, &[&str]); 4] = [
    ("plurality", &[]),
    ("approval", &[]),
    ("majority_judgment", &["Mauvais", "Passable", "Bon"]),
    ("schulze", &[]),
];

impl Village {
    /// Asks whoever lives there, and waits until it is over.
    pub(super) async fn asked(&self) {
        let Self { client, clerk, author, other } = self;
        let place = &self.open().await;
        let mut neighbours = Vec::new();
        for _ in 0..46 {
            neighbours.push(client.sign_in(Role::Participant).await);
        }
        let people: Vec<&Someone> = [author, other].into_iter().chain(&neighbours).collect();
        let mut polls = Vec::new();
        for (method, grades) in POLLS {
            let poll = client.accepted(clerk, "open_poll", poll(place, method, grades)).await;
            for (number, someone) in people[..10].iter().enumerate() {
                self.cast(someone, place, &poll, ballot(method, number)).await;
            }
            polls.push(poll);
        }
        let few = client.accepted(clerk, "open_poll", poll(place, "plurality", &[])).await;
        self.cast(author, place, &few, json!({ "choice": 0 })).await;
        self.cast(author, place, &few, json!({ "choice": 1 })).await;
        let about = client.accepted(clerk, "open_survey", survey(place)).await;
        self.pull_all(place).await;
        for (number, someone) in people.iter().enumerate() {
            let data = json!({ "consultation": place, "survey": about, "answers": answers(number) });
            client.accepted(someone, "respond", data).await;
        }
        self.entered_asked(place, &few, &about).await;
        self.not_so(place, &few, &about).await;
        self.pull_all(place).await;

        client.site.clock.set(Millis(now() + 4 * DAY));
        assert_eq!(settle(&client.site.store, &*client.site.clock).await.unwrap(), 6);
        self.pull_all(place).await;
        let data = json!({ "consultation": place, "survey": about, "answers": {} });
        client.refused(author, "respond", data, "closed").await;
        self.told(place, &polls, &few, &about).await;
        self.counted_before(place, &few).await;
        self.entered_too_late_to_take_back().await;
    }

    async fn cast(&self, someone: &Someone, place: &str, poll: &str, ballot: Value) {
        let data = json!({ "consultation": place, "poll": poll, "ballot": ballot });
        self.client.accepted(someone, "cast", data).await;
    }

    /// What is refused.
    async fn not_so(&self, place: &str, few: &str, about: &str) {
        let Self { client, clerk, author, .. } = self;
        let cast = json!({ "consultation": place, "poll": few, "ballot": { "choice": 3 } });
        client.refused(author, "cast", cast.clone(), "bad_ballot").await;
        client.refused(clerk, "cast", cast, "not_permitted").await;
        let respond = json!({ "consultation": place, "survey": about, "answers": {} });
        client.refused(author, "respond", respond, "bad_answers").await;
        for someone in [author, clerk] {
            let (poll, survey) = (json!({ "consultation": place, "poll": few }), about);
            client.refused(someone, "count", poll, "not_permitted").await;
            let survey = json!({ "consultation": place, "survey": survey });
            client.refused(someone, "publish_results", survey, "not_permitted").await;
        }
        client.refused(author, "open_poll", poll(place, "plurality", &[]), "not_permitted").await;
        let mut past = poll(place, "plurality", &[]);
        past["closes_at"] = json!(now() - HOUR / 2);
        client.refused(clerk, "open_poll", past, "closes_in_the_past").await;
        let mut past = survey(place);
        past["closes_at"] = json!(now() - HOUR / 2);
        client.refused(clerk, "open_survey", past, "closes_in_the_past").await;
    }

    /// What everyone reads afterwards.
    async fn told(&self, place: &str, polls: &[String], few: &str, about: &str) {
        let path = format!("/api/v1/pull?scope=public/laforce/{place}");
        let page = self.client.get("Page", &path, None).await;
        let record = |name: &str| {
            let rows = page["rows"].as_array().unwrap();
            rows.iter().find(|row| row["name"] == name).unwrap()["record"].clone()
        };
        assert_eq!(record(few)["result"], "too_few");
        for poll in polls {
            assert_eq!(record(poll)["result"]["counted"]["ballots"], 10);
        }
        let results = record(about)["results"].clone();
        assert_eq!(results["respondents"], json!({ "exactly": 48 }));
        let way = [("choice", 20), ("choice", 20), ("other", 8)];
        for (cell, (what, count)) in results["tables"][0]["cells"].as_array().unwrap().iter().zip(way) {
            assert!(cell["what"] == what || cell["what"][what].is_string(), "{cell}");
            assert_eq!(cell["count"]["exactly"], count);
        }
        let text = page.to_string();
        assert!(!text.contains("Trop loin") && !text.contains("vélo"), "what was written is not published");
    }

    /// The server itself is refused too, the second time.
    async fn counted_before(&self, place: &str, few: &str) {
        let count = Count { consultation: place.parse().unwrap(), poll: few.parse().unwrap() };
        let envelope = Envelope {
            op: OpId([7; 16]),
            author: Author::System { job: "count".parse().unwrap() },
            community: "laforce".parse().unwrap(),
            stream: None,
            proof: Proof::Session,
            body: seal(Salt([7; 32]), Millis(5), vec![], &Action::Count(count)).unwrap(),
        };
        let operation = Operation::decode(&envelope).unwrap();
        let again = Submission { envelope, operation, actor: Actor::System, receipt: None };
        let results = self.client.site.store.append(vec![again]).await.unwrap();
        let [PushResult::Receipt(signed)] = &results[..] else { panic!("{results:?}") };
        let receipt: Value = serde_json::from_str(&signed.text).unwrap();
        self.client.document.fits("Receipt", &receipt);
        assert_eq!(receipt["outcome"]["refused"]["code"], "already_done");
    }
}
