//! Every small town there can be. A reader knows the rules, the survey and what is
//! published: all towns of which the same is published look alike to them. So towns are
//! grouped by what is published, and in each group every count that stands as few must be
//! zero in some town. Small thresholds make corners small enough to be visited.

use std::collections::BTreeMap;

use super::*;
use crate::surveys::results::{Thresholds, publish_with};

/// All ways to divide `people` among so many kinds of people.
pub(super) fn towns(people: u32, kinds: usize) -> Vec<Vec<u32>> {
    if kinds == 1 {
        return vec![vec![people]];
    }
    let with = |first: u32| {
        towns(people - first, kinds - 1).into_iter().map(move |rest| [vec![first], rest].concat())
    };
    (0..=people).flat_map(with).collect()
}

/// What a reader of one publication cannot tell apart.
#[derive(Default)]
pub(super) struct Alike {
    /// For each count, the values that it has in some town.
    pub values: Vec<Vec<u32>>,
}

impl Alike {
    pub(super) fn add(&mut self, counts: &[u32]) {
        self.values.resize(counts.len(), vec![]);
        for (values, count) in self.values.iter_mut().zip(counts) {
            if !values.contains(count) {
                values.push(*count);
            }
        }
    }
}

/// Holds the guarantee for all tables of a survey together. A kind of people gives the same
/// answers; a count is of the kinds that have one in common.
fn survey_keeps(survey: &Survey, people: u32, thresholds: Thresholds) {
    assert_eq!(survey.check(), Ok(()));
    let kinds = ways(survey);
    let cells = cells(survey, &kinds);
    let mut published: BTreeMap<String, (Results, Alike)> = BTreeMap::new();
    for town in towns(people, kinds.len()) {
        let of = |(kind, count): (&Answers, &u32)| {
            let response = Response { channel: Channel::Paper, answers: kind.clone() };
            vec![response; *count as usize]
        };
        let responses: Vec<Response> = kinds.iter().zip(&town).flat_map(of).collect();
        let counted = |(_, _, members): &(QuestionId, What, Vec<bool>)| {
            town.iter().zip(members).filter(|(_, member)| **member).map(|(count, _)| count).sum()
        };
        let counts: Vec<u32> = cells.iter().map(counted).collect();
        let results = publish_with(survey, &responses, thresholds);
        let key = serde_json::to_string(&results).unwrap();
        published.entry(key).or_insert_with(|| (results, Alike::default())).1.add(&counts);
    }
    for (key, (results, alike)) in &published {
        for ((question, what, _), values) in cells.iter().zip(&alike.values) {
            let table = results.tables.iter().find(|table| table.question == *question);
            let cell = table.and_then(|table| table.cells.iter().find(|cell| cell.what == *what));
            let says = format!("{question} {what:?} in {key}");
            let may_be_none = values.contains(&0);
            let may_be_enough = values.iter().any(|value| *value >= thresholds.few_below);
            match cell.map(|cell| cell.count) {
                Some(Count::Exactly(exact)) => assert!(may_be_enough && values == &[exact], "{says}"),
                Some(Count::Few) => assert!(may_be_none, "{says}: {values:?}"),
                // Not told at all: as little is known of it as of the greatest.
                Some(Count::Most) | None => assert!(may_be_none || may_be_enough, "{says}: {values:?}"),
            }
        }
    }
}

/// Every choice of every question, and who is asked and leaves it out, with the kinds of
/// people counted there.
fn cells(survey: &Survey, kinds: &[Answers]) -> Vec<(QuestionId, What, Vec<bool>)> {
    let mut cells = Vec::new();
    for question in survey.questions() {
        let list = match &question.asks {
            Asks::OneChoice(one) => &one.choices,
            Asks::Several(several) => &several.choices,
            _ => unreachable!(),
        };
        for choice in list {
            let chose = |kind: &Answers| match kind.get(&question.id) {
                Some(Answer::Choice(id)) => *id == choice.id,
                Some(Answer::Choices(ids)) => ids.contains(&choice.id),
                _ => false,
            };
            let members = kinds.iter().map(chose).collect();
            cells.push((question.id.clone(), What::Choice(choice.id.clone()), members));
        }
        if !question.required {
            let out = |kind: &Answers| {
                relevant(survey, kind).contains(&question) && kind.get(&question.id).is_none()
            };
            cells.push((question.id.clone(), What::NoAnswer, kinds.iter().map(out).collect()));
        }
    }
    cells
}

const TINY: Thresholds = Thresholds { few_below: 2, least: 4 };
const SMALL: Thresholds = Thresholds { few_below: 3, least: 5 };

/// Every way to answer, as far as the survey takes it.
fn ways(survey: &Survey) -> Vec<Answers> {
    let mut ways = vec![Answers::default()];
    for question in survey.questions() {
        let mut options = Vec::new();
        match &question.asks {
            Asks::OneChoice(one) => options.extend(one.choices.iter().map(|c| Answer::Choice(c.id.clone()))),
            Asks::Several(several) => options.extend((1..1_u8 << several.choices.len()).map(|set| {
                let list = several.choices.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1);
                Answer::Choices(list.map(|(_, choice)| choice.id.clone()).collect())
            })),
            _ => unreachable!(),
        }
        let with = |way: &Answers, option: &Answer| {
            let mut way = way.clone();
            way.put(question.id.clone(), option.clone());
            way
        };
        let more: Vec<Answers> =
            ways.iter().flat_map(|way| options.iter().map(|option| with(way, option))).collect();
        ways.extend(more);
    }
    ways.retain(|way| check(survey, way).is_empty());
    ways
}

#[test]
fn questions_that_depend_on_others_tell_nothing_about_the_few() {
    for test in [Test::Is(word("x")), Test::IsNot(word("x")), Test::Answered] {
        for (needed, needed_too) in [(true, true), (true, false), (false, true)] {
            let first: &[&str] = if needed { &["x", "y", "z"] } else { &["x", "y"] };
            let first = Question { required: needed, ..question("a", one(first)) };
            let second = Question { required: needed_too, ..question("b", one(&["u", "v"])) };
            let survey = survey(vec![vec![first, second.when("a", test.clone())]]);
            for people in 5..=8 {
                survey_keeps(&survey, people, if people < 7 { TINY } else { SMALL });
            }
        }
    }
}

#[test]
fn with_the_thresholds_in_force_a_village_of_44_tells_nothing_about_the_few() {
    let in_force = Thresholds { few_below: FEW_BELOW, least: LEAST };
    let first = || question("a", one(&["x", "y"]));
    survey_keeps(&survey(vec![vec![first()]]), 44, in_force);
    let second = required("b", one(&["u", "v"])).when("a", Test::Is(word("x")));
    let first = Question { required: true, ..first() };
    survey_keeps(&survey(vec![vec![first, second]]), 46, in_force);
}

#[test]
fn chains_of_questions_tell_nothing_about_the_few() {
    let first = required("a", one(&["x", "y"]));
    let second = required("b", one(&["u", "v"])).when("a", Test::Is(word("x")));
    let third = || required("c", one(&["s", "t"]));
    for test in [Test::Is(word("u")), Test::IsNot(word("u"))] {
        let survey = survey(vec![vec![first.clone(), second.clone(), third().when("b", test)]]);
        (6..=10).for_each(|people| survey_keeps(&survey, people, TINY));
    }
    let survey = survey(vec![vec![first, second, third().when("a", Test::Is(word("x")))]]);
    (6..=9).for_each(|people| survey_keeps(&survey, people, TINY));
}

#[test]
fn several_choices_tell_nothing_about_the_few() {
    for (required, min, max) in [
        (false, None, None),
        (true, None, None),
        (true, Some(2), None),
        (false, Some(2), None),
        (true, None, Some(2)),
    ] {
        let several = several(&["x", "y", "z"], min, max);
        let survey = survey(vec![vec![Question { required, ..question("a", several) }]]);
        for people in 4..=8 {
            survey_keeps(&survey, people, if people < 7 { TINY } else { SMALL });
        }
    }
}

#[test]
fn what_depends_on_several_choices_tells_nothing_about_the_few() {
    for test in [Test::Is(word("x")), Test::IsNot(word("x")), Test::Answered] {
        for required in [true, false] {
            let first = Question { required, ..question("a", several(&["x", "y"], None, None)) };
            let second = self::required("b", one(&["u", "v"])).when("a", test.clone());
            let survey = survey(vec![vec![first, second]]);
            (5..=8).for_each(|people| survey_keeps(&survey, people, TINY));
        }
    }
}
