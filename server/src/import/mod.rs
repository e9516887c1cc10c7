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

/// The failure that lists malformed lines.
pub fn malformed(lines: &[Malformed]) -> Failure {
    let said = |one: &Malformed| match one.line {
        0 => format!("\n  {}", one.why),
        line => format!("\n  line {line}: {}", one.why),
    };
    let listed: String = lines.iter().map(said).collect();
    Failure::new(
        format!("{} lines cannot be loaded:{listed}", lines.len()),
        "Nothing of the file was loaded.",
        "Correct these lines, then run the command again.",
    )
}
