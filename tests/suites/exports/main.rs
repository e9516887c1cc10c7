//! Exports, read by libraries that others wrote (`tests/checks/exports.py`): those of the
//! demonstration as the real binary serves them, and those of a village where people write what
//! breaks a careless file.

#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod hostile;
mod shores;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use harness::Server;
use rabaska::export::File;

/// The Python that has the libraries of `tests/checks/requirements.txt`.
fn python() -> PathBuf {
    match std::env::var_os("RABASKA_PYTHON") {
        Some(path) => path.into(),
        None => panic!("no Python with the libraries of the checks: run `cargo verify exports`"),
    }
}

/// Reads every export below a folder with other libraries; these words must stand nowhere.
#[track_caller]
fn check(folder: &Path, words: &[&str]) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("checks/exports.py");
    let output = Command::new(python()).arg(script).arg(folder).args(words).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

/// What the server answers, without a cookie.
fn get(server: &Server, path: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
    // The older version of the protocol: the answer comes in one piece and ends with the connection.
    write!(stream, "GET {path} HTTP/1.0\r\nhost: localhost\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    assert!(head.starts_with("HTTP/1.0 200") || head.starts_with("HTTP/1.1 200"), "{path}: {head}");
    answer.split_off(end + 4)
}

#[test]
fn the_demonstration_is_read_by_others() {
    let server = Server::demo();
    let root = tempfile::tempdir().unwrap();
    let mut communities: Vec<&str> = server.people().iter().map(|person| person.community.as_str()).collect();
    communities.sort_unstable();
    communities.dedup();
    for community in &communities {
        save(&server, root.path(), community);
        let consultations = get(&server, &format!("/api/v1/export/{community}/export.json"));
        let document: serde_json::Value = serde_json::from_slice(&consultations).unwrap();
        for it in document["consultations"].as_array().unwrap() {
            save(&server, root.path(), &format!("{community}/{}", it["id"].as_str().unwrap()));
        }
    }
    let names: Vec<&str> = server.people().iter().map(|person| person.name.as_str()).collect();
    let said = check(root.path(), &names);
    println!("{said}");
    met(&said, &["places", "located", "forwarded", "from_another_shore", "shared", "parts", "survey_parts"]);
}

/// What is rare was among what was read.
#[track_caller]
fn met(said: &str, rare: &[&str]) {
    for what in rare {
        assert!(said.contains(&format!("'{what}': ")), "{what} is not counted: {said}");
        assert!(!said.contains(&format!("'{what}': 0")), "nothing of {what}: {said}");
    }
}

fn save(server: &Server, root: &Path, of: &str) {
    let folder = root.join(of);
    std::fs::create_dir_all(&folder).unwrap();
    for file in File::all() {
        let bytes = get(server, &format!("/api/v1/export/{of}/{file}?lang=fr"));
        std::fs::write(folder.join(file), bytes).unwrap();
    }
}
