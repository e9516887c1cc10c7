//! Results of towns made by hand.

use super::*;
use crate::channels::Channel::{OnBehalf, OwnDevice, Paper};
use crate::channels::Channels;
use proptest::prelude::*;

/// So many people with the same answers.
pub(super) fn people(count: usize, list: &[(&str, Answer)]) -> Vec<Response> {
    vec![Response { channel: OwnDevice, answers: answers(list) }; count]
}

pub(super) fn town(groups: &[(usize, &[(&str, Answer)])]) -> Vec<Response> {
    groups.iter().flat_map(|(count, list)| people(*count, list)).collect()
}

/// The counts of a question's only table, in words.
fn counts(results: &Results, name: &str) -> Option<Vec<Count>> {
    let table = results.tables.iter().find(|table| table.question == id(name))?;
    Some(table.cells.iter().map(|cell| cell.count).collect())
}

pub(super) fn yes_or_no() -> Question {
    required("rink", one(&["yes", "no", "perhaps"]))
}

fn rink(yes: usize, no: usize, perhaps: usize) -> Vec<Response> {
    let all = [("yes", yes), ("no", no), ("perhaps", perhaps)];
    all.iter().flat_map(|(choice, count)| people(*count, &[("rink", picked(choice))])).collect()
}

#[test]
fn under_40_only_the_number_is_told_and_under_5_not_even_that() {
    let survey = survey(vec![vec![yes_or_no()]]);
    let of = |count: usize| publish(&survey, &rink(count, 0, 0));
    assert_eq!(of(0), Results { respondents: Count::Few, channels: None, tables: vec![], parts: vec![] });
    assert_eq!(of(4), of(0));
    assert_eq!(
        of(5),
        Results { respondents: Count::Exactly(5), channels: None, tables: vec![], parts: vec![] }
    );
    assert_eq!(
        of(39),
        Results { respondents: Count::Exactly(39), channels: None, tables: vec![], parts: vec![] }
    );
    assert_eq!(of(40).tables.len(), 1);
}

proptest! {
    /// Of two communities that held it, whoever subtracts finds nothing: either each is told as if it had held it
    /// alone, or only both, where one has too few. What is added up of the parts is told in each.
    #[test]
    fn of_two_communities_each_is_told_or_both_together(
        ours in (0_usize..50, 0_usize..30, 0_usize..9),
        theirs in (0_usize..50, 0_usize..30, 0_usize..9),
    ) {
        let survey = survey(vec![vec![yes_or_no()]]);
        let of = |(yes, no, perhaps): (usize, usize, usize)| rink(yes, no, perhaps);
        let held = [("laforce", of(ours)), ("moffet", of(theirs))]
            .map(|(name, responses)| (name.parse().unwrap(), responses));
        let told = publish_shared(&survey, &held);
        let all = [of(ours), of(theirs)].concat();
        if held.iter().any(|(_, responses)| responses.len() < LEAST as usize) {
            prop_assert_eq!(told, publish(&survey, &all));
            return Ok(());
        }
        prop_assert!(told.tables.is_empty() && told.channels.is_none());
        prop_assert_eq!(told.respondents, Count::Exactly(all.len() as u32));
        for (part, (community, responses)) in told.parts.iter().zip(&held) {
            prop_assert_eq!(&part.community, community);
            prop_assert_eq!(&part.results, &publish(&survey, responses));
        }
        for (choice, count) in [("yes", ours.0 + theirs.0), ("no", ours.1 + theirs.1), ("perhaps", ours.2 + theirs.2)] {
            let what = What::Choice(word(choice));
            let exactly = |part: &Part| {
                part.results.tables[0].cells.iter().any(|cell| cell.what == what && matches!(cell.count, Count::Exactly(_)))
            };
            let sum = told.parts.iter().all(exactly).then_some(count as u32);
            prop_assert_eq!(told.together(&id("rink"), None, &what), sum);
        }
    }
}

#[test]
fn where_a_count_is_few_the_greatest_is_not_told() {
    let survey = survey(vec![vec![yes_or_no()]]);
    let of = |yes, no, perhaps| counts(&publish(&survey, &rink(yes, no, perhaps)), "rink").unwrap();
    let (few, most, exactly) = (Count::Few, Count::Most, Count::Exactly);
    assert_eq!(of(20, 10, 10), [exactly(20), exactly(10), exactly(10)]);
    assert_eq!(of(20, 16, 4), [most, exactly(16), few]);
    assert_eq!(of(20, 20, 0), [most, exactly(20), few], "none looks as few do");
    assert_eq!(of(2, 3, 40), [few, few, most]);
    assert_eq!(of(41, 0, 0), [most, few, few], "nobody learns that all agree");
    assert_eq!(of(190, 150, 17), [most, exactly(150), few], "17 are 5 % of 357");
    assert_eq!(of(190, 150, 18), [exactly(190), exactly(150), exactly(18)]);
}

#[test]
fn what_most_can_be_follows_from_the_rest() {
    let survey = survey(vec![vec![yes_or_no()]]);
    let between = |yes, no, perhaps| {
        publish(&survey, &rink(yes, no, perhaps)).tables[0].most_between(&yes_or_no().asks)
    };
    assert_eq!(between(20, 16, 4), Some((20, 24)));
    assert_eq!(between(20, 20, 0), Some((20, 20)), "as great as the other at least: then nobody is left");
    assert_eq!(between(50, 2, 3), Some((47, 55)));
    assert_eq!(between(20, 10, 10), None);
}

#[test]
fn every_kind_is_counted_in_its_cells() {
    let survey = survey(vec![vec![
        question("wants", several(&["dock", "bench"], None, None)),
        required("often", scale(0, 2)),
        question("best", ranking(&["dock", "bench"], None)),
        question("state", matrix(&["water"], &["good", "bad"])),
        required("far", number("0", "10", 1)),
        required("last", date("", "")),
        question("why", Asks::LongText),
        question("seen", photos(1)),
        question("free", number("", "10", 0)),
    ]]);
    let group = |point: i8, first: &str, far: &str, last: &str| {
        vec![
            ("wants", Answer::Choices(words(&[first]))),
            ("often", Answer::Scale(point)),
            ("best", Answer::Ranking(words(&[first]))),
            ("state", rows(&[("water", if first == "dock" { "good" } else { "bad" })])),
            ("far", Answer::Number(far.parse().unwrap())),
            ("last", Answer::Date(last.parse().unwrap())),
            ("why", text("Parce que.")),
            ("free", Answer::Number("3".parse().unwrap())),
        ]
    };
    let results = publish(
        &survey,
        &town(&[
            (20, &group(0, "dock", "2", "2026-05-01")),
            (18, &group(1, "bench", "2.1", "2026-04-30")),
            (7, &group(2, "bench", "10", "2026-05-31")),
            (
                7,
                &[
                    ("often", Answer::Scale(2)),
                    ("far", Answer::Number("8.1".parse().unwrap())),
                    ("last", Answer::Date("2025-12-24".parse().unwrap())),
                ],
            ),
            (2, &group(2, "bench", "10", "1950-01-01")),
        ]),
    );
    let exactly = |list: &[u32]| Some(list.iter().map(|count| Count::Exactly(*count)).collect::<Vec<_>>());
    assert_eq!(counts(&results, "wants"), exactly(&[20, 27]));
    assert_eq!(counts(&results, "often"), exactly(&[20, 18, 16]));
    assert_eq!(counts(&results, "best"), exactly(&[20, 27, 7]));
    assert_eq!(counts(&results, "state"), exactly(&[20, 27, 7]));
    let far = results.tables.iter().find(|table| table.question == id("far")).unwrap();
    let bands: Vec<(String, Count)> = far
        .cells
        .iter()
        .map(|cell| match &cell.what {
            What::Band(band) => (format!("{}–{}", band.from, band.to), cell.count),
            what => panic!("{what:?}"),
        })
        .collect();
    let band = |name: &str, count| (name.to_owned(), count);
    assert_eq!(
        bands,
        [
            band("0–2", Count::Most),
            band("2.1–4.1", Count::Exactly(18)),
            band("4.2–6.2", Count::Few),
            band("6.3–8.3", Count::Exactly(7)),
            band("8.4–10", Count::Exactly(9)),
        ]
    );
    let last = results.tables.iter().find(|table| table.question == id("last")).unwrap();
    let month = |name: &str, count| Cell { what: What::Month(name.parse().unwrap()), count };
    assert_eq!(
        last.cells,
        [
            month("2025-12", Count::Exactly(7)),
            month("2026-04", Count::Exactly(18)),
            month("2026-05", Count::Most),
        ],
        "nobody learns that somebody was last there in 1950"
    );
    for name in ["why", "seen", "free"] {
        assert_eq!(counts(&results, name), None, "{name}");
    }
    let text = serde_json::to_string(&results).unwrap();
    assert_eq!(serde_json::from_str::<Results>(&text).unwrap(), results);
    assert!(!text.contains("Parce que"));
}

#[test]
fn ways_are_told_when_none_singles_out() {
    let survey = survey(vec![vec![yes_or_no()]]);
    let of = |own_device: usize, on_behalf: usize, paper: usize| {
        let mut responses = rink(own_device + on_behalf + paper, 0, 0);
        for response in responses.iter_mut().skip(own_device) {
            response.channel = OnBehalf;
        }
        for response in responses.iter_mut().skip(own_device + on_behalf) {
            response.channel = Paper;
        }
        publish(&survey, &responses).channels
    };
    assert_eq!(of(40, 5, 0), Some(Channels { own_device: 40, on_behalf: 5, paper: 0 }));
    assert_eq!(of(40, 5, 4), None);
    assert_eq!(of(20, 10, 5), None, "35 people are broken down in no way");
}

#[test]
fn answers_that_do_not_fit_are_not_counted() {
    let survey = survey(vec![vec![yes_or_no()]]);
    let mut responses = rink(20, 20, 0);
    responses.extend(people(3, &[("rink", picked("never"))]));
    assert_eq!(publish(&survey, &responses).respondents, Count::Exactly(40));
}

#[test]
fn where_all_are_few_none_is_the_greatest() {
    let ids: Vec<String> = (0..30).map(|number| format!("c{number}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let asks = |count: usize| survey(vec![vec![required("q", one(&ids[..count]))]]);
    let answered = |count: usize, each| -> Vec<Response> {
        ids[..count].iter().flat_map(|choice| people(each, &[("q", picked(choice))])).collect()
    };
    let told = |choices, count, each| counts(&publish(&asks(choices), &answered(count, each)), "q").unwrap();
    assert!(told(30, 20, 2).iter().all(|count| *count == Count::Few));
    // Ten times four: all few would tell that each is four.
    let crowded = told(10, 10, 4);
    assert!(crowded[0] == Count::Most && crowded[1..].iter().all(|count| *count == Count::Few));
}
