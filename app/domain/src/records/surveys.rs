//! Surveys and their answers.

use serde::Serialize;

use super::Open;
use crate::channels::Channel;
use crate::ids::{PersonId, RecordId};
use crate::surveys::{Answers, Results, Survey};
use crate::text::{Localized, Title};
use crate::time::Week;
use crate::wire::Later;

/// A survey with its questions.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Questionnaire {
    /// Its id.
    pub id: RecordId,
    /// Where it was opened.
    pub consultation: RecordId,
    /// What it is about.
    pub title: Localized<Title>,
    /// Its questions.
    pub survey: Later<Survey>,
    /// When it is.
    pub open: Open,
    /// What was answered, once it is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub results: Option<Later<Results>>,
}
crate::fields!(open Questionnaire { id, consultation, title, survey, open ; results });

/// Somebody's answers to a survey, as the desk sees them: without a name, and by the week.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SurveyResponse {
    /// The survey.
    pub survey: RecordId,
    /// What was answered.
    pub answers: Later<Answers>,
    /// The week of the first answers.
    pub week: Week,
}
crate::fields!(open SurveyResponse { survey, answers, week });

/// Whose response is whose: in a scope that nobody pulls.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Respondents {
    /// The survey.
    pub survey: RecordId,
    /// Each person once, in the order of their ids.
    pub people: Vec<Respondent>,
}
crate::fields!(open Respondents { survey, people });

/// A person and the name of their response.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Respondent {
    /// Who.
    pub person: PersonId,
    /// Their response.
    pub response: RecordId,
    /// How it came.
    #[serde(skip_serializing_if = "Channel::is_own_device")]
    pub channel: Channel,
}
crate::fields!(open Respondent { person, response ; channel });
