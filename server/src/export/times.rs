//! Instants and days as other formats write them, in UTC, and read back from what they write.

use domain::time::{DAY, HOUR, Millis};

use crate::dates::civil;

/// The years that the formats can write: `0001-01-01` and `9999-12-31T23:59:59Z`.
const FIRST: i64 = -62_135_596_800_000;
const LAST: i64 = 253_402_300_799_000;

/// Year, month, day, hour, minute, second.
fn parts(at: Millis) -> [i64; 6] {
    let at = at.0.clamp(FIRST, LAST);
    let (days, rest) = (at.div_euclid(DAY), at.rem_euclid(DAY));
    let (year, month, day) = civil(days);
    [year, month, day, rest / HOUR, rest / 60_000 % 60, rest / 1_000 % 60]
}

/// `2026-11-23T07:00:00Z` (RFC 3339).
pub fn instant(at: Millis) -> String {
    let [year, month, day, hour, minute, second] = parts(at);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// `20261123T070000Z` (RFC 5545).
pub fn compact(at: Millis) -> String {
    instant(at).replace(['-', ':'], "")
}

/// `2026-11-23`.
pub fn day(at: Millis) -> String {
    let [year, month, day, ..] = parts(at);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Days since 1970 of a Gregorian date: `days_from_civil` of Howard Hinnant,
/// <https://howardhinnant.github.io/date_algorithms.html>.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Reads `2026-11-23`, `2026-11-23 07:00:00 UTC`, `2026-11-23T07:00:00.123+01:00` and what lies
/// between them; without a zone it is UTC.
pub fn read(text: &str) -> Option<Millis> {
    let text = text.trim();
    let (date, rest) = text.split_at_checked(10)?;
    let mut numbers = date.split('-').map(|part| digits(part, part.len()));
    let (year, month, day) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let midnight = days(year, month, day) * DAY;
    if numbers.next().is_some() || civil(midnight.div_euclid(DAY)) != (year, month, day) {
        return None;
    }
    let Some(rest) = rest.strip_prefix(['T', ' ']) else {
        return rest.is_empty().then_some(Millis(midnight));
    };
    let end = rest.find(|c: char| !c.is_ascii_digit() && !":.,".contains(c)).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(end);
    // Fractions of a second are nobody's business here.
    let clock = clock.split(['.', ',']).next()?;
    let mut numbers = clock.split(':').map(|part| digits(part, 2));
    let (hour, minute) = (numbers.next()??, numbers.next()??);
    let second = numbers.next().unwrap_or(Some(0))?;
    if numbers.next().is_some() || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let at = midnight + hour * HOUR + minute * 60_000 + second * 1_000;
    Some(Millis(at - offset(zone.trim())?))
}

fn digits(text: &str, wanted: usize) -> Option<i64> {
    let plain = text.len() == wanted && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// What a zone is ahead of UTC, in milliseconds.
fn offset(zone: &str) -> Option<i64> {
    if matches!(zone, "" | "Z" | "UTC" | "GMT") {
        return Some(0);
    }
    let (sign, rest) = match zone.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let plain = rest.replace(':', "");
    let (hours, minutes) = plain.split_at_checked(2)?;
    Some(sign * (digits(hours, 2)? * HOUR + digits(minutes, 2)? * 60_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEVEN: Millis = Millis(1_795_392_000_000 + 7 * HOUR);

    #[test]
    fn a_moment_is_written_as_each_format_wants_it() {
        assert_eq!(instant(SEVEN), "2026-11-23T07:00:00Z");
        assert_eq!(compact(SEVEN), "20261123T070000Z");
        assert_eq!(day(SEVEN), "2026-11-23");
    }

    #[test]
    fn the_ends_of_time_stay_dates() {
        assert_eq!(instant(Millis(i64::MAX)), "9999-12-31T23:59:59Z");
        assert_eq!(instant(Millis(i64::MIN)), "0001-01-01T00:00:00Z");
    }

    #[test]
    fn what_others_write_is_read() {
        for text in [
            "2026-11-23 07:00:00 UTC",
            "2026-11-23T07:00:00Z",
            "2026-11-23T07:00:00.123456Z",
            "2026-11-23 08:00:00 +0100",
            "2026-11-23T02:00:00-05:00",
            " 2026-11-23 07:00 ",
        ] {
            assert_eq!(read(text), Some(SEVEN), "{text}");
        }
        assert_eq!(read("2026-11-23"), Some(Millis(SEVEN.0 - 7 * HOUR)));
        assert_eq!(read("2024-02-29"), Some(Millis(1_709_164_800_000)));
        for bad in ["", "2026-13-01", "2026-02-30", "23/11/2026", "2026-11-23T25:00", "2026-11-23x", "é"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
