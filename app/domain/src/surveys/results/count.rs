//! Counting what was answered.

use super::super::answers::{Answer, Answers};
use super::super::asks::{Asks, NumberRange};
use super::super::decimals::Decimal;
use super::super::definition::{Choice, Question, Survey};
use super::super::problems::check;
use super::super::relevance::relevant;
use super::disclosure::{IN_FORCE, Thresholds, asked, hide, hide_several};
use super::{Band, Cell, Count, LEAST, Month, Part, Response, Results, Table, What};
use crate::channels::Channels;
use crate::ids::CommunityId;

/// In how many bands numbers are counted.
const BANDS: i64 = 5;

/// What is published of a survey, made once after closing. Answers that do not fit the
/// survey are not counted at all; the rule took none.
pub fn publish(survey: &Survey, responses: &[Response]) -> Results {
    publish_with(survey, responses, IN_FORCE)
}

/// What is published of a survey that several communities held: each one's results, or only those of all.
pub fn publish_shared(survey: &Survey, held: &[(CommunityId, Vec<Response>)]) -> Results {
    let of = |(community, responses): &(CommunityId, Vec<Response>)| Part {
        community: community.clone(),
        results: publish(survey, responses),
    };
    let parts: Vec<Part> = held.iter().map(of).collect();
    let exactly = |part: &Part| match part.results.respondents {
        Count::Exactly(count) => Some(count).filter(|count| *count >= LEAST),
        Count::Few | Count::Most => None,
    };
    match parts.iter().map(exactly).sum::<Option<u32>>() {
        Some(all) if parts.len() > 1 => {
            Results { respondents: Count::Exactly(all), channels: None, tables: Vec::new(), parts }
        }
        _ => {
            let all: Vec<Response> = held.iter().flat_map(|(_, responses)| responses).cloned().collect();
            publish(survey, &all)
        }
    }
}

pub(in super::super) fn publish_with(
    survey: &Survey,
    responses: &[Response],
    thresholds: Thresholds,
) -> Results {
    let valid = |response: &&Response| check(survey, &response.answers).is_empty();
    let responses: Vec<&Response> = responses.iter().filter(valid).collect();
    let respondents = number(responses.len());
    if respondents < thresholds.few_below {
        return Results::of(Count::Few);
    }
    let mut results = Results::of(Count::Exactly(respondents));
    if respondents < thresholds.least {
        return results;
    }
    let channels = responses.iter().map(|response| response.channel);
    results.channels = Channels::told(channels, thresholds.few_below);
    for question in survey.questions() {
        let asked = base(survey, question, &results.tables, respondents);
        let Some(asked) = asked.filter(|asked| *asked >= thresholds.least) else { continue };
        let shown = |response: &&&Response| {
            relevant(survey, &response.answers).iter().any(|shown| shown.id == question.id)
        };
        let answers: Vec<&Answers> =
            responses.iter().filter(shown).map(|response| &response.answers).collect();
        results.tables.extend(tables(question, asked, &answers, thresholds.few(asked)));
    }
    results
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// How many were asked a question, if that may be told.
fn base(survey: &Survey, question: &Question, tables: &[Table], respondents: u32) -> Option<u32> {
    let Some(condition) = &question.relevant else { return Some(respondents) };
    let [clause] = condition.clauses() else { return None };
    let tested = survey.question(&clause.question)?;
    let table = tables.iter().find(|table| table.question == clause.question && table.row.is_none())?;
    asked(tested, &clause.test, table)
}

/// The tables of one question.
fn tables(question: &Question, asked: u32, answers: &[&Answers], few: u32) -> Vec<Table> {
    let answers: Vec<Option<&Answer>> = answers.iter().map(|answers| answers.get(&question.id)).collect();
    let table = |row, cells| Table { question: question.id.clone(), row, asked, cells };
    match &question.asks {
        Asks::Several(several) => {
            let mut counts = listed(&several.choices);
            for answer in answers.into_iter().flatten() {
                let Answer::Choices(list) = answer else { continue };
                list.iter().for_each(|id| count(&mut counts, What::Choice(id.clone())));
            }
            let numbers: Vec<u32> = counts.iter().map(|(_, count)| *count).collect();
            let min = several.min.unwrap_or(1);
            let told = hide_several(&numbers, asked, few, question.required, min);
            told.map(|told| table(None, cells(counts, told))).into_iter().collect()
        }
        Asks::Matrix(matrix) => {
            let one = |row: &Choice| {
                let column = |answer: &Answer| match answer {
                    Answer::Matrix(rows) => rows.get(&row.id).cloned().map(What::Choice),
                    _ => None,
                };
                let whats = answers.iter().map(|answer| answer.and_then(column));
                let counts = once(listed(&matrix.columns), question.required, whats);
                let numbers: Vec<u32> = counts.iter().map(|(_, count)| *count).collect();
                let told = hide(&numbers, counts.len(), few);
                table(Some(row.id.clone()), cells(counts, told))
            };
            matrix.rows.iter().map(one).collect()
        }
        asks => {
            let Some((counts, months)) = kinds(asks) else { return Vec::new() };
            let whats = answers.iter().map(|answer| answer.and_then(|answer| what(asks, answer)));
            let counts = once(counts, question.required, whats);
            let room =
                months.map_or(counts.len(), |months| months.saturating_add(usize::from(!question.required)));
            let numbers: Vec<u32> = counts.iter().map(|(_, count)| *count).collect();
            let mut cells = cells(counts, hide(&numbers, room, few));
            // That a month is few would tell that somebody named it.
            cells.retain(|cell| cell.count != Count::Few || !matches!(cell.what, What::Month(_)));
            vec![table(None, cells)]
        }
    }
}

type Counts = Vec<(What, u32)>;

fn listed(choices: &[Choice]) -> Counts {
    choices.iter().map(|choice| (What::Choice(choice.id.clone()), 0)).collect()
}

/// The cells of a question that puts everybody into one, and for dates how many there can
/// be; nothing where answers are not counted.
fn kinds(asks: &Asks) -> Option<(Counts, Option<usize>)> {
    Some(match asks {
        Asks::OneChoice(one) => {
            let mut counts = listed(&one.choices);
            counts.extend(one.other.then_some((What::Other, 0)));
            (counts, None)
        }
        Asks::Scale(scale) => ((scale.from..=scale.to).map(|point| (What::Point(point), 0)).collect(), None),
        Asks::Ranking(ranking) => (listed(&ranking.choices), None),
        Asks::Number(range) => (bands(range)?.into_iter().map(|band| (What::Band(band), 0)).collect(), None),
        Asks::Date(range) => {
            let months = range.earliest.zip(range.latest).map_or(usize::MAX, |(earliest, latest)| {
                Month::of(latest).number() - Month::of(earliest).number() + 1
            });
            (Vec::new(), Some(months))
        }
        _ => return None,
    })
}

/// Equal bands between the bounds of a question, known before anybody answers.
fn bands(range: &NumberRange) -> Option<Vec<Band>> {
    let (min, max) = range.min.zip(range.max)?;
    let step = [1_000, 100, 10, 1].get(usize::from(range.decimals))?;
    let values = (max.thousandths() - min.thousandths()) / step + 1;
    let width = (values + BANDS - 1) / BANDS * step;
    let mut bands = Vec::new();
    let mut from = min.thousandths();
    while from <= max.thousandths() {
        let to = (from + width - step).min(max.thousandths());
        bands.push(Band { from: Decimal::from_thousandths(from)?, to: Decimal::from_thousandths(to)? });
        from += width;
    }
    Some(bands)
}

/// Where an answer is counted.
fn what(asks: &Asks, answer: &Answer) -> Option<What> {
    match (asks, answer) {
        (_, Answer::Choice(id)) => Some(What::Choice(id.clone())),
        (_, Answer::Other(_)) => Some(What::Other),
        (_, Answer::Scale(point)) => Some(What::Point(*point)),
        (_, Answer::Ranking(list)) => list.first().cloned().map(What::Choice),
        (_, Answer::Date(day)) => Some(What::Month(Month::of(*day))),
        (Asks::Number(range), Answer::Number(value)) => {
            let mut bands = bands(range)?.into_iter();
            bands.find(|band| (band.from..=band.to).contains(value)).map(What::Band)
        }
        _ => None,
    }
}

/// Counts everybody once; who left a question out that may be, too.
fn once(mut counts: Counts, required: bool, whats: impl Iterator<Item = Option<What>>) -> Counts {
    if !required {
        counts.push((What::NoAnswer, 0));
    }
    for what in whats {
        count(&mut counts, what.unwrap_or(What::NoAnswer));
    }
    counts
}

/// Months are put in their order as they come, before what is there already.
fn count(counts: &mut Counts, what: What) {
    if let Some((_, count)) = counts.iter_mut().find(|(known, _)| *known == what) {
        *count += 1;
        return;
    }
    let month = |known: &What| matches!(known, What::Month(_)) && *known < what;
    let at = counts.iter().take_while(|(known, _)| month(known)).count();
    counts.insert(at, (what, 1));
}

fn cells(counts: Counts, told: Vec<Count>) -> Vec<Cell> {
    counts.into_iter().zip(told).map(|((what, _), count)| Cell { what, count }).collect()
}
