//! Where something is, as public as it may be: a sector of a fixed grid, never a point.
//!
//! Positions are degrees of WGS 84 in fixed point: whole numbers of 10⁻⁴ degrees (11 m of latitude). The
//! grid's lines lie 0.005° of latitude and 0.0075° of longitude apart, which at 47° north is a field of
//! 556 by 569 m. Along a rang houses stand some 250 m apart, so that several share a sector even there; what
//! is meant in it (a culvert, a bench) is said in words.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::ids::{InvalidId, serde_as_text};
use crate::text::Label;

/// So many parts has a degree.
pub const DEGREE: i32 = 10_000;
/// A sector's height, in parts of a degree of latitude.
pub const HIGH: i32 = 50;
/// A sector's width, in parts of a degree of longitude.
pub const WIDE: i32 = 75;

/// A degree with its four decimals.
fn degrees(parts: i32) -> String {
    let (sign, parts) = (if parts < 0 { "-" } else { "" }, parts.unsigned_abs());
    format!("{sign}{}.{:04}", parts / DEGREE.unsigned_abs(), parts % DEGREE.unsigned_abs())
}

/// Written as [`degrees`] writes it: with another number of decimals it would be another name for the same.
fn parts(text: &str, most: i32) -> Option<i32> {
    let (whole, rest) = text.split_once('.')?;
    let digits = [whole.strip_prefix('-').unwrap_or(whole), rest].concat();
    let value: i32 = digits.parse().ok()?;
    let value = if whole.starts_with('-') { value.checked_neg()? } else { value };
    (value.unsigned_abs() <= most.unsigned_abs() * DEGREE.unsigned_abs() && degrees(value) == text)
        .then_some(value)
}

/// A sector, by its centre: `47.3350,-79.4325`, latitude first as in a `geo:` address (RFC 5870).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Sector {
    lat: i32,
    lon: i32,
}

impl Sector {
    /// The sector in which a position lies, in parts of a degree; none outside the world.
    pub fn around(lat: i32, lon: i32) -> Option<Self> {
        let middle = |at: i32, step: i32| (at + step / 2).div_euclid(step) * step;
        let inside = lat.abs() <= 90 * DEGREE && lon.abs() <= 180 * DEGREE;
        inside.then(|| Self { lat: middle(lat, HIGH), lon: middle(lon, WIDE) })
    }

    /// Its centre's latitude and longitude, in parts of a degree.
    pub fn centre(self) -> (i32, i32) {
        (self.lat, self.lon)
    }

    /// The centre's latitude and longitude in degrees, with four decimals.
    pub fn degrees(self) -> (String, String) {
        (degrees(self.lat), degrees(self.lon))
    }

    /// The sector so many to the north and to the east; none outside the world.
    pub fn beside(self, north: i32, east: i32) -> Option<Self> {
        Self::around(self.lat + north * HIGH, self.lon + east * WIDE)
    }

    /// Whether the other is this one or touches it.
    pub fn is_near(self, other: Self) -> bool {
        (self.lat - other.lat).abs() <= HIGH && (self.lon - other.lon).abs() <= WIDE
    }
}

impl fmt::Display for Sector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (lat, lon) = self.degrees();
        write!(f, "{lat},{lon}")
    }
}

impl FromStr for Sector {
    type Err = InvalidId;

    /// What is not a sector's centre is refused: a finer position is not taken by mistake.
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let read = || {
            let (lat, lon) = text.split_once(',')?;
            let at = Self { lat: parts(lat, 90)?, lon: parts(lon, 180)? };
            (at.lat % HIGH == 0 && at.lon % WIDE == 0).then_some(at)
        };
        read().ok_or(InvalidId("sector"))
    }
}

serde_as_text!(Sector);

/// The frame in which a territory lies: `46.2000,-79.7000,48.0000,-77.6000`, south, west, north, east.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds([i32; 4]);

impl Bounds {
    /// Whether a sector's centre lies in it.
    pub fn hold(self, sector: Sector) -> bool {
        let [south, west, north, east] = self.0;
        (south..=north).contains(&sector.lat) && (west..=east).contains(&sector.lon)
    }
}

impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.map(degrees).join(","))
    }
}

impl FromStr for Bounds {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let read = || {
            let sides: Vec<&str> = text.split(',').collect();
            let [south, west, north, east] = sides[..] else { return None };
            let sides = [parts(south, 90)?, parts(west, 180)?, parts(north, 90)?, parts(east, 180)?];
            (sides[0] < sides[2] && sides[1] < sides[3]).then_some(Self(sides))
        };
        read().ok_or(InvalidId("frame"))
    }
}

serde_as_text!(Bounds);

/// What a proposal is about, as a place: never where somebody is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Spot {
    /// In which sector.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sector: Option<Sector>,
    /// In words: "at the end of the wharf".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<Label>,
}
crate::fields!(strict Spot { ; sector, words });

impl Spot {
    /// Of what is known; none where nothing is.
    pub fn of(sector: Option<Sector>, words: Option<Label>) -> Option<Self> {
        (sector.is_some() || words.is_some()).then_some(Self { sector, words })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sector(text: &str) -> Result<Sector, InvalidId> {
        text.parse()
    }

    #[test]
    fn a_position_becomes_its_sector_and_every_sector_is_its_own() {
        // Ville-Marie, as GeoNames has it.
        let ville_marie = Sector::around(473_334, -794_330).unwrap();
        assert_eq!(ville_marie.to_string(), "47.3350,-79.4325");
        for (lat, lon) in [(0, 0), (-1, -1), (473_375, -794_363), (-900_000, 1_800_000), (899_999, -37)] {
            let at = Sector::around(lat, lon).unwrap();
            let (y, x) = at.centre();
            assert!((y - lat).abs() <= HIGH / 2 && (x - lon).abs() <= WIDE / 2 + 1, "{lat} {lon}: {at}");
            assert_eq!((Sector::around(y, x), sector(&at.to_string())), (Some(at), Ok(at)));
        }
        assert_eq!((Sector::around(900_001, 0), Sector::around(0, -1_800_001)), (None, None));
    }

    #[test]
    fn what_is_finer_than_a_sector_or_written_otherwise_is_none() {
        for text in [
            "47.3334,-79.4330",
            "47.3350,-79.4326",
            "47.335,-79.4325",
            "47.33500,-79.4325",
            "047.3350,-79.4325",
            "+47.3350,-79.4325",
            "-0.0000,0.0000",
            "90.0050,0.0000",
            "0.0000,180.0075",
            "99999999999.0000,0.0000",
            "47.3350",
            "47.3350,-79.4325,0.0000",
            "4-7.3350,0.0000",
            "47.-350,0.0000",
            "",
        ] {
            assert!(sector(text).is_err(), "{text}");
        }
    }

    #[test]
    fn near_is_the_sector_with_its_neighbours() {
        let here = sector("47.3350,-79.4325").unwrap();
        let near = |north, east| here.is_near(here.beside(north, east).unwrap());
        assert!(near(0, 0) && near(1, -1) && near(-1, 1));
        assert!(!near(2, 0) && !near(0, -2));
    }

    #[test]
    fn a_frame_holds_what_lies_in_it() {
        let frame: Bounds = "46.2000,-79.7000,48.0000,-77.6000".parse().unwrap();
        assert_eq!(frame.to_string(), "46.2000,-79.7000,48.0000,-77.6000");
        assert!(frame.hold(sector("47.3350,-79.4325").unwrap()));
        assert!(!frame.hold(sector("47.3350,-79.7025").unwrap()));
        assert!(!frame.hold(sector("45.5000,-73.5675").unwrap()));
        assert!("48.0000,-79.7000,46.2000,-77.6000".parse::<Bounds>().is_err());
        assert!("46.2000,-79.7000,48.0000".parse::<Bounds>().is_err());
    }
}
