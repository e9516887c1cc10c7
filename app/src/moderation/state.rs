//! The public log of hidings: by which rule, in which week, and what became of each.

use domain::order;
use domain::records::{Hiding, Record};

/// The log, the newest week first; within a week in the order of their names, which tells nothing.
pub fn log<'a>(records: impl IntoIterator<Item = (&'a str, &'a Record)>) -> Vec<Hiding> {
    let hidings = records.into_iter().filter_map(|(name, record)| match record {
        Record::Hiding(it) => Some((name.to_owned(), it.clone())),
        _ => None,
    });
    let mut all: Vec<(String, Hiding)> = hidings.collect();
    order::by(&mut all, |(name, it)| (order::latest(it.week.monday()), name.clone()));
    all.into_iter().map(|(_, it)| it).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::operations::Kind;
    use domain::records::HidingState;
    use domain::time::{DAY, Millis};

    #[test]
    fn the_newest_week_comes_first_and_nothing_tells_the_order_within_it() {
        let hiding = |week: i64, rule: &str| {
            let week = Millis(week * 7 * DAY).week();
            let (rule, state) = (rule.parse().unwrap(), HidingState::Upheld);
            Record::Hiding(Hiding { rule, week, act: Some(Kind::Comment), state, consultation: None })
        };
        let place = Record::read(r#"{"kind":"motion"}"#).unwrap();
        let held = [
            ("hiding-b", hiding(1, "late-b")),
            ("hiding-c", hiding(0, "early")),
            ("laforce", place),
            ("hiding-a", hiding(1, "late-a")),
        ];
        let rules: Vec<String> =
            log(held.iter().map(|(name, it)| (*name, it))).iter().map(|it| it.rule.to_string()).collect();
        assert_eq!(rules, ["late-a", "late-b", "early"]);
    }
}
