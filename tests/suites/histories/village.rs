//! The server side: the production store and push code on a real file, killed and reopened.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use domain::authority::Person;
use domain::ids::{CommunityId, RecordId};
use domain::operations::{
    Action, NewParagraph, OpenConsultation, OpenPoll, OpenSurvey, PublishText, SettleRules,
};
use domain::phases::{Form, Phases};
use domain::ports::{Clock, PortError, Random};
use domain::records::Record;
use domain::scopes::Key;
use domain::tallies::Method;
use domain::text::Localized;
use domain::time::{DAY, Millis};
use domain::wire::Later;
use rabaska::push::Push;
use store::{Options, Store};
use tempfile::TempDir;

use crate::asked::survey;
use crate::mutants::Mutant;
use crate::template::{Template, pushed};

pub const START: Millis = Millis(1_795_392_000_000);

pub struct SharedClock(pub AtomicI64);

impl Clock for SharedClock {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst))
    }
}

pub struct Counting(pub AtomicU64);

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

pub fn push_of(store: &Store) -> Push {
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
        if let Some(mutant) = self.mutant {
            options.decide = mutant.rules();
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
    pub async fn polls(&self, number: u64, consultation: RecordId) -> RecordId {
        // Each history begins then.
        self.set_clock(START);
        let poll = OpenPoll {
            consultation,
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

    /// The same of a survey.
    pub async fn surveys(&self, number: u64, consultation: RecordId) -> RecordId {
        self.set_clock(START);
        let survey = Action::OpenSurvey(OpenSurvey {
            consultation,
            title: localized("Le quai"),
            survey: Later::of(&survey()).unwrap(),
            opens_at: START,
            closes_at: START.plus(300 * DAY),
        });
        let op = 200_000_000 + number;
        pushed(self.server(), &self.people[2], &laforce(), op, &survey).await.records[0]
    }

    /// The office looks at what people say before others see it, or does so no longer.
    pub async fn looks_first(&self, number: u64, first: bool) {
        let Some(Record::Community(it)) = self.record(&Key::community(&laforce())).await else { return };
        if it.premoderated_since.is_some() != first {
            self.set_clock(START);
            let settle = SettleRules { rules: vec![], premoderated: Some(first) };
            let (clerk, op) = (&self.people[2], 300_000_000 + number);
            pushed(self.server(), clerk, &laforce(), op, &Action::SettleRules(settle)).await;
        }
    }

    /// A consultation of its own for a history, which takes everything, and a text in it.
    pub async fn opens(&self, number: u64) -> (RecordId, RecordId) {
        self.set_clock(START);
        let phases = Phases::contribute(START, START.plus(365 * DAY)).unwrap();
        let open = OpenConsultation {
            takes: Form::ALL.to_vec(),
            ..OpenConsultation::new(localized("Le règlement"), localized("Que doit-il dire?"), phases)
        };
        let (push, clerk) = (self.server(), &self.people[2]);
        let op = 100_000_000 + 2 * number;
        let open = Action::OpenConsultation(open);
        let consultation = pushed(push, clerk, &laforce(), op, &open).await.records[0];
        let paragraph = |words: &&str| NewParagraph { was: None, words: localized(words) };
        let publish = Action::PublishText(PublishText {
            consultation,
            replaces: None,
            title: localized("Le règlement"),
            paragraphs: PARAGRAPHS.iter().map(paragraph).collect(),
        });
        let text = pushed(push, clerk, &laforce(), op + 1, &publish).await.records[0];
        (consultation, text)
    }
}

/// What a text says at first.
pub const PARAGRAPHS: [&str; 2] = ["Le quai ferme à la nuit.", "Les chiens sont tenus."];

impl Drop for Village {
    fn drop(&mut self) {
        if let Some(process) = self.process.take() {
            process.runtime.shutdown_background();
        }
    }
}
