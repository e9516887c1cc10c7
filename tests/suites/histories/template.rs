//! What every history begins from: two communities, their people and an open consultation, made once.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64};

use app::api::ports::Pushing;
use domain::authority::{Person, Role};
use domain::ids::{CommunityId, RecordId};
use domain::operations::{Action, Join, OpenConsultation, seal};
use domain::phases::Phases;
use domain::ports::{Identity, Journal};
use domain::receipts::{Outcome, PushResult, Receipt};
use domain::records::{Community, CommunityKind, Place, Record, Rule, Subject};
use domain::rules::Change;
use domain::scopes::{Key, Scope};
use domain::time::DAY;
use rabaska::passing::settle;
use rabaska::push::Push;
use store::Store;
use tempfile::TempDir;

use crate::village::{Counting, START, SharedClock, laforce, localized, moffet, push_of};

/// By which something may be hidden.
pub const RULES: [&str; 2] = ["insult", "private"];

/// A database with people and an open consultation that two communities hold, made once and copied for each
/// village.
pub struct Template {
    pub dir: TempDir,
    pub people: Vec<(Person, String)>,
    pub consultation: RecordId,
}

impl Template {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (people, consultation) = super::runtime().block_on(Self::settle(dir.path()));
        Self { dir, people, consultation }
    }

    async fn settle(dir: &Path) -> (Vec<(Person, String)>, RecordId) {
        let clock = Arc::new(SharedClock(AtomicI64::new(START.0)));
        let random = Arc::new(Counting(AtomicU64::new(1)));
        let store = Store::open(dir, clock.clone(), random).await.unwrap();
        store.put([laforce(), moffet()].into_iter().flat_map(community).collect()).await.unwrap();
        let mut people = Vec::new();
        for (name, community, role) in [
            ("Une", laforce(), Role::Participant),
            ("Deux", laforce(), Role::Participant),
            ("Greffe", laforce(), Role::Clerk),
            ("Voisine", moffet(), Role::Participant),
            ("Greffe d’en face", moffet(), Role::Clerk),
            ("Adjointe", laforce(), Role::Clerk),
        ] {
            let (_, code) = store.add(name.parse().unwrap(), community, role).await.unwrap();
            let opened = store.open(code).await.unwrap();
            people.push((opened.person, opened.token));
        }
        let phases = Phases::contribute(START, START.plus(365 * DAY)).unwrap();
        let open = OpenConsultation {
            shared_with: vec![moffet()],
            ..OpenConsultation::new(localized("Le quai"), localized("Que faire du quai?"), phases)
        };
        let push = push_of(&store);
        let opened = pushed(&push, &people[2], &laforce(), 1, &Action::OpenConsultation(open)).await;
        let consultation = opened.records[0];
        settle(&store, &*clock).await.unwrap();
        let join = Join { from: laforce(), consultation, decided_by: None, used_for: None, answer_by: None };
        pushed(&push, &people[4], &moffet(), 2, &Action::Join(join)).await;
        store.close().await;
        // Somebody of both: no command makes one.
        let connection = rusqlite::Connection::open(dir.join("rabaska.db")).unwrap();
        let both = "INSERT INTO memberships (person, community, role) VALUES (?, 'moffet', 'participant')";
        connection.execute(both, [people[1].0.id.as_str()]).unwrap();
        (people, consultation)
    }
}

/// Something that is accepted at once.
pub async fn pushed(
    push: &Push,
    (person, token): &(Person, String),
    community: &CommunityId,
    op: u64,
    action: &Action,
) -> Receipt {
    let body = seal(domain::ids::Salt([1; 32]), START, vec![], action).unwrap();
    let envelope = serde_json::json!({
        "op": format!("{op:032x}"), "author": {"person": person.id},
        "community": community, "proof": "session", "body": body,
    });
    let envelope = serde_json::value::to_raw_value(&envelope).unwrap();
    let results = push.push(Some(token), vec![envelope]).await.unwrap();
    let PushResult::Receipt(signed) = &results[0] else { panic!("{results:?}") };
    signed.read().filter(|receipt| receipt.outcome == Outcome::Accepted).unwrap()
}

fn community(id: CommunityId) -> [Change; 2] {
    let place = Place {
        id: id.clone(),
        slug: id.to_string(),
        name: id.as_str().parse().unwrap(),
        sort: CommunityKind::Municipality,
        designation: None,
        languages: vec!["fr".parse().unwrap()],
        moved_to: None,
    };
    let subject =
        Subject { id: "other".parse().unwrap(), short: localized("Autre"), full: localized("Autre") };
    let rule = |id: &str| Rule {
        id: id.parse().unwrap(),
        label: localized(id),
        explanation: localized(id),
        retired: false,
    };
    let listed = Key { scope: Scope::Territory, name: id.to_string() };
    let community = Community {
        place: place.clone(),
        subjects: vec![subject],
        rules: RULES.iter().map(|id| rule(id)).collect(),
        settled_at: None,
        bounds: None,
        premoderated_since: None,
        premoderation_settled_at: None,
    };
    [
        Change { key: listed, record: Some(Record::Place(place)) },
        Change { key: Key::community(&id), record: Some(Record::Community(community)) },
    ]
}
