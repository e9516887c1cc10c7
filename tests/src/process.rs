//! The real server as a child process: started on its own data folder, killed like a power cut or
//! stopped like a service, and started again on the same folder and the same port, so that devices
//! which know its address meet it again. Its stderr is shown when the test fails.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;
use tempfile::TempDir;

use crate::tools::{ReservedPort, server_binary};

/// A debug build that hashes every demo code needs a while on a small machine.
const START_DEADLINE: Duration = Duration::from_secs(120);
const STOP_DEADLINE: Duration = Duration::from_secs(20);
const SHOWN_LINES: usize = 200;

/// What a person of the demo may do.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Participant,
    Clerk,
    #[serde(untagged)]
    Other(String),
}

/// A person of the demo who can sign in with `code`.
#[derive(Clone, Debug, Deserialize)]
pub struct Person {
    pub role: Role,
    pub community: String,
    pub name: String,
    pub code: String,
}

#[derive(Deserialize)]
struct Ready {
    url: String,
    #[serde(default)]
    people: Vec<Person>,
}

#[derive(Clone, Debug)]
enum Verb {
    Demo,
    Serve { config: PathBuf },
}

/// A running (or killed, and restartable) server.
#[derive(Debug)]
pub struct Server {
    binary: PathBuf,
    verb: Verb,
    port: ReservedPort,
    data: PathBuf,
    log: PathBuf,
    child: Option<Child>,
    url: String,
    people: Vec<Person>,
    environment: Vec<(String, String)>,
    /// The words before the binary's own, when another program starts it.
    under: Vec<OsString>,
    /// Holds config and log, and the data where the caller brought no folder.
    _own: TempDir,
}

/// A job started in the background by a shell ignores interrupts, and so would its children:
/// a server that is to be stopped by one gets the usual way back.
fn command(under: &[&OsStr], binary: &Path) -> Command {
    const SIGINT: u64 = 1 << 1;
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    let mut words = under.to_vec();
    if ignored & SIGINT != 0 {
        words.splice(0..0, [OsStr::new("env"), OsStr::new("--default-signal=INT")]);
    }
    words.push(binary.as_os_str());
    let mut command = Command::new(words[0]);
    command.args(&words[1..]);
    command
}

impl Server {
    /// The demo on a fresh data folder that is removed with it.
    #[track_caller]
    pub fn demo() -> Self {
        Self::launch(server_binary(), None, |_| Verb::Demo)
    }

    /// The demo on the caller's data folder; an existing one is reopened.
    #[track_caller]
    pub fn demo_in(data: &Path) -> Self {
        Self::launch(server_binary(), Some(data), |_| Verb::Demo)
    }

    /// `serve` on a fresh data folder; `config` writes the configuration file's text for the
    /// address to listen on (`127.0.0.1:PORT`) and that folder. Ready when health answers.
    #[track_caller]
    pub fn serve(config: impl FnOnce(&str, &Path) -> String) -> Self {
        Self::launch(server_binary(), None, |at: At<'_>| {
            let file = at.own.join("rabaska.toml");
            fs::write(&file, config(at.listen, at.data)).expect("the configuration is written");
            Verb::Serve { config: file }
        })
    }

    #[track_caller]
    fn launch(binary: PathBuf, data: Option<&Path>, verb: impl FnOnce(At<'_>) -> Verb) -> Self {
        let own = tempfile::Builder::new().prefix("rabaska-test-").tempdir().expect("a folder");
        let port = ReservedPort::new();
        let data = data.map_or_else(|| own.path().join("data"), Path::to_path_buf);
        fs::create_dir_all(&data).expect("the data folder");
        let listen = port.address.to_string();
        let verb = verb(At { own: own.path(), listen: &listen, data: &data });
        let mut server = Self {
            binary,
            verb,
            data,
            log: own.path().join("stderr.log"),
            child: None,
            url: format!("http://localhost:{}", port.number()),
            port,
            people: Vec::new(),
            environment: Vec::new(),
            under: Vec::new(),
            _own: own,
        };
        server.start();
        server
    }

    /// Sets a variable for the next [`restart`](Self::restart) and those after it.
    pub fn set_env(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// From the next [`restart`](Self::restart) on, this program starts the binary and becomes
    /// it (`exec`), so that the child stays the server.
    pub fn set_under(&mut self, words: impl IntoIterator<Item = impl Into<OsString>>) {
        self.under = words.into_iter().map(Into::into).collect();
    }

    /// Starts again after [`kill9`](Self::kill9) or [`stop`](Self::stop): same data, same port.
    #[track_caller]
    pub fn restart(&mut self) {
        assert!(self.child.is_none(), "the server still runs: kill or stop it first");
        self.start();
    }

    #[track_caller]
    fn start(&mut self) {
        let log = File::options().create(true).append(true).open(&self.log).expect("a log file");
        let words: Vec<&OsStr> = self.under.iter().map(OsString::as_os_str).collect();
        let mut command = command(&words, &self.binary);
        let listen = self.port.address.to_string();
        match &self.verb {
            Verb::Demo => command.args(["demo", "--json", "--listen", &listen, "--data"]).arg(&self.data),
            Verb::Serve { config } => command.arg("serve").arg("--config").arg(config),
        };
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let mut child = loop {
            match command.spawn() {
                Ok(child) => break child,
                // A binary written a moment ago may still be open in a child that another test forks.
                Err(busy) if busy.kind() == ErrorKind::ExecutableFileBusy => {
                    std::thread::sleep(Duration::from_millis(5));
                }
                Err(error) => panic!("{} does not start: {error}", self.binary.display()),
            }
        };
        let lines = self.follow(&mut child);
        self.child = Some(child);
        match self.verb {
            Verb::Demo => self.await_json(&lines),
            Verb::Serve { .. } => self.await_health(),
        }
    }

    /// Hands over stdout's first line and goes on emptying it, so that the server never blocks.
    fn follow(&self, child: &mut Child) -> mpsc::Receiver<String> {
        let stdout = child.stdout.take().expect("stdout is piped");
        let log = self.log.clone();
        let (first, lines) = mpsc::channel();
        std::thread::spawn(move || {
            let mut stdout = BufReader::new(stdout);
            let mut line = String::new();
            if matches!(stdout.read_line(&mut line), Ok(read) if read > 0) {
                // Nobody may be waiting: `serve` is watched through its health instead.
                first.send(line).ok();
            }
            drop(first);
            if let Ok(mut log) = File::options().append(true).open(log) {
                std::io::copy(&mut stdout, &mut log).ok();
            }
        });
        lines
    }

    #[track_caller]
    fn await_json(&mut self, lines: &mpsc::Receiver<String>) {
        let line = match lines.recv_timeout(START_DEADLINE) {
            Ok(line) => line,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                panic!("the server was not ready within {} s", START_DEADLINE.as_secs())
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                panic!("the server ended before it was ready: {:?}", self.wait())
            }
        };
        let ready: Ready = match serde_json::from_str(&line) {
            Ok(ready) => ready,
            Err(error) => panic!("the server's first line is not what was agreed ({error}): {line}"),
        };
        let port = format!(":{}", self.port.number());
        assert!(ready.url.ends_with(&port), "asked for port {port}, got {}", ready.url);
        self.url = ready.url;
        self.people = ready.people;
    }

    #[track_caller]
    fn await_health(&mut self) {
        let deadline = Instant::now() + START_DEADLINE;
        while !self.is_healthy() {
            if let Some(status) = self.child.as_mut().and_then(|c| c.try_wait().ok()).flatten() {
                panic!("the server ended before it was ready: {status}");
            }
            assert!(Instant::now() < deadline, "the server's health never answered");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Whether `GET /api/v1/health` answers 200 now.
    pub fn is_healthy(&self) -> bool {
        let ask = || -> std::io::Result<bool> {
            let mut stream = TcpStream::connect(self.port.address)?;
            stream.set_read_timeout(Some(Duration::from_secs(5)))?;
            let host = self.url.trim_start_matches("http://");
            let head = "GET /api/v1/health HTTP/1.1\r\nconnection: close\r\nhost: ";
            stream.write_all(format!("{head}{host}\r\n\r\n").as_bytes())?;
            let mut answer = [0; 12];
            stream.read_exact(&mut answer)?;
            Ok(&answer == b"HTTP/1.1 200")
        };
        ask().unwrap_or(false)
    }

    /// `http://localhost:PORT`: `localhost`, because only there do `__Host-` cookies work without TLS.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// An absolute address for a path that starts with a slash.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Of the running server: for its memory and processor time.
    #[track_caller]
    pub fn pid(&self) -> u32 {
        self.child.as_ref().expect("the server runs").id()
    }

    pub fn port(&self) -> u16 {
        self.port.number()
    }

    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Everything the server wrote to stderr since its first start.
    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// Everybody with this role in this community, in the server's order.
    pub fn people_of(&self, role: &Role, community: &str) -> Vec<&Person> {
        let fits = |person: &&Person| person.role == *role && person.community == community;
        self.people.iter().filter(fits).collect()
    }

    /// The first person with this role in this community.
    #[track_caller]
    pub fn person(&self, role: &Role, community: &str) -> &Person {
        match self.people_of(role, community).first() {
            Some(person) => person,
            None => panic!("no {role:?} of {community} among {:#?}", self.people),
        }
    }

    /// Ends the process with no chance to tidy up.
    #[track_caller]
    pub fn kill9(&mut self) {
        let child = self.child.as_mut().expect("the server runs");
        child.kill().expect("SIGKILL");
        self.wait().expect("the killed server is reaped");
    }

    /// Asks the server to stop, as Ctrl-C does, and requires that it ends cleanly.
    #[track_caller]
    pub fn stop(&mut self) {
        let child = self.child.as_mut().expect("the server runs");
        let pid = Pid::from_child(child);
        kill_process(pid, Signal::INT).expect("SIGINT");
        let deadline = Instant::now() + STOP_DEADLINE;
        let status = loop {
            if let Some(status) = child.try_wait().expect("a child can be waited for") {
                break status;
            }
            assert!(Instant::now() < deadline, "the server did not stop within {STOP_DEADLINE:?}");
            std::thread::sleep(Duration::from_millis(10));
        };
        self.child = None;
        assert_eq!(status.code(), Some(0), "the server stopped with {status}");
    }

    fn wait(&mut self) -> Option<ExitStatus> {
        self.child.take().and_then(|mut child| child.wait().ok())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = self.child.as_mut() {
            child.kill().ok();
        }
        self.wait();
        if std::thread::panicking() {
            let text = self.stderr();
            let lines: Vec<&str> = text.lines().collect();
            let tail = &lines[lines.len().saturating_sub(SHOWN_LINES)..];
            eprintln!("--- the server's stderr ---\n{}\n--- end ---", tail.join("\n"));
        }
    }
}

/// What a verb may need to know to write its configuration.
struct At<'a> {
    own: &'a Path,
    listen: &'a str,
    data: &'a Path,
}

#[cfg(test)]
#[path = "process_tests.rs"]
mod tests;
