//! Passing a proposal on to the community that it is for. An operation writes in one community only, so there are
//! three: the office's own, what the passing of time delivers to the other, and its word that it arrived.

use serde::Serialize;

use super::Data;
use crate::ids::{CommunityId, RecordId};
use crate::text::{Localized, Text, Title};

/// Passing a proposal on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Forward {
    /// Its consultation.
    pub consultation: RecordId,
    /// The proposal.
    pub record: RecordId,
    /// To whom.
    pub to: CommunityId,
    /// For the other office alone: why to them, what was done so far.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}
crate::fields!(strict Forward { consultation, record, to ; note });

/// Delivering it there: by the passing of time, in the community that it was forwarded to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Deliver {
    /// Whose it was.
    pub from: CommunityId,
    /// Its consultation there.
    pub consultation: RecordId,
    /// The proposal there.
    pub record: RecordId,
    /// What the place for forwarded proposals is called, when this is the first one.
    pub title: Localized<Title>,
    /// And what is said there.
    pub summary: Localized<Text>,
}
crate::fields!(strict Deliver { from, consultation, record, title, summary });

/// That it was delivered, or could not be: by the passing of time, in the community that it came from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ConfirmDelivery {
    /// Its consultation.
    pub consultation: RecordId,
    /// The proposal.
    pub record: RecordId,
    /// What it is called where it arrived; none: it was taken back or hidden on the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrived: Option<RecordId>,
}
crate::fields!(strict ConfirmDelivery { consultation, record ; arrived });

about! { record: Forward ConfirmDelivery }

impl Data for Deliver {}
