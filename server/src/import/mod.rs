//! Loading files: communities, people, the statements and proposals of other conversations. Each reads
//! the whole file first and loads nothing when a line is wrong.

pub mod decidim;
pub mod people;
mod rows;
pub mod statements;
pub mod territory;

use crate::failure::Failure;

/// A line that cannot be taken, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Malformed {
    /// As editors count: the first line is 1; 0 where `why` names the place.
    pub line: u64,
    /// In a few plain words, without the text itself.
    pub why: String,
}

/// The most malformed lines that are listed: a file with another separator has nothing else.
const LISTED: usize = 50;

/// The failure that lists malformed lines.
pub fn malformed(lines: &[Malformed]) -> Failure {
    let said = |one: &Malformed| match one.line {
        0 => format!("\n  {}", one.why),
        line => format!("\n  line {line}: {}", one.why),
    };
    let mut listed: String = lines.iter().take(LISTED).map(said).collect();
    if let Some(more) = lines.len().checked_sub(LISTED).filter(|more| *more > 0) {
        listed += &format!("\n  and {more} more");
    }
    Failure::new(
        format!("{} lines cannot be loaded:{listed}", lines.len()),
        "Nothing of the file was loaded.",
        "Correct these lines, then run the command again.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_nothing_but_malformed_lines_does_not_fill_the_screen() {
        let lines = |count| (1..=count).map(|line| Malformed { line, why: "is wrong".to_owned() });
        let said = |count| malformed(&lines(count).collect::<Vec<_>>()).to_string();
        assert!(said(50).contains("line 50:") && !said(50).contains("more"));
        assert!(!said(60).contains("line 51:") && said(60).contains("and 10 more"), "{}", said(60));
    }
}
