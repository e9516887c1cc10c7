//! The same results as other people's programs: `vectors.json` is written by
//! `tests/vectors/tallies.py`, which names them and says where they disagree.

use super::*;

/// Method, choices, grades, ballots, order, totals.
type Row = (String, u8, u8, String, String, Vec<u32>);

fn rows(method: &str) -> Vec<Row> {
    let rows: Vec<Row> = serde_json::from_str(include_str!("vectors.json")).unwrap();
    rows.into_iter().filter(|row| row.0 == method).collect()
}

/// `"01"` is two choices or grades.
fn digits(text: &str) -> Vec<u8> {
    text.bytes().map(|digit| digit - b'0').collect()
}

/// `"1>02"` is two groups.
fn groups_of(text: &str) -> Vec<Vec<u8>> {
    text.split('>').map(digits).collect()
}

fn ballot(method: Method, text: &str) -> Ballot {
    match method {
        Method::Plurality => Ballot::Choice(digits(text)[0]),
        Method::Approval => Ballot::Approved(digits(text)),
        Method::MajorityJudgment => Ballot::Grades(digits(text)),
        Method::Schulze => Ballot::Ranking(groups_of(text)),
    }
}

/// As the file has them: totals, majority-grades, or the pairwise matrix row by row.
fn flat(totals: &Totals) -> Vec<u32> {
    match totals {
        Totals::Votes(totals) | Totals::Approvals(totals) => totals.clone(),
        Totals::Merits(merits) => {
            merits.iter().filter_map(|merit| merit.majority_grade).map(u32::from).collect()
        }
        Totals::Pairwise(pairwise) => pairwise.concat(),
    }
}

fn compare(method: Method, name: &str) {
    let rows = rows(name);
    assert_eq!(rows.len(), 1_000);
    for (_, choices, grades, ballots, order, totals) in rows {
        let counted: Vec<Ballot> = ballots.split(',').map(|text| ballot(method, text)).collect();
        let tally = tally(method, choices, grades, &counted).unwrap();
        let expected = (groups_of(&order), totals);
        assert_eq!((tally.order, flat(&tally.totals)), expected, "{name} {choices} {ballots}");
    }
}

#[test]
fn plurality_is_counted_as_by_others() {
    compare(Method::Plurality, "plurality");
}

#[test]
fn approval_is_counted_as_by_others() {
    compare(Method::Approval, "approval");
}

#[test]
fn majority_judgment_is_counted_as_by_others() {
    compare(Method::MajorityJudgment, "majority_judgment");
}

#[test]
fn schulze_is_counted_as_by_others() {
    compare(Method::Schulze, "schulze");
}

/// A person's order stays the same between versions, and on a client in another language.
#[test]
fn the_order_that_a_person_sees_is_drawn_as_by_others() {
    let rows = rows("order_for");
    assert_eq!(rows.len(), 19 * 4);
    for (_, choices, _, seed, _, order) in rows {
        let drawn: Vec<u32> = order_for(seed.as_bytes(), choices).into_iter().map(u32::from).collect();
        assert_eq!(drawn, order);
    }
}
