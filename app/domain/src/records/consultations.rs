//! Consultations, and the answers to them.

use serde::Serialize;

use crate::ids::{CommunityId, RecordId};
use crate::operations::{Model, Source};
use crate::phases::{Form, Phases};
use crate::text::{Localized, Text, Title};
use crate::time::Millis;

/// A consultation. Where it stands follows from its dates: see [`crate::phases`].
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Consultation {
    /// Its id.
    pub id: RecordId,
    /// Whose it is.
    pub community: CommunityId,
    /// What is asked.
    pub title: Localized<Title>,
    /// What is asked, and why now: two minutes to read.
    pub summary: Localized<Text>,
    /// By the server's clock.
    pub opened_at: Millis,
    /// Its course.
    pub phases: Phases,
    /// For how long, in milliseconds from closing, what was written offline is still taken.
    pub grace: i64,
    /// What people are asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub takes: Vec<Form>,
    /// When it was closed by hand, before its time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Millis>,
    /// Who decides in the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<Localized<Text>>,
    /// What is done with the contributions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_for: Option<Localized<Text>>,
    /// When an answer is promised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_by: Option<Millis>,
    /// The answer to all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conclusion: Option<Conclusion>,
    /// For imported conversations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The consultation of another community whose words it began from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adapted_from: Option<Model>,
    /// The communities that hold it as equals, each under the same name in its own scope, as far as they joined.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shared_with: Vec<CommunityId>,
    /// Invented to show the product.
    pub fictitious: bool,
}
crate::fields!(open Consultation { id, community, title, summary, opened_at, phases, grace ; takes, closed_at, decided_by, used_for, answer_by, conclusion, source, adapted_from, shared_with, fictitious });

/// That another community invites to a consultation: the office sees it until it joins or declines.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Invitation {
    /// By whom.
    pub from: CommunityId,
    /// To which; its record lies in their public scope.
    pub consultation: RecordId,
    /// What is asked there.
    pub title: Localized<Title>,
    /// Since when, by the server's clock.
    pub at: Millis,
}
crate::fields!(open Invitation { from, consultation, title, at });

/// The answer to a consultation as a whole.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Conclusion {
    /// In the languages that the office wrote.
    pub text: Localized<Text>,
    /// By the server's clock; an office signs with the day.
    pub at: Millis,
    /// The contributions that it uses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<RecordId>,
}
crate::fields!(open Conclusion { text, at ; uses });
