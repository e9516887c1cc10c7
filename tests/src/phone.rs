//! A phone without a screen: the production sender, puller and reconciliation over a store in
//! memory, with plain HTTP as its line. What Chromium is to the screens, this is to the
//! protocol: hundreds of them fit into one test.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, SystemTime};

use app::api::{ApiError, ErrorCode, Pushed, Session};
use app::offline::memory::MemoryStore;
use app::offline::outbox::{act, items};
use app::offline::pull::Puller;
use app::offline::reconcile::{Reconciled, reconcile};
use app::offline::sender::{Sender, Step};
use app::offline::session;
use app::offline::store::{DeviceStore, Table, Value, Write};
use app::offline::surroundings::{Surroundings, Verifier};
use app::offline::transport::{Health, Pull, PullFrom, PutError, RawPage, Transport, Uploaded};
use async_trait::async_trait;
use domain::authority::Person;
use domain::envelope::Envelope;
use domain::ids::{CommunityId, Hash, OpId, RecordId};
use domain::operations::{Action, Kinds, Propose};
use domain::outbox::Item;
use domain::receipts::{PushResult, Receipt, ReceiptKey, SignedReceipt};
use domain::records::Record;
use domain::scopes::Scope;
use domain::time::Millis;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::handshake;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;

/// The device's clock, which a test moves, and the system's chance.
#[derive(Default)]
pub struct Pocket {
    ahead: Cell<i64>,
}

impl Surroundings for Pocket {
    #[expect(clippy::disallowed_methods, reason = "the clock of a device under test")]
    fn now(&self) -> Millis {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Millis(i64::try_from(since.as_millis()).unwrap_or(0)).plus(self.ahead.get())
    }

    #[expect(clippy::disallowed_methods, reason = "the chance of a device under test")]
    fn fill(&self, bytes: &mut [u8]) -> bool {
        getrandom::fill(bytes).is_ok()
    }
}

/// The line: one request a connection, a short patience.
pub struct Wire {
    port: Cell<u16>,
    cookie: RefCell<Option<String>>,
    patience: Cell<Duration>,
}

struct Answer {
    status: StatusCode,
    cookie: Option<String>,
    retry_after: Option<u32>,
    json: bool,
    body: Bytes,
}

impl Wire {
    async fn ask(&self, method: &str, path: &str, kind: &str, body: Vec<u8>) -> Result<Answer, ApiError> {
        let offline = || ApiError::from(ErrorCode::Offline);
        let asked = async {
            let stream = tokio::net::TcpStream::connect(("127.0.0.1", self.port.get()))
                .await
                .map_err(|_| offline())?;
            let (mut sender, connection) = handshake(TokioIo::new(stream)).await.map_err(|_| offline())?;
            tokio::spawn(connection);
            let mut request = Request::builder()
                .method(method)
                .uri(path)
                .header("host", format!("localhost:{}", self.port.get()))
                .header("sec-fetch-site", "same-origin")
                .header("content-type", kind);
            if let Some(cookie) = &*self.cookie.borrow() {
                request = request.header("cookie", cookie);
            }
            let request = request.body(Full::new(Bytes::from(body))).map_err(|_| offline())?;
            let response = sender.send_request(request).await.map_err(|_| offline())?;
            let header = |name: &str| Some(response.headers().get(name)?.to_str().ok()?.to_owned());
            let (status, retry_after) = (response.status(), header("retry-after"));
            let cookie = header("set-cookie").and_then(|value| Some(value.split(';').next()?.to_owned()));
            let json = header("content-type").is_some_and(|kind| kind.starts_with("application/json"));
            let body = response.into_body().collect().await.map_err(|_| offline())?.to_bytes();
            let retry_after = retry_after.and_then(|seconds| seconds.parse().ok());
            Ok(Answer { status, cookie, retry_after, json, body })
        };
        tokio::time::timeout(self.patience.get(), asked).await.map_err(|_| offline())?
    }

    async fn json<T: DeserializeOwned>(&self, method: &str, path: &str, body: String) -> Result<T, ApiError> {
        let answer = self.ask(method, path, "application/json", body.into_bytes()).await?;
        if answer.status == StatusCode::OK {
            let read = answer.json.then(|| serde_json::from_slice(&answer.body).ok()).flatten();
            return read.ok_or_else(|| ErrorCode::NotRabaska.into());
        }
        Err(self.refusal(&answer))
    }

    fn refusal(&self, answer: &Answer) -> ApiError {
        let said = serde_json::from_slice::<ApiError>(&answer.body).ok().filter(|_| answer.json);
        let mut error =
            said.unwrap_or_else(|| ErrorCode::of_status(answer.status.as_u16(), answer.json).into());
        error.retry_after = error.retry_after.or(answer.retry_after);
        error
    }
}

#[async_trait(?Send)]
impl Transport for Wire {
    async fn push(&self, envelopes: Vec<Envelope>) -> Result<Vec<PushResult>, ApiError> {
        let body = serde_json::json!({ "envelopes": envelopes }).to_string();
        Ok(self.json::<Pushed>("POST", "/api/v1/push", body).await?.results)
    }

    async fn pull(&self, pull: &Pull) -> Result<RawPage, ApiError> {
        let mut path = format!("/api/v1/pull?scope={}&limit={}", pull.scope, pull.limit);
        if let Some(epoch) = pull.epoch {
            path.push_str(&format!("&epoch={epoch}"));
        }
        match pull.from {
            PullFrom::Newest => {}
            PullFrom::Before(cursor) => path.push_str(&format!("&before={cursor}")),
            PullFrom::After(cursor) => path.push_str(&format!("&cursor={cursor}")),
        }
        if let Some(head) = pull.head {
            path.push_str(&format!("&head={head}"));
        }
        self.json("GET", &path, String::new()).await
    }

    async fn uploaded(&self, _: Hash) -> Result<Uploaded, ApiError> {
        Err(ErrorCode::Unavailable.into())
    }

    async fn upload(&self, hash: Hash, size: u64, at: u64, piece: &[u8]) -> Result<Uploaded, PutError> {
        let path = format!("/api/v1/blobs/{hash}?offset={at}&size={size}");
        let answer = self.ask("PUT", &path, "application/octet-stream", piece.to_vec()).await?;
        if answer.status != StatusCode::OK {
            return Err(self.refusal(&answer).into());
        }
        Ok(serde_json::from_slice(&answer.body).map_err(|_| ApiError::from(ErrorCode::NotRabaska))?)
    }

    async fn download(&self, hash: Hash) -> Result<Vec<u8>, ApiError> {
        let path = format!("/api/v1/blobs/{hash}");
        let answer = self.ask("GET", &path, "application/json", Vec::new()).await?;
        if answer.status == StatusCode::OK { Ok(answer.body.to_vec()) } else { Err(self.refusal(&answer)) }
    }

    async fn ping(&self) -> Result<Health, ApiError> {
        self.json("GET", "/api/v1/health", String::new()).await
    }

    async fn keys(&self) -> Result<Vec<ReceiptKey>, ApiError> {
        let mut keys: serde_json::Value = self.json("GET", "/api/v1/keys", String::new()).await?;
        serde_json::from_value(keys["keys"].take()).map_err(|_| ErrorCode::NotRabaska.into())
    }

    async fn session(&self) -> Result<Option<Person>, ApiError> {
        Ok(self.json::<Session>("POST", "/api/v1/session/show", "{}".into()).await?.person)
    }

    async fn open_session(&self, code: &str) -> Result<Person, ApiError> {
        let body = serde_json::json!({ "code": code }).to_string().into_bytes();
        let answer = self.ask("POST", "/api/v1/session/open", "application/json", body).await?;
        if answer.status != StatusCode::OK {
            return Err(self.refusal(&answer));
        }
        *self.cookie.borrow_mut() = answer.cookie;
        let session: Session = serde_json::from_slice(&answer.body).map_err(|_| ErrorCode::NotRabaska)?;
        session.person.ok_or_else(|| ErrorCode::NotRabaska.into())
    }

    async fn close_session(&self) -> Result<(), ApiError> {
        *self.cookie.borrow_mut() = None;
        Ok(())
    }
}

/// Checks receipts against the server's published keys, as a browser with Ed25519 does.
struct Published(Rc<Wire>);

#[async_trait(?Send)]
impl Verifier for Published {
    async fn genuine(&self, signed: &SignedReceipt) -> bool {
        let Ok(keys) = self.0.keys().await else { return false };
        let Some(receipt) = signed.read() else { return false };
        let Some(key) = keys.iter().find(|key| key.id == receipt.key_id) else { return false };
        let Ok(key) = ed25519_dalek::VerifyingKey::from_bytes(&key.public.0) else { return false };
        let signature = ed25519_dalek::Signature::from_bytes(&signed.signature.0);
        key.verify_strict(&Receipt::signed_bytes(&signed.text), &signature).is_ok()
    }
}

/// A phone.
pub struct Phone {
    pub store: Rc<MemoryStore>,
    pub wire: Rc<Wire>,
    pub pocket: Rc<Pocket>,
    pub sender: Sender<MemoryStore, Wire>,
    pub puller: Puller<MemoryStore, Wire>,
    pub me: Person,
}

impl Phone {
    /// A new phone on which this person has signed in. `port` is the server's or a proxy's.
    pub async fn of(person: &crate::Person, port: u16) -> Self {
        let store = Rc::new(MemoryStore::default());
        let patience = Cell::new(Duration::from_secs(20));
        let wire = Rc::new(Wire { port: Cell::new(port), cookie: RefCell::new(None), patience });
        let pocket = Rc::new(Pocket::default());
        let me = wire.open_session(&person.code).await.expect("signing in");
        session::change(&*store, Some(&me)).await.expect("the device keeps who signed in");
        let sender =
            Sender::new(store.clone(), wire.clone(), pocket.clone(), Rc::new(Published(wire.clone())));
        let puller = Puller::new(store.clone(), wire.clone(), pocket.clone());
        Self { store, wire, pocket, sender, puller, me }
    }

    /// The same person signs in once more: the server knows no session any longer.
    pub async fn sign_in_again(&self, person: &crate::Person) {
        let me = self.wire.open_session(&person.code).await.expect("signing in");
        session::change(&*self.store, Some(&me)).await.expect("the device keeps who signed in");
    }

    /// Waits no longer than this for an answer.
    pub fn set_patience(&self, patience: Duration) {
        self.wire.patience.set(patience);
    }

    /// The community in which they take part.
    pub fn community(&self) -> CommunityId {
        self.me.memberships[0].community.clone()
    }

    /// Seals an act.
    pub async fn act(&self, action: Action) -> OpId {
        let author = Some(self.me.id.clone());
        act(&*self.store, &*self.pocket, Kinds::ALL, author, self.community(), action)
            .await
            .expect("it is sealed")
    }

    /// Seals a proposal of one line.
    pub async fn propose(&self, consultation: RecordId, title: &str) -> OpId {
        self.act(Action::Propose(Propose {
            consultation,
            title: title.parse().expect("a title"),
            text: None,
            subject: "other".parse().expect("a word"),
            photos: vec![],
            place: None,
        }))
        .await
    }

    /// Tries once, whatever the wait.
    pub async fn try_once(&self) -> Step {
        self.sender.encourage();
        self.pocket.ahead.set(self.pocket.ahead.get() + 2_000);
        self.sender.step().await.expect("the device's store works")
    }

    /// Tries until nothing is left to send.
    pub async fn send_all(&self) {
        for _ in 0..200 {
            if self.try_once().await == Step::Nothing {
                return;
            }
        }
        panic!("the outbox does not empty: {:?}", self.items().await);
    }

    /// Everything in the outbox.
    pub async fn items(&self) -> Vec<Item> {
        items(&*self.store).await.expect("the outbox")
    }

    /// One item of the outbox.
    pub async fn item(&self, op: OpId) -> Item {
        self.items().await.into_iter().find(|item| item.op == op).expect("it is in the outbox")
    }

    /// Puts an item into the outbox as it is, as a device that was put back from an old copy has it.
    pub async fn put(&self, item: &Item) {
        let text = Value::Text(serde_json::to_string(item).expect("JSON"));
        let write = Write::Put(Table::Outbox, item.op.to_string(), text);
        self.store.commit(vec![write]).await.expect("the device's store works");
    }

    /// Pulls a scope to its end and gives what is in it.
    pub async fn pull(&self, scope: &Scope) -> Vec<Record> {
        self.puller.catch_up(scope).await.expect("the pull");
        let mirror = self.puller.mirror(scope).expect("a mirror");
        mirror.shown.values().filter_map(|kept| kept.record().cloned()).collect()
    }

    /// The titles of the proposals to a consultation.
    pub async fn titles(&self, consultation: RecordId) -> Vec<String> {
        let scope = Scope::Consultation(self.community(), consultation);
        let records = self.pull(&scope).await;
        let title = |record| match record {
            Record::Contribution(it) => Some(it.title().as_str().to_owned()),
            _ => None,
        };
        records.into_iter().filter_map(title).collect()
    }

    /// An open consultation of the community.
    pub async fn open_consultation(&self) -> RecordId {
        let now = self.pocket.now();
        let records = self.pull(&Scope::Community(self.community())).await;
        let open = records.into_iter().find_map(|record| match record {
            Record::Consultation(it) if it.closes_at().since(now) > 3 * 86_400_000 => Some(it.id),
            _ => None,
        });
        open.expect("an open consultation")
    }

    /// Pulls the person's own scope and compares it with the outbox.
    pub async fn reconcile(&self) -> Reconciled {
        let scope = Scope::Person(self.me.id.clone());
        self.puller.catch_up(&scope).await.expect("the pull");
        let mirror = self.puller.mirror(&scope).expect("a mirror").clone();
        reconcile(&*self.store, &self.me.id, &mirror, self.pocket.now()).await.expect("the store")
    }
}

/// Pushes values as they are, well-formed or not.
pub async fn post_push(phone: &Phone, envelopes: Vec<serde_json::Value>) -> Vec<PushResult> {
    let body = serde_json::json!({ "envelopes": envelopes }).to_string();
    phone.wire.json::<Pushed>("POST", "/api/v1/push", body).await.expect("results").results
}
