//! Which texts and amendments there are, and whether an amendment can leave. Decided from records alone.

use std::sync::Arc;

use domain::difference::is_same;
use domain::ids::RecordId;
use domain::operations::Progress;
use domain::order;
use domain::records::{Amendment, Contribution, PublishedText, Record};
use domain::text::{InvalidText, Text};

use crate::offline::Held;

/// The texts of a consultation, in an order that stays.
pub fn texts(records: &[Arc<Held>]) -> Vec<PublishedText> {
    let all = records.iter().filter_map(|held| match &held.record {
        Record::PublishedText(it) => Some(it.clone()),
        _ => None,
    });
    let mut all: Vec<PublishedText> = all.collect();
    order::by(&mut all, |it| (0, it.id.to_string()));
    all
}

/// The text of that id.
pub fn text(records: &[Arc<Held>], id: RecordId) -> Option<PublishedText> {
    texts(records).into_iter().find(|it| it.id == id)
}

/// The amendments to a text, the oldest first; one that another stands for is found with that one, as
/// long as it is here.
pub fn amendments(records: &[Arc<Held>], text: RecordId) -> Vec<Arc<Held>> {
    let here = |id: RecordId| records.iter().any(|held| of(held).is_some_and(|(it, _)| it.id == id));
    let ours = |held: &&Arc<Held>| {
        of(held).is_some_and(|(it, amendment)| {
            amendment.text == text && it.merged_into.is_none_or(|into| !here(into))
        })
    };
    let mut all: Vec<Arc<Held>> = records.iter().filter(ours).cloned().collect();
    order::by(&mut all, |held| (held.seq, held.name.clone()));
    all
}

/// What a record says, when it is an amendment.
pub fn of(held: &Held) -> Option<(&Contribution, &Amendment)> {
    match &held.record {
        Record::Contribution(it) => Some((it, it.amendment()?)),
        _ => None,
    }
}

/// What became of an amendment, as everyone reads it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Became {
    /// It was done.
    Done,
    /// It was decided.
    Decided,
    /// It comes before those who decide.
    OnAgenda,
    /// It is looked into.
    Discussed,
    /// It was answered, and nothing else is said of it.
    Answered,
    /// It was not kept.
    Declined,
    /// Nothing is said of it so far.
    Waiting,
}

impl Became {
    fn of(it: &Contribution) -> Self {
        match it.step.as_ref().map(|step| &step.progress) {
            Some(Progress::Done) => Self::Done,
            Some(Progress::Decided) => Self::Decided,
            Some(Progress::OnAgenda(_)) => Self::OnAgenda,
            Some(Progress::InDiscussion) => Self::Discussed,
            Some(Progress::Declined(_)) => Self::Declined,
            Some(Progress::Read) | None if it.answer.is_some() => Self::Answered,
            Some(Progress::Read) | None => Self::Waiting,
        }
    }
}

/// How many of the amendments to a text became what; one that another stands for counts, as what became of that one.
pub fn became(records: &[Arc<Held>], text: RecordId) -> Vec<(Became, usize)> {
    let all: Vec<&Contribution> = records
        .iter()
        .filter_map(|held| of(held))
        .filter(|(_, it)| it.text == text)
        .map(|(it, _)| it)
        .collect();
    let mut counts: Vec<(Became, usize)> = Vec::new();
    for it in &all {
        let stands = it.merged_into.and_then(|into| all.iter().find(|other| other.id == into));
        let became = Became::of(stands.unwrap_or(it));
        match counts.iter_mut().find(|(known, _)| *known == became) {
            Some((_, count)) => *count += 1,
            None => counts.push((became, 1)),
        }
    }
    counts.sort_unstable();
    counts
}

/// What keeps an amendment from leaving, each at its field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AmendProblem {
    /// It says what stands there already.
    Same,
    /// A wording that is too long.
    WordingLong,
    /// Characters that are no text in the wording.
    WordingControl,
    /// A reason that is too long.
    ReasonLong,
    /// Characters that are no text in the reason.
    ReasonControl,
}

impl AmendProblem {
    /// The field that it is about.
    pub fn field(self) -> &'static str {
        match self {
            Self::Same | Self::WordingLong | Self::WordingControl => "wording",
            Self::ReasonLong | Self::ReasonControl => "reason",
        }
    }
}

/// What an amendment says (no wording: the paragraph should go) and why, or every problem in the order of
/// the form.
pub fn written(
    quote: &Text,
    wording: &str,
    reason: &str,
) -> Result<(Option<Text>, Option<Text>), Vec<AmendProblem>> {
    let read = |text: &str, long, control| match text.trim().parse::<Text>() {
        Ok(text) => Ok(Some(text)),
        Err(InvalidText::Empty) => Ok(None),
        Err(InvalidText::TooLong) => Err(long),
        Err(InvalidText::Control) => Err(control),
    };
    let wording = match is_same(quote.as_str(), wording) {
        true => Err(AmendProblem::Same),
        false => read(wording, AmendProblem::WordingLong, AmendProblem::WordingControl),
    };
    let reason = read(reason, AmendProblem::ReasonLong, AmendProblem::ReasonControl);
    match (wording, reason) {
        (Ok(wording), Ok(reason)) => Ok((wording, reason)),
        (wording, reason) => Err([wording.err(), reason.err()].into_iter().flatten().collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::records::{SignedAs, Step, What};
    use domain::time::Millis;

    fn id(number: u8) -> RecordId {
        RecordId([number; 16])
    }

    fn amendment(number: u8, text: u8, seq: u64, merged_into: Option<u8>) -> Arc<Held> {
        let what = What::Amendment(Amendment {
            text: id(text),
            paragraph: 1,
            lang: "fr".parse().unwrap(),
            quote: "Un banc.".parse().unwrap(),
            wording: None,
            reason: None,
        });
        let record = Record::Contribution(Contribution {
            id: id(number),
            consultation: id(9),
            what,
            week: Millis(0).week(),
            signed: SignedAs::Resident,
            answer: None,
            step: None,
            merged: vec![],
            merged_into: merged_into.map(id),
            home: None,
            forwarded: None,
            forwarded_from: None,
        });
        Arc::new(Held { name: id(number).to_string(), seq, record, pending: false })
    }

    #[test]
    fn amendments_to_a_text_are_found_the_oldest_first_and_joined_ones_with_theirs() {
        let all = [
            amendment(1, 7, 5, None),
            amendment(2, 7, 3, None),
            amendment(3, 8, 4, None),
            amendment(4, 7, 6, Some(1)),
            amendment(5, 7, 7, Some(6)),
        ];
        let found: Vec<RecordId> =
            amendments(&all, id(7)).iter().filter_map(|held| of(held)).map(|(it, _)| it.id).collect();
        assert_eq!(found, [id(2), id(1), id(5)]);
    }

    #[test]
    fn what_became_of_amendments_is_counted_and_joined_ones_with_what_became_of_theirs() {
        let became_of = |number, merged_into, progress: Option<Progress>| {
            let mut held = (*amendment(number, 7, 1, merged_into)).clone();
            if let Record::Contribution(it) = &mut held.record {
                it.step = progress.map(|progress| Step { progress, at: Millis(0) });
            }
            Arc::new(held)
        };
        let all = [
            became_of(1, None, Some(Progress::Decided)),
            became_of(2, Some(1), None),
            became_of(3, None, Some(Progress::Read)),
            became_of(4, Some(5), None),
            amendment(6, 8, 1, None),
        ];
        assert_eq!(became(&all, id(7)), [(Became::Decided, 2), (Became::Waiting, 2)]);
    }

    #[test]
    fn what_can_leave_changes_something_and_an_empty_wording_takes_the_paragraph_away() {
        let quote: Text = "Un banc.".parse().unwrap();
        let text = |words: &str| words.parse::<Text>().ok();
        assert_eq!(written(&quote, " ", ""), Ok((None, None)));
        assert_eq!(written(&quote, "Deux bancs.\n", "Il y a du monde."), {
            Ok((text("Deux bancs."), text("Il y a du monde.")))
        });
        assert_eq!(written(&quote, "Un  banc. ", ""), Err(vec![AmendProblem::Same]));
        let long = "a".repeat(5_001);
        let wrong = written(&quote, "Un\u{0} banc", &long).unwrap_err();
        assert_eq!(wrong, [AmendProblem::WordingControl, AmendProblem::ReasonLong]);
        assert_eq!([wrong[0].field(), wrong[1].field()], ["wording", "reason"]);
    }
}
