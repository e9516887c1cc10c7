//! Which commitments are shown where, and how each stands, decided from records alone.

use std::sync::Arc;

use domain::ids::RecordId;
use domain::operations::{Delivery, Progress};
use domain::order;
use domain::records::{Commitment, Contribution, Record, Step};
use domain::time::Millis;

use crate::offline::Held;

/// How a commitment stands for whoever looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Its date has passed.
    Late(Millis),
    /// Nothing was reported of it so far.
    Promised,
    /// It is being done.
    UnderWay,
    /// It was done.
    Done,
    /// It will not be done.
    GivenUp,
}

/// How it stands at an instant: late before anything else, unless it is over.
pub fn standing(it: &Commitment, now: Millis) -> Standing {
    match it.state() {
        Some(Delivery::Done) => Standing::Done,
        Some(Delivery::GivenUp) => Standing::GivenUp,
        _ if it.is_late(now) => Standing::Late(it.due()),
        Some(_) => Standing::UnderWay,
        None => Standing::Promised,
    }
}

/// The commitment that a record is.
pub fn of(held: &Held) -> Option<&Commitment> {
    match &held.record {
        Record::Commitment(it) => Some(it),
        _ => None,
    }
}

/// Whether the office has answered something in any way: then it may commit to something.
pub fn is_answered(it: &Contribution) -> bool {
    let decided = |step: &Step| matches!(step.progress, Progress::Decided | Progress::Done);
    it.answer.is_some() || it.step.as_ref().is_some_and(decided)
}

/// Those of a consultation, or only what follows from one of its contributions and from what was merged into
/// that: what is due first comes first, so that what is late heads the list; then what is over, the latest
/// first.
pub fn commitments(records: &[Arc<Held>], consultation: RecordId, about: Option<RecordId>) -> Vec<Arc<Held>> {
    let about = about.map(|id| with_merged(records, id));
    let here = |it: &Commitment| {
        it.consultation == consultation
            && about.as_ref().is_none_or(|ids| it.follows.iter().any(|id| ids.contains(id)))
    };
    let mut all: Vec<Arc<Held>> = records.iter().filter(|held| of(held).is_some_and(here)).cloned().collect();
    order::by(&mut all, |held| {
        let at = |it: &Commitment| match it.is_over() {
            true => order::latest(it.changed_at()),
            false => order::earliest(it.due()),
        };
        (of(held).map_or(0, at), String::new())
    });
    let over = |held: &Arc<Held>| u64::from(of(held).is_some_and(Commitment::is_over));
    order::by(&mut all, |held| (over(held), String::new()));
    all
}

/// A contribution, and those that it stands for too.
fn with_merged(records: &[Arc<Held>], id: RecordId) -> Vec<RecordId> {
    let merged = records.iter().find_map(|held| match &held.record {
        Record::Contribution(it) if it.id == id => Some(it.merged.clone()),
        Record::DeskItem(it) if it.contribution.id == id => Some(it.contribution.merged.clone()),
        _ => None,
    });
    let mut ids = merged.unwrap_or_default();
    ids.push(id);
    ids
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::records::Report;
    use domain::text::Localized;

    const HERE: RecordId = RecordId([200; 16]);

    fn said<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> Localized<T> {
        Localized::new([("fr".parse().unwrap(), text.parse().unwrap())]).unwrap()
    }

    fn commitment(number: u8, promised: i64, states: &[Delivery]) -> Commitment {
        let report =
            |(at, state): (i64, &Delivery)| Report { text: said("."), state: *state, at: Millis(at) };
        Commitment {
            id: RecordId([number; 16]),
            consultation: HERE,
            text: said("Une lampe"),
            owner: said("La voirie"),
            made_at: Millis(0),
            promised: Millis(promised),
            follows: vec![],
            log: (i64::from(number)..).zip(states).map(report).collect(),
        }
    }

    fn held(record: Record) -> Arc<Held> {
        Arc::new(Held { name: String::new(), seq: 1, record, pending: false })
    }

    fn numbers(found: &[Arc<Held>]) -> Vec<u8> {
        found.iter().filter_map(|held| of(held)).map(|it| it.id.0[0]).collect()
    }

    #[test]
    fn it_is_late_from_its_date_on_until_it_moves_or_is_over() {
        let at = |states: &[Delivery], now| standing(&commitment(1, 10, states), Millis(now));
        assert_eq!([at(&[], 10), at(&[], 11)], [Standing::Promised, Standing::Late(Millis(10))]);
        let moved = [Delivery::UnderWay, Delivery::Moved(Millis(20)), Delivery::UnderWay];
        assert_eq!([at(&moved, 20), at(&moved, 21)], [Standing::UnderWay, Standing::Late(Millis(20))]);
        assert_eq!(at(&[Delivery::Done], 99), Standing::Done);
        assert_eq!(at(&[Delivery::UnderWay, Delivery::GivenUp], 99), Standing::GivenUp);
    }

    #[test]
    fn what_is_due_first_heads_the_list_and_what_is_over_ends_it() {
        let all = [
            commitment(1, 30, &[]),
            commitment(2, 1, &[Delivery::Done]),
            commitment(3, 5, &[Delivery::Moved(Millis(40))]),
            commitment(4, 20, &[Delivery::UnderWay]),
            commitment(5, 2, &[Delivery::GivenUp]),
            Commitment { consultation: RecordId([9; 16]), ..commitment(6, 1, &[]) },
        ];
        let all: Vec<_> = all.into_iter().map(|it| held(Record::Commitment(it))).collect();
        assert_eq!(numbers(&commitments(&all, HERE, None)), [4, 1, 3, 5, 2]);
    }

    #[test]
    fn a_proposal_has_those_that_follow_from_it_or_from_what_it_stands_for() {
        let (bench, lamp, other) = (RecordId([11; 16]), RecordId([12; 16]), RecordId([13; 16]));
        let from = |number, follows: &[RecordId]| {
            let it = Commitment { follows: follows.to_vec(), ..commitment(number, 5, &[]) };
            held(Record::Commitment(it))
        };
        let json = format!(
            r#"{{"kind":"contribution","id":"{bench}","consultation":"{HERE}","week":0,"signed":"resident",
               "what":{{"proposal":{{"title":"Un banc","subject":"other"}}}},"merged":["{lamp}"]}}"#
        );
        let all = [
            from(1, &[bench]),
            from(2, &[other, lamp]),
            from(3, &[other]),
            from(4, &[]),
            held(Record::read(&json).unwrap()),
        ];
        assert_eq!(numbers(&commitments(&all, HERE, Some(bench))), [1, 2]);
        assert_eq!(numbers(&commitments(&all, HERE, Some(other))), [2, 3]);
    }
}
