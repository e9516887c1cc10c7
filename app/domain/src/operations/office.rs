//! What the office does with a proposal: it answers, and it hides by a rule.

use serde::Serialize;

use super::Data;
use crate::ids::{RecordId, RuleId};
use crate::text::{Localized, Text};

/// An official answer; a later one replaces an earlier one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Answer {
    /// Its consultation.
    pub consultation: RecordId,
    /// The proposal.
    pub record: RecordId,
    /// In the languages that the office wrote.
    pub text: Localized<Text>,
}
crate::fields!(strict Answer { consultation, record, text });

/// Hiding by a public rule.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Hide {
    /// Its consultation.
    pub consultation: RecordId,
    /// The proposal.
    pub record: RecordId,
    /// From the community's own list.
    pub rule: RuleId,
}
crate::fields!(strict Hide { consultation, record, rule });

impl Data for Answer {
    fn consultation(&self) -> Option<RecordId> {
        Some(self.consultation)
    }

    fn about(&self) -> Option<RecordId> {
        Some(self.record)
    }
}

impl Data for Hide {
    fn consultation(&self) -> Option<RecordId> {
        Some(self.consultation)
    }

    fn about(&self) -> Option<RecordId> {
        Some(self.record)
    }
}
