//! A small disk that fills up: memory mounted over the folder of one process, the server or the
//! browser, in a mount namespace that it alone lives in. Nobody has to be root for it where user
//! namespaces are allowed, and nothing is left behind: the disk goes when the process does.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Server;

/// What the shell in the namespace does: `.` is still the folder below, whose files are taken along.
const MOUNT: &str =
    r#"cd "$0" && mount -t tmpfs -o "size=$1" tmpfs "$0" && cp -a . "$0" && cd / && shift && exec "$@""#;

/// The words before a command that give it a disk of this many bytes over a folder. It ends with
/// a word about namespaces where none can be made.
#[track_caller]
pub(crate) fn small(folder: &Path, bytes: u64) -> Vec<OsString> {
    let private = ["--user", "--map-root-user", "--mount"];
    let may = |words: &[&str]| {
        let tried = Command::new("unshare").args(words).arg("true").stderr(Stdio::null()).status();
        tried.is_ok_and(|status| status.success())
    };
    let flags: &[&str] = match () {
        () if may(&private) => &private,
        () if may(&["--mount"]) => &["--mount"],
        () => panic!("a small disk needs a mount namespace: allow user namespaces, or run as root"),
    };
    let words = ["unshare"].iter().chain(flags).chain(&["sh", "-c", MOUNT]).map(Into::into);
    words.chain([folder.into(), bytes.to_string().into()]).collect()
}

/// A folder as the process in the namespace sees it.
pub(crate) fn inside(pid: i32, folder: &Path) -> PathBuf {
    PathBuf::from(format!("/proc/{pid}/root")).join(folder.strip_prefix("/").expect("an absolute folder"))
}

fn ballast(folder: &Path) -> PathBuf {
    folder.join("ballast")
}

/// Fills the small disk on which this folder lies until only so many bytes are free.
pub(crate) fn fill(folder: &Path, free: u64) {
    let mut ballast = File::create(ballast(folder)).expect("a file beside the others");
    let piece = [0; 1 << 16];
    let mut size = 0;
    let full = loop {
        match ballast.write(&piece) {
            Ok(written) => size += written as u64,
            Err(error) => break error,
        }
        assert!(size < 1 << 30, "this disk does not fill up: it is not the small one");
    };
    assert_eq!(full.kind(), ErrorKind::StorageFull);
    ballast.set_len(size.saturating_sub(free)).expect("it can be cut");
}

/// Makes room again.
pub(crate) fn free(folder: &Path) {
    fs::remove_file(ballast(folder)).expect("the ballast was there");
}

impl Server {
    /// Starts a stopped server again, with what it has so far on a disk of this many bytes.
    #[track_caller]
    pub fn restart_on_small_disk(&mut self, bytes: u64) {
        let words = small(self.data(), bytes);
        self.set_under(words);
        self.restart();
    }

    /// The data folder as the server itself sees it.
    pub fn data_inside(&self) -> PathBuf {
        inside(i32::try_from(self.pid()).expect("a process"), self.data())
    }

    /// Fills its disk until only this many bytes are free.
    pub fn fill_disk(&self, free: u64) {
        fill(&self.data_inside(), free);
    }

    /// Makes room again.
    pub fn free_disk(&self) {
        free(&self.data_inside());
    }
}
