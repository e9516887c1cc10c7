//! The log names methods, routes, statuses and times: never a code, a cookie, a name or what
//! somebody wrote, also when it is asked to say more and when something fails.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::authority::{Person, Role};
use domain::codes::Code;
use domain::ids::RecordId;
use domain::operations::{Action, BlobRef, OpenConsultation, Photo, Propose, seal};
use domain::phases::Phases;
use domain::ports::{Clock, Identity};
use domain::text::Localized;
use domain::time::DAY;
use rabaska::connections::Limits;
use rabaska::http::Reach;
use rabaska::http::guard::Origins;
use rabaska::import::territory;
use rabaska::listen::Stop;
use rabaska::serve::{Front, present};
use rabaska::system::{SystemClock, SystemRandom};
use serde_json::json;
use sqlx::{Connection, SqliteConnection};
use store::Store;
use tracing_subscriber::filter::LevelFilter;

use crate::site::{TERRITORY, envelope, picture};

const NAME: &str = "Zéphirine Quatrevents (fictive)";
const TITLE: &str = "Un xylophone au quai";
const TEXT: &str = "Parce que l’ornithorynque l’attend.";
const ALT: &str = "un carillon devant le kiosque";
/// A code that nobody has.
const WRONG: &str = "WXYZ-7TQ9-VNHK";

/// A folder with the territory and two people whom the log must not know.
struct Folder {
    dir: tempfile::TempDir,
    citizen: (Person, Code),
    clerk: (Person, Code),
}

impl Folder {
    async fn new() -> (Self, Store) {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), Arc::new(SystemClock), Arc::new(SystemRandom)).await.unwrap();
        territory::load(&store, territory::read(TERRITORY).unwrap()).await.unwrap();
        let add = async |role| {
            let (id, code) =
                store.add(NAME.parse().unwrap(), "laforce".parse().unwrap(), role).await.unwrap();
            (store.person(&id).await.unwrap().unwrap(), code)
        };
        let (citizen, clerk) = (add(Role::Participant).await, add(Role::Clerk).await);
        (Self { dir, citizen, clerk }, store)
    }

    async fn sql(&self, statement: &'static str) {
        let database = self.dir.path().join("rabaska.db");
        let mut connection = SqliteConnection::connect(database.to_str().unwrap()).await.unwrap();
        sqlx::query(statement).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    /// What the log must not hold, each with a word for it.
    fn secrets(&self, tokens: Vec<String>) -> Vec<(&'static str, String)> {
        let words =
            [("name", "phirine"), ("title", "xylophone"), ("text", "ornithorynque"), ("photo", "carillon")];
        let mut secrets: Vec<_> = words.map(|(what, word)| (what, word.to_owned())).into();
        for code in [self.citizen.1.to_string(), self.clerk.1.to_string(), WRONG.to_owned()] {
            // Whole, without hyphens, and its last part, which is not the selector.
            secrets.extend([code.replace('-', ""), code[10..].to_owned(), code].map(|code| ("code", code)));
        }
        secrets.extend(tokens.into_iter().map(|token| ("cookie", token)));
        secrets.extend([&self.citizen.0, &self.clerk.0].map(|person| ("person", person.id.to_string())));
        secrets
    }

    #[track_caller]
    fn is_silent(&self, log: &str, tokens: Vec<String>) {
        assert!(log.contains("/api/v1/push") && log.contains("200") && log.contains("503"), "{log}");
        for (what, secret) in self.secrets(tokens) {
            let found = log.lines().find(|line| line.to_lowercase().contains(&secret.to_lowercase()));
            assert_eq!(found, None, "a {what} is in the log");
        }
    }
}

/// One request over a socket of its own: status line, headers and body.
fn ask(at: SocketAddr, method: &str, path: &str, token: &str, kind: &str, body: &[u8]) -> String {
    let mut socket = TcpStream::connect(at).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nsec-fetch-site: same-origin\r\n\
         cookie: __Host-rabaska={token}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    socket.write_all(&[head.as_bytes(), body].concat()).unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn post(at: SocketAddr, path: &str, token: &str, body: &serde_json::Value) -> String {
    ask(at, "POST", &format!("/api/v1/{path}"), token, "application/json", body.to_string().as_bytes())
}

fn sign_in(at: SocketAddr, code: &Code) -> String {
    let opened = post(at, "session/open", "", &json!({ "code": code.to_string() }));
    let cookie = opened.split("__Host-rabaska=").nth(1).unwrap_or_else(|| panic!("{opened}"));
    cookie.split(';').next().unwrap().to_owned()
}

/// Everything that carries something personal, well done, badly done, and while the database
/// fails: the tokens of both.
async fn live(at: SocketAddr, folder: &Folder) -> Vec<String> {
    let ((citizen, code), (clerk, clerks)) = (&folder.citizen, &folder.clerk);
    assert!(post(at, "session/open", "", &json!({ "code": WRONG })).contains("code_refused"));
    assert!(post(at, "session/open", "", &json!({ "code": [TITLE] })).contains("\"invalid\""));
    let (token, desk) = (sign_in(at, code), sign_in(at, clerks));
    assert!(post(at, "session/show", &token, &json!({})).contains("phirine"));
    let consultation = open(at, clerk, &desk);
    let (hash, bytes) = picture();
    let action = Action::Propose(Propose {
        consultation,
        title: TITLE.parse().unwrap(),
        text: Some(TEXT.parse().unwrap()),
        subject: "other".parse().unwrap(),
        photos: vec![Photo { full: hash, thumb: hash, alt: Some(ALT.parse().unwrap()) }],
        place: None,
    });
    let path = format!("/api/v1/blobs/{hash}?offset=0&size={}", bytes.len());
    assert!(ask(at, "PUT", &path, &token, "application/octet-stream", bytes).contains("\"complete\":true"));
    let said = |op: u8| {
        let mut envelope = envelope(citizen, op, &action);
        let blobs = vec![BlobRef { sha256: hash, size: bytes.len() as u64 }];
        envelope.body = seal(domain::ids::Salt([op; 32]), SystemClock.now(), blobs, &action).unwrap();
        envelope
    };
    let push = |envelope| post(at, "push", &token, &json!({ "envelopes": [envelope] }));
    assert!(push(said(1)).contains("\"receipt\""));
    // Broken within what somebody wrote.
    let mut broken = said(2);
    broken.body = broken.body.replace("\"subject\":\"other\"", &format!("\"subject\":\"{TEXT}\""));
    assert!(push(broken).contains("invalid"));
    let body = format!("{{\"envelopes\":[{{\"op\":\"{TITLE}\"");
    ask(at, "POST", "/api/v1/push", &token, "application/json", body.as_bytes());
    ask(at, "GET", "/api/v1/pull?scope=xylophone&ornithorynque=1", &token, "text/plain", b"");
    ask(at, "GET", "/api/v1/blobs/xylophone", &token, "text/plain", b"");
    ask(at, "GET", "/xylophone?carillon", &token, "text/plain", b"");
    let own = format!("/api/v1/pull?scope=person/{}", citizen.id);
    assert!(ask(at, "GET", &own, &token, "text/plain", b"").contains("xylophone"));
    folder.sql("CREATE TRIGGER failing BEFORE INSERT ON records BEGIN SELECT RAISE(ABORT, 'no'); END").await;
    assert!(push(said(3)).contains(" 503 "));
    folder.sql("DROP TRIGGER failing").await;
    assert!(push(said(3)).contains("\"receipt\""));
    assert!(post(at, "session/close", &token, &json!({})).contains(" 200 "));
    vec![token, desk]
}

/// Opens a consultation through the push.
fn open(at: SocketAddr, clerk: &Person, token: &str) -> RecordId {
    let phases = Phases::contribute(SystemClock.now(), SystemClock.now().plus(DAY)).unwrap();
    let fr = || "fr".parse().unwrap();
    let title = Localized::new([(fr(), TITLE.parse().unwrap())]).unwrap();
    let summary = Localized::new([(fr(), TEXT.parse().unwrap())]).unwrap();
    let action = Action::OpenConsultation(OpenConsultation::new(title, summary, phases));
    let envelope = envelope(clerk, 200, &action);
    assert!(post(at, "push", token, &json!({ "envelopes": [envelope] })).contains("\"receipt\""));
    envelope.entry().record()
}

fn listening(at: SocketAddr) {
    for _ in 0..200 {
        if TcpStream::connect(at).is_ok() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("nothing listens at {at}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_binarys_log_holds_nothing_personal() {
    for format in ["text", "json"] {
        let (folder, store) = Folder::new().await;
        store.close().await;
        let at = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_rabaska"));
        command.arg("serve").stdout(Stdio::null());
        let log = folder.dir.path().join("log");
        command.stderr(std::fs::File::create(&log).unwrap());
        command.env("RABASKA_DATA", folder.dir.path()).env("RABASKA_LISTEN", at.to_string());
        let mut child = command.env("RABASKA_LOG", format).spawn().unwrap();
        listening(at);
        let lived = tokio::spawn(async move {
            let tokens = live(at, &folder).await;
            (folder, tokens)
        });
        let lived = lived.await;
        child.kill().unwrap();
        child.wait().unwrap();
        let (folder, tokens) = lived.unwrap();
        folder.is_silent(&std::fs::read_to_string(log).unwrap(), tokens);
    }
}

/// A log that is kept in memory.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn at_debug_the_log_says_more_and_nothing_personal() {
    let kept = Kept::default();
    let writer = kept.clone();
    // For all threads of this process, those of the database too; other tests may add to it.
    let log = tracing_subscriber::fmt().with_max_level(LevelFilter::DEBUG).with_ansi(false);
    log.with_writer(move || writer.clone()).try_init().unwrap();
    let (folder, store) = Folder::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let reach = Reach { origins: Origins::new([]), secure: false, trusted_hops: 0 };
    let front =
        Front { listener, tls: None, reach, limits: Limits::new(100, 0), stop: Stop::hear().unwrap() };
    let served = tokio::spawn(present(store, Arc::new(SystemClock), front));
    let tokens = live(at, &folder).await;
    served.abort();
    let log = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("DEBUG"), "{log}");
    folder.is_silent(&log, tokens);
}
