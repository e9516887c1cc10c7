//! What the forms of a commitment say: its date, and how far it has come.

use domain::operations::Delivery;
use domain::time::Millis;

/// A day that lies ahead; the server's clock decides when it arrives.
pub fn ahead(day: Option<Millis>, now: Millis) -> Option<Millis> {
    day.filter(|day| *day > now)
}

/// The names of what can be reported, as the form has them.
pub const STATES: [&str; 4] = ["under_way", "moved", "done", "given_up"];

/// What keeps a report from being made, besides its text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReportProblem {
    /// Nothing was chosen.
    State,
    /// Moved to which day? One that lies ahead, and another one.
    Day,
}

/// What is reported, from the form; `due` is the date by now.
pub fn delivery(
    state: &str,
    day: Option<Millis>,
    due: Millis,
    now: Millis,
) -> Result<Delivery, ReportProblem> {
    match state {
        "under_way" => Ok(Delivery::UnderWay),
        "done" => Ok(Delivery::Done),
        "given_up" => Ok(Delivery::GivenUp),
        "moved" => ahead(day, now).filter(|day| *day != due).map(Delivery::Moved).ok_or(ReportProblem::Day),
        _ => Err(ReportProblem::State),
    }
}

/// The name of what was reported.
pub fn name(state: Delivery) -> &'static str {
    match state {
        Delivery::UnderWay => "under_way",
        Delivery::Moved(_) => "moved",
        Delivery::Done => "done",
        Delivery::GivenUp => "given_up",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_says_what_it_still_needs() {
        let (due, now) = (Millis(10), Millis(5));
        for known in STATES {
            assert_eq!(delivery(known, Some(Millis(20)), due, now).map(name), Ok(known));
        }
        assert_eq!(delivery("", Some(Millis(20)), due, now), Err(ReportProblem::State));
        for day in [None, Some(Millis(5)), Some(due)] {
            assert_eq!(delivery("moved", day, due, now), Err(ReportProblem::Day), "{day:?}");
        }
    }

    #[test]
    fn a_commitment_is_due_ahead() {
        assert_eq!(ahead(Some(Millis(6)), Millis(5)), Some(Millis(6)));
        assert_eq!((ahead(Some(Millis(5)), Millis(5)), ahead(None, Millis(5))), (None, None));
    }
}
