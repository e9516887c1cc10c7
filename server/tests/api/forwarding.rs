//! Forwarding: delivered once by the passing of time, whatever happens in between, and its author told of both.

use std::sync::atomic::AtomicUsize;

use domain::authority::Role;
use domain::envelope::Envelope;
use domain::ids::{CommunityId, RecordId};
use domain::operations::{Action, Forward, Withdraw};
use domain::rules::forwarding::letterbox;
use rabaska::passing::settle;
use serde_json::{Value, json};

use crate::passing::Failing;
use crate::site::{Site, Someone, envelope, proposal};

/// A proposal in Laforce that its office forwards to Moffet.
struct Forwarded {
    site: Site,
    rose: Someone,
    consultation: RecordId,
    record: RecordId,
}

impl Forwarded {
    async fn new() -> Self {
        let site = Site::new().await;
        let consultation = site.consultation().await;
        let (rose, clerk) = (site.someone(Role::Participant).await, site.someone(Role::Clerk).await);
        let proposed = envelope(&rose.person, 1, &proposal(consultation, "Réparer le quai"));
        let record = proposed.entry().record();
        let it = Self { site, rose, consultation, record };
        assert_eq!(it.push(&it.rose, &proposed).await, "accepted");
        let note = Some("Le quai est à vous.".parse().unwrap());
        let forward = Forward { consultation, record, to: moffet(), note };
        let forward = envelope(&clerk.person, 2, &Action::Forward(forward));
        assert_eq!(it.push(&clerk, &forward).await, "accepted");
        it
    }

    /// What was decided.
    async fn push(&self, someone: &Someone, sealed: &Envelope) -> Value {
        let asking = self.site.post("/api/v1/push").as_(someone);
        let answer = asking.json(&json!({ "envelopes": [sealed] })).send().await.json();
        let text = answer["results"][0]["receipt"]["text"].as_str().unwrap_or_else(|| panic!("{answer}"));
        let receipt: Value = serde_json::from_str(text).unwrap();
        receipt["outcome"].clone()
    }

    /// The records of a scope.
    async fn pull(&self, scope: &str, someone: Option<&Someone>) -> Vec<Value> {
        let asking = self.site.get(&format!("/api/v1/pull?scope={scope}"));
        let asking = if let Some(someone) = someone { asking.as_(someone) } else { asking };
        let page = asking.send().await.json();
        page["rows"].as_array().unwrap().iter().map(|row| row["record"].clone()).collect()
    }

    /// What lies in Moffet's letterbox.
    async fn arrived(&self) -> Vec<Value> {
        let rows = self.pull(&format!("public/moffet/{}", letterbox(&moffet())), None).await;
        rows.into_iter().filter(|record| record["kind"] == "contribution").collect()
    }

    async fn settle(&self) -> usize {
        settle(&self.site.store, &*self.site.clock).await.unwrap()
    }
}

fn moffet() -> CommunityId {
    "moffet".parse().unwrap()
}

#[tokio::test]
async fn a_proposal_is_delivered_and_its_author_follows_it_there() {
    let it = Forwarded::new().await;
    assert_eq!(it.settle().await, 1);
    let [arrived] = &it.arrived().await[..] else { panic!("one arrives") };
    assert_eq!(arrived["what"]["proposal"]["title"], "Réparer le quai");
    assert_eq!(arrived["forwarded_from"]["community"], "laforce");
    let consultations = it.pull("public/moffet", None).await;
    let opened = consultations.iter().filter(|record| record["kind"] == "consultation").count();
    assert_eq!(opened, 1, "its letterbox");

    let scope = format!("public/laforce/{}", it.consultation);
    let here = it.pull(&scope, None).await;
    let here = here.iter().find(|record| record["id"] == it.record.to_string()).unwrap();
    assert_eq!(here["forwarded"]["arrived"], arrived["id"]);

    let own = it.pull(&format!("person/{}", it.rose.person.id), Some(&it.rose)).await;
    let trail = own.iter().find(|record| record["record"] == arrived["id"]).unwrap();
    assert_eq!(trail["forwarded_from"]["record"], it.record.to_string());
    // She is of Laforce alone, and takes it back in Moffet.
    let record = arrived["id"].as_str().unwrap().parse().unwrap();
    let withdraw = Action::Withdraw(Withdraw { consultation: letterbox(&moffet()), record });
    let withdraw = Envelope { community: moffet(), ..envelope(&it.rose.person, 3, &withdraw) };
    assert_eq!(it.push(&it.rose, &withdraw).await, "accepted");
    assert!(it.arrived().await.iter().all(Value::is_null));
    assert_eq!(it.settle().await, 0, "nothing is due any more");
}

#[tokio::test]
async fn what_fails_between_its_two_steps_is_gone_on_with_and_arrives_once() {
    // Before and after it is stored, of the delivery and of the word that it arrived.
    for (good, stores) in [(0, false), (0, true), (1, false), (1, true)] {
        let it = Forwarded::new().await;
        let good = AtomicUsize::new(good);
        let failing = Failing { store: &it.site.store, good, stores, restored_at: None };
        assert!(settle(&failing, &*it.site.clock).await.is_err());
        it.settle().await;
        assert_eq!(it.arrived().await.len(), 1);
        assert_eq!(it.settle().await, 0);
        let here = it.pull(&format!("public/laforce/{}", it.consultation), None).await;
        assert!(here.iter().any(|record| record["forwarded"]["arrived"].is_string()));
    }
}

#[tokio::test]
async fn what_is_taken_back_on_the_way_goes_nowhere_and_is_not_tried_for_ever() {
    let it = Forwarded::new().await;
    let (consultation, record) = (it.consultation, it.record);
    let withdraw = envelope(&it.rose.person, 3, &Action::Withdraw(Withdraw { consultation, record }));
    assert_eq!(it.push(&it.rose, &withdraw).await, "accepted");
    assert_eq!(it.settle().await, 1);
    assert!(it.arrived().await.is_empty());
    assert_eq!(it.settle().await, 0);
}

#[tokio::test]
async fn erasing_it_where_it_was_written_erases_it_where_it_went() {
    use domain::ports::Journal as _;
    let it = Forwarded::new().await;
    it.settle().await;
    let entry = envelope(&it.rose.person, 1, &proposal(it.consultation, "Réparer le quai")).entry();
    it.site.store.erase(&entry).await.unwrap().unwrap();
    assert!(it.arrived().await.iter().all(Value::is_null));
    let own = it.pull(&format!("person/{}", it.rose.person.id), Some(&it.rose)).await;
    assert!(!serde_json::to_string(&own).unwrap().contains("quai"));
}
