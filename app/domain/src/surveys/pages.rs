//! Walking through a survey page by page.

use super::answers::Answers;
use super::definition::{Question, Survey};
use super::problems::{AnswerProblem, look};
use super::relevance::shown;

/// How far somebody is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// How many of the questions shown are answered.
    pub answered: usize,
    /// How many questions are shown; changes with the answers.
    pub shown: usize,
    /// How many of those not answered are required.
    pub required_left: usize,
}

/// The questions that are shown on one page.
fn on_page<'a>(survey: &'a Survey, shown: &[bool], page: usize) -> Vec<&'a Question> {
    let before: usize = survey.pages.iter().take(page).map(|page| page.questions.len()).sum();
    let questions = survey.pages.get(page).map_or(&[][..], |page| &page.questions);
    let shown = shown.iter().skip(before);
    questions.iter().zip(shown).filter(|(_, shown)| **shown).map(|(question, _)| question).collect()
}

/// What keeps somebody from leaving a page. Answers that the draft still holds to hidden
/// questions are no problem here: nobody could mend them, and sealing drops them.
pub fn page_problems(survey: &Survey, answers: &Answers, page: usize) -> Vec<AnswerProblem> {
    let mut found = Vec::new();
    for question in on_page(survey, &shown(survey, answers), page) {
        look(question, answers.get(&question.id), &mut found);
    }
    found
}

/// The page after one, or the first one after none, that shows a question.
pub fn next_page(survey: &Survey, answers: &Answers, after: Option<usize>) -> Option<usize> {
    let shown = shown(survey, answers);
    let mut pages = after.map_or(0, |page| page.saturating_add(1))..survey.pages.len();
    pages.find(|page| !on_page(survey, &shown, *page).is_empty())
}

/// The page before one that shows a question.
pub fn previous_page(survey: &Survey, answers: &Answers, before: usize) -> Option<usize> {
    let shown = shown(survey, answers);
    let mut pages = (0..before.min(survey.pages.len())).rev();
    pages.find(|page| !on_page(survey, &shown, *page).is_empty())
}

/// How far somebody is.
pub fn progress(survey: &Survey, answers: &Answers) -> Progress {
    let mut progress = Progress { answered: 0, shown: 0, required_left: 0 };
    for (question, shown) in survey.questions().zip(shown(survey, answers)) {
        let answered = answers.get(&question.id).is_some();
        progress.shown += usize::from(shown);
        progress.answered += usize::from(shown && answered);
        progress.required_left += usize::from(shown && question.required && !answered);
    }
    progress
}
