//! A question to the author of a contribution, and the reply: between the office and them.

use serde::Serialize;

use crate::ids::RecordId;
use crate::text::Text;

/// Asking the author something.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Ask {
    /// Its consultation.
    pub consultation: RecordId,
    /// The contribution.
    pub record: RecordId,
    /// The question.
    pub text: Text,
}
crate::fields!(strict Ask { consultation, record, text });

/// Replying to the office's latest question.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Reply {
    /// Its consultation.
    pub consultation: RecordId,
    /// One's own contribution.
    pub record: RecordId,
    /// The reply.
    pub text: Text,
}
crate::fields!(strict Reply { consultation, record, text });

about! { record: Ask Reply }
