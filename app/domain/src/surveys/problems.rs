//! Whether answers fit their survey. The form asks page by page, the rule asks for all.

use super::answers::{Answer, Answers, Rows};
use super::asks::{Asks, DateRange, MatrixOf, NumberRange};
use super::days::Day;
use super::decimals::Decimal;
use super::definition::{Choice, Question, Survey, has};
use super::relevance::shown;
use crate::ids::{ChoiceId, QuestionId};
use crate::text::{InvalidText, Label, Text, graphemes};

/// The most graphemes of a long text; shorter than a proposal's, because there are several.
pub const LONG_TEXT_MAX: usize = 2_000;
/// The most bytes of a long text.
pub const LONG_TEXT_BYTES: usize = 8_000;

/// What is wrong with an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AnswerProblem {
    /// To which question.
    pub question: QuestionId,
    /// Why it cannot be taken.
    pub reason: Reason,
}

/// Why an answer cannot be taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reason {
    /// The question is shown and required.
    Missing,
    /// The question is not shown with these answers.
    NotRelevant,
    /// The survey has no such question.
    NoSuchQuestion,
    /// An answer of another kind than the question asks for.
    AnotherKind,
    /// More than so many graphemes (or four times as many bytes).
    TooLong(usize),
    /// A line feed or tab where one line is asked for.
    ManyLines,
    /// Fewer choices than so many.
    TooFew(usize),
    /// More choices, places or photos than so many.
    TooMany(usize),
    /// Less than the least.
    Below(Decimal),
    /// More than the greatest.
    Above(Decimal),
    /// More decimals than so many.
    TooPrecise(u8),
    /// Before the first possible day.
    TooEarly(Day),
    /// After the last possible day.
    TooLate(Day),
    /// Not among the choices, or the columns.
    NotAChoice,
    /// The question takes no other answer than its choices.
    NoOther,
    /// The same choice twice.
    Repeated,
    /// Not among the rows.
    NotARow,
    /// A row of a required matrix has no column.
    RowMissing(ChoiceId),
}

/// Everything that is wrong with answers as they are sealed; nothing, when they are valid.
/// Drafts are pruned first ([`super::prune`]).
pub fn check(survey: &Survey, answers: &Answers) -> Vec<AnswerProblem> {
    let mut found = Vec::new();
    for (question, shown) in survey.questions().zip(shown(survey, answers)) {
        let answer = answers.get(&question.id);
        if shown {
            look(question, answer, &mut found);
        } else if answer.is_some() {
            found.push(AnswerProblem { question: question.id.clone(), reason: Reason::NotRelevant });
        }
    }
    for (id, _) in answers.iter() {
        if survey.question(id).is_none() {
            found.push(AnswerProblem { question: id.clone(), reason: Reason::NoSuchQuestion });
        }
    }
    found
}

/// Looks at the answer to a question that is shown.
pub(super) fn look(question: &Question, answer: Option<&Answer>, found: &mut Vec<AnswerProblem>) {
    let mut reasons = Vec::new();
    match answer {
        Some(answer) => reasons_against(question, answer, &mut reasons),
        None if question.required => reasons.push(Reason::Missing),
        None => {}
    }
    for reason in reasons {
        found.push(AnswerProblem { question: question.id.clone(), reason });
    }
}

fn reasons_against(question: &Question, answer: &Answer, reasons: &mut Vec<Reason>) {
    let reason = match (&question.asks, answer) {
        (Asks::ShortText, Answer::Text(text)) => short(text),
        (Asks::LongText, Answer::Text(text)) => long(text),
        (Asks::OneChoice(one), Answer::Choice(id)) => (!has(&one.choices, id)).then_some(Reason::NotAChoice),
        (Asks::OneChoice(one), Answer::Other(_)) => (!one.other).then_some(Reason::NoOther),
        (Asks::Several(several), Answer::Choices(list)) => {
            let min = several.min.map_or(1, usize::from);
            chosen(list, &several.choices, min, several.max)
        }
        (Asks::Ranking(ranking), Answer::Ranking(list)) => chosen(list, &ranking.choices, 1, ranking.top),
        (Asks::Scale(scale), Answer::Scale(point)) => {
            let (from, to) = (Decimal::whole(scale.from.into()), Decimal::whole(scale.to.into()));
            between(Decimal::whole((*point).into()), Some(from), Some(to))
        }
        (Asks::Matrix(matrix), Answer::Matrix(rows)) => {
            judged(rows, matrix, question.required, reasons);
            None
        }
        (Asks::Number(range), Answer::Number(value)) => number(*value, range),
        (Asks::Date(range), Answer::Date(day)) => date(*day, range),
        (Asks::Photos(most), Answer::Photos(photos)) => {
            let max = usize::from(most.max);
            (photos.len() > max).then_some(Reason::TooMany(max))
        }
        _ => Some(Reason::AnotherKind),
    };
    reasons.extend(reason);
}

fn short(text: &Text) -> Option<Reason> {
    match text.as_str().parse::<Label>() {
        Ok(_) => None,
        Err(InvalidText::Control) => Some(Reason::ManyLines),
        Err(_) => Some(Reason::TooLong(Label::GRAPHEMES)),
    }
}

fn long(text: &Text) -> Option<Reason> {
    let bytes = text.as_str().len();
    // Counting is slow, and there are at least as many bytes.
    let fits =
        bytes <= LONG_TEXT_BYTES && (bytes <= LONG_TEXT_MAX || graphemes(text.as_str()) <= LONG_TEXT_MAX);
    (!fits).then_some(Reason::TooLong(LONG_TEXT_MAX))
}

/// The number is looked at first: a long list of wrong ones is not compared.
fn chosen(list: &[ChoiceId], choices: &[Choice], min: usize, max: Option<u8>) -> Option<Reason> {
    let max = max.map_or(choices.len(), usize::from);
    if list.len() > max {
        return Some(Reason::TooMany(max));
    }
    if !list.iter().all(|id| has(choices, id)) {
        return Some(Reason::NotAChoice);
    }
    if (0..list.len()).any(|at| list[..at].contains(&list[at])) {
        return Some(Reason::Repeated);
    }
    (list.len() < min).then_some(Reason::TooFew(min))
}

fn judged(rows: &Rows, matrix: &MatrixOf, required: bool, reasons: &mut Vec<Reason>) {
    if rows.iter().any(|(row, _)| !has(&matrix.rows, row)) {
        reasons.push(Reason::NotARow);
    }
    if rows.iter().any(|(_, column)| !has(&matrix.columns, column)) {
        reasons.push(Reason::NotAChoice);
    }
    for row in &matrix.rows {
        if required && rows.get(&row.id).is_none() {
            reasons.push(Reason::RowMissing(row.id.clone()));
        }
    }
}

fn between(value: Decimal, min: Option<Decimal>, max: Option<Decimal>) -> Option<Reason> {
    let below = min.filter(|min| value < *min).map(Reason::Below);
    below.or_else(|| max.filter(|max| value > *max).map(Reason::Above))
}

fn number(value: Decimal, range: &NumberRange) -> Option<Reason> {
    let precise = value.decimals() > range.decimals;
    between(value, range.min, range.max).or(precise.then_some(Reason::TooPrecise(range.decimals)))
}

fn date(day: Day, range: &DateRange) -> Option<Reason> {
    let early = range.earliest.filter(|earliest| day < *earliest).map(Reason::TooEarly);
    early.or_else(|| range.latest.filter(|latest| day > *latest).map(Reason::TooLate))
}
