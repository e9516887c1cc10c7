//! The server side: the production store and push code on a real file, killed and reopened.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use app::api::ports::Pushing;
use domain::authority::{Person, Role};
use domain::ids::{CommunityId, RecordId};
use domain::operations::{Action, OpenConsultation, seal};
use domain::phases::Phases;
use domain::ports::{Clock, From, Identity, Journal, PortError, Random};
use domain::receipts::PushResult;
use domain::records::{Community, CommunityKind, Place, Record, Subject};
use domain::rules::Change;
use domain::scopes::{Key, Page, Scope};
use domain::text::Localized;
use domain::time::{DAY, Millis};
use rabaska::push::Push;
use store::Store;
use tempfile::TempDir;

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

fn localized<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> Localized<T> {
    Localized::new([("fr".parse().unwrap(), text.parse().unwrap())]).unwrap()
}

/// A database with people and an open consultation, made once and copied for each village.
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
        let store = Store::open(dir, clock, Arc::new(Counting(AtomicU64::new(1)))).await.unwrap();
        store.put(vec![community()]).await.unwrap();
        let mut people = Vec::new();
        for (name, role) in [("Une", Role::Participant), ("Deux", Role::Participant), ("Greffe", Role::Clerk)]
        {
            let (_, code) = store.add(name.parse().unwrap(), laforce(), role).await.unwrap();
            let opened = store.open(code).await.unwrap();
            people.push((opened.person, opened.token));
        }
        let phases = Phases::contribute(START, START.plus(365 * DAY)).unwrap();
        let (title, summary) = (localized("Le quai"), localized("Que faire du quai?"));
        let open = Action::OpenConsultation(OpenConsultation::new(title, summary, phases));
        let body = seal(domain::ids::Salt([1; 32]), START, vec![], &open).unwrap();
        let (clerk, token) = &people[2];
        let envelope = serde_json::json!({
            "op": "00000000000000000000000000000001", "author": {"person": clerk.id},
            "community": laforce(), "proof": "session", "body": body,
        });
        let envelope = serde_json::value::to_raw_value(&envelope).unwrap();
        let results = push_of(&store).push(Some(token), vec![envelope]).await.unwrap();
        let PushResult::Receipt(signed) = &results[0] else { panic!("{results:?}") };
        let consultation = signed.read().unwrap().records[0];
        store.close().await;
        (people, consultation)
    }
}

fn community() -> Change {
    let place = Place {
        id: laforce(),
        slug: "laforce".into(),
        name: "Laforce".parse().unwrap(),
        sort: CommunityKind::Municipality,
        designation: None,
        languages: vec!["fr".parse().unwrap()],
        moved_to: None,
    };
    let subject =
        Subject { id: "other".parse().unwrap(), short: localized("Autre"), full: localized("Autre") };
    let community = Community {
        place,
        subjects: vec![subject],
        rules: vec![],
        settled_at: None,
        bounds: None,
        premoderated_since: None,
        premoderation_settled_at: None,
    };
    Change { key: Key::community(&laforce()), record: Some(Record::Community(community)) }
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
    pub people: Vec<(Person, String)>,
    pub consultation: RecordId,
}

impl Village {
    pub async fn open(template: &Template) -> Self {
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
        let opening = runtime.spawn(async move { Store::open(&dir, clock, random).await });
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

    pub fn server(&self) -> &Push {
        &self.process.as_ref().unwrap().push
    }

    /// How many support a proposal, by the office's own record.
    pub async fn supports(&self, record: RecordId) -> u64 {
        let key = domain::rules::support::counts(&laforce(), self.consultation, record).desk;
        match self.process.as_ref().unwrap().store.record(&key).await.unwrap() {
            Some(Record::Supports(it)) => it.count,
            _ => 0,
        }
    }

    /// Every title in the consultation, each as often as it stands there.
    pub async fn titles(&self) -> Vec<String> {
        let scope = Scope::Consultation(laforce(), self.consultation);
        let (mut titles, mut cursor) = (Vec::new(), 0);
        loop {
            let store = &self.process.as_ref().unwrap().store;
            let page = store.pull(&scope, None, From::After(cursor), 500).await.unwrap();
            let page: Page<Record> = serde_json::from_slice(&page.json).unwrap();
            titles.extend(page.rows.iter().filter_map(|row| match &row.record {
                Some(Record::Contribution(it)) => Some(it.title().as_str().to_owned()),
                _ => None,
            }));
            cursor = page.cursor;
            if !page.more {
                return titles;
            }
        }
    }
}

impl Drop for Village {
    fn drop(&mut self) {
        if let Some(process) = self.process.take() {
            process.runtime.shutdown_background();
        }
    }
}
