//! What a person sees of what they did.

use serde::Serialize;

use super::{AnswerGiven, AppealMade, Forwarded, ForwardedFrom, Question, Step};
use crate::ids::{CommunityId, Hash, OpId, RecordId, RuleId};
use crate::operations::Kind;
use crate::receipts::Outcome;
use crate::text::Title;
use crate::time::Millis;

/// That a person took part in a poll or a survey, and never how: theirs alone.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct TookPart {
    /// Whose poll or survey it is.
    pub community: CommunityId,
    /// Its consultation.
    pub consultation: RecordId,
    /// The poll or survey.
    pub record: RecordId,
    /// When they last did, by the server's clock.
    pub at: Millis,
}
crate::fields!(open TookPart { community, consultation, record, at });

/// What became of a thing that a person did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TrailState {
    /// The server has it; nobody but the office sees it until the office approves it.
    Awaiting,
    /// The server has decided it; nothing more yet.
    Received,
    /// The office answered.
    Answered,
    /// Hidden by a rule.
    Hidden(RuleId),
    /// Taken back.
    Withdrawn,
}
crate::variants!(TrailState { Awaiting "awaiting", Received "received", Answered "answered", Withdrawn "withdrawn" ; Hidden "hidden" });

/// Where a thing that a person did now stands.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Trail {
    /// The operation: ties it to what the device still holds.
    pub op: OpId,
    /// What was done.
    pub act: Kind,
    /// Where.
    pub community: CommunityId,
    /// The consultation that it is about.
    pub consultation: RecordId,
    /// The record that it created or is about.
    pub record: RecordId,
    /// In one line: the proposal's title; none for acts that have no words of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Title>,
    /// What was decided.
    pub outcome: Outcome,
    /// The number on the stamp.
    pub receipt: String,
    /// The hash that the receipt is for.
    pub hash: Hash,
    /// By the server's clock.
    pub received_at: Millis,
    /// Its place in the journal.
    pub stored_at: u64,
    /// What became of it since.
    pub state: TrailState,
    /// The official answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<AnswerGiven>,
    /// How far the office is with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<Step>,
    /// The office's questions, with the replies.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// The answer to the whole consultation uses it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub used: bool,
    /// The proposal that stands for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<RecordId>,
    /// To whom the office passed it on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forwarded: Option<Forwarded>,
    /// From where it came, of what was forwarded here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forwarded_from: Option<ForwardedFrom>,
    /// One's appeal against its last hiding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appeal: Option<AppealMade>,
}
crate::fields!(open Trail { op, act, community, consultation, record, outcome, receipt, hash, received_at, stored_at, state ; title, answer, step, questions, used, merged_into, forwarded, forwarded_from, appeal });
