//! What is over some day.

use serde::Serialize;

use crate::ids::RecordId;
use crate::operations::Kind;
use crate::time::Millis;

/// What is over some day and is then counted or published by the passing of time: in a scope that
/// nobody pulls.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Due {
    /// Each once.
    pub all: Vec<DueAt>,
}
crate::fields!(open Due { ; all });

/// One such thing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DueAt {
    /// What is done then.
    pub act: Kind,
    /// Its consultation.
    pub consultation: RecordId,
    /// The poll or survey, or what is forwarded.
    pub record: RecordId,
    /// When, by the server's clock.
    pub at: Millis,
}
crate::fields!(open DueAt { act, consultation, record, at });
