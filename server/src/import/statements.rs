//! Loading the statements of another conversation, in one transaction. Its authors are never
//! persons. Running it again adds nothing: operation and salt follow from the row's id, so
//! that the journal repeats its receipt, or sees that the row's text has changed.

use std::fmt;

use domain::authority::Actor;
use domain::envelope::{Author, Envelope, Proof};
use domain::ids::{CommunityId, Hash, OpId, RecordId, Salt, SourceId};
use domain::operations::{Action, Hide, Operation, Propose, seal};
use domain::ports::{Clock, Journal, Submission};
use domain::receipts::{Outcome, PushResult};
use domain::records::Community;
use domain::text::{Title, graphemes, shorten};
use domain::time::Millis;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::rows::{Row, rows};
use crate::failure::Failure;
use crate::places;

/// The subject that every community's list has.
pub(super) const SUBJECT: &str = "other";
/// The rule under which rejected statements are hidden.
const RULE: &str = "source-moderation";

/// Where the statements go.
#[derive(Clone, Debug)]
pub struct Target {
    /// The community.
    pub community: CommunityId,
    /// Its consultation.
    pub consultation: RecordId,
    /// Where they come from.
    pub source: SourceId,
}

/// What was done.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows in the file.
    pub read: usize,
    /// Rows that were not there.
    pub added: usize,
    /// Rows that were there, word for word.
    pub known: usize,
    /// Of those added, how many are hidden.
    pub hidden: usize,
    /// Lines whose text is another than the one that was loaded.
    pub changed: Vec<u64>,
    /// Lines that the journal did not take.
    pub refused: Vec<u64>,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { read, added, known, hidden, .. } = self;
        write!(f, "{read} statements read: {added} added ({hidden} of them hidden), {known} already there.")?;
        let listed = |lines: &[u64]| lines.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
        if !self.changed.is_empty() {
            let lines = listed(&self.changed);
            write!(f, "\nChanged since they were loaded, and left as they were: line {lines}.")?;
        }
        if !self.refused.is_empty() {
            write!(f, "\nNot taken: line {}.", listed(&self.refused))?;
        }
        Ok(())
    }
}

/// Finds where the statements go, and makes sure that they can go there.
pub async fn target(
    journal: &dyn Journal,
    community: &str,
    consultation: &str,
    source: &str,
) -> Result<Target, Failure> {
    let community = places::community(journal, community).await?;
    let (lists, consultations) = places::lists(journal, &community).await?;
    let consultation = places::consultation(&consultations, consultation)?;
    let source = source.parse().map_err(|_| {
        let next = "Use small letters, digits and dashes, at most 80.";
        Failure::new(format!("“{source}” cannot name a source."), "Nothing was loaded.", next)
    })?;
    if !lists.is_some_and(|lists| takes(&lists)) {
        return Err(Failure::new(
            format!("The community {community} lacks the subject `{SUBJECT}` or the rule `{RULE}`."),
            "Nothing was loaded.",
            "Add them to the territory file, load it with `rabaska import territory`, then try again.",
        ));
    }
    Ok(Target { community, consultation, source })
}

fn takes(lists: &Community) -> bool {
    lists.subjects.iter().any(|subject| subject.id.as_str() == SUBJECT)
        && lists.applied().any(|rule| rule.id.as_str() == RULE)
}

/// Loads a file, or says which lines are wrong and loads nothing.
pub async fn load(
    journal: &dyn Journal,
    clock: &dyn Clock,
    key: &[u8; 32],
    target: &Target,
    file: &[u8],
) -> Result<Summary, Failure> {
    let rows = rows(file)?;
    let began = clock.now();
    let (mut submissions, mut lines) = (Vec::new(), Vec::new());
    for row in &rows {
        let proposed = propose(key, target, row)?;
        let record = proposed.operation.record();
        submissions.push(proposed);
        lines.push((row.line, true));
        if row.hidden {
            submissions.push(hide(key, target, row, record)?);
            lines.push((row.line, false));
        }
    }
    let results = journal.append(submissions).await?;
    let mut summary = Summary { read: rows.len(), ..Summary::default() };
    for ((line, proposal), result) in lines.into_iter().zip(results) {
        summary.count(line, proposal, &result, began);
    }
    Ok(summary)
}

impl Summary {
    pub(super) fn count(&mut self, line: u64, proposal: bool, result: &PushResult, began: Millis) {
        match result {
            PushResult::Receipt(signed) => match signed.read() {
                Some(receipt) if receipt.outcome != Outcome::Accepted => self.refused.push(line),
                // A receipt of before is repeated, with the time that it was first given.
                Some(receipt) if receipt.received_at < began => self.known += usize::from(proposal),
                _ if proposal => self.added += 1,
                _ => self.hidden += 1,
            },
            PushResult::Erased(_) => self.known += usize::from(proposal),
            PushResult::Conflict => self.changed.push(line),
            _ => self.refused.push(line),
        }
        self.changed.dedup();
        self.refused.dedup();
    }
}

fn propose(key: &[u8; 32], target: &Target, row: &Row) -> Result<Submission, Failure> {
    let line: String = row.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut = graphemes(&line) > Title::GRAPHEMES;
    let title = shorten(&row.text, Title::GRAPHEMES);
    let propose = Propose {
        consultation: target.consultation,
        title: title.parse().map_err(|_| damaged(row.line))?,
        text: cut.then(|| row.text.parse()).transpose().map_err(|_| damaged(row.line))?,
        subject: SUBJECT.parse().map_err(|_| damaged(row.line))?,
        photos: Vec::new(),
        place: None,
    };
    submission(key, target, row, "propose", &Action::Propose(propose))
}

fn hide(key: &[u8; 32], target: &Target, row: &Row, record: RecordId) -> Result<Submission, Failure> {
    let rule = RULE.parse().map_err(|_| damaged(row.line))?;
    let hide = Hide { consultation: target.consultation, record, rule };
    submission(key, target, row, "hide", &Action::Hide(hide))
}

/// The rows were checked: this does not happen, and says so if it does.
pub(super) fn damaged(line: u64) -> Failure {
    super::malformed(&[super::Malformed { line, why: "cannot be written as a proposal".to_owned() }])
}

pub(super) fn submission(
    key: &[u8; 32],
    target: &Target,
    row: &Row,
    act: &str,
    action: &Action,
) -> Result<Submission, Failure> {
    let name = [act, target.source.as_str(), &target.consultation.to_string(), &row.id].join("\0");
    let mut op = [0; 16];
    op.copy_from_slice(&Hash::tagged("rabaska/import/v1", name.as_bytes()).0[..16]);
    // Keyed, so that nobody outside can guess a short statement from its hash.
    let mut salt = <Hmac<Sha256> as Mac>::new_from_slice(key).map_err(|_| damaged(row.line))?;
    salt.update(name.as_bytes());
    let salt = Salt(salt.finalize().into_bytes().into());
    let envelope = Envelope {
        op: OpId(op),
        author: Author::Import { source: target.source.clone() },
        community: target.community.clone(),
        stream: None,
        proof: Proof::Session,
        body: seal(salt, row.written_at, Vec::new(), action).map_err(|_| damaged(row.line))?,
    };
    let operation = Operation::decode(&envelope).map_err(|_| damaged(row.line))?;
    Ok(Submission { envelope, operation, actor: Actor::Import, receipt: None })
}
