//! The server side: the production store and push code on a real file, killed and reopened.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use app::api::ports::Pushing;
use domain::authority::{Person, Role};
use domain::ids::{CommunityId, PersonId, RecordId};
use domain::operations::{Action, Join, Kind, OpenConsultation, OpenPoll, seal};
use domain::phases::Phases;
use domain::ports::{Clock, From, Identity, Journal, PortError, Random};
use domain::receipts::{Outcome, PushResult, Receipt};
use domain::records::{Community, CommunityKind, Contribution, DueAt, Place, Record, Subject};
use domain::rules::Change;
use domain::rules::asked::due_key;
use domain::rules::forwarding::letterbox;
use domain::scopes::{Key, Page, Scope};
use domain::tallies::{Ballot, Method};
use domain::text::Localized;
use domain::time::{DAY, Millis};
use rabaska::passing::settle;
use rabaska::push::Push;
use store::{Options, Store};
use tempfile::TempDir;

use crate::mutants::{Mutant, counts_on_both_shores};

pub const START: Millis = Millis(1_795_392_000_000);

pub struct SharedClock(pub AtomicI64);

impl Clock for SharedClock {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst))
    }
}

struct Counting(AtomicU64);

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), PortError> {
        for chunk in bytes.chunks_mut(8) {
            let next = self.0.fetch_add(1, Ordering::SeqCst).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            chunk.copy_from_slice(&next.to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

pub fn laforce() -> CommunityId {
    "laforce".parse().unwrap()
}

pub fn moffet() -> CommunityId {
    "moffet".parse().unwrap()
}

pub fn localized<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> Localized<T> {
    Localized::new([("fr".parse().unwrap(), text.parse().unwrap())]).unwrap()
}

/// A database with people and an open consultation that two communities hold, made once and copied for each
/// village.
pub struct Template {
    dir: TempDir,
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
async fn pushed(
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
    let listed = Key { scope: Scope::Territory, name: id.to_string() };
    let community = Community {
        place: place.clone(),
        subjects: vec![subject],
        rules: vec![],
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

fn push_of(store: &Store) -> Push {
    Push::new(Arc::new(store.clone()), Arc::new(store.clone()))
}

/// The server's own threads and what runs on them.
struct Process {
    runtime: tokio::runtime::Runtime,
    store: Store,
    push: Push,
}

const MINUTE: Duration = Duration::from_secs(60);

/// A server that can be killed.
pub struct Village {
    dir: TempDir,
    clock: Arc<SharedClock>,
    process: Option<Process>,
    lives: u64,
    mutant: Option<Mutant>,
    pub people: Vec<(Person, String)>,
    pub consultation: RecordId,
}

impl Village {
    pub async fn open(template: &Template, mutant: Option<Mutant>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for entry in std::fs::read_dir(template.dir.path()).unwrap() {
            let entry = entry.unwrap();
            // Folders of photos are made at the start; the template holds none.
            if entry.file_type().unwrap().is_dir() {
                continue;
            }
            std::fs::copy(entry.path(), dir.path().join(entry.file_name())).unwrap();
        }
        let mut village = Self {
            dir,
            clock: Arc::new(SharedClock(AtomicI64::new(START.0))),
            process: None,
            lives: 0,
            mutant,
            people: template.people.clone(),
            consultation: template.consultation,
        };
        village.start().await;
        village
    }

    async fn start(&mut self) {
        self.lives += 1;
        let random = Arc::new(Counting(AtomicU64::new(1_000_000 * (self.lives + 1))));
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (dir, clock) = (self.dir.path().to_owned(), self.clock.clone());
        let mut options = Options::new(clock, random);
        if self.mutant == Some(Mutant::CountsOnBothShores) {
            options.decide = counts_on_both_shores;
        }
        let opening = runtime.spawn(async move { Store::open_with(&dir, options).await });
        let store = opening.await.unwrap().unwrap();
        self.process = Some(Process { push: push_of(&store), store, runtime });
    }

    /// The process ends in the middle of whatever it did, and is started again.
    pub async fn crash(&mut self) {
        if let Some(Process { runtime, store, push }) = self.process.take() {
            // Tasks end where they wait; a thread in the middle of a file's replacement, which a
            // killed process would not have, is through with it before the next life begins.
            let ended = tokio::task::spawn_blocking(move || runtime.shutdown_timeout(MINUTE));
            ended.await.unwrap();
            drop((store, push));
        }
        self.start().await;
    }

    pub fn set_clock(&self, now: Millis) {
        self.clock.0.store(now.0, Ordering::SeqCst);
    }

    pub fn clock(&self) -> Arc<SharedClock> {
        self.clock.clone()
    }

    pub fn server(&self) -> &Push {
        &self.process.as_ref().unwrap().push
    }

    pub fn store(&self) -> &Store {
        &self.process.as_ref().unwrap().store
    }

    /// A poll of its own for a history, open all the time.
    pub async fn polls(&self, number: u64) -> RecordId {
        // Each history begins then.
        self.set_clock(START);
        let poll = OpenPoll {
            consultation: self.consultation,
            question: localized("Quand?"),
            text: None,
            choices: vec![localized("Le matin"), localized("Le soir")],
            method: Method::Plurality,
            grades: vec![],
            opens_at: START,
            closes_at: START.plus(300 * DAY),
        };
        let poll = Action::OpenPoll(poll);
        pushed(self.server(), &self.people[2], &laforce(), 1_000 + number, &poll).await.records[0]
    }

    /// How many support a proposal, by the office's own record.
    pub async fn supports(&self, record: RecordId) -> u64 {
        let key = domain::rules::support::counts(&laforce(), self.consultation, record).desk;
        match self.store().record(&key).await.unwrap() {
            Some(Record::Supports(it)) => it.count,
            _ => 0,
        }
    }

    /// Every title in the consultation, each as often as it stands there.
    pub async fn titles(&self) -> Vec<String> {
        let all = self.contributions(&laforce(), self.consultation).await;
        all.iter().map(|it| it.title().as_str().to_owned()).collect()
    }

    async fn contributions(&self, community: &CommunityId, consultation: RecordId) -> Vec<Contribution> {
        let scope = Scope::Consultation(community.clone(), consultation);
        let (mut all, mut cursor) = (Vec::new(), 0);
        loop {
            let page = self.store().pull(&scope, None, From::After(cursor), 500).await.unwrap();
            let page: Page<Record> = serde_json::from_slice(&page.json).unwrap();
            all.extend(page.rows.into_iter().filter_map(|row| match row.record {
                Some(Record::Contribution(it)) => Some(it),
                _ => None,
            }));
            cursor = page.cursor;
            if !page.more {
                return all;
            }
        }
    }

    async fn contribution(&self, record: RecordId) -> Option<Contribution> {
        match self.store().record(&Key::inside(&laforce(), self.consultation, record)).await.unwrap() {
            Some(Record::Contribution(it)) => Some(it),
            _ => None,
        }
    }

    /// What arrived in Moffet: what it was, and what it is there.
    pub async fn arrived(&self) -> Vec<(RecordId, RecordId)> {
        let all = self.contributions(&moffet(), letterbox(&moffet())).await;
        all.iter().filter_map(|it| Some((it.forwarded_from.as_ref()?.record, it.id))).collect()
    }

    /// What a proposal is said to be there.
    pub async fn forwarded_to(&self, record: RecordId) -> Option<RecordId> {
        self.contribution(record).await?.forwarded?.arrived
    }

    /// Where somebody who took part here is from, when it is elsewhere.
    pub async fn home_of(&self, record: RecordId) -> Option<CommunityId> {
        self.contribution(record).await?.home
    }

    /// What is to be brought across and was not yet.
    pub async fn due(&self) -> Vec<DueAt> {
        let mut all = Vec::new();
        for community in [laforce(), moffet()] {
            if let Some(Record::Due(due)) = self.store().record(&due_key(&community)).await.unwrap() {
                all.extend(due.all.into_iter().filter(|due| due.act != Kind::Count));
            }
        }
        all
    }

    /// Whether something lies in Moffet.
    pub async fn lies(&self, what: Lies) -> bool {
        let key = match what {
            Lies::Consultation(id) => Key::consultation(&moffet(), id),
            Lies::Invitation(id) => Key { scope: Scope::Desk(moffet()), name: format!("invitation-{id}") },
        };
        self.store().record(&key).await.unwrap().is_some()
    }

    /// The ballots that are in a community's box.
    pub async fn ballots(
        &self,
        community: &CommunityId,
        poll: RecordId,
    ) -> Vec<(PersonId, CommunityId, Ballot)> {
        let key = Key { scope: Scope::Sealed(community.clone()), name: format!("ballots-{poll}") };
        match self.store().record(&key).await.unwrap() {
            Some(Record::BallotBox(held)) => {
                held.ballots.into_iter().map(|cast| (cast.person, community.clone(), cast.ballot)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// What may lie in the other community.
pub enum Lies {
    Consultation(RecordId),
    Invitation(RecordId),
}

impl Drop for Village {
    fn drop(&mut self) {
        if let Some(process) = self.process.take() {
            process.runtime.shutdown_background();
        }
    }
}
