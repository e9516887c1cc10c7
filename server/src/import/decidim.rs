//! Loading the proposals of a Decidim, in one transaction, as [`super::statements`] loads
//! statements: their authors are never persons, their names are not even read, and running it
//! again adds nothing.

mod columns;
mod html;
mod rows;

use std::fmt;

use domain::ids::SubjectId;
use domain::operations::{Action, Propose};
use domain::ports::{Clock, Journal};
use domain::records::Community;

use super::rows::Row;
use super::statements::{SUBJECT, Summary, Target, damaged, submission};
use crate::failure::Failure;
use crate::places;
use rows::{Proposal, rows};

/// What was done.
#[derive(Debug, PartialEq, Eq)]
pub struct Loaded {
    /// With the rows.
    pub summary: Summary,
    /// Rows of proposals that were withdrawn, and of amendments to others.
    pub left_out: usize,
}

impl fmt::Display for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Summary { read, added, known, changed, refused, .. } = &self.summary;
        write!(f, "{read} proposals read: {added} added, {known} already there, {} left out", self.left_out)?;
        f.write_str(" (withdrawn, or amendments).")?;
        let listed = |lines: &[u64]| lines.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
        if !changed.is_empty() {
            write!(f, "\nChanged since they were loaded, and left as they were: line {}.", listed(changed))?;
        }
        if !refused.is_empty() {
            write!(f, "\nNot taken: line {}.", listed(refused))?;
        }
        Ok(())
    }
}

/// Loads a file, or says which lines are wrong and loads nothing.
pub async fn load(
    journal: &dyn Journal,
    clock: &dyn Clock,
    key: &[u8; 32],
    target: &Target,
    file: &[u8],
) -> Result<Loaded, Failure> {
    let (own, _) = places::lists(journal, &target.community).await?;
    let own = own.ok_or_else(|| {
        let happened = format!("The community {} has no record of its own.", target.community);
        Failure::new(
            happened,
            "Nothing was loaded.",
            "Load it with `rabaska import territory`, then try again.",
        )
    })?;
    let all = rows(file, &own.place.languages)?;
    let read = all.len();
    let kept: Vec<Proposal> = all.into_iter().filter(|row| !row.left_out).collect();
    let (began, mut submissions) = (clock.now(), Vec::new());
    for row in &kept {
        let propose = Propose {
            consultation: target.consultation,
            title: row.title.clone(),
            text: row.text.clone(),
            subject: subject(row, &own).ok_or_else(|| damaged(row.line))?,
            photos: Vec::new(),
            place: row.place(own.bounds),
        };
        let named = Row {
            line: row.line,
            id: row.id.clone(),
            written_at: row.written_at,
            hidden: false,
            text: String::new(),
        };
        // Not `propose`: a file of statements under the same word has rows of its own.
        submissions.push(submission(key, target, &named, "decidim", &Action::Propose(propose))?);
    }
    let results = journal.append(submissions).await?;
    let mut summary = Summary { read, ..Summary::default() };
    for (row, result) in kept.iter().zip(results) {
        summary.count(row.line, true, &result, began);
    }
    Ok(Loaded { summary, left_out: read - kept.len() })
}

/// The community's own subject of that id or name, else the one for everything else.
fn subject(row: &Proposal, own: &Community) -> Option<SubjectId> {
    let by_id = own.subjects.iter().find(|it| row.subject.as_deref() == Some(it.id.as_str()));
    let same = |label: &str| row.categories.iter().any(|name| name.to_lowercase() == label.to_lowercase());
    let by_name = || {
        own.subjects
            .iter()
            .find(|it| it.short.iter().chain(it.full.iter()).any(|(_, label)| same(label.as_str())))
    };
    match by_id.or_else(by_name) {
        Some(found) => Some(found.id.clone()),
        None => SUBJECT.parse().ok(),
    }
}
