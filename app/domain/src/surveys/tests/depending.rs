//! Which of the questions that depend on others are counted.

use super::published::{people, town, yes_or_no};
use super::*;

/// How many were asked the second of two questions, as it is told.
fn asked_second(first: Question, relevant: Condition, responses: &[Response]) -> Option<u32> {
    let second = Question { relevant: Some(relevant), ..question("then", one(&["a", "b"])) };
    let results = publish(&survey(vec![vec![first, second]]), responses);
    results.tables.iter().find(|table| table.question == id("then")).map(|table| table.asked)
}

fn clause(test: Test) -> Clause {
    Clause { question: id("first"), test }
}

#[test]
fn a_question_that_depends_is_counted_when_its_number_follows_from_what_is_told() {
    let depends = |test| {
        let follow = required("when", one(&["winter", "summer"])).when("rink", test);
        survey(vec![vec![yes_or_no(), follow]])
    };
    let of = |test: Test, groups: [(usize, &str, &str); 4]| {
        let answered = groups.map(|(count, rink, when)| {
            let mut list = vec![("rink", picked(rink))];
            if !when.is_empty() {
                list.push(("when", picked(when)));
            }
            people(count, &list)
        });
        let results = publish(&depends(test), &answered.concat());
        results.tables.iter().find(|table| table.question == id("when")).map(|table| table.asked)
    };
    let yes = || Test::Is(word("yes"));
    let groups = |perhaps: usize| {
        [(30, "yes", "winter"), (20, "yes", "summer"), (60, "no", ""), (perhaps, "perhaps", "")]
    };
    assert_eq!(of(yes(), groups(10)), Some(50));
    assert_eq!(of(yes(), groups(2)), Some(50), "the few are hidden in the no, which is most");
    let turned = [(60, "yes", "winter"), (20, "yes", "summer"), (30, "no", ""), (2, "perhaps", "")];
    assert_eq!(of(yes(), turned), None, "it would tell how many most are");
    let small = [(20, "yes", "winter"), (19, "yes", "summer"), (30, "no", ""), (12, "perhaps", "")];
    assert_eq!(of(yes(), small), None, "39 are broken down in no way");
    let not = [(50, "yes", ""), (3, "perhaps", "winter"), (30, "no", "winter"), (15, "no", "summer")];
    assert_eq!(of(Test::IsNot(word("yes")), not), None, "it would tell how many the few are");
    let not = [(50, "yes", ""), (12, "perhaps", "winter"), (30, "no", "winter"), (15, "no", "summer")];
    assert_eq!(of(Test::IsNot(word("yes")), not), Some(57));
}

#[test]
fn a_number_that_divides_a_band_tells_nothing_of_who_is_asked() {
    let asked = |least: &str| {
        let follow = question("then", one(&["a", "b"])).when("far", Test::AtLeast(least.parse().unwrap()));
        let survey = survey(vec![vec![required("far", number("0", "9", 0)), follow]]);
        let answer = |number: i32| people(20, &[("far", Answer::Number(Decimal::whole(number)))]);
        let responses: Vec<Response> = (0..10).step_by(2).flat_map(answer).collect();
        let results = publish(&survey, &responses);
        results.tables.iter().find(|table| table.question == id("then")).map(|table| table.asked)
    };
    assert_eq!((asked("4"), asked("5")), (Some(60), None));
}

#[test]
fn two_tests_together_are_a_crossing_and_not_counted() {
    let first = || required("first", one(&["x", "y"]));
    let responses = town(&[(50, &[("first", picked("x"))]), (50, &[("first", picked("y"))])]);
    let once = Condition::Any(vec![clause(Test::Is(word("x")))]);
    assert_eq!(asked_second(first(), once, &responses), Some(50));
    let twice = Condition::All(vec![clause(Test::Is(word("x"))), clause(Test::Answered)]);
    assert_eq!(asked_second(first(), twice, &responses), None);
}

#[test]
fn what_depends_on_a_matrix_is_not_counted() {
    let first = question("first", matrix(&["water", "shore"], &["good", "bad"]));
    let judged = |row, column| [("first", rows(&[(row, column)]))];
    let [one, two, three] = [judged("water", "good"), judged("water", "bad"), judged("shore", "good")];
    let responses = town(&[(50, &one), (50, &two), (50, &three), (50, &[])]);
    assert_eq!(asked_second(first, Condition::All(vec![clause(Test::Answered)]), &responses), None);
}

#[test]
fn months_that_are_not_named_count_for_who_named_a_day() {
    let responses = |left_out: usize, one_month: usize| {
        let day = |text: &str| [("first", Answer::Date(text.parse().unwrap()))];
        let singles = ["1950-01-01", "1960-01-01", "1970-01-01"].map(|text| people(1, &day(text)));
        [singles.concat(), people(left_out, &[]), people(one_month, &day("2026-05-01"))].concat()
    };
    let first = || question("first", date("", ""));
    let answered = || Condition::All(vec![clause(Test::Answered)]);
    assert_eq!(asked_second(first(), answered(), &responses(15, 45)), Some(48));
    assert_eq!(asked_second(first(), answered(), &responses(60, 45)), None);
}
