//! Which promised answers and commitments are late, or soon due.

use domain::ids::RecordId;
use domain::order;
use domain::records::{Commitment, Consultation};
use domain::text::{Localized, Title};
use domain::time::{DAY, Millis};

/// So long before the day, it is said.
const SOON: i64 = 7 * DAY;

/// What was promised.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Promise {
    /// An answer to this consultation.
    Answer(RecordId),
    /// This commitment, of the second name, in the consultation of the first.
    Commitment(RecordId, RecordId),
}

/// Something that was promised, and is not yet kept.
#[derive(Clone, PartialEq, Debug)]
pub struct Due {
    /// What.
    pub promise: Promise,
    /// In one line.
    pub title: Localized<Title>,
    /// Until when.
    pub by: Millis,
    /// That has passed.
    pub late: bool,
}

/// Those that are late or due within a week, the first one first.
pub fn due<'a>(
    all: &[Consultation],
    commitments: impl Iterator<Item = &'a Commitment>,
    now: Millis,
) -> Vec<Due> {
    let soon = |by: Millis| by.since(now) <= SOON;
    let answers = all.iter().filter(|it| it.conclusion.is_none()).filter_map(|it| {
        let by = it.answer_by.filter(|by| soon(*by))?;
        Some(Due { promise: Promise::Answer(it.id), title: it.title.clone(), by, late: it.is_late(now) })
    });
    let open = commitments.filter(|it| !it.is_over() && soon(it.due()));
    let commitments = open.map(|it| Due {
        promise: Promise::Commitment(it.consultation, it.id),
        title: it.text.in_one_line(),
        by: it.due(),
        late: it.is_late(now),
    });
    let mut due: Vec<Due> = answers.chain(commitments).collect();
    order::by(&mut due, |it| (order::earliest(it.by), String::new()));
    due
}

#[cfg(test)]
mod tests {
    use super::super::testing::id;
    use super::*;
    use domain::operations::Delivery;
    use domain::phases::Phases;
    use domain::records::{Conclusion, Report};

    fn said<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> Localized<T> {
        Localized::new([("fr".parse().unwrap(), text.parse().unwrap())]).unwrap()
    }

    fn promised(number: u8, days: Option<i64>) -> Consultation {
        Consultation {
            id: id(number),
            community: "laforce".parse().unwrap(),
            title: said("Q"),
            summary: said("S"),
            opened_at: Millis(0),
            phases: Phases::contribute(Millis(0), Millis(1)).unwrap(),
            grace: 0,
            takes: vec![],
            closed_at: None,
            decided_by: None,
            used_for: None,
            answer_by: days.map(|days| Millis(days * DAY)),
            conclusion: None,
            source: None,
            adapted_from: None,
            shared_with: Vec::new(),
            fictitious: false,
        }
    }

    #[test]
    fn what_is_late_comes_before_what_is_due_this_week() {
        let conclusion = Some(Conclusion { text: said("Oui."), at: Millis(0), uses: vec![] });
        let answered = Consultation { conclusion, ..promised(5, Some(1)) };
        let all = [
            promised(1, Some(15)),
            promised(2, Some(18)),
            promised(3, Some(9)),
            promised(4, None),
            answered.clone(),
        ];
        let now = Millis(10 * DAY);
        let commitment = |number: u8, days: i64, states: &[Delivery]| {
            let log = states.iter().map(|state| Report { text: said("."), state: *state, at: Millis(0) });
            Commitment {
                id: id(number),
                consultation: id(1),
                text: said("Une lampe"),
                owner: said("La voirie"),
                made_at: Millis(0),
                promised: Millis(days * DAY),
                follows: vec![],
                log: log.collect(),
            }
        };
        let commitments = [
            commitment(21, 8, &[]),
            commitment(22, 8, &[Delivery::Done]),
            commitment(23, 8, &[Delivery::Moved(Millis(16 * DAY))]),
            commitment(24, 18, &[]),
            commitment(25, 9, &[Delivery::GivenUp]),
        ];
        let due: Vec<_> = due(&all, commitments.iter(), now)
            .into_iter()
            .map(|due| match due.promise {
                Promise::Answer(id) | Promise::Commitment(_, id) => (id.0[0], due.late),
            })
            .collect();
        assert_eq!(due, [(21, true), (3, true), (1, false), (23, false)]);
        assert!(all[2].is_late(now) && !answered.is_late(now));
    }
}
