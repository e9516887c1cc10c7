//! A consultation of two communities on a real journal: the invitation, the poll and its one result arrive in both by
//! the passing of time.

use domain::authority::Role;
use domain::envelope::Envelope;
use domain::ids::{CommunityId, RecordId};
use domain::operations::{Action, Cast, Join, OpenConsultation, OpenPoll, Support};
use domain::phases::Phases;
use domain::ports::Clock;
use domain::tallies::{Ballot, Method};
use domain::time::{DAY, HOUR};
use rabaska::passing::settle;
use rabaska::system::SystemClock;
use serde_json::{Value, json};

use crate::site::{Site, Someone, envelope, proposal};

struct Lake {
    site: Site,
    consultation: RecordId,
    poll: RecordId,
    clerk: Someone,
}

fn moffet() -> CommunityId {
    "moffet".parse().unwrap()
}

fn said<T: serde::de::DeserializeOwned>(text: &str) -> T {
    serde_json::from_value(json!({ "fr": text })).unwrap()
}

impl Lake {
    async fn new() -> Self {
        let site = Site::new().await;
        let clerk = site.someone(Role::Clerk).await;
        let phases = Phases::contribute(SystemClock.now(), SystemClock.now().plus(DAY)).unwrap();
        let shared_with = vec![moffet()];
        let open = OpenConsultation::new(said("Le lac"), said("Ses deux rives."), phases);
        let open = OpenConsultation { shared_with, grace: HOUR, ..open };
        let nothing = RecordId([0; 16]);
        let mut lake = Self { site, consultation: nothing, poll: nothing, clerk };
        lake.consultation = lake.act("laforce", &lake.clerk, 1, &Action::OpenConsultation(open)).await;
        lake
    }

    /// Does something that is accepted: the record that it creates.
    async fn act(&self, community: &str, someone: &Someone, op: u8, action: &Action) -> RecordId {
        let (outcome, record) = self.push(community, someone, op, action).await;
        assert_eq!(outcome, "accepted");
        record
    }

    async fn push(&self, community: &str, someone: &Someone, op: u8, action: &Action) -> (Value, RecordId) {
        let community = community.parse().unwrap();
        let sealed = Envelope { community, ..envelope(&someone.person, op, action) };
        let asking = self.site.post("/api/v1/push").as_(someone);
        let answer = asking.json(&json!({ "envelopes": [sealed] })).send().await.json();
        let text = answer["results"][0]["receipt"]["text"].as_str().unwrap_or_else(|| panic!("{answer}"));
        let receipt: Value = serde_json::from_str(text).unwrap();
        (receipt["outcome"].clone(), sealed.entry().record())
    }

    /// Somebody of Moffet.
    async fn theirs(&self, role: Role) -> Someone {
        self.site.someone_of("moffet", role).await
    }

    async fn settle(&self) -> usize {
        settle(&self.site.store, &*self.site.clock).await.unwrap()
    }

    async fn pull(&self, scope: &str, someone: Option<&Someone>) -> Vec<Value> {
        let asking = self.site.get(&format!("/api/v1/pull?scope={scope}"));
        let asking = if let Some(someone) = someone { asking.as_(someone) } else { asking };
        let page = asking.send().await.json();
        page["rows"].as_array().unwrap().iter().map(|row| row["record"].clone()).collect()
    }

    fn join(&self) -> Action {
        let from = "laforce".parse().unwrap();
        let decided_by = Some(said("Le conseil de Moffet."));
        let consultation = self.consultation;
        Action::Join(Join { from, consultation, decided_by, used_for: None, answer_by: None })
    }

    fn opens_poll(&self) -> Action {
        Action::OpenPoll(OpenPoll {
            consultation: self.consultation,
            question: said("Un quai commun?"),
            text: None,
            choices: ["Oui", "Non"].map(said).to_vec(),
            method: Method::Plurality,
            grades: vec![],
            opens_at: SystemClock.now(),
            closes_at: SystemClock.now().plus(DAY),
        })
    }

    async fn result_in(&self, community: &str) -> Value {
        let rows = self.pull(&format!("public/{community}/{}", self.consultation), None).await;
        rows.into_iter().find(|row| row["id"] == self.poll.to_string()).unwrap()["result"].clone()
    }
}

#[tokio::test]
async fn two_communities_hold_one_consultation_and_its_poll_is_counted_once_for_both() {
    let mut lake = Lake::new().await;
    assert_eq!(lake.settle().await, 1, "the invitation");
    assert_eq!(lake.settle().await, 0);
    let their_clerk = lake.theirs(Role::Clerk).await;
    let desk = lake.pull("desk/moffet", Some(&their_clerk)).await;
    let invitation = desk.iter().find(|row| row["kind"] == "invitation").unwrap();
    assert_eq!((&invitation["from"], &invitation["title"]["fr"]), (&json!("laforce"), &json!("Le lac")));
    lake.act("moffet", &their_clerk, 1, &lake.join()).await;
    let theirs = lake.pull("public/moffet", None).await;
    let theirs = theirs.iter().find(|row| row["id"] == lake.consultation.to_string()).unwrap();
    assert_eq!(theirs["shared_with"], json!(["laforce"]));

    // Whoever of the two asks, it is asked in both.
    lake.poll = lake.act("moffet", &their_clerk, 2, &lake.opens_poll()).await;
    assert_eq!(lake.settle().await, 1, "the poll");
    for (community, count) in [("laforce", 10), ("moffet", 11)] {
        for _ in 0..count {
            let someone = lake.site.someone_of(community, Role::Participant).await;
            let ballot = Ballot::Choice(u8::from(community == "moffet"));
            let cast = Action::Cast(Cast { consultation: lake.consultation, poll: lake.poll, ballot });
            lake.act(community, &someone, 3, &cast).await;
        }
    }
    lake.site.clock.set(SystemClock.now().plus(2 * DAY));
    assert_eq!(lake.settle().await, 2, "counted in each");
    let told = lake.result_in("laforce").await;
    assert_eq!(told["shared"]["together"]["totals"], json!({ "votes": [10, 11] }));
    assert_eq!(told["shared"]["parts"][1]["tally"]["totals"], json!({ "votes": [0, 11] }));
    assert_eq!(lake.result_in("moffet").await, told);
}

#[tokio::test]
async fn people_support_what_was_proposed_on_the_other_shore_once_both_hold_it() {
    let lake = Lake::new().await;
    lake.settle().await;
    let here = lake.site.someone(Role::Participant).await;
    let record = lake.act("laforce", &here, 2, &proposal(lake.consultation, "Un quai")).await;
    let support = Action::Support(Support { consultation: lake.consultation, record, given: true });
    let there = lake.theirs(Role::Participant).await;
    let (outcome, _) = lake.push("laforce", &there, 3, &support).await;
    assert_eq!(outcome["refused"]["code"], "not_permitted");
    let their_clerk = lake.theirs(Role::Clerk).await;
    lake.act("moffet", &their_clerk, 1, &lake.join()).await;
    lake.act("laforce", &there, 4, &support).await;
    let desk = lake.pull("desk/laforce", Some(&lake.clerk)).await;
    assert!(desk.iter().any(|row| row["kind"] == "supports" && row["count"] == 1));
    // Another one, who belongs to neither, does not.
    let other = lake.site.someone_of("belleterre", Role::Participant).await;
    let (outcome, _) = lake.push("laforce", &other, 5, &support).await;
    assert_eq!(outcome["refused"]["code"], "not_permitted");
}
