//! Reads how many tests passed and failed from what `cargo test` prints.

use std::ops::AddAssign;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// The counts of one line: `test result: ok. 12 passed; 0 failed; 1 ignored; …`, coloured or not.
pub fn read(line: &str) -> Option<Counts> {
    let (_, rest) = line.split_once("test result: ")?;
    Some(Counts { passed: number_before(rest, " passed;")?, failed: number_before(rest, " failed;")? })
}

fn number_before(text: &str, word: &str) -> Option<u64> {
    let (before, _) = text.split_once(word)?;
    before.rsplit(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_numbers_are_read() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out";
        assert_eq!(read(line), Some(Counts { passed: 12, failed: 3 }));
    }

    #[test]
    fn colours_do_not_hide_them() {
        let line = "test result: \u{1b}[32mok\u{1b}[0m. 7 passed; 0 failed; 0 ignored";
        assert_eq!(read(line), Some(Counts { passed: 7, failed: 0 }));
    }

    #[test]
    fn other_lines_are_no_result() {
        assert_eq!(read("test late_vote_is_refused ... ok"), None);
        assert_eq!(read("running 3 tests"), None);
    }
}
