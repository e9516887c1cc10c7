//! Which questions are shown, given what was answered so far.

use super::answers::Answers;
use super::definition::{Question, Survey};
use crate::ids::QuestionId;

/// For each question in its order, whether it is shown. One pass is enough: conditions name
/// earlier questions only. An answer to a hidden question counts as none, so that dropping
/// it changes nothing.
pub(super) fn shown(survey: &Survey, answers: &Answers) -> Vec<bool> {
    let questions: Vec<&Question> = survey.questions().collect();
    let mut shown: Vec<bool> = Vec::with_capacity(questions.len());
    for question in &questions {
        let answer = |id: &QuestionId| {
            let mut earlier = questions.iter().zip(&shown);
            let (_, shown) = earlier.find(|(question, _)| question.id == *id)?;
            if *shown { answers.get(id) } else { None }
        };
        let holds = question.relevant.as_ref().is_none_or(|condition| condition.holds(answer));
        shown.push(holds);
    }
    shown
}

/// The questions that are shown.
pub fn relevant<'a>(survey: &'a Survey, answers: &Answers) -> Vec<&'a Question> {
    let shown = shown(survey, answers);
    survey.questions().zip(shown).filter(|(_, shown)| *shown).map(|(question, _)| question).collect()
}

/// Drops what is not sealed: answers to questions that are not relevant or not in the
/// survey, and answers that say nothing. A draft keeps them, so that whoever changes an
/// answer and changes it back finds the rest as it was.
pub fn prune(survey: &Survey, answers: &mut Answers) {
    let relevant = relevant(survey, answers);
    answers.0.retain(|id, answer| !answer.is_blank() && relevant.iter().any(|question| question.id == *id));
}
