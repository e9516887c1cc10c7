//! Operations: what people do. A body names its kind and version; every version ever
//! released is accepted through a pure upcaster (there is one version so far).

/// Acts that are about one earlier record, and say nothing that could be checked without it.
macro_rules! about {
    ($record:ident: $($kind:ident)+) => { $(
        impl super::Data for $kind {
            fn consultation(&self) -> Option<crate::ids::RecordId> {
                Some(self.consultation)
            }

            fn about(&self) -> Option<crate::ids::RecordId> {
                Some(self.$record)
            }
        }
    )+ };
}

mod asking;
mod commitments;
mod consultations;
mod contributions;
mod documents;
mod entering;
mod errors;
mod forwarding;
mod kind;
mod merging;
mod moderation;
mod office;
mod polls;
mod sharing;
mod surveys;
mod templates;
#[cfg(test)]
mod tests;
mod texts;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::envelope::{Author, BODY_MAX, Envelope};
use crate::ids::{CommunityId, Entry, Hash, OpId, RecordId, Salt};
use crate::text::Title;
use crate::time::Millis;

pub use asking::{Ask, Reply};
pub use commitments::{Commit, Delivery, LOG_MAX, ReportProgress};
pub use consultations::{CloseConsultation, Conclude, GRACE_MAX, Model, OpenConsultation, Source, USES_MAX};
pub use contributions::{Comment, PHOTOS_MAX, Photo, Propose, Stance, Support, Withdraw};
pub use documents::{AttachDocument, DetachDocument};
pub use entering::{Act, AppealFor, Consent, Enter, TakeBack, Way};
pub use errors::DecodeError;
use errors::invalid;
pub use forwarding::{ConfirmDelivery, Deliver, Forward};
pub use merging::{Merge, Unmerge};
pub use moderation::{Appeal, Approve, DecideAppeal, Flag, KEPT_MAX, Keep, RULES_MAX, RuleText, SettleRules};
pub use office::{Answer, BLOTS_MAX, Blot, Cover, File, Hide, Mark, Note, Progress};
pub(crate) use polls::number;
pub use polls::{Cast, Count, OpenPoll};
pub use sharing::{Decline, Join, SHARED_MAX, Share};
pub use surveys::{OpenSurvey, PublishResults, Respond};
pub use templates::{DropTemplate, KeepTemplate};
pub(crate) use texts::one_line;
pub use texts::{Amend, NewParagraph, PARAGRAPHS_MAX, PublishText, Replaces, TEXTS_MAX};

/// A decoded envelope.
#[derive(Clone, PartialEq, Debug)]
pub struct Operation {
    /// As sealed.
    pub op: OpId,
    /// As sealed.
    pub author: Author,
    /// As sealed.
    pub community: CommunityId,
    /// The journal's key.
    pub entry: Entry,
    /// Over the body.
    pub hash: Hash,
    /// By the device's clock; shown to its author and the desk, never decisive.
    pub written_at: Millis,
    /// What must have been uploaded before.
    pub blobs: Vec<BlobRef>,
    /// What is done.
    pub action: Action,
}

/// A file that an operation needs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct BlobRef {
    /// Its name.
    pub sha256: Hash,
    /// In bytes.
    pub size: u64,
}
crate::fields!(strict BlobRef { sha256, size });

/// What is said in a body of one kind.
trait Data {
    /// The consultation in which it is.
    fn consultation(&self) -> Option<RecordId> {
        None
    }

    /// The record that it is about, when it is about an earlier one.
    fn about(&self) -> Option<RecordId> {
        None
    }

    /// In one line, when it has words of its own.
    fn title(&self) -> Option<Title> {
        None
    }

    /// What can be checked without any record.
    fn check(&self, blobs: &[BlobRef]) -> Result<(), &'static str> {
        no_files(blobs)
    }
}

fn no_files(blobs: &[BlobRef]) -> Result<(), &'static str> {
    if blobs.is_empty() { Ok(()) } else { Err("blobs do not match the photos") }
}

/// Kinds as they are written and read. A module that never names some does not hold how they are written.
#[derive(Clone, Copy)]
pub struct Kinds {
    read: fn(&str, &str, &[BlobRef]) -> Result<Action, DecodeError>,
    write: fn(&Action) -> serde_json::Result<String>,
}

impl Kinds {
    /// Of what participants do; whatever else is not known.
    pub const PARTICIPANTS: Self =
        Self { read: Action::participants_read, write: Action::participants_write };

    /// Of every kind.
    pub const ALL: Self = Self { read: Action::all_read, write: Action::all_write };
}

/// What can be checked of an action without any record.
fn checked<D: Data>(data: D, blobs: &[BlobRef]) -> Result<D, DecodeError> {
    data.check(blobs).map_err(|reason| DecodeError::Invalid(reason.to_owned()))?;
    Ok(data)
}

/// Makes the types of all kinds from one table: the name in Rust, the name in a body. Those of participants
/// come first.
macro_rules! kinds {
    ($($(#[$of:meta])+ $own:ident $known:literal,)+ ; $($(#[$about:meta])+ $kind:ident $name:literal,)+) => {
        kinds! { all $($(#[$of])+ $own $known,)+ $($(#[$about])+ $kind $name,)+ }

        impl Action {
            fn participants_write(&self) -> serde_json::Result<String> {
                match self {
                    $(Action::$own(data) => serde_json::to_string(data),)+
                    _ => Err(serde::ser::Error::custom("not what participants do")),
                }
            }

            fn participants_read(kind: &str, data: &str, blobs: &[BlobRef]) -> Result<Self, DecodeError> {
                match kind {
                    $($known => {
                        checked(serde_json::from_str(data).map_err(invalid)?, blobs).map(Action::$own)
                    })+
                    _ => Err(DecodeError::Unsupported),
                }
            }

            fn all_write(&self) -> serde_json::Result<String> {
                match self {
                    $(Action::$kind(data) => serde_json::to_string(data),)+
                    _ => self.participants_write(),
                }
            }

            fn all_read(kind: &str, data: &str, blobs: &[BlobRef]) -> Result<Self, DecodeError> {
                match kind {
                    $($name => {
                        checked(serde_json::from_str(data).map_err(invalid)?, blobs).map(Action::$kind)
                    })+
                    _ => Self::participants_read(kind, data, blobs),
                }
            }
        }
    };
    (all $($(#[$about:meta])+ $kind:ident $name:literal,)+) => {
        /// The kinds, as they are named in a body.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind { $($(#[$about])+ $kind,)+ }
        crate::variants!(Kind { $($kind $name),+ });

        /// What is done, by kind.
        #[derive(Clone, PartialEq, Debug)]
        pub enum Action { $(#[doc = concat!("See [`", stringify!($kind), "`].")] $kind($kind),)+ }

        impl Kind {
            /// Every kind there is.
            pub const ALL: &[Kind] = &[$(Kind::$kind),+];

            /// Its name in a body.
            pub fn name(self) -> &'static str {
                match self { $(Kind::$kind => $name),+ }
            }
        }

        impl Action {
            /// Which kind it is.
            pub fn kind(&self) -> Kind {
                match self { $(Action::$kind(_) => Kind::$kind),+ }
            }

            /// The record that it is about, when it is about an earlier one. Operations about one
            /// record keep their order.
            pub fn about(&self) -> Option<RecordId> {
                match self { $(Action::$kind(data) => data.about()),+ }
            }

            /// The consultation in which it is, when there is one already.
            pub fn consultation(&self) -> Option<RecordId> {
                match self { $(Action::$kind(data) => data.consultation()),+ }
            }

            /// Its one line, when it has words of its own.
            pub fn title(&self) -> Option<Title> {
                match self { $(Action::$kind(data) => data.title()),+ }
            }
        }
    };
}

kinds! {
    /// Make a proposal.
    Propose "propose",
    /// Comment on a proposal.
    Comment "comment",
    /// Amend a published text.
    Amend "amend",
    /// Support a proposal, or do so no longer.
    Support "support",
    /// Take one's own contribution back.
    Withdraw "withdraw",
    /// Cast a ballot.
    Cast "cast",
    /// Answer a survey.
    Respond "respond",
    /// Reply to the office's question.
    Reply "reply",
    /// Point the office at what breaks a rule.
    Flag "flag",
    /// Ask for a second look at a hiding.
    Appeal "appeal",
    ;
    /// Answer officially.
    Answer "answer",
    /// Say where a contribution stands.
    Mark "mark",
    /// Ask its author something.
    Ask "ask",
    /// File it under another subject.
    File "file",
    /// Note something for colleagues.
    Note "note",
    /// Blot out private information in it.
    Blot "blot",
    /// Merge a proposal into another.
    Merge "merge",
    /// Part them again.
    Unmerge "unmerge",
    /// Pass a proposal on to another community.
    Forward "forward",
    /// Deliver it there.
    Deliver "deliver",
    /// Say that it arrived.
    ConfirmDelivery "confirm_delivery",
    /// Open a consultation.
    OpenConsultation "open_consultation",
    /// Bring what is shared to another community.
    Share "share",
    /// Join a consultation of several communities.
    Join "join",
    /// Decline to.
    Decline "decline",
    /// Close a consultation.
    CloseConsultation "close_consultation",
    /// Attach a document to a consultation.
    AttachDocument "attach_document",
    /// Take a document away.
    DetachDocument "detach_document",
    /// Publish a text, or a new version of one.
    PublishText "publish_text",
    /// Open a poll.
    OpenPoll "open_poll",
    /// Open a survey.
    OpenSurvey "open_survey",
    /// Count a poll that is over.
    Count "count",
    /// Publish the results of a survey that is over.
    PublishResults "publish_results",
    /// Answer a consultation as a whole.
    Conclude "conclude",
    /// Commit to something.
    Commit "commit",
    /// Report on a commitment.
    ReportProgress "report_progress",
    /// Publish what waits for the office.
    Approve "approve",
    /// Hide by a public rule.
    Hide "hide",
    /// Let stand what was pointed at.
    Keep "keep",
    /// Decide an appeal against a hiding.
    DecideAppeal "decide_appeal",
    /// Say by which rules something may be hidden.
    SettleRules "settle_rules",
    /// Keep a template of answers.
    KeepTemplate "keep_template",
    /// Take one out of the list.
    DropTemplate "drop_template",
    /// Enter what somebody said who came, telephoned, wrote or filled in a form.
    Enter "enter",
    /// Take it back by the code on its slip.
    TakeBack "take_back",
    /// Ask for a second look at its hiding by that code.
    AppealFor "appeal_for",
}

/// The sealed text's shape.
#[derive(Serialize)]
struct Body {
    v: u32,
    kind: String,
    salt: Salt,
    written_at: Millis,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    blobs: Vec<BlobRef>,
    data: Box<RawValue>,
}
crate::fields!(strict Body { v, kind, salt, written_at, data ; blobs });

/// Seals an action: the text that will never change again.
pub fn seal(
    salt: Salt,
    written_at: Millis,
    blobs: Vec<BlobRef>,
    action: &Action,
) -> serde_json::Result<String> {
    seal_one_of(Kinds::ALL, salt, written_at, blobs, action)
}

/// Seals an action that is one of these kinds.
pub fn seal_one_of(
    kinds: Kinds,
    salt: Salt,
    written_at: Millis,
    blobs: Vec<BlobRef>,
    action: &Action,
) -> serde_json::Result<String> {
    let (v, kind, data) =
        (1, action.kind().name().to_owned(), RawValue::from_string((kinds.write)(action)?)?);
    serde_json::to_string(&Body { v, kind, salt, written_at, blobs, data })
}

impl Operation {
    /// Decodes an envelope, and checks what can be checked without any record.
    pub fn decode(envelope: &Envelope) -> Result<Self, DecodeError> {
        Self::decode_one_of(Kinds::ALL, envelope)
    }

    /// Decodes one of these kinds; another is not supported.
    pub fn decode_one_of(kinds: Kinds, envelope: &Envelope) -> Result<Self, DecodeError> {
        if envelope.body.len() > BODY_MAX {
            return Err(DecodeError::Invalid("too long".to_owned()));
        }
        if envelope.stream.is_some() {
            return Err(DecodeError::Unsupported);
        }
        let body: Body = serde_json::from_str(&envelope.body).map_err(invalid)?;
        if body.v != 1 {
            return Err(DecodeError::Unsupported);
        }
        let action = (kinds.read)(&body.kind, body.data.get(), &body.blobs)?;
        Ok(Self {
            op: envelope.op,
            author: envelope.author.clone(),
            community: envelope.community.clone(),
            entry: envelope.entry(),
            hash: envelope.hash(),
            written_at: body.written_at,
            blobs: body.blobs,
            action,
        })
    }

    /// The record that this operation creates.
    pub fn record(&self) -> RecordId {
        self.entry.record()
    }
}
