//! Moderation by the community's published rules: participants point at what breaks one and appeal
//! against a hiding; the office writes the rules, publishes what waits for it where it looks first, lets
//! stand what was pointed at, and a second person decides appeals.
//! Hiding itself is among what the office does with a contribution.

use serde::Serialize;

use super::{BlobRef, Data, no_files};
use crate::ids::{RecordId, RuleId};
use crate::text::{Label, Localized, Text};

/// Pointing the office at a contribution that breaks a rule; once for each person. Who does so is
/// told to nobody.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Flag {
    /// Its consultation.
    pub consultation: RecordId,
    /// The contribution.
    pub record: RecordId,
    /// From the community's own list.
    pub rule: RuleId,
    /// For the office alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Label>,
}
crate::fields!(strict Flag { consultation, record, rule ; text });

/// The most flags that one act lets be.
pub const KEPT_MAX: usize = 200;

/// Letting a contribution stand that participants pointed at.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Keep {
    /// Its consultation.
    pub consultation: RecordId,
    /// The contribution.
    pub record: RecordId,
    /// What was looked at, by the names in the office's record; at most [`KEPT_MAX`].
    pub flags: Vec<RecordId>,
}
crate::fields!(strict Keep { consultation, record, flags });

/// Asking for a second look at the hiding of one's own contribution; once for each hiding.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Appeal {
    /// Its consultation.
    pub consultation: RecordId,
    /// One's own contribution.
    pub record: RecordId,
    /// Why it should be shown.
    pub text: Text,
}
crate::fields!(strict Appeal { consultation, record, text });

/// Deciding an appeal: by somebody who neither hid the contribution nor made it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DecideAppeal {
    /// Its consultation.
    pub consultation: RecordId,
    /// The contribution.
    pub record: RecordId,
    /// Whether it is shown again; otherwise it stays hidden.
    pub restored: bool,
    /// Why, for its author, in the languages that the office wrote.
    pub text: Localized<Text>,
}
crate::fields!(strict DecideAppeal { consultation, record, restored, text });

/// Publishing a contribution that waits for the office to look at it. What breaks a rule is hidden instead.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Approve {
    /// Its consultation.
    pub consultation: RecordId,
    /// The contribution.
    pub record: RecordId,
}
crate::fields!(strict Approve { consultation, record });

about! { record: Flag Appeal DecideAppeal Approve }

impl Data for Keep {
    fn consultation(&self) -> Option<RecordId> {
        Some(self.consultation)
    }

    fn about(&self) -> Option<RecordId> {
        Some(self.record)
    }

    fn check(&self, blobs: &[BlobRef]) -> Result<(), &'static str> {
        if !(1..=KEPT_MAX).contains(&self.flags.len()) {
            return Err("no flags, or too many");
        }
        no_files(blobs)
    }
}

/// The most rules that a community has.
pub const RULES_MAX: usize = 20;

/// Saying by which rules something may be hidden from now on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SettleRules {
    /// All of them, in their order, each id once; at most [`RULES_MAX`]. One that is left out is no
    /// longer applied; its name stays known for what was hidden by it. None at all: they stay as they are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleText>,
    /// Whether what people write from now on appears only once the office approves it. None: as before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub premoderated: Option<bool>,
}
crate::fields!(strict SettleRules { ; rules, premoderated });

/// A rule, as the office writes it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RuleText {
    /// Its id in this community's list.
    pub id: RuleId,
    /// Its name.
    pub label: Localized<Label>,
    /// What it covers.
    pub explanation: Localized<Text>,
}
crate::fields!(strict RuleText { id, label, explanation });

impl Data for SettleRules {
    fn check(&self, blobs: &[BlobRef]) -> Result<(), &'static str> {
        if self.rules.is_empty() && self.premoderated.is_none() || self.rules.len() > RULES_MAX {
            return Err("no rules, or too many");
        }
        let twice = |at: usize| self.rules[..at].iter().any(|other| other.id == self.rules[at].id);
        if (0..self.rules.len()).any(twice) {
            return Err("a rule twice");
        }
        no_files(blobs)
    }
}
