//! The replay itself: what it forgets and what it keeps, from lines as strace writes them.

use std::path::Path;

use super::disk::Disk;
use super::trace::read;

/// Writes `{a path}` and `{=a text}` in hexadecimal, as strace was told to.
fn lines(root: &Path, text: &str) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect::<String>();
    let mut written = String::new();
    for (at, part) in text.split(['{', '}']).enumerate() {
        match part.strip_prefix('=') {
            _ if at % 2 == 0 => written.push_str(part),
            Some(said) => written.push_str(&hex(said.as_bytes())),
            None => written.push_str(&hex(root.join(part).to_string_lossy().as_bytes())),
        }
    }
    written
}

/// What is left of a folder with the file `kept`, after these calls and a power cut.
fn left(calls: &str) -> Vec<(String, String)> {
    let (before, after) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::write(before.path().join("kept"), "old").unwrap();
    let mut disk = Disk::of(before.path());
    let text = lines(before.path(), calls);
    for (at, step) in read(&text, before.path()).iter().enumerate() {
        disk.take(at, step);
    }
    disk.leave(after.path(), None);
    let mut left: Vec<(String, String)> = std::fs::read_dir(after.path())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_file())
        .map(|entry| {
            (entry.file_name().into_string().unwrap(), std::fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    left.sort();
    left
}

fn files(files: &[(&str, &str)]) -> Vec<(String, String)> {
    files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

const OPENED: &str = "1 openat(AT_FDCWD<{}>, \"{new}\", O_WRONLY|O_CREAT, 0666) = 5<{new}>\n";

#[test]
fn bytes_are_lost_until_their_file_is_synced() {
    let written = "1 pwrite64(7<{kept}>, \"{=NEW}\", 3, 0) = 3\n";
    assert_eq!(left(written), files(&[("kept", "old")]));
    assert_eq!(left(&format!("{written}1 fdatasync(7<{{kept}}>) = 0\n")), files(&[("kept", "NEW")]));
    let failed = format!("{written}1 fsync(7<{{kept}}>) = -1 EIO (Input/output error)\n");
    assert_eq!(left(&failed), files(&[("kept", "old")]));
}

#[test]
fn a_name_is_lost_until_its_folder_is_synced() {
    let written = format!("{OPENED}1 write(5<{{new}}>, \"{{=ab}}\", 2) = 2\n1 fsync(5<{{new}}>) = 0\n");
    assert_eq!(left(&written), files(&[("kept", "old")]));
    let synced = format!("{written}1 fsync(6<{{}}>) = 0\n");
    assert_eq!(left(&synced), files(&[("kept", "old"), ("new", "ab")]));
    let moved = format!("{synced}1 rename(\"{{new}}\", \"{{kept}}\") = 0\n");
    assert_eq!(left(&moved), files(&[("kept", "old"), ("new", "ab")]));
    assert_eq!(left(&format!("{moved}1 fsync(6<{{}}>) = 0\n")), files(&[("kept", "ab")]));
}

#[test]
fn a_name_without_bytes_is_an_empty_file() {
    let named = format!("{OPENED}1 write(5<{{new}}>, \"{{=ab}}\", 2) = 2\n1 fsync(6<{{}}>) = 0\n");
    assert_eq!(left(&named), files(&[("kept", "old"), ("new", "")]));
}

#[test]
fn a_sync_covers_what_was_done_before_it_began() {
    let sync = "1 fsync(7<{kept}> <unfinished ...>\n";
    let written = "2 pwrite64(7<{kept}>, \"{=NEW}\", 3, 0) = 3\n";
    let done = "1 <... fsync resumed>) = 0\n";
    assert_eq!(left(&format!("{written}{sync}{done}")), files(&[("kept", "NEW")]));
    assert_eq!(left(&format!("{sync}{written}{done}")), files(&[("kept", "old")]));
    let under_way = "2 pwrite64(7<{kept}>, \"{=NEW}\", 3, 0 <unfinished ...>\n";
    let over = "2 <... pwrite64 resumed>) = 3\n";
    assert_eq!(left(&format!("{under_way}{sync}{over}{done}")), files(&[("kept", "old")]));
}

#[test]
#[should_panic(expected = "mmap")]
fn a_file_that_is_written_through_memory_is_not_passed_over() {
    left("1 mmap(NULL, 32768, PROT_READ|PROT_WRITE, MAP_SHARED, 7<{kept}>, 0) = 0x7fe002ca9000\n");
}
