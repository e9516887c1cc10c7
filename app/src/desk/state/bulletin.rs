//! What stands in the bulletin of a month: what is open, what was answered, which dates come.

use domain::phases::Phase;
use domain::records::Consultation;
use domain::time::{DAY, Millis};

/// How far back answers are told, and how far ahead dates.
const MONTH: i64 = 31 * DAY;

/// What comes on a date.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// A phase begins.
    Begins(Phase),
    /// Contributions close.
    Closes,
    /// The answer is promised.
    Promised,
}

/// A date to come.
#[derive(Clone, PartialEq, Debug)]
pub struct Coming<'a> {
    /// When.
    pub at: Millis,
    /// What.
    pub what: What,
    /// Of which consultation.
    pub of: &'a Consultation,
}

/// The bulletin.
#[derive(Clone, PartialEq, Debug)]
pub struct Bulletin<'a> {
    /// Open now, the first to close first.
    pub open: Vec<&'a Consultation>,
    /// Answered during the last month, the latest first.
    pub answered: Vec<&'a Consultation>,
    /// The dates of the month that comes, the next first.
    pub dates: Vec<Coming<'a>>,
    /// Promised, and not answered on that date.
    pub late: Vec<&'a Consultation>,
}

/// The bulletin of a day.
pub fn bulletin(all: &[Consultation], now: Millis) -> Bulletin<'_> {
    let mut open: Vec<&Consultation> = all.iter().filter(|it| it.is_open(now)).collect();
    open.sort_by_key(|it| it.closes_at());
    let answered_at = |it: &&Consultation| it.conclusion.as_ref().map(|answer| answer.at);
    let recent = |it: &&Consultation| answered_at(it).is_some_and(|at| at <= now && now.since(at) <= MONTH);
    let mut answered: Vec<&Consultation> = all.iter().filter(recent).collect();
    answered.sort_by_key(|it| std::cmp::Reverse(answered_at(it)));
    let mut dates: Vec<Coming<'_>> = all.iter().flat_map(coming).collect();
    dates.retain(|date| date.at > now && date.at.since(now) <= MONTH);
    dates.sort_by_key(|date| date.at);
    Bulletin { open, answered, dates, late: all.iter().filter(|it| it.is_late(now)).collect() }
}

fn coming(of: &Consultation) -> Vec<Coming<'_>> {
    let later = of.phases.iter().filter(|period| period.phase != Phase::Inform);
    let mut dates: Vec<_> =
        later.map(|period| Coming { at: period.from, what: What::Begins(period.phase), of }).collect();
    dates.push(Coming { at: of.closes_at(), what: What::Closes, of });
    let promised = of.answer_by.filter(|_| of.conclusion.is_none());
    dates.extend(promised.map(|at| Coming { at, what: What::Promised, of }));
    dates
}

#[cfg(test)]
mod tests {
    use domain::phases::{Period, Phases};

    use super::super::testing::consultation;
    use super::*;

    const NOW: Millis = Millis(100 * DAY);

    #[test]
    fn it_tells_what_is_open_what_was_answered_and_what_comes() {
        let day = |days: i64| NOW.plus(days * DAY);
        let course = |from, until| {
            Phases::new(vec![
                Period { phase: Phase::Contribute, from: day(from), until: day(until) },
                Period { phase: Phase::Decide, from: day(until), until: day(until + 5) },
            ])
            .unwrap()
        };
        let mut all = [1, 2, 3, 4].map(consultation);
        all[0].phases = course(-5, 20);
        all[1].phases = course(-5, 3);
        all[1].answer_by = Some(day(40));
        all[2].phases = course(-60, -50);
        all[2].answer_by = Some(day(-1));
        all[3].phases = course(-60, -50);
        let ids = |list: &[&Consultation]| list.iter().map(|it| it.id.0[0]).collect::<Vec<_>>();
        let told = bulletin(&all, NOW);
        assert_eq!((ids(&told.open), ids(&told.answered), ids(&told.late)), (vec![2, 1], vec![], vec![3]));
        let dates: Vec<_> = told.dates.iter().map(|it| (it.at.since(NOW) / DAY, it.what)).collect();
        let decide = What::Begins(Phase::Decide);
        // The answer that is promised in forty days stands in the next bulletin.
        assert_eq!(dates, [(3, decide), (3, What::Closes), (20, decide), (20, What::Closes)]);
        all[3].conclusion = Some(super::super::testing::conclusion(day(-30)));
        all[2].conclusion = Some(super::super::testing::conclusion(day(-2)));
        let told = bulletin(&all, NOW);
        assert_eq!((ids(&told.answered), ids(&told.late)), (vec![3, 4], vec![]));
        assert_eq!(ids(&bulletin(&all, day(20)).answered), [3]);
    }
}
