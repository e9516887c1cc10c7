//! The process harness against a stand-in: a shell script that speaks the agreed line and can be
//! told to misbehave. The suites try the real binary.

use super::*;
use std::os::unix::fs::PermissionsExt;

/// Traps come first: whoever reads the line may send a signal at once.
fn ready(on_interrupt: &str) -> String {
    format!(
        r#"
trap '{on_interrupt}' INT
echo "args $*" >&2
printf '{{"url":"http://localhost:%s","people":[' "${{4##*:}}"
printf '{{"role":"participant","community":"laforce","name":"Ida","code":"AAAA-AAAA-AAAA"}},'
printf '{{"role":"clerk","community":"laforce","name":"Luc","code":"BBBB-BBBB-BBBB"}},'
printf '{{"role":"coordinator","community":"mrc","name":"Eve","code":"CCCC-CCCC-CCCC"}}]}}\n'
while :; do sleep 0.02; done"#
    )
}

fn stand_in(script: &str) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("rabaska");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    (dir, path)
}

fn demo(binary: &Path) -> Server {
    Server::launch(binary.to_path_buf(), None, |_| Verb::Demo)
}

fn polite() -> String {
    ready("exit 0")
}

fn is_alive(pid: u32) -> bool {
    Path::new(&format!("/proc/{pid}")).exists()
}

#[test]
fn the_ready_line_gives_address_and_people() {
    let (_dir, binary) = stand_in(&polite());
    let server = demo(&binary);
    assert_eq!(server.url(), format!("http://localhost:{}", server.port()));
    assert_eq!(server.person(&Role::Clerk, "laforce").name, "Luc");
    assert_eq!(server.people_of(&Role::Participant, "laforce").len(), 1);
    assert_eq!(server.person(&Role::Other("coordinator".into()), "mrc").code, "CCCC-CCCC-CCCC");
}

#[test]
#[should_panic(expected = "no Clerk of elsewhere among")]
fn an_absent_person_is_named() {
    let (_dir, binary) = stand_in(&polite());
    demo(&binary).person(&Role::Clerk, "elsewhere");
}

#[test]
fn restarts_keep_folder_and_port() {
    let (_dir, binary) = stand_in(&polite());
    let data = tempfile::tempdir().unwrap();
    let mut server = Server::launch(binary, Some(data.path()), |_| Verb::Demo);
    server.kill9();
    server.restart();
    server.stop();
    server.restart();
    let stderr = server.stderr();
    let starts: Vec<&str> = stderr.lines().filter(|line| line.starts_with("args")).collect();
    let expected =
        format!("args demo --json --listen 127.0.0.1:{} --data {}", server.port(), data.path().display());
    assert_eq!(starts, vec![expected.as_str(); 3]);
}

#[test]
fn another_program_can_start_the_server_and_becomes_it() {
    let (_dir, binary) = stand_in(&polite());
    let mut server = demo(&binary);
    server.stop();
    server.set_under(["sh", "-c", "echo before >&2; exec \"$0\" \"$@\""]);
    server.restart();
    server.stop();
    let told = server.stderr();
    let lines: Vec<&str> = told.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(lines, ["args", "before", "args"]);
}

#[test]
fn dropping_the_server_ends_it() {
    let (_dir, binary) = stand_in(&ready(""));
    let server = demo(&binary);
    let pid = server.child.as_ref().unwrap().id();
    assert!(is_alive(pid));
    drop(server);
    assert!(!is_alive(pid));
}

#[test]
#[should_panic(expected = "the server stopped with exit status: 3")]
fn an_unclean_stop_is_a_failure() {
    let (_dir, binary) = stand_in(&ready("exit 3"));
    demo(&binary).stop();
}

#[test]
#[should_panic(expected = "the server ended before it was ready")]
fn a_server_that_ends_early_is_noticed_at_once() {
    let (_dir, binary) = stand_in("echo 'disk full' >&2; exit 1");
    demo(&binary);
}

#[test]
#[should_panic(expected = "not what was agreed")]
fn another_first_line_is_refused() {
    let (_dir, binary) = stand_in("echo listening; exec sleep 600");
    demo(&binary);
}

#[test]
fn serve_is_ready_when_health_answers_200() {
    let (_dir, binary) = stand_in("exec sleep 600");
    let (answered, answers) = mpsc::channel();
    let server = Server::launch(binary, None, |at| {
        let listener = std::net::TcpListener::bind(at.listen).unwrap();
        std::thread::spawn(move || {
            for status in ["503 Service Unavailable", "200 OK"] {
                let (mut stream, _) = listener.accept().unwrap();
                let mut request = String::new();
                BufReader::new(&stream).read_line(&mut request).unwrap();
                let answer = format!("HTTP/1.1 {status}\r\nconnection: close\r\n\r\n");
                stream.write_all(answer.as_bytes()).unwrap();
                answered.send(request).unwrap();
            }
        });
        Verb::Serve { config: at.own.join("config") }
    });
    let requests: Vec<String> = answers.iter().collect();
    assert_eq!(requests, vec!["GET /api/v1/health HTTP/1.1\r\n"; 2]);
    assert!(!server.is_healthy(), "nobody listens any more");
}
