//! The binary as people start it: what it prints, with which code it ends, and what it
//! leaves behind.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub fn rabaska(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rabaska"));
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Killed when its test ends early.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub fn started(command: &mut Command) -> Running {
    Running(command.spawn().unwrap())
}

pub fn ended(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = rabaska(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn first_line(Running(child): &mut Running) -> String {
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    line
}

fn stop(mut running: Running) -> (Option<i32>, String) {
    let child = &mut running.0;
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    let code = child.wait().unwrap().code();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    (code, said)
}

const PEOPLE: &str = include_str!("../../demo/people.json");

/// The records of a public scope.
fn pulled(url: &str, scope: &str) -> Vec<serde_json::Value> {
    let mut answer = stream(url, &format!("/api/v1/pull?scope={scope}&limit=500"));
    let head: Vec<String> =
        answer.by_ref().lines().map(Result::unwrap).take_while(|it| !it.is_empty()).collect();
    let length = head.iter().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or_else(|| panic!("{head:?}"))];
    answer.read_exact(&mut body).unwrap();
    let page: serde_json::Value = serde_json::from_slice(&body).unwrap();
    page["rows"].as_array().unwrap().iter().map(|row| row["record"].clone()).collect()
}

/// One consultation is held by two communities, each with its own proposal and people across; one proposal was
/// passed on and arrived.
fn goes_across(url: &str) {
    let shared = |place: &str| {
        let all = pulled(url, &format!("public/{place}"));
        let held = all.into_iter().find(|it| !it["shared_with"].is_null()).unwrap();
        let inside = pulled(url, &format!("public/{place}/{}", held["id"].as_str().unwrap()));
        (held, inside)
    };
    let ((ours, here), (theirs, there)) = (shared("lorrainville"), shared("temiscaming"));
    assert_eq!((&ours["id"], &ours["fictitious"]), (&theirs["id"], &theirs["fictitious"]));
    assert_ne!(ours["decided_by"], theirs["decided_by"]);
    let proposals =
        |all: &[serde_json::Value]| all.iter().filter(|it| !it["what"]["proposal"].is_null()).count();
    assert_eq!((proposals(&here), proposals(&there)), (1, 1));
    assert!(here.iter().any(|it| it["home"] == "temiscaming"), "{here:?}");
    let all = pulled(url, "public/mrc-temiscamingue");
    let letterbox = all.iter().find(|it| it["kind"] == "consultation").unwrap();
    assert_eq!(letterbox["fictitious"], true);
    let inside = pulled(url, &format!("public/mrc-temiscamingue/{}", letterbox["id"].as_str().unwrap()));
    let arrived = inside.iter().find(|it| !it["forwarded_from"].is_null()).unwrap();
    assert_eq!(arrived["what"]["proposal"]["title"], "What about apartments?", "{arrived}");
}

#[test]
fn the_demonstration_prints_one_line_and_finds_its_people_again() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let arguments = ["demo", "--json", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()];
    let mut first = started(&mut rabaska(&arguments));
    let ready: serde_json::Value = serde_json::from_str(&first_line(&mut first)).unwrap();
    assert!(ready["url"].as_str().unwrap().starts_with("http://localhost:"));
    let people = ready["people"].as_array().unwrap();
    let known: serde_json::Value = serde_json::from_str(PEOPLE).unwrap();
    assert_eq!(people.len(), known.as_array().unwrap().len());
    for person in people {
        assert!(["participant", "clerk"].contains(&person["role"].as_str().unwrap()), "{person}");
        assert_eq!(person["code"].as_str().unwrap().len(), 14, "{person}");
        assert!(
            !person["community"].as_str().unwrap().is_empty() && !person["name"].as_str().unwrap().is_empty()
        );
    }
    goes_across(ready["url"].as_str().unwrap());
    // The folder is in use: nothing else touches it.
    let (code, _, said) = ended(&["check", "--data", data.to_str().unwrap()]);
    assert!(code == Some(1) && said.contains("Another rabaska"), "{said}");
    let (code, said) = stop(first);
    assert_eq!(code, Some(0), "{said}");
    for person in people {
        assert!(!said.contains(person["code"].as_str().unwrap()), "a code in the log");
    }
    let mut second = started(&mut rabaska(&arguments));
    let again: serde_json::Value = serde_json::from_str(&first_line(&mut second)).unwrap();
    assert_eq!(again["people"], ready["people"]);
    assert_eq!(stop(second).0, Some(0));
    let (code, said, _) = ended(&["check", "--data", data.to_str().unwrap()]);
    assert!(code == Some(0) && said.contains("Everything is as it was written"), "{said}");
    // A backup of it is read back, restored elsewhere, and read back there.
    let (data, backups, other) =
        (data.to_str().unwrap(), folder.path().join("b"), folder.path().join("other"));
    let (code, said, error) = ended(&["backup", backups.to_str().unwrap(), "--data", data]);
    assert_eq!(code, Some(0), "{said}{error}");
    assert!(said.contains("A copy that you carry away learns nothing more"), "{said}");
    let made = said.split(" is in ").nth(1).unwrap().split(". It was").next().unwrap().to_owned();
    let other = other.to_str().unwrap();
    let (code, said, error) = ended(&["restore", &made, "--data", other]);
    assert_eq!(code, Some(0), "{said}{error}");
    assert!(said.contains("The log beside the backup goes up to 20"), "{said}");
    assert!(said.contains("not known here and would be open again"), "{said}");
    let (code, said, error) = ended(&["check", "--data", other]);
    assert_eq!(code, Some(0), "{said}{error}");
}

#[test]
fn without_a_folder_nothing_is_left_behind() {
    let place = tempfile::tempdir().unwrap();
    let mut command = rabaska(&["demo", "--listen", "127.0.0.1:0"]);
    let mut child = started(command.env("TMPDIR", place.path()));
    assert_eq!(first_line(&mut child), "Rabaska is ready.\n");
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1);
    assert_eq!(stop(child).0, Some(0));
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0);
}

#[test]
fn failures_are_plain_sentences_and_codes() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("rabaska.toml");
    std::fs::write(&config, "colour = \"red\"\n").unwrap();
    let (code, _, said) = ended(&["serve", "--config", config.to_str().unwrap()]);
    assert!(code == Some(1) && said.contains("`colour`") && said.contains("Nothing was started"), "{said}");
    let empty = folder.path().to_str().unwrap();
    let (code, _, said) = ended(&["check", "--data", empty]);
    assert!(code == Some(1) && said.contains("There is no Rabaska database"), "{said}");
    let (code, _, said) = ended(&["import", "territory", "/nowhere.json", "--data", empty]);
    assert!(code == Some(1) && said.contains("/nowhere.json"), "{said}");
    assert_eq!(ended(&["dance"]).0, Some(2));
    assert_eq!(ended(&[]).0, Some(2));
    let (code, help, _) = ended(&["--help"]);
    assert!(code == Some(0) && help.contains("Examples:") && help.contains("rabaska demo"), "{help}");
}

/// A connection that sends a request and keeps what comes back open.
fn stream(url: &str, path: &str) -> BufReader<TcpStream> {
    let address = url.strip_prefix("http://localhost:").unwrap();
    let mut socket = TcpStream::connect(format!("127.0.0.1:{address}")).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    write!(socket, "GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    BufReader::new(socket)
}

#[test]
fn open_streams_do_not_hold_up_the_end() {
    let mut child = started(&mut rabaska(&["demo", "--json", "--listen", "127.0.0.1:0"]));
    let ready: serde_json::Value = serde_json::from_str(&first_line(&mut child)).unwrap();
    let mut events = stream(ready["url"].as_str().unwrap(), "/api/v1/events?scope=territory");
    let mut lines = events.by_ref().lines();
    assert!(lines.any(|line| line.unwrap().contains("\"scope\":\"territory\"")));
    let began = Instant::now();
    assert_eq!(stop(child).0, Some(0));
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    let mut rest = String::new();
    events.read_to_string(&mut rest).unwrap();
}

#[test]
fn a_signal_as_soon_as_it_is_ready_is_not_lost() {
    for _ in 0..3 {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().to_str().unwrap();
        let mut child = started(&mut rabaska(&["demo", "--json", "--listen", "127.0.0.1:0", "--data", data]));
        first_line(&mut child);
        assert_eq!(stop(child).0, Some(0));
    }
}

#[test]
fn a_log_that_nobody_reads_any_more_stops_neither_requests_nor_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut command = rabaska(&["serve"]);
    command.env("RABASKA_DATA", folder.path()).env("RABASKA_LISTEN", free.to_string());
    let Running(child) = &mut started(&mut command);
    // It says that it serves; then the reader goes away.
    let mut said = BufReader::new(child.stderr.take().unwrap());
    said.read_line(&mut String::new()).unwrap();
    drop(said);
    let url = format!("http://localhost:{}", free.port());
    let mut answer = String::new();
    for _ in 0..50 {
        if TcpStream::connect(free).is_ok() {
            stream(&url, "/api/v1/health").read_line(&mut answer).unwrap();
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    let began = Instant::now();
    while child.try_wait().unwrap().is_none() {
        assert!(began.elapsed() < Duration::from_secs(15), "it does not end");
        std::thread::sleep(Duration::from_millis(50));
    }
}
