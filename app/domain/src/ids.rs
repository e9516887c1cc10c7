//! Identifiers. Random or hashed ones are fixed-size bytes written as lower-case
//! hexadecimal on the wire; given ones (people, communities) are short opaque words.
//! Nothing may be read out of an identifier.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::envelope::Author;

/// An identifier that is not in the form its type asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {0}")]
pub struct InvalidId(pub &'static str);

fn decode_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != N * 2 {
        return None;
    }
    let nibble = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Some(bytes)
}

/// Writes bytes as lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for nibble in bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]) {
        text.push(char::from(DIGITS[usize::from(nibble)]));
    }
    text
}

macro_rules! serde_as_text {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use serde_as_text;

macro_rules! bytes_id {
    ($(#[$doc:meta])* $name:ident, $size:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $size]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                decode_hex(text).map(Self).ok_or(InvalidId(stringify!($name)))
            }
        }

        serde_as_text!($name);
    };
}

bytes_id!(
    /// Names an operation: 128 random bits drawn on the device together with the draft.
    OpId, 16
);
bytes_id!(
    /// A SHA-256 digest: of a sealed body, or of a blob's bytes.
    Hash, 32
);
bytes_id!(
    /// Names an operation *of its author*: the key of journal, replay check and erasure list.
    Entry, 32
);
bytes_id!(
    /// Names a record: the first 128 bits of the entry that created it, so it is known
    /// offline and nobody else can take it.
    RecordId, 16
);
bytes_id!(
    /// One life of the database between two restores: 128 random bits.
    Epoch, 16
);
bytes_id!(
    /// 256 random bits inside each body: destroying the body makes its hash unguessable.
    Salt, 32
);
bytes_id!(
    /// An Ed25519 signature (RFC 8032).
    Signature, 64
);
bytes_id!(
    /// Names a receipt key: the first 64 bits of SHA-256 over the public key.
    KeyId, 8
);

impl Hash {
    /// SHA-256 over `tag`, a zero byte, and `bytes`.
    pub fn tagged(tag: &str, bytes: &[u8]) -> Self {
        Self(Sha256::new().chain_update(tag).chain_update([0]).chain_update(bytes).finalize().into())
    }

    /// Plain SHA-256, the name of a blob.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl Entry {
    /// SHA-256("rabaska/entry/v1" ‖ 0 ‖ author key ‖ 0 ‖ op).
    pub fn of(author: &Author, op: OpId) -> Self {
        Self::of_key(&author.key(), op)
    }

    /// The same from the author's key, as it is stored.
    pub fn of_key(author: &str, op: OpId) -> Self {
        let mut input = author.as_bytes().to_vec();
        input.push(0);
        input.extend_from_slice(&op.0);
        Self(Hash::tagged("rabaska/entry/v1", &input).0)
    }

    /// The record that this entry creates.
    pub fn record(&self) -> RecordId {
        let mut id = [0; 16];
        id.copy_from_slice(&self.0[..16]);
        RecordId(id)
    }
}

macro_rules! word_id {
    ($(#[$doc:meta])* $name:ident, $max:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(String);

        impl $name {
            /// The word itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let fits = (1..=$max).contains(&text.len())
                    && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
                if fits { Ok(Self(text.to_owned())) } else { Err(InvalidId(stringify!($name))) }
            }
        }

        serde_as_text!($name);
    };
}

word_id!(
    /// Names a person. Made together with the participation code; opaque.
    PersonId, 40
);
impl PersonId {
    const GUEST: &str = "guest-";

    /// Somebody for whom an office entered one thing: named by that entry, so that each is somebody else. No
    /// account has such a name: theirs are hexadecimal.
    pub fn guest(entry: RecordId) -> Self {
        Self(format!("{}{entry}", Self::GUEST))
    }

    /// Whether it is one.
    pub fn is_guest(&self) -> bool {
        self.0.starts_with(Self::GUEST)
    }
}

word_id!(
    /// Names a community for ever, whatever it is called or merged into. Opaque; the
    /// readable part of an address is its slug.
    CommunityId, 40
);
word_id!(
    /// Names a subject in its community's own list.
    SubjectId, 40
);
word_id!(
    /// Names a public rule by which something may be hidden.
    RuleId, 40
);
word_id!(
    /// Names a question in its survey.
    QuestionId, 40
);
word_id!(
    /// Names a choice, a row or a column in its question.
    ChoiceId, 40
);
word_id!(
    /// A kiosk, an import source, a job of the system: who wrote when it was no person.
    SourceId, 80
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_is_read_back_and_only_lower_case_is_taken() {
        let op = OpId([0xAB; 16]);
        assert_eq!(op.to_string().parse(), Ok(op));
        assert!(op.to_string().to_uppercase().parse::<OpId>().is_err());
        assert!("ab".parse::<OpId>().is_err());
    }

    #[test]
    fn the_same_operation_of_two_authors_is_two_entries() {
        let author = |id: &str| Author::Person(id.parse().unwrap());
        let op = OpId([7; 16]);
        assert_ne!(Entry::of(&author("a"), op), Entry::of(&author("b"), op));
    }

    #[test]
    fn a_guest_is_named_by_its_entry_and_is_read_back() {
        let guest = PersonId::guest(RecordId([0xAB; 16]));
        assert_eq!(guest.as_str().parse(), Ok(guest.clone()));
        assert!(guest.is_guest() && guest != PersonId::guest(RecordId([0xAC; 16])));
        assert!(!"ab".repeat(16).parse::<PersonId>().unwrap().is_guest());
    }

    #[test]
    fn words_refuse_what_could_be_read_as_a_path() {
        for bad in ["", "a/b", "A", "é", "..", "a b"] {
            assert!(bad.parse::<CommunityId>().is_err(), "{bad}");
        }
    }
}
