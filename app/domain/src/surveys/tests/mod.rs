//! Surveys made by hand, and the tests by subject.

mod depending;
mod dice;
mod disclosed;
mod fitting;
mod generated;
mod hidden;
mod published;
mod small_values;
mod sound;
mod walking;

use super::*;
use crate::channels::Channel;
use crate::ids::{ChoiceId, Hash, QuestionId};
use crate::operations::Photo;
use crate::text::{Lang, Localized};

pub(super) fn said<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> Localized<T> {
    Localized::new([(fr(), text.parse().unwrap())]).unwrap()
}

pub(super) fn fr() -> Lang {
    "fr".parse().unwrap()
}

pub(super) fn id(text: &str) -> QuestionId {
    text.parse().unwrap()
}

pub(super) fn word(text: &str) -> ChoiceId {
    text.parse().unwrap()
}

pub(super) fn words(texts: &[&str]) -> Vec<ChoiceId> {
    texts.iter().map(|text| word(text)).collect()
}

pub(super) fn choices(ids: &[&str]) -> Vec<Choice> {
    ids.iter().map(|id| Choice { id: word(id), label: said(id) }).collect()
}

pub(super) fn one(ids: &[&str]) -> Asks {
    Asks::OneChoice(OneChoice { choices: choices(ids), other: false })
}

pub(super) fn several(ids: &[&str], min: Option<u8>, max: Option<u8>) -> Asks {
    Asks::Several(Several { choices: choices(ids), min, max })
}

pub(super) fn scale(from: i8, to: i8) -> Asks {
    Asks::Scale(ScaleBetween { from, to, low: said("Pas du tout"), high: said("Beaucoup") })
}

pub(super) fn number(min: &str, max: &str, decimals: u8) -> Asks {
    let (min, max) = (min.parse().ok(), max.parse().ok());
    Asks::Number(NumberRange { min, max, unit: Some(said("km")), decimals })
}

pub(super) fn date(earliest: &str, latest: &str) -> Asks {
    Asks::Date(DateRange { earliest: earliest.parse().ok(), latest: latest.parse().ok() })
}

pub(super) fn ranking(ids: &[&str], top: Option<u8>) -> Asks {
    Asks::Ranking(RankingOf { choices: choices(ids), top })
}

pub(super) fn matrix(rows: &[&str], columns: &[&str]) -> Asks {
    Asks::Matrix(MatrixOf { rows: choices(rows), columns: choices(columns) })
}

pub(super) fn photos(max: u8) -> Asks {
    Asks::Photos(PhotosUpTo { max })
}

pub(super) fn question(name: &str, asks: Asks) -> Question {
    Question { id: id(name), label: said(name), hint: None, required: false, relevant: None, asks }
}

pub(super) fn required(name: &str, asks: Asks) -> Question {
    Question { required: true, ..question(name, asks) }
}

impl Question {
    pub(super) fn when(self, on: &str, test: Test) -> Self {
        let relevant = Some(Condition::All(vec![Clause { question: id(on), test }]));
        Self { relevant, ..self }
    }
}

pub(super) fn survey(pages: Vec<Vec<Question>>) -> Survey {
    let pages = pages.into_iter().map(|questions| Page { title: None, questions }).collect();
    Survey { intro: None, pages }
}

pub(super) fn answers(list: &[(&str, Answer)]) -> Answers {
    let mut answers = Answers::default();
    list.iter().for_each(|(name, answer)| answers.put(id(name), answer.clone()));
    answers
}

pub(super) fn picked(choice: &str) -> Answer {
    Answer::Choice(word(choice))
}

pub(super) fn text(text: &str) -> Answer {
    Answer::Text(text.parse().unwrap())
}

pub(super) fn rows(list: &[(&str, &str)]) -> Answer {
    let mut rows = Rows::default();
    list.iter().for_each(|(row, column)| rows.put(word(row), word(column)));
    Answer::Matrix(rows)
}

pub(super) fn photo(number: u8) -> Photo {
    Photo { full: Hash([number; 32]), thumb: Hash([number + 100; 32]), alt: None }
}

/// One question of every kind, the lake's survey.
pub(super) fn lake() -> Survey {
    survey(vec![
        vec![
            required(
                "use",
                Asks::OneChoice(OneChoice { choices: choices(&["swim", "fish", "none"]), other: true }),
            ),
            question("often", scale(0, 10)).when("use", Test::IsNot(word("none"))),
        ],
        vec![
            question("why", Asks::LongText).when("often", Test::AtLeast(Decimal::whole(7))),
            question("name", Asks::ShortText).when("why", Test::Answered),
        ],
        vec![
            question("wants", several(&["dock", "bench", "path"], Some(1), Some(2))),
            question("best", ranking(&["dock", "bench", "path"], Some(2))),
            required("state", matrix(&["water", "shore"], &["good", "bad"])),
            question("far", number("0", "200", 1)),
            question("last", date("2020-01-01", "2026-12-31")),
            question("seen", photos(2)),
        ],
    ])
}

/// Valid answers to all of it.
pub(super) fn given() -> Answers {
    answers(&[
        ("use", picked("swim")),
        ("often", Answer::Scale(8)),
        ("why", text("L’eau est froide.\nC’est bien.")),
        ("name", text("Rose")),
        ("wants", Answer::Choices(words(&["dock", "path"]))),
        ("best", Answer::Ranking(words(&["path", "dock"]))),
        ("state", rows(&[("water", "good"), ("shore", "bad")])),
        ("far", Answer::Number("12.5".parse().unwrap())),
        ("last", Answer::Date("2024-02-29".parse().unwrap())),
        ("seen", Answer::Photos(vec![photo(1), photo(2)])),
    ])
}
