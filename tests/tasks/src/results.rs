//! Reads how many tests passed and failed from what `cargo test` prints, and why those failed.

use std::ops::AddAssign;

/// So many lines tell why a test failed; after them come pages and logs.
const REASON: usize = 12;

#[derive(Debug, Default)]
pub struct Results {
    pub passed: u64,
    pub failed: u64,
    /// The first lines of each failed test, under its name.
    pub reasons: Vec<String>,
    /// How many of the next lines belong to the reason.
    telling: usize,
}

impl AddAssign for Results {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.reasons.extend(other.reasons);
    }
}

impl Results {
    /// Takes in one line, coloured or not.
    pub fn heed(&mut self, line: &str) {
        if let Some((passed, failed)) = counts(line) {
            self.passed += passed;
            self.failed += failed;
        } else if line.starts_with("---- ") && line.ends_with(" stdout ----") {
            self.reasons.push(line.to_owned());
            self.telling = REASON;
        } else if self.telling > 0 && !line.trim().is_empty() {
            self.reasons.push(line.to_owned());
            self.telling -= 1;
        }
    }
}

/// `test result: ok. 12 passed; 0 failed; 1 ignored; …`
fn counts(line: &str) -> Option<(u64, u64)> {
    let (_, rest) = line.split_once("test result: ")?;
    Some((number_before(rest, " passed;")?, number_before(rest, " failed;")?))
}

fn number_before(text: &str, word: &str) -> Option<u64> {
    let (before, _) = text.split_once(word)?;
    before.rsplit(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> Results {
        let mut results = Results::default();
        lines.iter().for_each(|line| results.heed(line));
        results
    }

    #[test]
    fn both_numbers_are_read_and_added() {
        let results = read(&[
            "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out",
            "test result: \u{1b}[32mok\u{1b}[0m. 7 passed; 0 failed; 0 ignored",
        ]);
        assert_eq!((results.passed, results.failed), (19, 3));
    }

    #[test]
    fn other_lines_are_no_result() {
        let results = read(&["test late_vote_is_refused ... ok", "running 3 tests"]);
        assert_eq!((results.passed, results.failed), (0, 0));
        assert!(results.reasons.is_empty());
    }

    #[test]
    fn of_each_failed_test_the_first_lines_are_kept() {
        let mut lines = vec!["---- story::first stdout ----", "", "not within 15 s: the list"];
        lines.extend(["console"; 40]);
        lines.extend(["---- story::second stdout ----", "absent: button"]);
        let reasons = read(&lines).reasons;
        assert_eq!(reasons.len(), 1 + REASON + 2);
        assert_eq!(reasons[1], "not within 15 s: the list");
        assert_eq!(reasons.last().map(String::as_str), Some("absent: button"));
    }
}
