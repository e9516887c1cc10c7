//! The drawn map without its drawing: what the sketch holds, which part of it is in view, and how a sector is
//! said in words.

use domain::sectors::{Bounds, Sector};
use domain::text::Label;
use serde::Serialize;

/// Where the sketch lies.
pub const FILE: &str = "/maps/sketch.json";

/// A drawn map: shores, rivers and names. Its unit is 10⁻⁴ of a degree of latitude (11 m), from the upper
/// left corner of its frame.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Sketch {
    /// South, west, north and east, in parts of a degree.
    frame: [i32; 4],
    /// How long a degree of longitude is there, in thousandths of one of latitude.
    narrower: i32,
    /// Lakes with their islands, as the outlines of one path.
    pub water: String,
    /// Rivers, as the lines of one path.
    pub rivers: String,
    /// The border of the province, as the lines of one path.
    pub border: String,
    /// Names of lakes.
    pub lakes: Vec<Name>,
    /// Villages whose position is known.
    pub villages: Vec<Village>,
}
domain::fields!(open Sketch { frame, narrower, water, rivers, border, lakes, villages });

/// A name on the map.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Name {
    /// What is written.
    pub name: Label,
    /// Its middle, from the left.
    pub x: i32,
    /// Its middle, from above.
    pub y: i32,
}
domain::fields!(open Name { name, x, y });

/// A village.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Village {
    /// Its name.
    pub name: Label,
    /// Its latitude and longitude, in parts of a degree.
    at: [i32; 2],
    /// Whether it is in the territory; the others are beyond the border.
    pub own: bool,
}
domain::fields!(open Village { name, at, own });

impl Village {
    /// The sector of its middle.
    pub fn sector(&self) -> Option<Sector> {
        Sector::around(self.at[0], self.at[1])
    }
}

/// A point of the sketch, in its units.
pub type Point = (f64, f64);

impl Sketch {
    /// From the file's text.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().filter(|it: &Self| it.narrower > 0)
    }

    fn narrower(&self) -> f64 {
        f64::from(self.narrower) / 1000.0
    }

    /// Its width and height.
    pub fn size(&self) -> Point {
        let [south, west, north, east] = self.frame;
        (f64::from(east - west) * self.narrower(), f64::from(north - south))
    }

    fn placed(&self, lat: i32, lon: i32) -> Point {
        let [_, west, north, _] = self.frame;
        (f64::from(lon - west) * self.narrower(), f64::from(north - lat))
    }

    /// Where a village is drawn.
    pub fn at(&self, village: &Village) -> Point {
        self.placed(village.at[0], village.at[1])
    }

    /// Where a sector's middle is drawn.
    pub fn middle(&self, sector: Sector) -> Point {
        let (lat, lon) = sector.centre();
        self.placed(lat, lon)
    }

    /// The sector at a point; none outside the sketch, or outside the territory.
    pub fn sector(&self, (x, y): Point, bounds: Option<Bounds>) -> Option<Sector> {
        let [_, west, north, _] = self.frame;
        let (width, height) = self.size();
        if !(0.0..=width).contains(&x) || !(0.0..=height).contains(&y) {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "inside the sketch")]
        let (lat, lon) = (north - y.round() as i32, west + (x / self.narrower()).round() as i32);
        Sector::around(lat, lon).filter(|sector| bounds.is_none_or(|bounds| bounds.hold(*sector)))
    }

    /// A sector by the village next to it.
    pub fn near(&self, sector: Sector) -> Option<Near<'_>> {
        let here = self.middle(sector);
        let away = |village: &Village| length(from(self.at(village), here));
        let village = self.villages.iter().min_by(|a, b| away(a).total_cmp(&away(b)))?;
        let metres = away(village) * METRES;
        let (east, south) = from(self.at(village), here);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most eight")]
        let eighth = ((east.atan2(-south).to_degrees() + 382.5) / 45.0) as usize % 8;
        // What lies in its middle, as far as a sector can say.
        let kilometres = (metres > 600.0).then(|| (metres / 1000.0).round().max(1.0));
        Some(Near { village: &village.name, way: kilometres.map(|km| (km, Wind::ALL[eighth])) })
    }
}

/// So long is a unit.
const METRES: f64 = 11.12;

fn from(a: Point, b: Point) -> Point {
    (b.0 - a.0, b.1 - a.1)
}

fn length((x, y): Point) -> f64 {
    x.hypot(y)
}

/// Where something is, seen from a village.
#[derive(Clone, PartialEq, Debug)]
pub struct Near<'s> {
    /// The village.
    pub village: &'s Label,
    /// How many kilometres away and to which side; none: in it.
    pub way: Option<(f64, Wind)>,
}

/// A direction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wind {
    /// To the north.
    N,
    /// To the north-east.
    NE,
    /// To the east.
    E,
    /// To the south-east.
    SE,
    /// To the south.
    S,
    /// To the south-west.
    SW,
    /// To the west.
    W,
    /// To the north-west.
    NW,
}

impl Wind {
    /// All of them, clockwise from the north.
    const ALL: [Self; 8] = [Self::N, Self::NE, Self::E, Self::SE, Self::S, Self::SW, Self::W, Self::NW];
}

/// The part of the sketch in view: its middle and its width, in units. It is four wide and three high.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct View {
    middle: Point,
    width: f64,
}

/// The narrowest view: ten kilometres.
const CLOSE: f64 = 900.0;
/// What a view is set to when one place is looked at: some thirty kilometres.
const AROUND: f64 = 2_800.0;

impl View {
    /// Height by width.
    const HIGH: f64 = 0.75;

    /// All of the sketch's width.
    pub fn whole(sketch: &Sketch) -> Self {
        let (width, height) = sketch.size();
        Self { middle: (width / 2.0, height / 2.0), width: height / Self::HIGH }.kept(sketch)
    }

    /// What surrounds these points; everything, where there are none.
    pub fn of(sketch: &Sketch, points: &[Point]) -> Self {
        let Some(first) = points.first() else { return Self::whole(sketch) };
        let (mut low, mut high) = (*first, *first);
        for (x, y) in points {
            (low, high) = ((low.0.min(*x), low.1.min(*y)), (high.0.max(*x), high.1.max(*y)));
        }
        let (wide, tall) = from(low, high);
        let width = wide.max(tall / Self::HIGH) * 1.4;
        let middle = (low.0 + wide / 2.0, low.1 + tall / 2.0);
        Self { middle, width: width.max(AROUND) }.kept(sketch)
    }

    /// As far as the sketch goes.
    fn kept(self, sketch: &Sketch) -> Self {
        let (wide, tall) = sketch.size();
        let width = self.width.clamp(CLOSE, wide.max(tall / Self::HIGH));
        let along = |at: f64, half: f64, end: f64| match half * 2.0 >= end {
            true => end / 2.0,
            false => at.clamp(half, end - half),
        };
        let (x, y) = self.middle;
        let middle = (along(x, width / 2.0, wide), along(y, width * Self::HIGH / 2.0, tall));
        Self { middle, width }
    }

    /// Left, top, width and height, as `viewBox` has them.
    pub fn frame(self) -> (f64, f64, f64, f64) {
        let high = self.width * Self::HIGH;
        (self.middle.0 - self.width / 2.0, self.middle.1 - high / 2.0, self.width, high)
    }

    /// The point at a part of its width and height.
    pub fn point(self, (across, down): Point) -> Point {
        let (left, top, wide, high) = self.frame();
        (left + across * wide, top + down * high)
    }

    /// At which part of its width and height a point is; none: it is not in view.
    pub fn part(self, (x, y): Point) -> Option<Point> {
        let (left, top, wide, high) = self.frame();
        let part = ((x - left) / wide, (y - top) / high);
        ((0.0..=1.0).contains(&part.0) && (0.0..=1.0).contains(&part.1)).then_some(part)
    }

    /// Moved by parts of its width and height.
    #[must_use]
    pub fn moved(self, (across, down): Point, sketch: &Sketch) -> Self {
        let (x, y) = self.middle;
        let middle = (x + across * self.width, y + down * self.width * Self::HIGH);
        Self { middle, ..self }.kept(sketch)
    }

    /// So many times as wide, around what lies at a part of its width and height.
    #[must_use]
    pub fn zoomed(self, times: f64, around: Point, sketch: &Sketch) -> Self {
        let (fixed, wide) = (self.point(around), sketch.size());
        let width = (self.width * times).clamp(CLOSE, wide.0.max(wide.1 / Self::HIGH));
        let (across, down) = (0.5 - around.0, 0.5 - around.1);
        let middle = (fixed.0 + across * width, fixed.1 + down * width * Self::HIGH);
        Self { middle, width }.kept(sketch)
    }

    /// The same, moved so far that a point is in it, not at its edge.
    #[must_use]
    pub fn with(self, point: Point, sketch: &Sketch) -> Self {
        let (left, top, wide, high) = self.frame();
        let inner = |at: f64, from: f64, size: f64| (from + size * 0.15..from + size * 0.85).contains(&at);
        match inner(point.0, left, wide) && inner(point.1, top, high) {
            true => self,
            false => Self { middle: point, ..self }.kept(sketch),
        }
    }
}

/// Fingers on the map, each where it is as parts of the view: one moves it, two also change its width, and one
/// that did not move chooses.
#[derive(Clone, Debug, Default)]
pub struct Fingers {
    down: Vec<(i32, Point)>,
    moved: bool,
}

/// A finger that is lifted within so much of where it came down did not move.
const STILL: f64 = 0.02;

impl Fingers {
    /// One comes down. A third one changes nothing.
    pub fn put(&mut self, id: i32, at: Point) {
        self.moved &= !self.down.is_empty();
        if self.down.len() < 2 {
            self.down.push((id, at));
        }
        self.moved |= self.down.len() > 1;
    }

    /// One moves: what is in view then.
    pub fn slide(&mut self, id: i32, to: Point, view: View, sketch: &Sketch) -> View {
        let Some(at) = self.down.iter().position(|(known, _)| *known == id) else { return view };
        let before = self.down[at].1;
        if !self.moved && length(from(before, to)) < STILL {
            return view;
        }
        self.moved = true;
        let other = self.down.iter().find(|(known, _)| *known != id).map(|(_, at)| *at);
        self.down[at].1 = to;
        let Some(other) = other else { return view.moved(from(to, before), sketch) };
        let (was, is) = (length(from(other, before)), length(from(other, to)));
        let middle = |a: Point| (f64::midpoint(a.0, other.0), f64::midpoint(a.1, other.1));
        let slid = view.moved(from(middle(to), middle(before)), sketch);
        slid.zoomed((was / is.max(STILL)).clamp(0.5, 2.0), middle(to), sketch)
    }

    /// One is lifted: whether it chose.
    pub fn lift(&mut self, id: i32) -> bool {
        let known = self.down.len();
        self.down.retain(|(down, _)| *down != id);
        known == 1 && self.down.is_empty() && !self.moved
    }
}

/// How many things are in each sector, in order.
pub fn counted(sectors: impl Iterator<Item = Sector>) -> Vec<(Sector, usize)> {
    let mut all: Vec<Sector> = sectors.collect();
    all.sort_unstable();
    let mut counted: Vec<(Sector, usize)> = Vec::new();
    for sector in all {
        match counted.last_mut() {
            Some((last, count)) if *last == sector => *count += 1,
            _ => counted.push((sector, 1)),
        }
    }
    counted
}

/// The mark next to a point, when it is no farther than this.
pub fn hit(sketch: &Sketch, marks: &[(Sector, usize)], at: Point, reach: f64) -> Option<Sector> {
    let away = |sector: Sector| length(from(sketch.middle(sector), at));
    let next = marks.iter().map(|(sector, _)| *sector).min_by(|a, b| away(*a).total_cmp(&away(*b)));
    next.filter(|sector| away(*sector) <= reach)
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
