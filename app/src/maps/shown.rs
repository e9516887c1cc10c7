//! A map on a screen: the part of the app that draws it is fetched when the first one is opened.

use domain::sectors::{Bounds, DEGREE, Sector};
use leptos::prelude::*;

use crate::ui::pieces::{self, Piece};
use crate::ui::{App, dates};
use crate::w;

/// What a map is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// Choosing any sector.
    Choosing,
    /// Choosing among what is marked.
    Finding,
    /// Seeing where one thing is.
    Seeing,
}

/// What is on a map.
#[derive(Clone, Copy)]
pub struct Chart {
    /// What for.
    pub task: For,
    /// How many things are in which sectors.
    pub marks: Signal<Vec<(Sector, usize)>>,
    /// The sector that is meant.
    pub chosen: RwSignal<Option<Sector>>,
    /// The frame of the territory.
    pub bounds: Option<Bounds>,
}

/// The map, once what draws it is here.
pub fn shown(app: App, chart: Chart) -> AnyView {
    pieces::shown(app, Piece::Map(chart))
}

/// A sector in numbers.
pub fn degrees(sector: Sector) -> String {
    let (lat, lon) = sector.centre();
    let degrees = |parts: i32| dates::number(f64::from(parts) / f64::from(DEGREE));
    w!(place_degrees, lat = degrees(lat), lon = degrees(lon))
}
