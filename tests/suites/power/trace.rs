//! What strace saw the server do to its data folder and say to its sockets, as steps in order.
//!
//! A call counts as done when it returned, and a sync covers what was done before it began. A
//! thread goes on only after strace wrote its line: whatever one call caused comes after it.
//! A call on the data folder that is not understood ends the test: nothing is passed over.

use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use harness::server_binary;

/// Everything that changes files, folders or what is known of them, and what goes to sockets.
const CALLS: &str = "open,openat,openat2,creat,close,lseek,write,pwrite64,writev,pwritev,pwritev2,\
    truncate,ftruncate,fallocate,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,link,\
    linkat,symlink,symlinkat,fsync,fdatasync,sync_file_range,msync,mmap,sendto,sendmsg,sendfile,\
    copy_file_range,splice,ioctl,io_uring_setup,io_submit";

#[derive(Clone)]
pub enum Step {
    /// Opened for writing; made when it was not there.
    Open {
        path: PathBuf,
        empties: bool,
    },
    /// Without a place: at the end.
    Write {
        path: PathBuf,
        at: Option<u64>,
        bytes: Vec<u8>,
    },
    /// From one file into another.
    Copy {
        from: PathBuf,
        from_at: u64,
        path: PathBuf,
        at: u64,
        length: usize,
    },
    SetLength {
        path: PathBuf,
        length: u64,
    },
    MakeFolder(PathBuf),
    Rename {
        from: PathBuf,
        to: PathBuf,
    },
    Remove(PathBuf),
    /// A file's bytes or a folder's names are on the disk: what steps before `since` did to them.
    Sync {
        path: PathBuf,
        since: usize,
    },
    /// Given to a socket.
    Answer(Vec<u8>),
}

/// The words before a command that is to be traced into a file. The command stays the child
/// of whoever starts it: strace watches from aside.
pub fn strace(file: &Path) -> Vec<OsString> {
    let words = ["strace", "-D", "-f", "-q", "--seccomp-bpf", "-y", "-xx", "-s", "8388608", "-e"];
    let mut words: Vec<OsString> = words.iter().map(Into::into).collect();
    words.extend([format!("trace={CALLS}").into(), "-o".into(), file.into()]);
    words
}

/// The trace of a process that has ended, once strace has written all of it.
pub fn whole(file: &Path, pid: u32) -> String {
    let end = format!("{pid} +++ exited with 0 +++");
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let text = std::fs::read_to_string(file).unwrap();
        let last = text.trim_end().rsplit('\n').next().unwrap_or_default();
        if last.split_whitespace().eq(end.split_whitespace()) {
            return text;
        }
        assert!(Instant::now() < deadline, "strace did not finish; its last line: {last}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Carries out a command of the binary, which must succeed: its steps that concern a folder.
pub fn command(words: &[&OsStr], root: &Path) -> Vec<Step> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("trace");
    let under = strace(&file);
    let mut child =
        Command::new(&under[0]).args(&under[1..]).arg(server_binary()).args(words).spawn().unwrap();
    assert!(child.wait().unwrap().success());
    read(&whole(&file, child.id()), root)
}

/// The steps that concern a folder, and the answers.
pub fn read(text: &str, data: &Path) -> Vec<Step> {
    let mut reader = Reader {
        data,
        steps: vec![],
        begun: HashMap::new(),
        offsets: HashMap::new(),
        appending: HashSet::new(),
    };
    for line in text.lines() {
        reader.line(line);
    }
    reader.steps
}

struct Reader<'t> {
    data: &'t Path,
    steps: Vec<Step>,
    /// By thread: the call that has not returned, and how many steps there were when it began.
    begun: HashMap<&'t str, (&'t str, usize)>,
    /// Where the next plain write of a descriptor goes.
    offsets: HashMap<i64, u64>,
    appending: HashSet<i64>,
}

impl<'t> Reader<'t> {
    fn line(&mut self, line: &'t str) {
        let (thread, rest) = line.split_once(' ').unwrap();
        let rest = rest.trim_start();
        if rest.starts_with("+++") || rest.starts_with("---") {
            return;
        }
        let now = self.steps.len();
        if let Some(head) = rest.strip_suffix("<unfinished ...>") {
            // What is being said is said from here on.
            if !self.answer(head) {
                self.begun.insert(thread, (head, now));
            }
        } else if rest.starts_with("<...") {
            if let Some((head, since)) = self.begun.remove(thread) {
                let tail = rest.split_once("resumed>").unwrap().1;
                self.call(&format!("{head}{tail}"), since);
            }
        } else if !self.answer(rest) {
            self.call(rest, now);
        }
    }

    /// Whether this gives bytes to a socket.
    fn answer(&mut self, call: &str) -> bool {
        let says = ["write(", "writev(", "sendto(", "sendmsg("].iter().any(|name| call.starts_with(name));
        let told = says && descriptor(call).is_some_and(|(_, path)| path.starts_with("socket:"));
        if told {
            self.steps.push(Step::Answer(strings(call).concat()));
        }
        told
    }

    fn call(&mut self, call: &str, since: usize) {
        let (name, _) = call.split_once('(').unwrap();
        let (arguments, result) = call.rsplit_once(" = ").unwrap();
        let digits = result.split(|c: char| c != '-' && !c.is_ascii_digit()).next().unwrap();
        let Ok(result) = digits.parse::<i64>() else { return };
        let on = descriptor(call).map(|(number, path)| (number, PathBuf::from(path)));
        if name == "close" {
            self.offsets.extend(on.map(|(number, _)| (number, 0)));
            return;
        }
        let named: Vec<PathBuf> = match name {
            "open" | "openat" | "rename" | "renameat" | "renameat2" | "unlink" | "unlinkat" | "mkdir"
            | "mkdirat" => strings(arguments)
                .into_iter()
                // A name without a place lies in the folder that was opened before.
                .map(|name| match &on {
                    Some((_, folder)) if name.first() != Some(&b'/') => folder.join(OsString::from_vec(name)),
                    _ => OsString::from_vec(name).into(),
                })
                .collect(),
            _ => on.iter().map(|(_, path)| path.clone()).collect(),
        };
        // SQLite rebuilds its shared memory; the lock file is empty.
        let ours = |path: &PathBuf| path.starts_with(self.data) && !path.to_string_lossy().ends_with("-shm");
        if result < 0 || !named.iter().any(ours) {
            return;
        }
        let path = named[0].clone();
        let number = on.as_ref().map(|(number, _)| *number);
        // Where a call without a place of its own reads or writes, and goes on from.
        let mut pass = |number: i64| {
            let offset = self.offsets.entry(number).or_default();
            *offset += result.unsigned_abs();
            *offset - result.unsigned_abs()
        };
        match name {
            "open" | "openat" => {
                assert!(!arguments.contains("SYNC"), "{arguments}");
                self.appending.remove(&result);
                if arguments.contains("O_APPEND") {
                    self.appending.insert(result);
                }
                self.offsets.insert(result, 0);
                if arguments.contains("O_CREAT") || arguments.contains("O_TRUNC") {
                    self.steps.push(Step::Open { path, empties: arguments.contains("O_TRUNC") });
                }
            }
            "lseek" => drop(self.offsets.insert(number.unwrap(), result.unsigned_abs())),
            "write" | "pwrite64" => {
                let mut bytes = strings(arguments).remove(0);
                assert!(bytes.len() as i64 >= result, "strace cut the bytes of a write short");
                bytes.truncate(usize::try_from(result).unwrap());
                let at = match number.filter(|number| !self.appending.contains(number)) {
                    _ if name == "pwrite64" => Some(last_number(arguments)),
                    number => number.map(&mut pass),
                };
                self.steps.push(Step::Write { path, at, bytes });
            }
            "copy_file_range" => {
                assert_eq!(arguments.matches(", NULL").count(), 2, "{arguments}");
                let (into, path) = descriptor(arguments.split_once(", NULL").unwrap().1).unwrap();
                let (from, from_at, at) = (named[0].clone(), pass(number.unwrap()), pass(into));
                let length = usize::try_from(result).unwrap();
                self.steps.push(Step::Copy { from, from_at, path: path.into(), at, length });
            }
            "ftruncate" => self.steps.push(Step::SetLength { path, length: last_number(arguments) }),
            "rename" | "renameat" | "renameat2" => {
                self.steps.push(Step::Rename { from: path, to: named[1].clone() });
            }
            "unlink" | "unlinkat" => self.steps.push(Step::Remove(path)),
            "mkdir" | "mkdirat" => self.steps.push(Step::MakeFolder(path)),
            "fsync" | "fdatasync" => self.steps.push(Step::Sync { path, since }),
            _ => panic!("{name} on {} is not replayed here", path.display()),
        }
    }
}

/// The first descriptor of a call, with what it stands for.
fn descriptor(call: &str) -> Option<(i64, String)> {
    // Most calls begin with it, `mmap` has it in the middle.
    let arguments = call.split(", ").find(|word| word.contains("<\\x"))?;
    let (number, rest) = arguments.split_once('<')?;
    let number = number.rsplit('(').next()?;
    let path = String::from_utf8(bytes(rest.split_once('>')?.0)).ok()?;
    Some((number.parse().ok()?, path))
}

/// The quoted arguments of a call.
fn strings(call: &str) -> Vec<Vec<u8>> {
    assert!(!call.contains("\"..."), "strace cut a text short");
    call.split('"').skip(1).step_by(2).map(bytes).collect()
}

/// `\x61\x62`, as bytes.
fn bytes(hex: &str) -> Vec<u8> {
    let digit = |c: u8| if c.is_ascii_digit() { c - b'0' } else { c - b'a' + 10 };
    hex.as_bytes().chunks_exact(4).map(|four| digit(four[2]) << 4 | digit(four[3])).collect()
}

fn last_number(arguments: &str) -> u64 {
    let text = arguments.trim_end_matches([' ', ')']);
    text.rsplit(", ").next().and_then(|word| word.parse().ok()).unwrap()
}
