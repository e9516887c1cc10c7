//! Days of the calendar, without a time and without a zone: what people answer when they
//! are asked for a date.

use std::fmt;
use std::str::FromStr;

use super::decimals::digits;
use crate::ids::serde_as_text;

/// A text that is no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid day")]
pub struct InvalidDay;

/// A day of the Gregorian calendar, years 1 to 9999, written as in ISO 8601: "2028-02-29".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

/// How many days a month has.
fn length(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Day {
    /// A day that there is.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, InvalidDay> {
        let exists = (1..=9_999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=length(year, month)).contains(&day);
        if exists { Ok(Self { year, month, day }) } else { Err(InvalidDay) }
    }

    /// Its year.
    pub fn year(self) -> u16 {
        self.year
    }

    /// Its month, 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// Its day of the month, 1 to 31.
    pub fn day(self) -> u8 {
        self.day
    }
}

impl FromStr for Day {
    type Err = InvalidDay;

    fn from_str(text: &str) -> Result<Self, InvalidDay> {
        let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
            return Err(InvalidDay);
        };
        let number = |part: &[u8]| digits(part).and_then(|value| u16::try_from(value).ok()).unwrap_or(0);
        let (month, day) = (number(&[m1, m2]), number(&[d1, d2]));
        Self::new(number(&[y1, y2, y3, y4]), month as u8, day as u8)
    }
}

/// Writes a number in so many digits.
pub(super) fn write_digits(f: &mut fmt::Formatter<'_>, number: u16, mut place: u16) -> fmt::Result {
    while place > 0 {
        fmt::Display::fmt(&(number / place % 10), f)?;
        place /= 10;
    }
    Ok(())
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_digits(f, self.year, 1_000)?;
        f.write_str("-")?;
        write_digits(f, self.month.into(), 10)?;
        f.write_str("-")?;
        write_digits(f, self.day.into(), 10)
    }
}

serde_as_text!(Day);
