//! A small disk that fills up: memory mounted over the server's data folder, in a mount namespace
//! that the server alone lives in. Nobody has to be root for it where user namespaces are
//! allowed, and nothing is left behind: the disk goes when the server does.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::Server;

/// What the shell in the namespace does: `.` is still the folder below, whose files are taken along.
const MOUNT: &str =
    r#"cd "$0" && mount -t tmpfs -o "size=$1" tmpfs "$0" && cp -a . "$0" && cd / && shift && exec "$@""#;

impl Server {
    /// Starts a stopped server again, with what it has so far on a disk of this many bytes. It
    /// ends with a word about namespaces where none can be made.
    #[track_caller]
    pub fn restart_on_small_disk(&mut self, bytes: u64) {
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
        let data = self.data().to_path_buf();
        let words = ["unshare"].iter().chain(flags).chain(&["sh", "-c", MOUNT]).map(Into::into);
        let words: Vec<_> = words.chain([data.into_os_string(), bytes.to_string().into()]).collect();
        self.set_under(words);
        self.restart();
    }

    /// The data folder as the server itself sees it.
    pub fn data_inside(&self) -> PathBuf {
        let data = self.data().strip_prefix("/").expect("an absolute folder");
        PathBuf::from(format!("/proc/{}/root", self.pid())).join(data)
    }

    /// Fills its disk until only this many bytes are free.
    pub fn fill_disk(&self, free: u64) {
        let mut ballast = File::create(self.ballast()).expect("a file beside the database");
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
    pub fn free_disk(&self) {
        fs::remove_file(self.ballast()).expect("the ballast was there");
    }

    fn ballast(&self) -> PathBuf {
        self.data_inside().join("ballast")
    }
}
