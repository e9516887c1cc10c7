//! Receipts: the server's signed word for what it did with an operation, and the answers
//! to a push. A receipt is JSON text, stored and returned as the string it is.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::ids::{CommunityId, Entry, Epoch, Hash, KeyId, OpId, RecordId, Signature};
use crate::time::Millis;
use crate::wire::{self, Fields, Variant};

/// The receipt's text, decoded.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Receipt {
    /// The shape's version.
    pub v: u32,
    /// As sealed.
    pub op: OpId,
    /// The journal's key: ties the receipt to the author without naming them.
    pub entry: Entry,
    /// As sealed.
    pub community: CommunityId,
    /// Over the body.
    pub hash: Hash,
    /// What was decided.
    pub outcome: Outcome,
    /// The records that it created.
    pub records: Vec<RecordId>,
    /// By the server's clock.
    pub received_at: Millis,
    /// The life of the database.
    pub epoch: Epoch,
    /// Its place in the journal, from 1.
    pub position: u64,
    /// Which key signed.
    pub key_id: KeyId,
}
crate::fields!(open Receipt { v, op, entry, community, hash, outcome, records, received_at, epoch, position, key_id });

impl Receipt {
    /// The bytes that are signed: "rabaska/receipt/v1" ‖ 0 ‖ text.
    pub fn signed_bytes(text: &str) -> Vec<u8> {
        [b"rabaska/receipt/v1\0".as_slice(), text.as_bytes()].concat()
    }

    /// The short number on the stamp: 35 bits of the hash in Crockford's base 32. A label to
    /// read aloud, never a proof.
    pub fn number(hash: &Hash) -> String {
        const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let bits = hash.0[..5].iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte)) >> 5;
        let digit = |n: u64| char::from(DIGITS[((bits >> (5 * (6 - n))) & 31) as usize]);
        let group = |from: u64, to: u64| (from..to).map(digit).collect::<String>();
        format!("{}-{}-{}", group(0, 3), group(3, 6), group(6, 7))
    }
}

/// What was decided.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It took effect.
    Accepted,
    /// It did not, for a reason that a person can read.
    Refused(Refusal),
}
crate::variants!(Outcome { Accepted "accepted" ; Refused "refused" });

/// Why a rule said no. The words for people are the screen's.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// The consultation closed and the grace is over.
    Closed {
        /// Since when it takes nothing more.
        since: Millis,
    },
    /// The consultation takes contributions later.
    NotYetOpen {
        /// From when on.
        from: Millis,
    },
    /// The consultation does not ask for this.
    NotTaken,
    /// The poll's method does not take this ballot.
    BadBallot,
    /// The answers do not fit the survey's questions.
    BadAnswers,
    /// It was done before, and is done once.
    AlreadyDone,
    /// One took part in another of the communities that hold it.
    TookPartElsewhere,
    /// The consultation has as many documents as it may have.
    TooManyDocuments,
    /// The consultation has as many texts as it may have.
    TooManyTexts,
    /// These words no longer stand in the text, or another version was published.
    TextChanged,
    /// What is to be merged is not about the same.
    NotAlike,
    /// What it is about is no proposal.
    NotAProposal,
    /// It was merged before, or others were merged into it.
    AlreadyMerged,
    /// It is merged into nothing.
    NotMerged,
    /// It was forwarded before.
    AlreadyForwarded,
    /// There is no such community, or it is this one.
    NoSuchCommunity,
    /// These words do not stand in it.
    NoSuchWords,
    /// The office asks nothing, or has its reply.
    NothingAsked,
    /// It is not hidden.
    NotHidden,
    /// The office has not approved it yet.
    NotApproved,
    /// Its author does not ask for a second look.
    NothingAppealed,
    /// Somebody else decides: neither who hid it nor who wrote it.
    SecondPerson,
    /// This role may not do this here.
    NotPermitted,
    /// The community's list has no such subject.
    UnknownSubject,
    /// The place lies outside the community's territory.
    OutsideTerritory,
    /// The community's list has no such rule.
    UnknownRule,
    /// It is somebody else's.
    NotYours,
    /// Taken back before.
    AlreadyWithdrawn,
    /// Hidden before.
    AlreadyHidden,
    /// Closed before.
    AlreadyClosed,
    /// The closing date lies in the past.
    ClosesInThePast,
    /// What is promised would be due before now.
    DueInThePast,
    /// The commitment was done or given up before.
    AlreadyOver,
    /// Its log takes no more.
    LogFull,
    /// Nothing is taken back by this code. Whether there is an entry is not told.
    NoSuchCode,
    /// It was counted already: nobody can be taken out of the result.
    AlreadyCounted,
}

impl<'de> Deserialize<'de> for Refusal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_fields(&Fields::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl Refusal {
    fn from_fields(fields: &Fields) -> serde_json::Result<Self> {
        Ok(match fields.get::<String>("code")?.as_str() {
            "closed" => Self::Closed { since: fields.get("since")? },
            "not_yet_open" => Self::NotYetOpen { from: fields.get("from")? },
            "not_taken" => Self::NotTaken,
            "bad_ballot" => Self::BadBallot,
            "bad_answers" => Self::BadAnswers,
            "already_done" => Self::AlreadyDone,
            "took_part_elsewhere" => Self::TookPartElsewhere,
            "too_many_documents" => Self::TooManyDocuments,
            "too_many_texts" => Self::TooManyTexts,
            "text_changed" => Self::TextChanged,
            "not_alike" => Self::NotAlike,
            "not_a_proposal" => Self::NotAProposal,
            "already_merged" => Self::AlreadyMerged,
            "not_merged" => Self::NotMerged,
            "already_forwarded" => Self::AlreadyForwarded,
            "no_such_community" => Self::NoSuchCommunity,
            "no_such_words" => Self::NoSuchWords,
            "nothing_asked" => Self::NothingAsked,
            "not_hidden" => Self::NotHidden,
            "not_approved" => Self::NotApproved,
            "nothing_appealed" => Self::NothingAppealed,
            "second_person" => Self::SecondPerson,
            "not_permitted" => Self::NotPermitted,
            "unknown_subject" => Self::UnknownSubject,
            "outside_territory" => Self::OutsideTerritory,
            "unknown_rule" => Self::UnknownRule,
            "not_yours" => Self::NotYours,
            "already_withdrawn" => Self::AlreadyWithdrawn,
            "already_hidden" => Self::AlreadyHidden,
            "already_closed" => Self::AlreadyClosed,
            "closes_in_the_past" => Self::ClosesInThePast,
            "due_in_the_past" => Self::DueInThePast,
            "already_over" => Self::AlreadyOver,
            "log_full" => Self::LogFull,
            "no_such_code" => Self::NoSuchCode,
            "already_counted" => Self::AlreadyCounted,
            _ => return Err(wire::unknown()),
        })
    }
}

/// A receipt with its signature, as it travels.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SignedReceipt {
    /// The receipt's text.
    pub text: String,
    /// Over [`Receipt::signed_bytes`].
    pub signature: Signature,
}
crate::fields!(open SignedReceipt { text, signature });

/// The most bytes of a receipt's text: several times what ours have. One that is longer was
/// not written by a server.
pub const RECEIPT_MAX: usize = 4 << 10;

impl SignedReceipt {
    /// Reads the text. The signature is the caller's to verify.
    pub fn read(&self) -> Option<Receipt> {
        if self.text.len() > RECEIPT_MAX {
            return None;
        }
        serde_json::from_str(&self.text).ok()
    }
}

/// One item's answer to a push.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PushResult {
    /// Decided, now or before.
    Receipt(SignedReceipt),
    /// The same entry stands in the journal with other bytes.
    Conflict,
    /// Nothing was stored: something must come first.
    Waiting(Missing),
    /// It will never be taken.
    Invalid {
        /// What is wrong, without the words of a person.
        reason: String,
    },
    /// This server does not know the kind or version.
    Unsupported,
    /// The session belongs to somebody else.
    NotYours,
    /// Decided before, and erased since: the device deletes its copy.
    Erased(SignedReceipt),
    /// The server could not keep it now. Nothing was stored.
    Unavailable,
}

impl<'de> Deserialize<'de> for PushResult {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_variant(&Variant::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl PushResult {
    fn from_variant(variant: &Variant) -> serde_json::Result<Self> {
        Ok(match (variant.name.as_str(), &variant.content) {
            ("receipt", _) => Self::Receipt(variant.get()?),
            ("waiting", _) => Self::Waiting(variant.get()?),
            ("invalid", _) => Self::Invalid { reason: variant.get::<Fields>()?.get("reason")? },
            ("erased", _) => Self::Erased(variant.get()?),
            ("conflict", None) => Self::Conflict,
            ("unsupported", None) => Self::Unsupported,
            ("not_yours", None) => Self::NotYours,
            ("unavailable", None) => Self::Unavailable,
            _ => return Err(wire::unknown()),
        })
    }
}

/// What must come first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// These files.
    Blobs(Vec<Hash>),
    /// This record.
    Record(RecordId),
}
crate::variants!(Missing { ; Blobs "blobs", Record "record" });

/// A public key that receipts were signed with.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ReceiptKey {
    /// Its name.
    pub id: KeyId,
    /// Ed25519, 32 bytes.
    pub public: Hash,
}
crate::fields!(open ReceiptKey { id, public });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_number_is_35_bits_in_an_unambiguous_alphabet() {
        assert_eq!(Receipt::number(&Hash([0; 32])), "000-000-0");
        assert_eq!(Receipt::number(&Hash([0xFF; 32])), "ZZZ-ZZZ-Z");
    }

    #[test]
    fn a_receipt_longer_than_any_of_ours_is_not_read() {
        let receipt = Receipt {
            v: 1,
            op: OpId([1; 16]),
            entry: Entry([2; 32]),
            community: "laforce".parse().unwrap(),
            hash: Hash([3; 32]),
            outcome: Outcome::Accepted,
            records: vec![],
            received_at: Millis(4),
            epoch: Epoch([5; 16]),
            position: 6,
            key_id: KeyId([7; 8]),
        };
        let written = serde_json::to_string(&receipt).unwrap();
        let of = |length: usize| SignedReceipt {
            text: format!("{written}{}", " ".repeat(length - written.len())),
            signature: Signature([0; 64]),
        };
        assert_eq!(of(RECEIPT_MAX).read(), Some(receipt));
        assert_eq!(of(RECEIPT_MAX + 1).read(), None);
    }

    #[test]
    fn a_refusal_carries_its_reason_on_the_wire() {
        let outcome = Outcome::Refused(Refusal::Closed { since: Millis(4) });
        let text = serde_json::to_string(&outcome).unwrap();
        assert_eq!(text, r#"{"refused":{"code":"closed","since":4}}"#);
    }
}
