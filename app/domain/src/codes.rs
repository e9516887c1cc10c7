//! Participation codes: printed, handed out at the counter, typed with thumbs.
//!
//! Twelve characters of Crockford's base 32 in three groups: a 20-bit selector that finds
//! the row, and a 40-bit secret of which the server keeps only an Argon2id hash.
//!
//! And withdrawal codes: on the slip that an office hands over, sixteen characters of the same.

use std::fmt;
use std::str::FromStr;

use crate::ids::{Hash, InvalidId, serde_as_text};

/// No I, L, O or U: nothing that is misread for another, nothing that spells a word.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A participation code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Code(u64);

impl Code {
    /// Takes the low 60 bits of random bytes.
    pub fn from_random(bytes: [u8; 8]) -> Self {
        Self(u64::from_le_bytes(bytes) & ((1 << 60) - 1))
    }

    /// The 20 bits that find the row.
    pub fn selector(&self) -> u32 {
        (self.0 >> 40) as u32
    }

    /// The selector in what somebody types to name a code: its first group, or all of it.
    pub fn read_selector(typed: &str) -> Option<u32> {
        let whole = typed.parse().or_else(|_| format!("{typed}00000000").parse());
        whole.ok().map(|code: Self| code.selector())
    }

    /// The 40 bits to be proved, as text.
    pub fn secret(&self) -> String {
        self.characters().skip(4).collect()
    }

    fn characters(&self) -> impl Iterator<Item = char> {
        characters(self.0.into(), 12)
    }
}

/// So many characters for the low bits, five each.
fn characters(bits: u128, length: usize) -> impl Iterator<Item = char> {
    (0..length).rev().map(move |place| char::from(ALPHABET[((bits >> (5 * place)) & 31) as usize]))
}

/// In groups of four.
fn write(f: &mut fmt::Formatter<'_>, characters: impl Iterator<Item = char>) -> fmt::Result {
    for (place, character) in characters.enumerate() {
        if place > 0 && place % 4 == 0 {
            f.write_str("-")?;
        }
        write!(f, "{character}")?;
    }
    Ok(())
}

/// Reads so many characters as people type them: any case, spaces or dashes anywhere, O for 0, I and L for 1.
fn read(text: &str, length: usize) -> Option<u128> {
    let (mut bits, mut count) = (0, 0);
    for character in text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '‑')) {
        let read = match character.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let place = ALPHABET.iter().position(|a| char::from(*a) == read)?;
        bits = bits << 5 | place as u128;
        count += 1;
        if count > length {
            return None;
        }
    }
    (count == length).then_some(bits)
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, self.characters())
    }
}

/// A code must never appear in a log by accident.
impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

impl FromStr for Code {
    type Err = InvalidId;

    /// Takes what people type (see [`read`]).
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let bits = read(text, 12).and_then(|bits| u64::try_from(bits).ok());
        bits.map(Self).ok_or(InvalidId("Code"))
    }
}

serde_as_text!(Code);

/// A withdrawal code: 80 random bits, drawn on the desk's device. Whoever says it takes back what was entered
/// for them. It names what it is for by [`SlipCode::hash`] alone, which tells nothing of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SlipCode(u128);

impl SlipCode {
    const LENGTH: usize = 16;

    /// Takes the low 80 bits of random bytes.
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(u128::from_le_bytes(bytes) & ((1 << 80) - 1))
    }

    /// SHA-256("rabaska/slip/v1" ‖ 0 ‖ the sixteen characters, in capitals and without dashes).
    pub fn hash(&self) -> Hash {
        let text: String = characters(self.0, Self::LENGTH).collect();
        Hash::tagged("rabaska/slip/v1", text.as_bytes())
    }
}

impl fmt::Display for SlipCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, characters(self.0, Self::LENGTH))
    }
}

/// A code must never appear in a log by accident.
impl fmt::Debug for SlipCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SlipCode(…)")
    }
}

impl FromStr for SlipCode {
    type Err = InvalidId;

    /// Takes what people type (see [`read`]).
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        read(text, Self::LENGTH).map(Self).ok_or(InvalidId("SlipCode"))
    }
}

serde_as_text!(SlipCode);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code: Code = "0123-4567-89AB".parse().unwrap();
        assert_eq!(code.to_string(), "0123-4567-89AB");
        for typed in ["o1z3 4567 89ab".replace('z', "2"), "OI23456789AB".into(), " 0l23–4567–89ab ".into()]
        {
            assert_eq!(typed.parse::<Code>().unwrap(), code, "{typed}");
        }
        for bad in ["", "0123-4567-89A", "0123-4567-89ABC", "0123-4567-89AU"] {
            assert!(bad.parse::<Code>().is_err(), "{bad}");
        }
    }

    #[test]
    fn selector_and_secret_are_20_and_40_bits() {
        let code: Code = "ZZZZ-0000-0001".parse().unwrap();
        assert_eq!((code.selector(), code.secret().as_str()), ((1 << 20) - 1, "00000001"));
        for typed in ["ZZZZ", "zzzz-", "ZZZZ-0000-0001"] {
            assert_eq!(Code::read_selector(typed), Some(code.selector()), "{typed}");
        }
        for other in ["", "ZZZ", "ZZZZ-0", "ZZZZ-0000", "0123456789abcdef0123456789abcdef"] {
            assert_eq!(Code::read_selector(other), None, "{other}");
        }
    }

    #[test]
    fn a_withdrawal_code_is_read_as_it_is_said_and_its_hash_does_not_depend_on_how() {
        let code = SlipCode::from_random([0xFF; 16]);
        assert_eq!(code.to_string(), "ZZZZ-ZZZZ-ZZZZ-ZZZZ");
        let code: SlipCode = "0123-4567-89AB-CDEF".parse().unwrap();
        assert_eq!(code.to_string(), "0123-4567-89AB-CDEF");
        let said: SlipCode = "oi23 4567 89ab cdef".parse().unwrap();
        assert_eq!(said.hash(), code.hash());
        for other in ["0123-4567-89AB-CDEG", "1123-4567-89AB-CDEF"] {
            assert_ne!(other.parse::<SlipCode>().unwrap().hash(), code.hash(), "{other}");
        }
        for bad in ["", "0123-4567-89AB", "0123-4567-89AB-CDEF-0", "0123-4567-89AB-CDEU"] {
            assert!(bad.parse::<SlipCode>().is_err(), "{bad}");
        }
        assert_eq!(format!("{code:?}"), "SlipCode(…)");
    }
}
