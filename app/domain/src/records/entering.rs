//! What an office entered for somebody.

use serde::Serialize;

use crate::ids::RecordId;
use crate::operations::Kind;

/// What can be taken back by the code on a slip: in a scope that nobody pulls, named by the code's hash.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Entered {
    /// What was entered; none once it was taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<Entry>,
}
crate::fields!(open Entered { ; entry });

/// One entry.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Entry {
    /// Its name; its guest's follows from it.
    pub record: RecordId,
    /// What the guest did.
    pub act: Kind,
    /// In which consultation.
    pub consultation: RecordId,
    /// The contribution that was made, the proposal that is supported, the poll or the survey.
    pub about: RecordId,
}
crate::fields!(open Entry { record, act, consultation, about });
