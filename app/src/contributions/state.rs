//! What stands around a proposal, decided from records alone: its number of supporters, what is said
//! of it, whether the person supports it. And whether a comment can leave.

use std::sync::Arc;

use domain::ids::RecordId;
use domain::operations::Stance;
use domain::order::{self, Sorted};
use domain::records::Record;
use domain::text::{InvalidText, Text};

use crate::offline::Held;

/// What stands around the proposals of a consultation: read once per change of its records.
#[derive(Default)]
pub struct Voices {
    supports: Sorted<RecordId, u64>,
    merged: Sorted<RecordId, Vec<RecordId>>,
    comments: Sorted<RecordId, Vec<Arc<Held>>>,
}

impl Voices {
    /// From the records of the consultation's scope, newest first.
    pub fn read(records: &[Arc<Held>]) -> Self {
        // In the order of what they are about, each is put at a map's end: between others, it would move
        // those behind it.
        let mut around: Vec<(RecordId, &Arc<Held>)> =
            records.iter().rev().filter_map(|held| Some((about(&held.record)?, held))).collect();
        order::by(&mut around, |(id, _)| (0, id.to_string()));
        let mut all = Self::default();
        for (_, held) in around {
            match &held.record {
                Record::Supports(it) => all.supports.insert(it.record, it.count),
                Record::Contribution(it) => {
                    if let Some(into) = it.merged_into {
                        all.merged.get_or_insert(into, Vec::new()).push(it.id);
                    }
                    if let Some(comment) = it.comment() {
                        all.comments.get_or_insert(comment.on, Vec::new()).push(held.clone());
                    }
                }
                _ => {}
            }
        }
        all
    }

    /// How many support it, when so many do that it is told.
    pub fn supports(&self, proposal: RecordId) -> Option<u64> {
        self.supports.get(&proposal).copied()
    }

    /// The proposals that it stands for too.
    pub fn merged(&self, proposal: RecordId) -> &[RecordId] {
        self.merged.get(&proposal).map_or(&[], Vec::as_slice)
    }

    /// What is said of it and of those that it stands for, the oldest first.
    pub fn comments(&self, proposal: RecordId) -> Vec<Arc<Held>> {
        let on = |id: RecordId| self.comments.get(&id).into_iter().flatten().cloned();
        let mut all: Vec<Arc<Held>> = on(proposal).collect();
        let merged = self.merged(proposal);
        if !merged.is_empty() {
            all.extend(merged.iter().flat_map(|id| on(*id)));
            order::by(&mut all, |held| (held.seq, String::new()));
        }
        all
    }

    /// Which of a proposal and those that it stands for a person supports, and whether that is
    /// still on its way.
    pub fn own(&self, supported: &[(RecordId, bool)], proposal: RecordId) -> Option<(RecordId, bool)> {
        let merged = self.merged(proposal);
        supported.iter().find(|(id, _)| *id == proposal || merged.contains(id)).copied()
    }
}

/// The proposal that a record stands around.
fn about(record: &Record) -> Option<RecordId> {
    match record {
        Record::Supports(it) => Some(it.record),
        Record::Contribution(it) => it.merged_into.or_else(|| it.comment().map(|comment| comment.on)),
        _ => None,
    }
}

/// The proposals that a person supports, from the records of their own scope; and whether that has
/// left the device.
pub fn supported(records: &[Arc<Held>]) -> Vec<(RecordId, bool)> {
    let given = records.iter().filter_map(|held| match &held.record {
        Record::Support(it) if it.given => Some((it.record, held.pending)),
        _ => None,
    });
    given.collect()
}

/// What keeps a comment from leaving.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CommentProblem {
    /// No side.
    Stance,
    /// No words, too many, or characters that are no text.
    Text(InvalidText),
}

/// The name of a side, for a form.
pub fn name(stance: Stance) -> &'static str {
    match stance {
        Stance::For => "for",
        Stance::Against => "against",
        Stance::Neutral => "neutral",
    }
}

/// A comment from its form, or every problem in the order of the form.
pub fn comment(stance: &str, text: &str) -> Result<(Stance, Text), Vec<CommentProblem>> {
    let side = [Stance::For, Stance::Against, Stance::Neutral].into_iter().find(|it| name(*it) == stance);
    let words = text.trim().parse::<Text>().map_err(CommentProblem::Text);
    match (side, words) {
        (Some(stance), Ok(text)) => Ok((stance, text)),
        (side, words) => {
            let problems = [side.is_none().then_some(CommentProblem::Stance), words.err()];
            Err(problems.into_iter().flatten().collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(seq: u64, json: &str) -> Arc<Held> {
        let record = Record::read(json).unwrap();
        Arc::new(Held { name: String::new(), seq, record, pending: false })
    }

    #[test]
    fn comments_stand_under_their_proposal_the_oldest_first() {
        let on = RecordId([7; 16]);
        let comment = |seq: u8, text: &str| {
            let id = RecordId([seq; 16]);
            let json = format!(
                r#"{{"kind":"contribution","id":"{id}","consultation":"{on}","week":0,"signed":"resident",
                   "what":{{"comment":{{"on":"{on}","stance":"for","text":"{text}"}}}}}}"#
            );
            held(u64::from(seq), &json)
        };
        let supports = format!(r#"{{"kind":"supports","record":"{on}","count":6}}"#);
        let all = Voices::read(&[held(3, &supports), comment(2, "b"), comment(1, "a")]);
        let said: Vec<u64> = all.comments(on).iter().map(|held| held.seq).collect();
        assert_eq!((said, all.supports(on)), (vec![1, 2], Some(6)));
        assert_eq!((all.comments(RecordId([1; 16])).len(), all.supports(RecordId([1; 16]))), (0, None));
    }

    #[test]
    fn a_comment_needs_a_side_and_words() {
        use CommentProblem::{Stance as Side, Text as Words};
        assert_eq!(comment("", " \n"), Err(vec![Side, Words(InvalidText::Empty)]));
        assert_eq!(comment("against", &"a".repeat(5_001)), Err(vec![Words(InvalidText::TooLong)]));
        assert_eq!(comment("neutral", " Quand? "), Ok((Stance::Neutral, "Quand?".parse().unwrap())));
    }
}
