//! Participation codes: printed, handed out at the counter, typed with thumbs.
//!
//! Twelve characters of Crockford's base 32 in three groups: a 20-bit selector that finds
//! the row, and a 40-bit secret of which the server keeps only an Argon2id hash.

use std::fmt;
use std::str::FromStr;

use crate::ids::{InvalidId, serde_as_text};

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
        (0..12).rev().map(|place| char::from(ALPHABET[((self.0 >> (5 * place)) & 31) as usize]))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, character) in self.characters().enumerate() {
            if place == 4 || place == 8 {
                f.write_str("-")?;
            }
            write!(f, "{character}")?;
        }
        Ok(())
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

    /// Takes what people type: any case, spaces or dashes anywhere, O for 0, I and L for 1.
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let mut code = 0;
        let mut length = 0;
        for character in text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '‑')) {
            let read = match character.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let place = ALPHABET.iter().position(|a| char::from(*a) == read).ok_or(InvalidId("Code"))?;
            code = code << 5 | place as u64;
            length += 1;
            if length > 12 {
                return Err(InvalidId("Code"));
            }
        }
        if length == 12 { Ok(Self(code)) } else { Err(InvalidId("Code")) }
    }
}

serde_as_text!(Code);

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
}
