//! Which promised answers are late, or soon due.

use domain::ids::RecordId;
use domain::order;
use domain::records::Consultation;
use domain::text::{Localized, Title};
use domain::time::{DAY, Millis};

/// So long before the day, it is said.
const SOON: i64 = 7 * DAY;

/// An answer to a consultation that was promised.
#[derive(Clone, PartialEq, Debug)]
pub struct Due {
    /// To which one.
    pub id: RecordId,
    /// Its title.
    pub title: Localized<Title>,
    /// Until when.
    pub by: Millis,
    /// That has passed.
    pub late: bool,
}

/// Whether the answer was promised for a day that has passed.
pub fn is_late(it: &Consultation, now: Millis) -> bool {
    it.conclusion.is_none() && it.answer_by.is_some_and(|by| by < now)
}

/// Those that are late or due within a week, the first one first.
pub fn due(all: &[Consultation], now: Millis) -> Vec<Due> {
    let promised = all.iter().filter(|it| it.conclusion.is_none()).filter_map(|it| {
        let by = it.answer_by.filter(|by| by.since(now) <= SOON)?;
        Some(Due { id: it.id, title: it.title.clone(), by, late: by < now })
    });
    let mut due: Vec<Due> = promised.collect();
    order::by(&mut due, |it| (order::earliest(it.by), String::new()));
    due
}

#[cfg(test)]
mod tests {
    use super::super::testing::id;
    use super::*;
    use domain::phases::Phases;
    use domain::records::Conclusion;

    fn promised(number: u8, days: Option<i64>) -> Consultation {
        let said = |text: &str| Localized::new([("fr".parse().unwrap(), text.parse().unwrap())]).unwrap();
        Consultation {
            id: id(number),
            community: "laforce".parse().unwrap(),
            title: said("Q"),
            summary: Localized::new([("fr".parse().unwrap(), "S".parse().unwrap())]).unwrap(),
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
            fictitious: false,
        }
    }

    #[test]
    fn what_is_late_comes_before_what_is_due_this_week() {
        let text = Localized::new([("fr".parse().unwrap(), "Oui.".parse().unwrap())]).unwrap();
        let conclusion = Some(Conclusion { text, at: Millis(0), uses: vec![] });
        let answered = Consultation { conclusion, ..promised(5, Some(1)) };
        let all = [
            promised(1, Some(15)),
            promised(2, Some(18)),
            promised(3, Some(9)),
            promised(4, None),
            answered.clone(),
        ];
        let now = Millis(10 * DAY);
        let due: Vec<_> = due(&all, now).into_iter().map(|due| (due.id.0[0], due.late)).collect();
        assert_eq!(due, [(3, true), (1, false)]);
        assert!(is_late(&all[2], now) && !is_late(&answered, now));
    }
}
