//! Numbers as people write them: exact, with three decimals at most. A binary fraction
//! would make 0.1 + 0.2 another number than 0.3, and a bound a matter of luck.

use std::fmt;
use std::str::FromStr;

use crate::ids::serde_as_text;

/// The most decimals of a number.
pub const DECIMALS_MAX: u8 = 3;

/// The most digits before the point.
const WHOLE_DIGITS: usize = 12;

/// A text that is no number of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid number")]
pub struct InvalidDecimal;

/// An exact decimal number, counted in thousandths. On the wire a text such as "12.5": with
/// a point, at most 12 digits before and 3 behind it. What is typed with a comma is the
/// form's business, which knows the reader's language ("1,000" is one or a thousand).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Decimal(i64);

impl Decimal {
    /// A whole number.
    pub fn whole(number: i32) -> Self {
        Self(i64::from(number) * 1_000)
    }

    /// From thousandths, unless it has too many digits.
    pub fn from_thousandths(thousandths: i64) -> Option<Self> {
        let fits = thousandths.unsigned_abs() < 1_000_000_000_000_000;
        fits.then_some(Self(thousandths))
    }

    /// In thousandths.
    pub fn thousandths(self) -> i64 {
        self.0
    }

    /// How many decimals it needs, 0 to 3.
    pub fn decimals(self) -> u8 {
        match self.0 {
            n if n % 1_000 == 0 => 0,
            n if n % 100 == 0 => 1,
            n if n % 10 == 0 => 2,
            _ => 3,
        }
    }
}

/// The value of a text of digits and nothing else.
pub(super) fn digits(text: &[u8]) -> Option<i64> {
    let mut value = 0;
    for digit in text {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(digit - b'0');
    }
    Some(value)
}

impl FromStr for Decimal {
    type Err = InvalidDecimal;

    fn from_str(text: &str) -> Result<Self, InvalidDecimal> {
        let (sign, size) = text.strip_prefix('-').map_or((1, text), |size| (-1, size));
        let (whole, behind) = size.split_once('.').unwrap_or((size, "0"));
        if !(1..=WHOLE_DIGITS).contains(&whole.len()) || !(1..=3).contains(&behind.len()) {
            return Err(InvalidDecimal);
        }
        let scale = [100, 10, 1][behind.len() - 1];
        match (digits(whole.as_bytes()), digits(behind.as_bytes())) {
            (Some(whole), Some(behind)) => Ok(Self(sign * (whole * 1_000 + behind * scale))),
            _ => Err(InvalidDecimal),
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.unsigned_abs();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        fmt::Display::fmt(&(size / 1_000), f)?;
        let (mut left, mut place) = (size % 1_000, 100);
        if left > 0 {
            f.write_str(".")?;
        }
        while left > 0 {
            fmt::Display::fmt(&(left / place), f)?;
            (left, place) = (left % place, place / 10);
        }
        Ok(())
    }
}

serde_as_text!(Decimal);
