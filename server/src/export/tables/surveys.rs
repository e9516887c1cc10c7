//! The tables of surveys. What was answered stands there exactly as it was published: counts that
//! are not told are words, and what was written or shown is nowhere.

use domain::surveys::{Count, Part, What};
use domain::text::Lang;

use super::channels;
use super::columns::{Column, ON_CONSULTATION, Sort, column, localized};
use super::{Cell, Kind, in_lang, plain, tagged};
use crate::export::asking::{self, Surveyed};
use crate::export::times;
use crate::export::words::Both;

/// What a row is.
pub fn about(kind: Kind) -> Both {
    match kind {
        Kind::SurveyQuestions => ("Les questions des sondages.", "The questions of the surveys."),
        Kind::SurveyChoices => (
            "Ce qu’on peut choisir dans ces questions, les rangées et les colonnes.",
            "What can be chosen in these questions, rows and columns.",
        ),
        Kind::SurveyResults => (
            "Ce qui a été répondu, tel que publié une seule fois : les petits nombres ne sont pas dits.",
            "What was answered, as published once: small numbers are not told.",
        ),
        Kind::SurveyParts => (
            "Sondages tenus par plusieurs communautés : combien ont répondu dans chacune. Aucune ligne quand il y en a trop \
             peu dans l’une d’elles : les résultats sont alors ceux de toutes ensemble.",
            "Surveys that several communities held: how many answered in each. No row when there are too few in one of \
             them: the results are those of all together then.",
        ),
        _ => ("Les sondages.", "The surveys."),
    }
}

const SURVEY: Both = ("Le sondage.", "The survey.");
const COMMUNITY: Both = ("De quelle communauté.", "Of which community.");
const QUESTION: Both = ("La question.", "The question.");

/// Its columns.
pub fn columns(kind: Kind, languages: &[Lang]) -> Vec<Column> {
    use Sort::{Boolean, Integer, Text};
    let survey = || column("survey", Text, SURVEY).key().to(Kind::Surveys);
    match kind {
        Kind::SurveyQuestions => {
            let mut all = vec![
                survey(),
                column("question", Text, QUESTION).key(),
                column("page", Integer, ("Sa page, à partir de 1.", "Its page, from 1.")),
                column("asks", Text, ("Quelle sorte de réponse.", "What kind of answer.")),
                column("required", Boolean, ("S’il faut y répondre.", "Whether it must be answered.")),
                column(
                    "conditional",
                    Boolean,
                    ("Si elle dépend d’une autre réponse.", "Whether it depends on another answer."),
                ),
            ];
            all.extend(localized("label", languages, ("La question", "The question")));
            all.extend(localized("hint", languages, ("Ce qui aide à répondre", "What helps to answer")));
            all
        }
        Kind::SurveyChoices => {
            let mut all = vec![
                survey(),
                column("question", Text, QUESTION).key(),
                Column {
                    words: ["choice", "row", "column"].map(str::to_owned).to_vec(),
                    ..column(
                        "part",
                        Text,
                        ("choice, row (rangée) ou column (colonne).", "choice, row or column."),
                    )
                    .key()
                },
                column("id", Text, ("Son nom dans la question.", "Its name in the question.")).key(),
            ];
            all.extend(localized("label", languages, ("En mots", "In words")));
            all
        }
        Kind::SurveyResults => results(),
        Kind::SurveyParts => {
            let mut all = vec![survey(), column("community", Text, COMMUNITY).key(), respondents()];
            all.extend(channels::columns());
            all
        }
        _ => surveys(languages),
    }
}

fn results() -> Vec<Column> {
    use Sort::{Integer, Text};
    vec![
        column("survey", Text, SURVEY).key().to(Kind::Surveys),
        column("number", Integer, ("Sa place dans les résultats.", "Its place in the results.")).key(),
        column(
            "community",
            Text,
            (
                "De quelle communauté; vide : de toutes celles qui ont tenu le sondage.",
                "Of which community; empty: of all that held the survey.",
            ),
        )
        .optional(),
        column("question", Text, QUESTION),
        column("row", Text, ("La rangée, quand il y en a.", "The row, when there are some.")).optional(),
        column("asked", Integer, ("À combien elle a été posée.", "How many were asked it.")),
        Column {
            words: ["no_answer", "other", "choice", "point", "band", "month"].map(str::to_owned).to_vec(),
            ..column("what", Text, ("Quelle sorte de chose est comptée.", "What kind of thing is counted."))
        },
        column(
            "value",
            Text,
            (
                "Laquelle : le nom d’un choix, un point, un mois, ou deux nombres séparés par deux points (0..5).",
                "Which one: the name of a choice, a point, a month, or two numbers with two dots between (0..5).",
            ),
        )
        .optional(),
        column(
            "count",
            Text,
            (
                "Combien, ou few : aucun, ou moins de 5, ou au plus 5 %; most : le plus grand, qui n’est pas dit.",
                "How many, or few: none, or fewer than 5, or at most 5 %; most: the greatest, which is not told.",
            ),
        ),
    ]
}

fn respondents() -> Column {
    let said = (
        "Combien ont répondu; few : moins de 5, zéro compris; vide : pas encore publié.",
        "How many answered; few: fewer than 5, zero included; empty: not published yet.",
    );
    column("respondents", Sort::Text, said)
}

fn surveys(languages: &[Lang]) -> Vec<Column> {
    use Sort::{Instant, Text};
    let mut all = vec![
        column("id", Text, ("Nom du sondage.", "The survey’s name.")).key(),
        column("consultation", Text, ON_CONSULTATION).to(Kind::Consultations),
    ];
    all.extend(localized("title", languages, ("De quoi il s’agit", "What it is about")));
    all.extend(localized("intro", languages, ("À quoi il sert", "What it is for")));
    all.extend([
        column("opens_at", Instant, ("Ouvert à partir de ce moment.", "Open from this moment.")),
        column("closes_at", Instant, ("Fermé à ce moment.", "Closed at this moment.")),
        respondents().optional(),
    ]);
    all.extend(channels::columns());
    all
}

/// Its rows of one survey.
pub fn rows(kind: Kind, it: &Surveyed, languages: &[Lang]) -> Vec<Vec<Cell>> {
    match kind {
        Kind::Surveys => vec![survey(it, languages)],
        Kind::SurveyQuestions => questions(it, languages),
        Kind::SurveyChoices => choices(it, languages),
        Kind::SurveyResults => counts(it),
        Kind::SurveyParts => parts(it),
        _ => Vec::new(),
    }
}

fn survey(of: &Surveyed, languages: &[Lang]) -> Vec<Cell> {
    let Surveyed { it, survey, results } = of;
    let mut cells = vec![plain(it.id), plain(it.consultation)];
    cells.extend(languages.iter().map(|lang| in_lang(Some(&it.title), lang)));
    cells.extend(languages.iter().map(|lang| in_lang(survey.intro.as_ref(), lang)));
    cells.push(Cell::Plain(times::instant(it.open.from)));
    cells.push(Cell::Plain(times::instant(it.open.until)));
    cells.push(Cell::plain(results.as_ref().map(|results| told(results.respondents))));
    cells.extend(channels::cells(results.as_ref().and_then(|results| results.channels)));
    cells
}

fn questions(of: &Surveyed, languages: &[Lang]) -> Vec<Vec<Cell>> {
    let pages = of.survey.pages.iter().zip(1_u32..);
    let each = pages.flat_map(|(page, number)| page.questions.iter().map(move |it| (number, it)));
    each.map(|(page, it)| {
        let mut cells = vec![plain(of.it.id), plain(&it.id), plain(page), Cell::Plain(tagged(&it.asks))];
        cells.extend([plain(it.required), plain(it.relevant.is_some())]);
        cells.extend(languages.iter().map(|lang| in_lang(Some(&it.label), lang)));
        cells.extend(languages.iter().map(|lang| in_lang(it.hint.as_ref(), lang)));
        cells
    })
    .collect()
}

fn choices(of: &Surveyed, languages: &[Lang]) -> Vec<Vec<Cell>> {
    let questions = of.survey.questions();
    let each = questions.flat_map(|it| asking::choices(&it.asks).into_iter().map(move |found| (it, found)));
    each.map(|(it, (part, choice))| {
        let mut cells = vec![plain(of.it.id), plain(&it.id), plain(part), plain(&choice.id)];
        cells.extend(languages.iter().map(|lang| in_lang(Some(&choice.label), lang)));
        cells
    })
    .collect()
}

fn parts(of: &Surveyed) -> Vec<Vec<Cell>> {
    let parts = of.results.iter().flat_map(|results| &results.parts);
    let row = |part: &Part| {
        let respondents = Cell::Plain(told(part.results.respondents));
        let mut cells = vec![plain(of.it.id), plain(&part.community), respondents];
        cells.extend(channels::cells(part.results.channels));
        cells
    };
    parts.map(row).collect()
}

fn counts(of: &Surveyed) -> Vec<Vec<Cell>> {
    let all = of.results.iter().map(|results| (None, results));
    let parts = of.results.iter().flat_map(|results| &results.parts);
    let each = all.chain(parts.map(|part| (Some(&part.community), &part.results)));
    let cells = each.flat_map(|(whose, results)| {
        let tables = results.tables.iter();
        tables.flat_map(move |table| table.cells.iter().map(move |cell| (whose, table, cell)))
    });
    cells
        .zip(1_u32..)
        .map(|((whose, table, cell), number)| {
            let (what, value) = counted(&cell.what);
            vec![
                plain(of.it.id),
                plain(number),
                Cell::plain(whose),
                plain(&table.question),
                Cell::plain(table.row.as_ref()),
                plain(table.asked),
                plain(what),
                // A point may be below zero, which a spreadsheet takes for a formula.
                Cell::text(value),
                Cell::Plain(told(cell.count)),
            ]
        })
        .collect()
}

fn counted(what: &What) -> (&'static str, Option<String>) {
    match what {
        What::NoAnswer => ("no_answer", None),
        What::Other => ("other", None),
        What::Choice(id) => ("choice", Some(id.to_string())),
        What::Point(point) => ("point", Some(point.to_string())),
        What::Band(band) => ("band", Some(format!("{}..{}", band.from, band.to))),
        What::Month(month) => ("month", Some(month.to_string())),
    }
}

/// A number, as far as it is told.
pub fn told(count: Count) -> String {
    match count {
        Count::Few => "few".to_owned(),
        Count::Most => "most".to_owned(),
        Count::Exactly(count) => count.to_string(),
    }
}
