//! Consultations that several communities hold as equals: each has a record of its own under the same name, and decides
//! for its own.

use serde::Serialize;

use super::Data;
use crate::ids::{CommunityId, RecordId};
use crate::text::{Localized, Text};
use crate::time::Millis;

/// The most communities that one consultation is shared with.
pub const SHARED_MAX: usize = 12;

/// Bringing what is shared to another community: an invitation, or what is asked there too. By the passing of time,
/// in the community that it is brought to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Share {
    /// From whom.
    pub from: CommunityId,
    /// The consultation, which has the same name everywhere.
    pub consultation: RecordId,
    /// A poll or survey in it; the consultation itself: the invitation to it.
    pub record: RecordId,
}
crate::fields!(strict Share { from, consultation, record });

/// Joining a consultation that one was invited to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Join {
    /// By whom.
    pub from: CommunityId,
    /// To which.
    pub consultation: RecordId,
    /// Who decides here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<Localized<Text>>,
    /// What is done here with the contributions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_for: Option<Localized<Text>>,
    /// When an answer is promised here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_by: Option<Millis>,
}
crate::fields!(strict Join { from, consultation ; decided_by, used_for, answer_by });

/// Declining the invitation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Decline {
    /// By whom one was invited.
    pub from: CommunityId,
    /// To which consultation.
    pub consultation: RecordId,
}
crate::fields!(strict Decline { from, consultation });

about! { consultation: Join Decline }

impl Data for Share {}
