//! Surveys: opened by the office, answered, and their results published once when they are over.

use serde::Serialize;

use super::{BlobRef, Data, no_files};
use crate::ids::RecordId;
use crate::surveys::{Answers, Survey};
use crate::text::{Localized, Title};
use crate::time::Millis;
use crate::wire::Later;

/// Opening a survey in a consultation.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct OpenSurvey {
    /// Its consultation.
    pub consultation: RecordId,
    /// What it is about.
    pub title: Localized<Title>,
    /// Its questions.
    pub survey: Later<Survey>,
    /// From when on answers are taken.
    pub opens_at: Millis,
    /// Until when.
    pub closes_at: Millis,
}
crate::fields!(strict OpenSurvey { consultation, title, survey, opens_at, closes_at });

/// Answering a survey; later answers replace earlier ones.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Respond {
    /// Its consultation.
    pub consultation: RecordId,
    /// The survey.
    pub survey: RecordId,
    /// What one answers.
    pub answers: Later<Answers>,
}
crate::fields!(strict Respond { consultation, survey, answers });

/// Publishing the results of a survey that is over: done by the passing of time, once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PublishResults {
    /// Its consultation.
    pub consultation: RecordId,
    /// The survey.
    pub survey: RecordId,
}
crate::fields!(strict PublishResults { consultation, survey });

/// Reads what is to be checked.
fn read<T: serde::de::DeserializeOwned>(later: &Later<T>) -> Result<T, &'static str> {
    later.read().map_err(|_| "unexpected shape")
}

/// A device trusts what it sealed itself, and need not hold what reads it.
const TRUSTS: bool = cfg!(target_arch = "wasm32");

impl Data for OpenSurvey {
    fn consultation(&self) -> Option<RecordId> {
        Some(self.consultation)
    }

    fn check(&self, blobs: &[BlobRef]) -> Result<(), &'static str> {
        if self.closes_at <= self.opens_at {
            return Err("a survey closes before it opens");
        }
        if TRUSTS {
            return Ok(());
        }
        read(&self.survey)?.check().map_err(|problem| problem.fault.reason())?;
        no_files(blobs)
    }
}

impl Data for Respond {
    fn consultation(&self) -> Option<RecordId> {
        Some(self.consultation)
    }

    fn about(&self) -> Option<RecordId> {
        Some(self.survey)
    }

    fn check(&self, blobs: &[BlobRef]) -> Result<(), &'static str> {
        if TRUSTS {
            return Ok(());
        }
        super::contributions::are_files_of(read(&self.answers)?.photos(), blobs)
    }
}

about! { survey: PublishResults }
