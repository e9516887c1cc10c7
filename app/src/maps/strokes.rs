//! What is drawn: shores, borders, names, and what is marked.

use std::sync::Arc;

use domain::sectors::{HIGH, Sector, WIDE};
use leptos::prelude::*;

use super::state::{Name, Sketch, View, Village};
use crate::ui::live::{live, shared};

/// The sketch itself, and the names on it, which keep their size whatever is in view.
pub fn ground(sketch: &Arc<Sketch>, unit: Memo<f64>) -> AnyView {
    let lakes: Vec<AnyView> = sketch.lakes.iter().map(|lake| lake_name(lake, unit)).collect();
    let villages: Vec<AnyView> =
        sketch.villages.iter().map(|village| dot(village, sketch.at(village), unit)).collect();
    view! {
        <path class="map-river" d=sketch.rivers.clone() />
        <path class="map-water" d=sketch.water.clone() />
        <path class="map-border" d=sketch.border.clone() />
        {lakes}
        {villages}
    }
    .into_any()
}

/// So many pixels, in units.
fn pixels(unit: Memo<f64>, count: f64) -> impl Fn() -> String + Send + Sync + Clone + 'static {
    move || format!("{:.0}", unit.get() * count)
}

fn lake_name(lake: &Name, unit: Memo<f64>) -> AnyView {
    let size = shared(pixels(unit, 13.0));
    view! { <text class="map-lake" x=lake.x.to_string() y=lake.y.to_string() font-size=size>{lake.name.to_string()}</text> }
        .into_any()
}

fn dot(village: &Village, (x, y): (f64, f64), unit: Memo<f64>) -> AnyView {
    let (radius, size) = (shared(pixels(unit, 4.0)), shared(pixels(unit, 14.0)));
    let (beside, below) = (
        shared(move || format!("{:.0}", unit.get().mul_add(8.0, x))),
        shared(move || format!("{:.0}", unit.get().mul_add(5.0, y))),
    );
    let class = if village.own { "map-village" } else { "map-village map-beyond" };
    view! {
        <circle class=class cx=format!("{x:.0}") cy=format!("{y:.0}") r=radius />
        <text class=class x=beside y=below font-size=size>{village.name.to_string()}</text>
    }
    .into_any()
}

/// What is marked, each with how many things are there; and the sector that is meant.
pub fn marks(
    sketch: Arc<Sketch>,
    unit: Memo<f64>,
    marks: Signal<Vec<(Sector, usize)>>,
    chosen: RwSignal<Option<Sector>>,
) -> AnyView {
    live(move || {
        let (unit, meant) = (unit.get(), chosen.get());
        let circles: Vec<AnyView> = marks.with(|marks| {
            marks.iter().map(|(sector, count)| mark(&sketch, *sector, *count, meant, unit)).collect()
        });
        let pin = meant.map(|sector| pin(&sketch, sector, unit));
        view! { {circles} {pin} }.into_any()
    })
}

fn mark(sketch: &Sketch, sector: Sector, count: usize, meant: Option<Sector>, unit: f64) -> AnyView {
    let (x, y) = sketch.middle(sector);
    let number = |value: f64| format!("{value:.0}");
    view! {
        <g class="map-mark" data-chosen=(meant == Some(sector)).then_some("")>
            <circle cx=number(x) cy=number(y) r=number(unit * 13.0) />
            <text x=number(x) y=number(unit.mul_add(5.0, y)) font-size=number(unit * 14.0)>{count.to_string()}</text>
        </g>
    }
    .into_any()
}

/// The outline of the sector, and a pin on it that is seen from afar.
fn pin(sketch: &Sketch, sector: Sector, unit: f64) -> AnyView {
    let (x, y) = sketch.middle(sector);
    let (west, east) = (sector.beside(0, -1).unwrap_or(sector), sector.beside(0, 1).unwrap_or(sector));
    let wide = (sketch.middle(east).0 - sketch.middle(west).0) / 2.0;
    let (wide, high) = (wide.max(f64::from(WIDE) / 4.0), f64::from(HIGH));
    let number = |value: f64| format!("{value:.0}");
    // 30 pixels high, its tip in the middle.
    let at = format!("translate({x:.0} {y:.0}) scale({:.2})", unit);
    view! {
        <rect class="map-sector" x=number(x - wide / 2.0) y=number(y - high / 2.0) width=number(wide) height=number(high) />
        <path class="map-pin" transform=at d="M0 0C-7-10-11-15-11-21A11 11 0 0 1 11-21C11-15 7-10 0 0zM-4-21a4 4 0 1 0 8 0a4 4 0 1 0-8 0" />
    }
    .into_any()
}

/// The frame of a view, as an attribute.
pub fn frame(view: View) -> String {
    let (left, top, wide, high) = view.frame();
    format!("{left:.1} {top:.1} {wide:.1} {high:.1}")
}
