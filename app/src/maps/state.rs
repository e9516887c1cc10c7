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
mod tests {
    use super::*;

    fn sketch() -> Sketch {
        Sketch::read(include_str!("../../../public/maps/sketch.json")).unwrap()
    }

    fn sector(text: &str) -> Sector {
        text.parse().unwrap()
    }

    #[test]
    fn the_file_is_small_and_every_name_lies_in_it() {
        let sketch = sketch();
        assert!(include_bytes!("../../../public/maps/sketch.json").len() < 32 << 10, "it has grown");
        let (wide, high) = sketch.size();
        let inside = |(x, y): Point| x > 0.0 && y > 0.0 && x < wide && y < high;
        assert!(sketch.villages.iter().all(|village| inside(sketch.at(village))));
        assert!(sketch.lakes.iter().all(|it| inside((f64::from(it.x), f64::from(it.y)))));
        assert_eq!(sketch.villages.iter().filter(|village| village.own).count(), 3);
    }

    #[test]
    fn a_sector_is_found_again_where_it_is_drawn() {
        let sketch = sketch();
        for text in ["47.3350,-79.4325", "46.7200,-79.0950", "47.9950,-77.6025"] {
            let it = sector(text);
            assert_eq!(sketch.sector(sketch.middle(it), None), Some(it), "{text}");
        }
        let bounds = "46.2000,-79.7000,48.0000,-77.6000".parse().ok();
        let beyond = sector("47.4950,-79.7175");
        assert_eq!(sketch.sector(sketch.middle(beyond), None), Some(beyond));
        assert_eq!(sketch.sector(sketch.middle(beyond), bounds), None);
        assert_eq!(sketch.sector((-1.0, 5.0), None), None);
    }

    #[test]
    fn a_sector_is_said_by_the_village_next_to_it() {
        let sketch = sketch();
        let near = |text: &str| {
            let near = sketch.near(sector(text)).unwrap();
            (near.village.to_string(), near.way)
        };
        assert_eq!(near("47.3350,-79.4325"), ("Ville-Marie".to_owned(), None));
        assert_eq!(near("47.3050,-79.4325"), ("Ville-Marie".to_owned(), Some((3.0, Wind::S))));
        assert_eq!(near("47.3350,-79.4475"), ("Ville-Marie".to_owned(), Some((1.0, Wind::W))));
        assert_eq!(near("47.3600,-79.3950"), ("Ville-Marie".to_owned(), Some((4.0, Wind::NE))));
        assert_eq!(near("46.6800,-79.1550").1.unwrap().1, Wind::SW);
    }

    #[test]
    fn a_view_stays_in_the_sketch_and_keeps_what_is_under_the_fingers() {
        let sketch = sketch();
        let here = sketch.middle(sector("47.3350,-79.4325"));
        let view = View::of(&sketch, &[here]);
        let close = view.zoomed(0.5, (0.25, 0.25), &sketch);
        let (was, is) = (view.point((0.25, 0.25)), close.point((0.25, 0.25)));
        assert!((was.0 - is.0).abs() < 1e-6 && (was.1 - is.1).abs() < 1e-6);
        let (left, top, ..) = view.moved((-100.0, -100.0), &sketch).frame();
        assert!(left.abs() < 1e-6 && top.abs() < 1e-6);
        assert_eq!(view.zoomed(100.0, (0.5, 0.5), &sketch), View::whole(&sketch));
        let (across, down) = view.part(here).unwrap();
        assert!((view.point((across, down)).0 - here.0).abs() < 1e-6);
        let far = sketch.middle(sector("46.7200,-79.0950"));
        assert_eq!(view.part(far), None);
        assert_eq!(view.with(here, &sketch), view);
        let (left, top, wide, high) = view.with(far, &sketch).frame();
        assert!((left..left + wide).contains(&far.0) && (top..top + high).contains(&far.1));
    }

    #[test]
    fn a_still_finger_chooses_one_that_slides_moves_and_two_change_the_width() {
        let sketch = sketch();
        let view = View::of(&sketch, &[sketch.middle(sector("47.3350,-79.4325"))]);
        let mut fingers = Fingers::default();
        fingers.put(1, (0.5, 0.5));
        assert_eq!(fingers.slide(1, (0.51, 0.5), view, &sketch), view);
        assert!(fingers.lift(1));
        fingers.put(1, (0.5, 0.5));
        assert_eq!(fingers.slide(1, (0.4, 0.5), view, &sketch), view.moved((0.1, 0.0), &sketch));
        assert!(!fingers.lift(1));
        fingers.put(1, (0.4, 0.5));
        fingers.put(2, (0.6, 0.5));
        let close = fingers.slide(2, (0.8, 0.5), view, &sketch);
        assert!((close.frame().2 - view.frame().2 / 2.0).abs() < 1e-6);
        assert!(!fingers.lift(2) && !fingers.lift(1));
        // The next one is a new one.
        fingers.put(3, (0.5, 0.5));
        assert!(fingers.lift(3) && !fingers.lift(3));
    }

    #[test]
    fn marks_are_counted_by_sector_and_met_by_a_finger_next_to_them() {
        let sketch = sketch();
        let (one, other) = (sector("47.3350,-79.4325"), sector("47.3350,-79.4475"));
        let marks = counted([other, one, other].into_iter());
        assert_eq!(marks, [(other, 2), (one, 1)]);
        let (x, y) = sketch.middle(one);
        assert_eq!(hit(&sketch, &marks, (x + 10.0, y), 20.0), Some(one));
        assert_eq!(hit(&sketch, &marks, (x + 30.0, y), 20.0), None);
    }
}
