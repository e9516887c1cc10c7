//! The passing of time: what is over is counted and published once, whatever happens meanwhile, and
//! nobody learns earlier or otherwise what somebody said.

use std::sync::atomic::{AtomicUsize, Ordering};

use app::api::ErrorCode;
use async_trait::async_trait;
use domain::authority::Role;
use domain::ids::{Entry, Epoch, RecordId};
use domain::operations::{Action, Cast, OpenPoll, OpenSurvey, Respond};
use domain::ports::{Clock, From, Journal, PortError, PulledPage, Submission};
use domain::receipts::{PushResult, ReceiptKey, SignedReceipt};
use domain::records::Record;
use domain::rules::Change;
use domain::scopes::{Key, Scope};
use domain::tallies::{Ballot, Method};
use domain::time::{DAY, HOUR, Millis};
use rabaska::passing::settle;
use rabaska::system::{SetClock, SystemClock};
use serde_json::{Value, json};
use store::Store;

use crate::site::{Site, Someone, envelope};

/// A place with one poll and one survey, both open until tomorrow.
struct Village {
    site: Site,
    clerk: Someone,
    consultation: RecordId,
    poll: RecordId,
    survey: RecordId,
}

impl Village {
    async fn new() -> Self {
        let site = Site::new().await;
        let (consultation, clerk) = (site.consultation_with(5 * HOUR).await, site.someone(Role::Clerk).await);
        let nothing = RecordId([0; 16]);
        let mut village = Self { site, clerk, consultation, poll: nothing, survey: nothing };
        village.poll = village.act(&village.clerk, 1, &village.opens_poll()).await;
        village.survey = village.act(&village.clerk, 2, &village.opens_survey()).await;
        village
    }

    fn opens_poll(&self) -> Action {
        let said = |text: &str| serde_json::from_value(json!({ "fr": text })).unwrap();
        Action::OpenPoll(OpenPoll {
            consultation: self.consultation,
            question: serde_json::from_value(json!({ "fr": "Quand?" })).unwrap(),
            text: None,
            choices: ["Le matin", "Le midi", "Le soir", "La nuit"].map(said).to_vec(),
            method: Method::Approval,
            grades: vec![],
            opens_at: SystemClock.now(),
            closes_at: SystemClock.now().plus(DAY),
        })
    }

    fn opens_survey(&self) -> Action {
        let pages = json!([{ "questions": [
            { "id": "why", "label": { "fr": "Pourquoi?" }, "asks": "short_text" }
        ] }]);
        Action::OpenSurvey(OpenSurvey {
            consultation: self.consultation,
            title: serde_json::from_value(json!({ "fr": "Le quai" })).unwrap(),
            survey: serde_json::from_value(json!({ "pages": pages })).unwrap(),
            opens_at: SystemClock.now(),
            closes_at: SystemClock.now().plus(DAY),
        })
    }

    /// Does something that is accepted: the record that it creates.
    async fn act(&self, someone: &Someone, op: u8, action: &Action) -> RecordId {
        let sealed = envelope(&someone.person, op, action);
        let asking = self.site.post("/api/v1/push").as_(someone);
        let answer = asking.json(&json!({ "envelopes": [sealed] })).send().await.json();
        let text = answer["results"][0]["receipt"]["text"].as_str().unwrap_or_else(|| panic!("{answer}"));
        assert!(text.contains("\"outcome\":\"accepted\""), "{text}");
        sealed.entry().record()
    }

    async fn cast(&self, someone: &Someone, choices: &[u8]) {
        let op = 10 + choices.len() as u8;
        let ballot = Ballot::Approved(choices.to_vec());
        let cast = Cast { consultation: self.consultation, poll: self.poll, ballot };
        self.act(someone, op, &Action::Cast(cast)).await;
    }

    async fn respond(&self, someone: &Someone, text: &str) {
        let answers = serde_json::from_value(json!({ "why": { "text": text } })).unwrap();
        let respond = Respond { consultation: self.consultation, survey: self.survey, answers };
        self.act(someone, 4, &Action::Respond(respond)).await;
    }

    /// Ten neighbours with their ballots.
    async fn ten(&self) -> Vec<Someone> {
        let mut people = Vec::new();
        for _ in 0..10 {
            let someone = self.site.someone(Role::Participant).await;
            self.cast(&someone, &[3, 0, 2]).await;
            people.push(someone);
        }
        people
    }

    /// The public scope in which both are.
    fn scope(&self) -> String {
        format!("public/laforce/{}", self.consultation)
    }

    async fn pull(&self, scope: &str, someone: Option<&Someone>) -> Value {
        let asking = self.site.get(&format!("/api/v1/pull?scope={scope}"));
        let asking = if let Some(someone) = someone { asking.as_(someone) } else { asking };
        let page = asking.send().await.json();
        assert_eq!(page["more"], false, "{page}");
        page
    }

    async fn told(&self, record: RecordId) -> Value {
        let page = self.pull(&self.scope(), None).await;
        let rows = page["rows"].as_array().unwrap();
        rows.iter().find(|row| row["name"] == record.to_string()).unwrap()["record"].clone()
    }

    fn ends(&self) {
        self.site.clock.set(SystemClock.now().plus(2 * DAY));
    }

    async fn settle(&self) -> usize {
        settle(&self.site.store, &*self.site.clock).await.unwrap()
    }
}

/// A journal that fails once, before or after it has stored.
pub struct Failing<'a> {
    pub store: &'a Store,
    /// How many are taken before.
    pub good: AtomicUsize,
    pub stores: bool,
    pub restored_at: Option<Millis>,
}

#[async_trait]
impl Journal for Failing<'_> {
    async fn append(&self, submissions: Vec<Submission>) -> Result<Vec<PushResult>, PortError> {
        if self.good.load(Ordering::SeqCst) > 0 {
            self.good.fetch_sub(1, Ordering::SeqCst);
            return self.store.append(submissions).await;
        }
        if self.stores {
            self.store.append(submissions).await?;
        }
        Err(PortError::Unavailable("a test".to_owned()))
    }
    async fn put(&self, changes: Vec<Change>) -> Result<(), PortError> {
        self.store.put(changes).await
    }
    async fn erase(&self, entry: &Entry) -> Result<Option<SignedReceipt>, PortError> {
        self.store.erase(entry).await
    }
    async fn record(&self, key: &Key) -> Result<Option<Record>, PortError> {
        self.store.record(key).await
    }
    async fn pull(
        &self,
        scope: &Scope,
        epoch: Option<Epoch>,
        from: From,
        limit: u32,
    ) -> Result<PulledPage, PortError> {
        self.store.pull(scope, epoch, from, limit).await
    }
    async fn head(&self, scope: &Scope) -> Result<u64, PortError> {
        self.store.head(scope).await
    }
    fn epoch(&self) -> Epoch {
        self.store.epoch()
    }
    fn restored_at(&self) -> Option<Millis> {
        self.restored_at
    }
    fn keys(&self) -> Vec<ReceiptKey> {
        self.store.keys()
    }
    fn verifies(&self, receipt: &SignedReceipt) -> bool {
        self.store.verifies(receipt)
    }
}

#[tokio::test]
async fn what_is_over_is_counted_once_however_often_and_by_however_many_it_is_tried() {
    let village = Village::new().await;
    village.ten().await;
    village.ends();
    let (store, clock) = (&village.site.store, &*village.site.clock);
    let head = async || village.pull(&village.scope(), None).await["head"].as_u64().unwrap();
    let before = head().await;
    let (one, other) = tokio::join!(settle(store, clock), settle(store, clock));
    // Whoever comes second has the answer of the first, or finds nothing due any more: as they meet.
    let done = one.unwrap() + other.unwrap();
    assert!((2..=4).contains(&done), "each of the two is done, and told to both at most: {done}");
    let after = head().await;
    assert_eq!(after, before + 2, "the poll and the survey changed once each");
    assert_eq!(village.settle().await, 0);
    assert_eq!(head().await, after);
    assert_eq!(
        village.told(village.poll).await["result"]["counted"],
        json!({
            "ballots": 10, "totals": { "approvals": [10, 0, 10, 10] }, "winners": [0, 2, 3],
            "order": [[0, 2, 3], [1]], "channels": { "own_device": 10, "on_behalf": 0, "paper": 0 }
        })
    );
    assert_eq!(village.told(village.survey).await["results"], json!({ "respondents": "few" }));
}

#[tokio::test]
async fn a_server_that_ends_in_between_goes_on_where_it_was() {
    for (good, stores) in [(0, false), (0, true), (1, false), (1, true)] {
        let village = Village::new().await;
        village.ten().await;
        village.ends();
        let failing =
            Failing { store: &village.site.store, good: AtomicUsize::new(good), stores, restored_at: None };
        assert!(settle(&failing, &*village.site.clock).await.is_err());
        let done = good + usize::from(stores);
        let told = [
            village.told(village.poll).await["result"].clone(),
            village.told(village.survey).await["results"].clone(),
        ];
        assert_eq!(told.iter().filter(|told| !told.is_null()).count(), done);
        assert_eq!(village.settle().await, 2 - done, "after {good}, and then {stores}");
        assert_eq!(village.told(village.poll).await["result"]["counted"]["ballots"], 10);
        assert_eq!(village.settle().await, 0);
    }
}

#[tokio::test]
async fn nothing_is_counted_before_the_grace_is_over_also_when_the_clock_was_set_back() {
    let village = Village::new().await;
    let clock = &village.site.clock;
    let open = village.told(village.poll).await["open"].clone();
    assert_eq!(open["grace"], 5 * HOUR);
    let until = Millis(open["until"].as_i64().unwrap() + 5 * HOUR);
    let people = village.ten().await;
    clock.set(until.plus(-1));
    assert_eq!(village.settle().await, 0);
    village.cast(&people[0], &[1]).await;
    // Whoever looked saw a later time than the journal sees.
    let later = SetClock::default();
    later.set(until.plus(HOUR));
    assert_eq!(settle(&village.site.store, &later).await.unwrap(), 0);
    assert!(village.told(village.poll).await["result"].is_null());
    assert!(village.told(village.survey).await["results"].is_null());
    clock.set(until.plus(HOUR));
    assert_eq!(village.settle().await, 2);
    let totals = village.told(village.poll).await["result"]["counted"]["totals"].clone();
    assert_eq!(totals, json!({ "approvals": [9, 1, 9, 9] }));
}

#[tokio::test]
async fn after_a_restore_devices_have_two_days_to_offer_their_ballots_again() {
    let village = Village::new().await;
    village.ten().await;
    village.ends();
    let now = village.site.clock.now();
    for (ago, done) in [(48 * HOUR - 1, 0), (48 * HOUR, 2)] {
        let (good, restored_at) = (AtomicUsize::new(9), Some(now.plus(-ago)));
        let restored = Failing { store: &village.site.store, good, stores: false, restored_at };
        assert_eq!(settle(&restored, &*village.site.clock).await.unwrap(), done);
    }
}

#[tokio::test]
async fn what_is_sealed_is_pulled_and_followed_by_nobody() {
    let village = Village::new().await;
    let people = village.ten().await;
    for path in ["/api/v1/pull?scope=sealed/laforce", "/api/v1/events?scope=sealed/laforce"] {
        for someone in [&people[0], &village.clerk] {
            village.site.get(path).as_(someone).send().await.is(ErrorCode::NotPermitted);
        }
        village.site.get(path).send().await.is(ErrorCode::SignInNeeded);
    }
}

#[tokio::test]
async fn a_ballot_moves_nothing_public_and_stands_in_no_page_and_answers_have_no_name() {
    let village = Village::new().await;
    let scope = village.scope();
    let heads = async |scopes: &[&str], someone| {
        let mut heads = Vec::new();
        for scope in scopes {
            heads.push(village.pull(scope, someone).await["head"].clone());
        }
        heads
    };
    let public = ["territory", "public/laforce", &scope];
    let desk = heads(&["desk/laforce"], Some(&village.clerk)).await;
    let before = heads(&public, None).await;
    let people = village.ten().await;
    assert_eq!(heads(&["desk/laforce"], Some(&village.clerk)).await, desk);
    for someone in &people {
        village.respond(someone, "Murmure").await;
    }
    assert_eq!(heads(&public, None).await, before);
    // Before and after the end: what holds for everybody, and what for the one who said it.
    for ended in [false, true] {
        if ended {
            village.ends();
            assert_eq!(village.settle().await, 2);
        }
        let mut pages = vec![village.pull("desk/laforce", Some(&village.clerk)).await];
        assert_eq!(pages[0].to_string().matches("Murmure").count(), 10);
        let clerks = format!("person/{}", village.clerk.person.id);
        pages.push(village.pull(&clerks, Some(&village.clerk)).await);
        let mut public = vec![village.site.get("/api/v1/keys").send().await.json()];
        public.push(village.site.get("/api/v1/health").send().await.json());
        for scope in ["territory", "public/laforce", &scope] {
            public.push(village.pull(scope, None).await);
        }
        assert!(public.iter().all(|page| !page.to_string().contains("Murmure")));
        pages.extend(public);
        for (number, someone) in people.iter().enumerate() {
            let own = village.pull(&format!("person/{}", someone.person.id), Some(someone)).await;
            assert!(own.to_string().contains("took_part") && !own.to_string().contains("Murmure"));
            let theirs = pages.iter().filter(|page| page.to_string().contains(someone.person.id.as_str()));
            assert_eq!(theirs.count(), 0, "{number} is named");
            pages.push(own);
        }
        for page in &pages {
            assert!(
                !page.to_string().contains("[3,0,2]") && !page.to_string().contains("approved"),
                "{page}"
            );
        }
    }
}
