//! What the office sees of it.

use serde::Serialize;

use super::{Contribution, HiddenBy, Step};
use crate::ids::{PersonId, RecordId, RuleId};
use crate::text::{Label, Localized, Text};
use crate::time::Millis;

/// Where a contribution stands at the desk.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskState {
    /// Nobody but its author and the office sees it until the office approves it.
    Awaiting,
    /// Waits for an answer.
    New,
    /// Has one.
    Answered,
    /// Hidden by a rule.
    Hidden(RuleId),
    /// Taken back by its author.
    Withdrawn,
}
crate::variants!(DeskState { Awaiting "awaiting", New "new", Answered "answered", Withdrawn "withdrawn" ; Hidden "hidden" });

/// A template of answers, for the office's clerks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AnswerTemplate {
    /// Its id.
    pub id: RecordId,
    /// By what it is found.
    pub title: Localized<Label>,
    /// What an answer begins with.
    pub text: Localized<Text>,
    /// When it was written or changed last, by the server's clock.
    pub kept_at: Millis,
}
crate::fields!(open AnswerTemplate { id, title, text, kept_at });

/// A contribution, as the desk sees it: with the name.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct DeskItem {
    /// The contribution; its answer included.
    pub contribution: Contribution,
    /// Whose it is.
    pub person: PersonId,
    /// Their name; of what the office entered for somebody, the name of who entered it.
    pub name: Label,
    /// The number on the author's stamp.
    pub receipt: String,
    /// By the server's clock.
    pub received_at: Millis,
    /// By the device's clock.
    pub written_at: Millis,
    /// Where it stands.
    pub state: DeskState,
    /// How far the office is with it, its reading included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<Step>,
    /// For colleagues.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<NoteKept>,
    /// Questions to the author, with the replies.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// What goes along to the office that it was passed on to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cover: Option<Text>,
    /// How it was hidden the last time, also when it is shown again; or that it waits for approval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<Box<HiddenBy>>,
}
crate::fields!(open DeskItem { contribution, person, name, receipt, received_at, written_at, state ; step, notes, questions, cover, hidden });

/// A note for colleagues.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct NoteKept {
    /// Whose.
    pub name: Label,
    /// What it says.
    pub text: Text,
    /// By the server's clock.
    pub at: Millis,
}
crate::fields!(open NoteKept { name, text, at });

/// A question of the office, and the reply.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Question {
    /// The question.
    pub text: Text,
    /// By the server's clock.
    pub at: Millis,
    /// The reply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<Text>,
    /// When it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replied_at: Option<Millis>,
}
crate::fields!(open Question { text, at ; reply, replied_at });

/// What the office is told of the server's backups, and of what a restore lost.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Safekeeping {
    /// When the latest one was made that was read back; none so far, when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_backup: Option<Millis>,
    /// How many operations devices offer again that wait for a record which another device has.
    #[serde(skip_serializing_if = "is_none")]
    pub waiting: u64,
}
crate::fields!(open Safekeeping { ; last_backup, waiting });

fn is_none(count: &u64) -> bool {
    *count == 0
}
