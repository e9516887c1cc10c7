//! Starts Chromium once per test process and sees to it that it never outlives that process.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const START_DEADLINE: Duration = Duration::from_secs(60);

/// The shell in between holds the read end of our pipe: when the test process ends, however it
/// ends, the pipe closes, the browser is told to stop and its profile is removed. A static is
/// never dropped, so no destructor of ours could do it.
const SUPERVISOR: &str = r#"
profile=$1; log=$2; shift 2
"$@" >"$log" 2>&1 </dev/null &
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
    pub(crate) log: PathBuf,
}

fn binary() -> PathBuf {
    let usual = Path::new("/usr/bin/chromium");
    if usual.is_file() { usual.to_path_buf() } else { PathBuf::from("chromium") }
}

/// Starts Chromium and gives the address of its DevTools.
pub(crate) async fn launch() -> (Process, String) {
    use std::os::unix::process::CommandExt;
    let profile = tempfile::Builder::new()
        .prefix("rabaska-chromium-")
        .tempdir()
        .expect("a folder for the profile")
        .keep();
    let log = profile.join("stderr.log");
    let mut command = Command::new("sh");
    command.args(["-c", SUPERVISOR, "sh"]).arg(&profile).arg(&log).arg(binary()).args(FLAGS);
    command.arg(format!("--user-data-dir={}", profile.display())).arg("about:blank");
    // A group of its own, so that the whole browser can be told to stop at once.
    command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let supervisor = command.spawn().expect("a shell");
    let process = Process { _supervisor: supervisor, log };
    let deadline = Instant::now() + START_DEADLINE;
    let port_file = profile.join("DevToolsActivePort");
    loop {
        if let Ok(text) = std::fs::read_to_string(&port_file)
            && let Some((port, path)) = text.trim().split_once('\n')
        {
            return (process, format!("ws://127.0.0.1:{port}{path}"));
        }
        if Instant::now() > deadline {
            let said = std::fs::read_to_string(&process.log).unwrap_or_default();
            panic!("Chromium did not start within {START_DEADLINE:?}: {said}");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
