//! The form that opens a survey: its questions as a list, and whether it can open.

use domain::ids::{QuestionId, RecordId};
use domain::operations::OpenSurvey;
use domain::surveys::{At, Fault, Page, Question, Survey};
use domain::text::{Localized, Text, Title};
use domain::time::Millis;
use domain::wire::Later;

use super::texts::{Texts, is_open, localized, optional};

/// A question in the list.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// Whether a page begins with it. The first one always begins one.
    pub begins: bool,
    /// Its words.
    pub question: Question,
}

/// The list, from a survey as it is kept while it is written; nothing that can be read is an empty one.
pub fn rows(kept: &str) -> Vec<Row> {
    let survey: Option<Survey> = serde_json::from_str(kept).ok();
    let pages = survey.map(|survey| survey.pages).unwrap_or_default();
    let row = |(at, question)| Row { begins: at == 0, question };
    pages.into_iter().flat_map(|page| page.questions.into_iter().enumerate().map(row)).collect()
}

/// The survey of a list.
pub fn survey(intro: Option<Localized<Text>>, rows: &[Row]) -> Survey {
    let mut pages: Vec<Page> = Vec::new();
    for row in rows {
        match pages.last_mut().filter(|_| !row.begins) {
            Some(page) => page.questions.push(row.question.clone()),
            None => pages.push(Page { title: None, questions: vec![row.question.clone()] }),
        }
    }
    Survey { intro, pages }
}

/// The list as it is kept while it is written.
pub fn kept(rows: &[Row]) -> String {
    serde_json::to_string(&survey(None, rows)).unwrap_or_default()
}

/// A name that no question of the list has.
pub fn fresh_id(rows: &[Row]) -> Option<QuestionId> {
    let names = (1..=rows.len() + 1).filter_map(|at| format!("q{at}").parse::<QuestionId>().ok());
    names.into_iter().find(|id| rows.iter().all(|row| row.question.id != *id))
}

/// Puts a question in the place of the one of the same name, or behind all others.
pub fn put(rows: &mut Vec<Row>, row: Row) {
    match rows.iter_mut().find(|known| known.question.id == row.question.id) {
        Some(known) => *known = row,
        None => rows.push(row),
    }
}

/// Moves a question before the one that stands before it. What begins a page stays where it is.
pub fn earlier(rows: &mut [Row], at: usize) {
    if (1..rows.len()).contains(&at) {
        rows.swap(at - 1, at);
        let begins = rows[at - 1].begins;
        rows[at - 1].begins = rows[at].begins;
        rows[at].begins = begins;
    }
}

/// Takes a question out. The page that began with it begins with the next one.
pub fn without(rows: &mut Vec<Row>, at: usize) {
    if at < rows.len() {
        let begins = rows.remove(at).begins;
        if let Some(next) = rows.get_mut(at) {
            next.begins |= begins;
        }
    }
}

/// What is wrong with the list: which question, counted from 0, and what. None: the list as a whole.
pub fn trouble(rows: &[Row]) -> Option<(Option<usize>, Fault)> {
    let problem = survey(None, rows).check().err()?;
    let place = match &problem.at {
        At::Question(id) => rows.iter().position(|row| row.question.id == *id),
        At::Survey | At::Page(_) => None,
    };
    Some((place, problem.fault))
}

/// The form, as typed.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct SurveyForm {
    /// What it is about.
    pub titles: Texts,
    /// What one should know before; may be left out.
    pub intros: Texts,
    /// The questions.
    pub rows: Vec<Row>,
    /// From the native input.
    pub closes_at: Option<Millis>,
}

/// What keeps a survey from opening.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SurveyTrouble {
    /// The title is missing, too long, or still has a place of a template.
    Title,
    /// What one should know is too long.
    Intro,
    /// A question, counted from 0, or the list as a whole.
    Questions(Option<usize>, Fault),
    /// No closing date, or one that has passed.
    Closes,
}

/// The operation, or every problem in the order of the form.
pub fn open(
    form: &SurveyForm,
    consultation: RecordId,
    now: Millis,
) -> Result<OpenSurvey, Vec<SurveyTrouble>> {
    let title = localized::<Title>(&form.titles).filter(|_| !is_open(&form.titles));
    let intro = optional::<Text>(&form.intros);
    let trouble = trouble(&form.rows).map(|(at, fault)| SurveyTrouble::Questions(at, fault));
    let closes_at = form.closes_at.filter(|at| *at > now);
    match (title, intro, trouble, closes_at) {
        (Some(title), Ok(intro), None, Some(closes_at)) => {
            // What was just written is JSON in any case.
            let survey = Later::of(&survey(intro, &form.rows)).map_err(|_| Vec::new())?;
            Ok(OpenSurvey { consultation, title, survey, opens_at: now, closes_at })
        }
        (title, intro, trouble, closes_at) => Err([
            title.is_none().then_some(SurveyTrouble::Title),
            intro.is_err().then_some(SurveyTrouble::Intro),
            trouble,
            closes_at.is_none().then_some(SurveyTrouble::Closes),
        ]
        .into_iter()
        .flatten()
        .collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::questions::{Fields, fresh, read};
    use super::super::testing::{id, lang};
    use super::*;

    fn row(name: &str, begins: bool, more: &[(&str, &str)]) -> Row {
        let mut fields = Fields(vec![]);
        let given = [("label fr", name), ("label en", name), ("choices fr", "A\nB"), ("choices en", "A\nB")];
        fields.0.extend(fresh().0);
        fields
            .0
            .extend(given.iter().chain(more).map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
        Row { begins, question: read(&fields, name.parse().unwrap()).unwrap() }
    }

    fn list() -> Vec<Row> {
        let after = row("q2", false, &[("if", "q1"), ("test", "is c2")]);
        vec![row("q1", true, &[]), after, row("q3", true, &[])]
    }

    fn names(rows: &[Row]) -> String {
        let mark = |row: &Row| if row.begins { "|" } else { " " };
        rows.iter().map(|row| [mark(row), row.question.id.as_str()].concat()).collect()
    }

    #[test]
    fn a_list_is_kept_as_the_survey_that_it_is() {
        assert_eq!(rows(&kept(&list())), list());
        assert_eq!(survey(None, &list()).pages.len(), 2);
        assert_eq!((rows(""), rows("{")), (vec![], vec![]));
        assert_eq!(fresh_id(&list()).unwrap().as_str(), "q4");
        let mut gap = list();
        without(&mut gap, 1);
        assert_eq!(fresh_id(&gap).unwrap().as_str(), "q2");
    }

    #[test]
    fn pages_begin_where_they_began_when_questions_are_moved_and_taken_out() {
        let mut rows = list();
        earlier(&mut rows, 2);
        assert_eq!(names(&rows), "|q1 q3|q2");
        earlier(&mut rows, 0);
        earlier(&mut rows, 9);
        assert_eq!(names(&rows), "|q1 q3|q2");
        without(&mut rows, 0);
        assert_eq!(names(&rows), "|q3|q2");
        put(&mut rows, row("q3", true, &[("required", "yes")]));
        put(&mut rows, row("q4", false, &[]));
        assert_eq!(names(&rows), "|q3|q2 q4");
        assert!(rows[0].question.required);
    }

    #[test]
    fn a_question_that_depends_on_a_later_one_is_named() {
        assert_eq!(trouble(&list()), None);
        let mut rows = list();
        earlier(&mut rows, 1);
        assert_eq!(trouble(&rows), Some((Some(0), Fault::NotEarlier)));
        assert_eq!(trouble(&[]), Some((None, Fault::NoQuestions)));
    }

    #[test]
    fn a_survey_opens_whole_or_says_everything_that_is_missing() {
        let both = |text: &str| vec![(lang("fr"), text.to_owned()), (lang("en"), text.to_owned())];
        let form = SurveyForm {
            titles: both("Le quai"),
            rows: list(),
            closes_at: Some(Millis(9)),
            ..SurveyForm::default()
        };
        let opened = open(&form, id(1), Millis(5)).unwrap();
        assert_eq!(opened.survey.read().unwrap(), survey(None, &list()));
        use SurveyTrouble::{Closes, Questions, Title};
        let empty = open(&SurveyForm::default(), id(1), Millis(5)).unwrap_err();
        assert_eq!(empty, [Title, Questions(None, Fault::NoQuestions), Closes]);
        let place = SurveyForm { titles: both("Le [lieu]"), ..form };
        assert_eq!(open(&place, id(1), Millis(5)).unwrap_err(), [Title]);
    }
}
