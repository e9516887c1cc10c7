//! What moderation leaves: the public trace of a hiding, what was pointed at, appeals.

use serde::Serialize;

use super::Contribution;
use crate::ids::{PersonId, RecordId, RuleId};
use crate::operations::Kind;
use crate::text::{Label, Localized, Text};
use crate::time::{Millis, Week};

/// The public trace of something hidden: which rule, which week, never the text. One lies beside the
/// place where the text was, and one, with its consultation, in the community's log.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Hiding {
    /// The rule applied.
    pub rule: RuleId,
    /// When.
    pub week: Week,
    /// What made the contribution; none when the server no longer knew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<Kind>,
    /// What became of it.
    #[serde(skip_serializing_if = "HidingState::is_hidden")]
    pub state: HidingState,
    /// In the community's log: where the contribution was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consultation: Option<RecordId>,
}
crate::fields!(open Hiding { rule, week ; act, state, consultation });

/// What became of a hiding.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HidingState {
    /// It stands.
    #[default]
    Hidden,
    /// The author asks for a second look.
    Appealed,
    /// A second person looked: it stands.
    Upheld,
    /// A second person looked: the text is shown again.
    Restored,
}
crate::variants!(HidingState { Hidden "hidden", Appealed "appealed", Upheld "upheld", Restored "restored" });

impl HidingState {
    fn is_hidden(&self) -> bool {
        *self == Self::Hidden
    }

    /// Whether a second person has looked.
    pub fn is_decided(self) -> bool {
        matches!(self, Self::Upheld | Self::Restored)
    }
}

/// What participants pointed at in a contribution: for its office.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Flags {
    /// The contribution.
    pub record: RecordId,
    /// Each person's once, in the order of their names, which tells nothing.
    pub all: Vec<FlagGiven>,
}
crate::fields!(open Flags { record, all });

/// One of them, without whose it is.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct FlagGiven {
    /// The name of what said so.
    pub flag: RecordId,
    /// Which rule it breaks.
    pub rule: RuleId,
    /// For the office alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Label>,
    /// Whether the office has let it stand since.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub kept: bool,
}
crate::fields!(open FlagGiven { flag, rule ; text, kept });

/// Who pointed at a contribution: in a scope that nobody pulls.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Flaggers {
    /// The contribution.
    pub record: RecordId,
    /// Each once, in order.
    pub people: Vec<PersonId>,
}
crate::fields!(open Flaggers { record, people });

/// What the office knows of a hiding, or keeps of what waits for its approval.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct HiddenBy {
    /// Who hid it: somebody else decides an appeal. None when a restore has lost that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// Their name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
    /// By the server's clock.
    pub at: Millis,
    /// As everyone saw it or will see it, with what was blotted out; none once it is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown: Option<Contribution>,
    /// What its author says to that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appeal: Option<AppealMade>,
}
crate::fields!(open HiddenBy { at ; person, name, shown, appeal });

impl HiddenBy {
    /// Hidden at a time, with nothing known beside.
    pub fn at(at: Millis) -> Self {
        Self { person: None, name: None, at, shown: None, appeal: None }
    }
}

/// An appeal against a hiding: its author and the office see it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct AppealMade {
    /// Why it should be shown.
    pub text: Text,
    /// By the server's clock.
    pub at: Millis,
    /// What a second person decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
}
crate::fields!(open AppealMade { text, at ; verdict });

/// What a second person decided of an appeal.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Verdict {
    /// Whether it is shown again; otherwise it stays hidden.
    pub restored: bool,
    /// Why, in the languages that the office wrote; none after a restore, until those words come back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Localized<Text>>,
    /// By the server's clock.
    pub at: Millis,
}
crate::fields!(open Verdict { restored, at ; text });
