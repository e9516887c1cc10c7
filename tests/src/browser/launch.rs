//! Starts Chromium once per test process and sees to it that it never outlives that process.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::disk;

const START_DEADLINE: Duration = Duration::from_secs(60);

/// The shell in between holds the read end of our pipe: when the test process ends, however it
/// ends, the pipe closes, the browser is told to stop and its profile is removed. A static is
/// never dropped, so no destructor of ours could do it.
const SUPERVISOR: &str = r#"
profile=$1; log=$2; shift 2
"$@" >"$log" 2>&1 </dev/null &
echo $! >"$profile/pid"
trap '' TERM
cat >/dev/null
kill -TERM 0
wait
rm -rf "$profile" || { sleep 1; rm -rf "$profile"; }
"#;

const FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
    // Several devices are shown at once: none may be slowed because another lies in front.
    "--disable-backgrounding-occluded-windows",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    // Containers have a small /dev/shm, and no keyring.
    "--disable-dev-shm-usage",
    "--password-store=basic",
    // The same pixels and line breaks on every machine.
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--lang=fr-CA",
    "--accept-lang=fr-CA,fr,en-CA",
];

/// The supervising shell; its stdin is what keeps Chromium alive.
pub(crate) struct Process {
    _supervisor: Child,
    profile: PathBuf,
    /// Its supervisor removes the profile when it goes: it must not go first.
    _before: Option<Box<Process>>,
    pub(crate) log: PathBuf,
    /// What the browser keeps, as it is seen from here.
    pub(crate) disk: PathBuf,
}

fn binary() -> PathBuf {
    let usual = Path::new("/usr/bin/chromium");
    if usual.is_file() { usual.to_path_buf() } else { PathBuf::from("chromium") }
}

/// Starts Chromium and gives the address of its DevTools; what it keeps, it keeps on a disk of so
/// many bytes when that is said.
pub(crate) async fn launch(room: Option<u64>) -> (Process, String) {
    let profile = tempfile::Builder::new()
        .prefix("rabaska-chromium-")
        .tempdir()
        .expect("a folder for the profile")
        .keep();
    std::fs::create_dir(profile.join("disk")).expect("a folder in the profile");
    start(profile, room, None).await
}

/// Kills the whole browser at once, as when a battery dies, and starts it again on what it left.
pub(crate) async fn killed(process: Process) -> (Process, String) {
    let profile = process.profile.clone();
    let pid = pid(&profile).and_then(Pid::from_raw).expect("a browser that runs");
    kill_process(pid, Signal::KILL).expect("SIGKILL");
    for of_the_dead in ["DevToolsActivePort", "SingletonLock"] {
        std::fs::remove_file(profile.join("disk").join(of_the_dead)).expect("a file of the killed browser");
    }
    std::fs::remove_file(profile.join("pid")).expect("the number of the killed browser");
    start(profile, None, Some(Box::new(process))).await
}

fn pid(profile: &Path) -> Option<i32> {
    std::fs::read_to_string(profile.join("pid")).ok()?.trim().parse().ok()
}

async fn start(profile: PathBuf, room: Option<u64>, before: Option<Box<Process>>) -> (Process, String) {
    use std::os::unix::process::CommandExt;
    let (log, disk) = (profile.join("stderr.log"), profile.join("disk"));
    let mut command = Command::new("sh");
    command.args(["-c", SUPERVISOR, "sh"]).arg(&profile).arg(&log);
    command.args(room.map(|bytes| disk::small(&disk, bytes)).unwrap_or_default());
    command.arg(binary()).args(FLAGS).arg(format!("--user-data-dir={}", disk.display())).arg("about:blank");
    // A group of its own, so that the whole browser can be told to stop at once.
    command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let supervisor = command.spawn().expect("a shell");
    let mut process = Process { _supervisor: supervisor, profile, _before: before, log, disk };
    let deadline = Instant::now() + START_DEADLINE;
    loop {
        let seen = pid(&process.profile).map(|pid| disk::inside(pid, &process.disk));
        if let Some(disk) = seen
            && let Ok(text) = std::fs::read_to_string(disk.join("DevToolsActivePort"))
            && let Some((port, path)) = text.trim().split_once('\n')
        {
            process.disk = disk;
            return (process, format!("ws://127.0.0.1:{port}{path}"));
        }
        if Instant::now() > deadline {
            let said = std::fs::read_to_string(&process.log).unwrap_or_default();
            panic!("Chromium did not start within {START_DEADLINE:?}: {said}");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
