//! Operations: what people do. A body names its kind and version; every version ever
//! released is accepted through a pure upcaster (there is one version so far).

use serde::Serialize;
use serde_json::value::RawValue;

use crate::envelope::{Author, BODY_MAX, Envelope};
use crate::ids::{CommunityId, Entry, Hash, OpId, RecordId, RuleId, Salt, SubjectId};
use crate::pictures::THUMB_MAX;
use crate::text::{Label, Localized, Text, Title};
use crate::time::{HOUR, Millis};

/// The most photos of one proposal.
pub const PHOTOS_MAX: usize = 3;
/// The longest grace that a clerk may give: a week.
pub const GRACE_MAX: i64 = 168 * HOUR;

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

/// The kinds, as they are named in a body.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Make a proposal.
    Propose,
    /// Take one's own proposal back.
    Withdraw,
    /// Answer officially.
    Answer,
    /// Open a consultation.
    OpenConsultation,
    /// Close a consultation.
    CloseConsultation,
    /// Hide by a public rule.
    Hide,
}
crate::variants!(Kind { Propose "propose", Withdraw "withdraw", Answer "answer", OpenConsultation "open_consultation", CloseConsultation "close_consultation", Hide "hide" });

/// What is done, by kind.
#[derive(Clone, PartialEq, Debug)]
pub enum Action {
    /// See [`Propose`].
    Propose(Propose),
    /// See [`Withdraw`].
    Withdraw(Withdraw),
    /// See [`Answer`].
    Answer(Answer),
    /// See [`OpenConsultation`].
    OpenConsultation(OpenConsultation),
    /// See [`CloseConsultation`].
    CloseConsultation(CloseConsultation),
    /// See [`Hide`].
    Hide(Hide),
}

/// A proposal to a consultation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Propose {
    /// Where.
    pub consultation: RecordId,
    /// In one sentence.
    pub title: Title,
    /// Why, for whom, at what cost. May be left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Text>,
    /// From the community's own list.
    pub subject: SubjectId,
    /// At most [`PHOTOS_MAX`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
}
crate::fields!(strict Propose { consultation, title, subject ; text, photos });

/// A photo in two sizes, both among the body's blobs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Photo {
    /// The picture.
    pub full: Hash,
    /// At most [`THUMB_MAX`] bytes, kept on devices.
    pub thumb: Hash,
    /// What it shows, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alt: Option<Label>,
}
crate::fields!(strict Photo { full, thumb ; alt });

/// Taking back one's own proposal: the public text goes, the desk keeps the sealed one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Withdraw {
    /// Its consultation.
    pub consultation: RecordId,
    /// The proposal.
    pub record: RecordId,
}
crate::fields!(strict Withdraw { consultation, record });

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

/// Opening a consultation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct OpenConsultation {
    /// What is asked, in a few words.
    pub title: Localized<Title>,
    /// What is asked, why now, who decides, what becomes of it.
    pub summary: Localized<Text>,
    /// Said to everyone.
    pub closes_at: Millis,
    /// Until when what was written offline is still taken.
    pub accepts_until: Millis,
    /// When an answer is promised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_by: Option<Millis>,
    /// For imported conversations: whose it is and under which licence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Invented to show the product; the screen says so.
    pub fictitious: bool,
}
crate::fields!(strict OpenConsultation { title, summary, closes_at, accepts_until ; answer_by, source, fictitious });

/// Where imported text comes from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Source {
    /// The attribution, shown wherever the text is.
    pub attribution: Localized<Label>,
    /// The licence's short name (SPDX).
    pub licence: Label,
    /// Where the original lies.
    pub url: Label,
}
crate::fields!(strict Source { attribution, licence, url });

/// Closing a consultation now.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CloseConsultation {
    /// Which one.
    pub consultation: RecordId,
    /// For how long, in milliseconds from the server's decision, what was written offline
    /// is still taken; at most [`GRACE_MAX`].
    pub grace: i64,
}
crate::fields!(strict CloseConsultation { consultation, grace });

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

/// Why a body cannot be decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// A kind or version that this build does not know; a newer one may.
    #[error("unsupported kind or version")]
    Unsupported,
    /// It will never be valid. The text says what is wrong, without the words of a person.
    #[error("{0}")]
    Invalid(String),
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

/// Calls a macro with every kind: name in Rust, name on the wire.
macro_rules! kinds {
    ($with:ident) => {
        $with! {
            Propose "propose", Withdraw "withdraw", Answer "answer",
            OpenConsultation "open_consultation", CloseConsultation "close_consultation", Hide "hide"
        }
    };
}

macro_rules! by_kind {
    ($($kind:ident $name:literal),*) => {
        impl Kind {
            /// Every kind there is.
            pub const ALL: &[Kind] = &[$(Kind::$kind),*];

            /// Its name in a body.
            pub fn name(self) -> &'static str {
                match self { $(Kind::$kind => $name),* }
            }
        }

        impl Action {
            /// Which kind it is.
            pub fn kind(&self) -> Kind {
                match self { $(Action::$kind(_) => Kind::$kind),* }
            }

            fn to_text(&self) -> serde_json::Result<String> {
                match self { $(Action::$kind(data) => serde_json::to_string(data)),* }
            }

            fn from_text(kind: &str, data: &str) -> Result<Self, DecodeError> {
                match kind {
                    $($name => serde_json::from_str(data).map(Action::$kind).map_err(invalid),)*
                    _ => Err(DecodeError::Unsupported),
                }
            }
        }
    };
}
kinds!(by_kind);

fn invalid(error: serde_json::Error) -> DecodeError {
    // A message of serde may quote the offending value: keep only what our own types say.
    let said = error.to_string();
    let known = ["too long", "empty", "control character", "unknown field", "missing field", "not a valid"];
    let reason = known.into_iter().find(|reason| said.contains(reason)).unwrap_or("unexpected shape");
    DecodeError::Invalid(reason.to_owned())
}

/// Seals an action: the text that will never change again.
pub fn seal(
    salt: Salt,
    written_at: Millis,
    blobs: Vec<BlobRef>,
    action: &Action,
) -> serde_json::Result<String> {
    let (v, kind, data) = (1, action.kind().name().to_owned(), RawValue::from_string(action.to_text()?)?);
    serde_json::to_string(&Body { v, kind, salt, written_at, blobs, data })
}

impl Operation {
    /// Decodes an envelope, and checks what can be checked without any record.
    pub fn decode(envelope: &Envelope) -> Result<Self, DecodeError> {
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
        let action = Action::from_text(&body.kind, body.data.get())?;
        action.check(&body.blobs).map_err(|reason| DecodeError::Invalid(reason.to_owned()))?;
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

impl Action {
    /// The record that it is about, when it is about an earlier one. Operations about one
    /// record keep their order.
    pub fn about(&self) -> Option<RecordId> {
        match self {
            Self::Propose(_) | Self::OpenConsultation(_) => None,
            Self::Withdraw(it) => Some(it.record),
            Self::Answer(it) => Some(it.record),
            Self::Hide(it) => Some(it.record),
            Self::CloseConsultation(it) => Some(it.consultation),
        }
    }

    fn check(&self, blobs: &[BlobRef]) -> Result<(), &'static str> {
        let photos: &[Photo] = if let Self::Propose(propose) = self { &propose.photos } else { &[] };
        if photos.len() > PHOTOS_MAX {
            return Err("too many photos");
        }
        let named: Vec<Hash> = photos.iter().flat_map(|photo| [photo.full, photo.thumb]).collect();
        let twice = |at: usize| blobs[..at].iter().any(|blob| blob.sha256 == blobs[at].sha256);
        let listed = |hash: &Hash| blobs.iter().any(|blob| blob.sha256 == *hash);
        if !named.iter().all(listed)
            || !blobs.iter().all(|blob| named.contains(&blob.sha256))
            || (0..blobs.len()).any(twice)
        {
            return Err("blobs do not match the photos");
        }
        let small = |blob: &BlobRef| blob.size <= THUMB_MAX;
        let thumb = |blob: &&BlobRef| photos.iter().any(|photo| photo.thumb == blob.sha256);
        if !blobs.iter().filter(thumb).all(small) {
            return Err("thumb too large");
        }
        match self {
            Self::OpenConsultation(open) if open.accepts_until < open.closes_at => {
                Err("accepts_until before closes_at")
            }
            Self::OpenConsultation(open) if open.accepts_until.since(open.closes_at) > GRACE_MAX => {
                Err("grace too long")
            }
            Self::CloseConsultation(close) if !(0..=GRACE_MAX).contains(&close.grace) => {
                Err("grace too long")
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::Proof;

    fn envelope(body: &str) -> Envelope {
        Envelope {
            op: OpId([1; 16]),
            author: Author::Person("p1".parse().unwrap()),
            community: "laforce".parse().unwrap(),
            stream: None,
            proof: Proof::Session,
            body: body.to_owned(),
        }
    }

    fn proposal() -> Action {
        Action::Propose(Propose {
            consultation: RecordId([3; 16]),
            title: "Un banc".parse().unwrap(),
            text: None,
            subject: "other".parse().unwrap(),
            photos: vec![],
        })
    }

    #[test]
    fn what_was_sealed_is_decoded() {
        let body = seal(Salt([9; 32]), Millis(5), vec![], &proposal()).unwrap();
        let operation = Operation::decode(&envelope(&body)).unwrap();
        assert_eq!((operation.action, operation.written_at), (proposal(), Millis(5)));
    }

    #[test]
    fn an_unknown_kind_or_version_is_unsupported_and_an_unknown_field_invalid() {
        let body = seal(Salt([9; 32]), Millis(5), vec![], &proposal()).unwrap();
        let decode = |body: String| Operation::decode(&envelope(&body));
        assert_eq!(decode(body.replace("\"propose\"", "\"dance\"")), Err(DecodeError::Unsupported));
        assert_eq!(decode(body.replace("\"v\":1", "\"v\":2")), Err(DecodeError::Unsupported));
        let more = body.replace("\"title\":", "\"colour\":1,\"title\":");
        assert_eq!(decode(more), Err(DecodeError::Invalid("unknown field".into())));
    }

    #[test]
    fn an_error_never_quotes_what_a_person_wrote() {
        let body = seal(Salt([9; 32]), Millis(5), vec![], &proposal()).unwrap();
        let secret = body.replace("\"Un banc\"", "{\"secret words\":1}");
        let Err(DecodeError::Invalid(reason)) = Operation::decode(&envelope(&secret)) else { panic!() };
        assert!(!reason.contains("secret"), "{reason}");
    }

    #[test]
    fn blobs_are_exactly_those_of_the_photos() {
        let blobs = vec![BlobRef { sha256: Hash([1; 32]), size: 4 }];
        let body = seal(Salt([9; 32]), Millis(5), blobs, &proposal()).unwrap();
        assert!(matches!(Operation::decode(&envelope(&body)), Err(DecodeError::Invalid(_))));
    }

    #[test]
    fn a_small_picture_is_small() {
        let (full, thumb) = (Hash([1; 32]), Hash([2; 32]));
        let Action::Propose(propose) = proposal() else { unreachable!() };
        let photos = vec![Photo { full, thumb, alt: None }];
        let action = Action::Propose(Propose { photos, ..propose });
        let decode = |size| {
            let blobs = vec![BlobRef { sha256: full, size: 8 << 20 }, BlobRef { sha256: thumb, size }];
            let body = seal(Salt([9; 32]), Millis(5), blobs, &action).unwrap();
            Operation::decode(&envelope(&body)).map(|operation| operation.action)
        };
        assert_eq!(decode(20_480), Ok(action.clone()));
        assert_eq!(decode(20_481), Err(DecodeError::Invalid("thumb too large".into())));
    }
}
