//! A server without a socket, and requests as sentences.

use std::path::Path;
use std::sync::Arc;

use app::api::ErrorCode;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::response::Response;
use domain::authority::{Person, Role};
use domain::envelope::{Author, Envelope, Proof};
use domain::ids::{Hash, OpId, RecordId, Salt};
use domain::operations::{Action, OpenConsultation, Propose, seal};
use domain::phases::Phases;
use domain::ports::{Clock, Identity};
use domain::text::Localized;
use domain::time::{DAY, Millis};
use http_body_util::BodyExt;
use rabaska::http::Reach;
use rabaska::http::assets::Assets;
use rabaska::http::guard::Origins;
use rabaska::http::words;
use rabaska::import::territory;
use rabaska::serve::routes;
use rabaska::system::{SetClock, SystemClock, SystemRandom};
use serde_json::{Value, json};
use store::{Options, Store};
use tokio::sync::watch;
use tower::ServiceExt;

pub const ORIGIN: &str = "https://rabaska.test";
pub const TERRITORY: &[u8] = include_bytes!("../../demo/territory.json");

/// How many times more a full run repeats.
pub fn scale() -> usize {
    std::env::var("RABASKA_TEST_SCALE").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

pub struct Site {
    pub router: Router,
    pub store: Store,
    /// The machine's, unless it is set.
    pub clock: Arc<SetClock>,
    pub closing: watch::Sender<bool>,
    pub folder: tempfile::TempDir,
}

/// Somebody with a session.
pub struct Someone {
    pub person: Person,
    pub token: String,
}

impl Site {
    /// With the demonstration's territory and no pages.
    pub async fn new() -> Self {
        Self::with_pages(Assets::of([])).await
    }

    pub async fn with_pages(assets: Assets) -> Self {
        Self::with(assets, |options| options).await
    }

    /// Where one person pushes so many new operations a day.
    pub async fn limited(operations_per_day: u64) -> Self {
        let limit = |options| Options { operations_per_day: Some(operations_per_day), ..options };
        Self::with(Assets::of([]), limit).await
    }

    async fn with(assets: Assets, change: impl FnOnce(Options) -> Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(SetClock::default());
        let options = change(Options::new(clock.clone(), Arc::new(SystemRandom)));
        let store = Store::open_with(folder.path(), options).await.unwrap();
        territory::load(&store, territory::read(TERRITORY).unwrap()).await.unwrap();
        let (closing, closes) = watch::channel(false);
        let origins = Origins::new([ORIGIN.to_owned()]);
        let reach = Reach { origins, secure: true, trusted_hops: 0 };
        let router = routes(&store, clock.clone(), reach, closes, assets);
        Self { router, store, clock, closing, folder }
    }

    pub async fn someone(&self, role: Role) -> Someone {
        self.someone_of("laforce", role).await
    }

    pub async fn someone_of(&self, community: &str, role: Role) -> Someone {
        let (name, community) = ("P (fictive)".parse().unwrap(), community.parse().unwrap());
        let (_, code) = self.store.add(name, community, role).await.unwrap();
        let opened = self.store.open(code).await.unwrap();
        Someone { person: opened.person, token: opened.token }
    }

    /// Opens a consultation in Laforce and returns its id.
    pub async fn consultation(&self) -> RecordId {
        self.consultation_with(0).await
    }

    /// One with this grace.
    pub async fn consultation_with(&self, grace: i64) -> RecordId {
        let clerk = self.someone(Role::Clerk).await;
        let phases = Phases::contribute(SystemClock.now(), SystemClock.now().plus(DAY)).unwrap();
        let fr = || "fr".parse().unwrap();
        let title = Localized::new([(fr(), "Un banc?".parse().unwrap())]).unwrap();
        let summary = Localized::new([(fr(), "Où?".parse().unwrap())]).unwrap();
        let open = OpenConsultation { grace, ..OpenConsultation::new(title, summary, phases) };
        let envelope = envelope(&clerk.person, 200, &Action::OpenConsultation(open));
        let answer =
            self.post("/api/v1/push").as_(&clerk).json(&json!({ "envelopes": [envelope] })).send().await;
        assert!(answer.json()["results"][0]["receipt"].is_object(), "{:?}", answer.json());
        envelope.entry().record()
    }

    pub fn request(&self, method: &str, path: &str) -> Asking {
        let request = Request::builder().method(Method::from_bytes(method.as_bytes()).unwrap()).uri(path);
        Asking { router: self.router.clone(), request, body: Body::empty() }
    }

    pub fn get(&self, path: &str) -> Asking {
        self.request("GET", path)
    }

    /// As our own pages send it.
    pub fn post(&self, path: &str) -> Asking {
        self.request("POST", path).header("sec-fetch-site", "same-origin")
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

pub struct Asking {
    router: Router,
    request: axum::http::request::Builder,
    body: Body,
}

impl Asking {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    pub fn as_(self, someone: &Someone) -> Self {
        self.token(&someone.token)
    }

    pub fn token(self, token: &str) -> Self {
        self.header("cookie", &format!("__Host-rabaska={token}"))
    }

    pub fn bytes(mut self, bytes: impl Into<Bytes>) -> Self {
        self.body = Body::from(bytes.into());
        self
    }

    pub fn json(self, value: &Value) -> Self {
        self.header("content-type", "application/json").bytes(value.to_string())
    }

    pub async fn open(self) -> Response {
        self.router.oneshot(self.request.body(self.body).unwrap()).await.unwrap()
    }

    pub async fn send(self) -> Answer {
        let response = self.open().await;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[track_caller]
    pub fn is(&self, code: ErrorCode) {
        assert_eq!(self.json()["code"], code.name(), "{self:?}");
        self.is_typed();
    }

    /// An error is one of ours: a stable code, its own status, and words in both languages.
    #[track_caller]
    pub fn is_typed(&self) {
        let said = self.json();
        let code = ErrorCode::ALL.iter().find(|code| said["code"] == code.name());
        let code = code.unwrap_or_else(|| panic!("no code of ours: {said}"));
        assert_eq!(self.status.as_u16(), code.status(), "{said}");
        assert_eq!((said["fr"].as_str(), said["en"].as_str()), {
            let (fr, en) = words::of(*code);
            (Some(fr), Some(en))
        });
        assert_eq!(self.header("content-type"), "application/json");
        if matches!(self.status.as_u16(), 429 | 503) {
            assert!(!self.header("retry-after").is_empty());
        }
    }
}

/// Sealed by a person; `op` names it.
pub fn envelope(person: &Person, op: u8, action: &Action) -> Envelope {
    Envelope {
        op: OpId([op; 16]),
        author: Author::Person(person.id.clone()),
        community: "laforce".parse().unwrap(),
        stream: None,
        proof: Proof::Session,
        body: seal(Salt([op; 32]), Millis(5), vec![], action).unwrap(),
    }
}

pub fn proposal(consultation: RecordId, title: &str) -> Action {
    let (title, subject) = (title.parse().unwrap(), "other".parse().unwrap());
    Action::Propose(Propose { consultation, title, text: None, subject, photos: vec![], place: None })
}

pub fn picture() -> (Hash, &'static [u8]) {
    let bytes: &[u8] = include_bytes!("../../demo/photos/quay.thumb.jpg");
    (Hash::of(bytes), bytes)
}
