//! Moments as the commands print them: in UTC, because a server far from its village has no
//! better hour, and said so.

use domain::time::{DAY, Millis};

/// `2026-11-23 07:00 UTC`.
pub fn moment(at: Millis) -> String {
    let (days, minutes) = (at.0.div_euclid(DAY), at.0.rem_euclid(DAY) / 60_000);
    let (year, month, day) = civil(days);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02} UTC", minutes / 60, minutes % 60)
}

/// The Gregorian date of a day since 1970: `civil_from_days` of Howard Hinnant,
/// <https://howardhinnant.github.io/date_algorithms.html>. Years begin in March, so that the
/// leap day is their last.
pub(crate) fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
    let march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_the_calendar() {
        for (at, said) in [
            (0, "1970-01-01 00:00 UTC"),
            (1_795_392_000_000 + 7 * 3_600_000, "2026-11-23 07:00 UTC"),
            (951_782_400_000 - 60_000, "2000-02-28 23:59 UTC"),
            (951_782_400_000, "2000-02-29 00:00 UTC"),
            (1_740_787_200_000, "2025-03-01 00:00 UTC"),
            (-60_000, "1969-12-31 23:59 UTC"),
        ] {
            assert_eq!(moment(Millis(at)), said);
        }
    }
}
