//! The envelope: what a device seals once and sends until it holds a receipt.
//!
//! The body is JSON *text*: it is stored, hashed and returned as the string it is. Nobody
//! writes it anew, because another writer would give other bytes and another hash.

use serde::{Deserialize, Serialize};

use crate::ids::{CommunityId, Entry, Hash, OpId, PersonId, Signature, SourceId};
use crate::receipts::SignedReceipt;

/// The most operations in one push.
pub const PUSH_MAX: usize = 50;
/// The most bytes a body may have. The largest text (20 kB) can grow sixfold when JSON
/// escapes it; photos are blobs and lie outside.
pub const BODY_MAX: usize = 160 * 1024;

/// What travels.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// Drawn with the draft.
    pub op: OpId,
    /// Who says it.
    pub author: Author,
    /// The one community it writes in.
    pub community: CommunityId,
    /// Reserved for a device's numbered sequence (sittings).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream: Option<Stream>,
    /// Why the server may believe the author.
    pub proof: Proof,
    /// The sealed text.
    pub body: String,
}

/// Who wrote an operation.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// A signed-in person.
    Person(PersonId),
    /// Someone at the counter, written down by a clerk.
    OnBehalf {
        /// The clerk.
        clerk: PersonId,
    },
    /// A visit at a kiosk.
    Visit {
        /// The kiosk.
        kiosk: SourceId,
    },
    /// The holder of a ballot token.
    Ballot {
        /// The token.
        token: Hash,
    },
    /// A file that was loaded. Never a person.
    Import {
        /// The file's source.
        source: SourceId,
    },
    /// The passing of time.
    System {
        /// The job.
        job: SourceId,
    },
}

impl Author {
    /// The text that stands for the author in the hash of an entry.
    pub fn key(&self) -> String {
        match self {
            Self::Person(id) => format!("person:{id}"),
            Self::OnBehalf { clerk } => format!("on_behalf:{clerk}"),
            Self::Visit { kiosk } => format!("visit:{kiosk}"),
            Self::Ballot { token } => format!("ballot:{token}"),
            Self::Import { source } => format!("import:{source}"),
            Self::System { job } => format!("system:{job}"),
        }
    }

    /// The person, when it is one.
    pub fn person(&self) -> Option<&PersonId> {
        match self {
            Self::Person(id) => Some(id),
            _ => None,
        }
    }
}

/// Reserved: a place in a device's numbered sequence.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// The sequence.
    pub id: SourceId,
    /// The place in it, from 1.
    pub number: u64,
}

/// Why the author is believed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// The session that carries it is the author's.
    Session,
    /// Reserved: signed by a key of the author's device.
    Device {
        /// Over author, community, stream, op and hash.
        signature: Signature,
    },
    /// The server itself took it before, in a life of the database that was lost.
    Receipt(SignedReceipt),
}

impl Envelope {
    /// SHA-256("rabaska/body/v1" ‖ 0 ‖ body).
    pub fn hash(&self) -> Hash {
        Hash::tagged("rabaska/body/v1", self.body.as_bytes())
    }

    /// The journal's key.
    pub fn entry(&self) -> Entry {
        Entry::of(&self.author, self.op)
    }
}
