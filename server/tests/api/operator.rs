//! What an operator relies on without looking, against the binary itself.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sqlx::{Connection, SqliteConnection};

use crate::binary::{ended, rabaska, started};

const TERRITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/territory.json");

/// A configuration in a folder of its own.
struct Place {
    folder: tempfile::TempDir,
    address: SocketAddr,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let text = format!(
            "data = \"{0}/data\"\nbackups = \"{0}/backups\"\nlisten = \"{address}\"\n",
            folder.path().display()
        );
        std::fs::write(folder.path().join("rabaska.toml"), text).unwrap();
        Self { folder, address }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a command with this configuration, which must succeed. What it said.
    fn run(&self, arguments: &[&str]) -> String {
        let config = self.path("rabaska.toml");
        let (code, said, error) = ended(&[arguments, &["--config", config.to_str().unwrap()]].concat());
        assert_eq!(code, Some(0), "{arguments:?}: {said}{error}");
        said
    }

    /// Runs the server until something is true, and stops it.
    fn serve<T>(&self, until: impl Fn(&Self) -> Option<T>) -> T {
        let log = std::fs::File::create(self.path("log")).unwrap();
        let config = self.path("rabaska.toml");
        let mut server = rabaska(&["serve", "--config", config.to_str().unwrap()]);
        let mut server = started(server.stderr(log));
        let began = Instant::now();
        let found = loop {
            if let Some(found) = until(self) {
                break found;
            }
            assert_eq!(server.0.try_wait().unwrap(), None, "it ended: {}", self.log());
            assert!(began.elapsed() < Duration::from_secs(30), "in vain: {}", self.log());
            std::thread::sleep(Duration::from_millis(50));
        };
        let pid = server.0.id().to_string();
        assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert_eq!(server.0.wait().unwrap().code(), Some(0), "{}", self.log());
        found
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap()
    }

    /// The newest finished backup.
    fn backup(&self) -> Option<PathBuf> {
        let names = std::fs::read_dir(self.path("backups")).ok()?.map(|entry| entry.unwrap().file_name());
        let newest = names.filter_map(|name| name.to_str()?.parse::<i64>().ok()).max()?;
        Some(self.path("backups").join(newest.to_string()))
    }

    /// Restores a backup beside the data, as they are from now on; what it said.
    fn restore(&self, backup: &Path) -> String {
        std::fs::remove_dir_all(self.path("data")).unwrap();
        self.run(&["restore", backup.to_str().unwrap()])
    }
}

#[test]
fn a_server_that_was_never_looked_after_has_a_backup_that_is_restored_by_one_plain_command() {
    let place = Place::new();
    place.run(&["import", "territory", TERRITORY]);
    let backup = place.serve(Place::backup);
    assert!(place.log().contains("backup made and read back"), "{}", place.log());
    let said = place.restore(&backup);
    assert!(
        said.contains("0 hidings, decisions, results, revocations and erasures")
            && said.contains("goes up to 20"),
        "{said}"
    );
    let said = place.run(&["check"]);
    assert!(said.contains("Everything is as it was written"), "{said}");
}

#[test]
fn a_backup_that_cannot_be_made_is_said_in_the_log_and_the_server_goes_on() {
    let place = Place::new();
    place.run(&["import", "territory", TERRITORY]);
    let _ = std::fs::remove_dir_all(place.path("backups"));
    std::fs::write(place.path("backups"), "a file where the folder belongs").unwrap();
    place.serve(|place| {
        let said = place.log().contains("no backup could be made");
        (said && std::net::TcpStream::connect(place.address).is_ok()).then_some(())
    });
}

#[test]
fn codes_are_shown_also_when_the_file_that_was_loaded_cannot_be_noted() {
    let place = Place::new();
    place.run(&["import", "territory", TERRITORY]);
    std::fs::create_dir(place.path("data").join("imported-people.txt")).unwrap();
    let file = place.path("people.csv");
    std::fs::write(&file, "community,role,name\nlaforce,participant,Rose (fictive)\n").unwrap();
    let said = place.run(&["import", "people", file.to_str().unwrap()]);
    let codes = said.find("Rose (fictive)").unwrap();
    assert!(said[codes..].contains("Do not load this file again"), "{said}");
}

#[tokio::test]
async fn codes_of_those_who_were_added_are_shown_when_one_after_them_is_not() {
    let place = Place::new();
    place.run(&["import", "territory", TERRITORY]);
    let database = place.path("data").join("rabaska.db");
    let sql = async |statement: &'static str| {
        let mut connection = SqliteConnection::connect(database.to_str().unwrap()).await.unwrap();
        sqlx::query(statement).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    };
    sql("CREATE TRIGGER failing BEFORE INSERT ON people WHEN new.name IN ('Paul (fictif)', 'Luc (fictif)')
         BEGIN SELECT RAISE(ABORT, 'no'); END")
    .await;
    let (file, config) = (place.path("people.csv"), place.path("rabaska.toml"));
    let names = ["Aline (fictive)", "Rose (fictive)", "Paul (fictif)", "Anne (fictive)"];
    let lines: String = names.iter().map(|name| format!("laforce,participant,{name}\n")).collect();
    std::fs::write(&file, format!("community,role,name\n{lines}")).unwrap();
    let import = ["import", "people", file.to_str().unwrap(), "--config", config.to_str().unwrap()];
    let (code, said, error) = ended(&import);
    assert_eq!(code, Some(1), "{said}{error}");
    assert!(said.contains("2 people were added") && said.contains("A backup that holds these"), "{said}");
    assert!(error.contains("at line 4 could not be added") && error.contains("the 1 after it"), "{error}");
    assert!(error.contains("load a file with line 4 and what comes after it"), "{error}");
    // They are real, and nobody else is there.
    let codes: Vec<_> = said.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    assert_eq!(codes.len(), 2);
    for (code, name) in codes.iter().zip(names) {
        assert!(place.run(&["revoke", &code[..4]]).contains(name));
    }
    // The same file is not loaded again by mistake.
    let (code, _, error) = ended(&import);
    assert!(code == Some(1) && error.contains("was loaded before"), "{error}");
    // One of which nobody was added may be.
    std::fs::write(&file, "community,role,name\nlaforce,participant,Luc (fictif)\n").unwrap();
    let (code, said, error) = ended(&import);
    assert!(
        code == Some(1) && said.is_empty() && error.contains("Nobody of the file was added"),
        "{said}{error}"
    );
    sql("DROP TRIGGER failing").await;
    assert!(place.run(&["import", "people", file.to_str().unwrap()]).contains("1 people were added"));
}

/// What our own page asks: the status, the cookie that came, the answer.
fn ask(place: &Place, path: &str, cookie: &str, body: &str) -> Option<(u16, String, String)> {
    let mut socket = std::net::TcpStream::connect(place.address).ok()?;
    write!(
        socket,
        "POST /api/v1/session/{path} HTTP/1.1\r\nhost: localhost\r\nsec-fetch-site: same-origin\r\n\
         content-type: application/json\r\ncontent-length: {}\r\ncookie: {cookie}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    )
    .ok()?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer).ok()?;
    let status = answer.split(' ').nth(1)?.parse().unwrap();
    let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")?.split(';').next());
    Some((status, cookie.unwrap_or_default().to_owned(), answer.lines().last()?.to_owned()))
}

#[test]
fn a_revoked_code_opens_nothing_and_neither_does_it_after_an_older_backup_is_restored() {
    let place = Place::new();
    let people = place.path("people.csv");
    std::fs::write(
        &people,
        "community,role,name\nlaforce,participant,Aline (fictive)\nlaforce,clerk,Rose (fictive)\n",
    )
    .unwrap();
    place.run(&["import", "territory", TERRITORY]);
    let said = place.run(&["import", "people", people.to_str().unwrap()]);
    let codes: Vec<_> = said.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    let [lost, other] = codes[..] else { panic!("{said}") };
    let older = place.backup().unwrap();
    let open = |place: &Place, code: &str| ask(place, "open", "", &format!("{{\"code\":\"{code}\"}}"));
    let show = |place: &Place, cookie: &str| ask(place, "show", cookie, "{}");
    let (status, cookie, session) = place.serve(|place| open(place, lost));
    assert_eq!(status, 200);
    let session: serde_json::Value = serde_json::from_str(&session).unwrap();
    let id = session["person"]["id"].as_str().unwrap();

    let config = place.path("rabaska.toml");
    let unknown = ["revoke", &lost[..4], "nobody", "--config", config.to_str().unwrap()];
    let (code, _, said) = ended(&unknown);
    assert!(code == Some(1) && said.contains("Nothing was revoked"), "{said}");
    let said = place.serve(|place| show(place, &cookie)).2;
    assert!(said.contains("Aline"), "all or nobody: {said}");

    let said = place.run(&["revoke", &lost[..4].to_lowercase()]);
    assert!(said.contains("Aline (fictive), participant of laforce: the code opens nothing"), "{said}");
    for named in [lost, id] {
        assert!(
            place.run(&["revoke", named]).contains("Aline (fictive), participant of laforce: the code was")
        );
    }
    place.serve(|place| {
        let (status, _, said) = show(place, &cookie)?;
        assert_eq!((status, said.as_str()), (200, "{\"person\":null}"));
        assert_eq!(open(place, lost)?.0, 403);
        assert_eq!(open(place, other)?.0, 200);
        Some(())
    });

    let said = place.restore(&older);
    assert!(said.contains("1 hidings, decisions, results, revocations and erasures"), "{said}");
    place.serve(|place| {
        assert_eq!(open(place, lost)?.0, 403);
        assert_eq!(open(place, other)?.0, 200);
        Some(())
    });
}

#[test]
fn a_revocation_that_the_log_did_not_take_says_what_is_left_to_do() {
    let place = Place::new();
    let people = place.path("people.csv");
    std::fs::write(&people, "community,role,name\nlaforce,participant,Aline (fictive)\n").unwrap();
    place.run(&["import", "territory", TERRITORY]);
    let said = place.run(&["import", "people", people.to_str().unwrap()]);
    let code = said.lines().find_map(|line| line.strip_prefix("  ")?.split(' ').next()).unwrap();
    let (log, away) = (place.path("backups/changes.jsonl"), place.path("away"));
    std::fs::rename(&log, &away).unwrap();
    std::fs::create_dir(&log).unwrap();
    let config = place.path("rabaska.toml");
    let (ended, _, said) = ended(&["revoke", code, "--config", config.to_str().unwrap()]);
    assert!(ended == Some(1) && said.contains("revoked here, but the log"), "{said}");
    std::fs::remove_dir(&log).unwrap();
    std::fs::rename(&away, &log).unwrap();
    place.run(&["revoke", code]);
    assert!(std::fs::read_to_string(&log).unwrap().contains("revoke"));
}
