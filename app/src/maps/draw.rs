//! The map: looked around in by finger, mouse, keys or buttons.

use std::cell::RefCell;
use std::sync::Arc;

use domain::sectors::Sector;
use gloo_net::http::Request;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent};

use super::shown::{Chart, For, degrees};
use super::state::{FILE, Fingers, Near, Point, Sketch, View, Wind, hit};
use super::strokes;
use crate::offline::Rest;
use crate::ui::icons::{self, icon};
use crate::ui::live::{live, memo, on, shared};
use crate::ui::{App, dates, parts};
use crate::{n, w};

thread_local! {
    static SKETCH: RefCell<Option<Arc<Sketch>>> = const { RefCell::new(None) };
}

async fn fetch() -> Option<Arc<Sketch>> {
    if let Some(known) = SKETCH.with_borrow(Clone::clone) {
        return Some(known);
    }
    let answer = Request::get(FILE).send().await.ok().filter(|answer| answer.ok())?;
    let sketch = Arc::new(Sketch::read(&answer.text().await.ok()?)?);
    SKETCH.set(Some(sketch.clone()));
    Some(sketch)
}

/// The map, once the sketch is here.
pub fn draw(app: App, chart: Chart) -> AnyView {
    let arrival = RwSignal::new(Rest::Away);
    let bring = move || {
        arrival.set(Rest::Coming);
        app.spawn(async move {
            let _ = arrival.try_set(if fetch().await.is_some() { Rest::Here } else { Rest::Failed });
        });
    };
    bring();
    live(move || match (arrival.get(), SKETCH.with_borrow(Clone::clone)) {
        (_, Some(sketch)) => map(Map::new(sketch, chart)),
        (Rest::Failed, _) => missing(bring),
        _ => parts::loading(),
    })
}

/// The sketch could not be fetched.
fn missing(again: impl Fn() + 'static) -> AnyView {
    let again = parts::button("btn btn-quiet", w!(app_retry), again);
    parts::notice("warn", String::new(), w!(map_missing), Some(again))
}

/// A map that is open.
#[derive(Clone)]
struct Map {
    sketch: Arc<Sketch>,
    chart: Chart,
    view: RwSignal<View>,
    fingers: StoredValue<Fingers>,
}

/// What a button or a key does.
#[derive(Clone, Copy)]
enum Step {
    /// So many sectors to the north and to the east.
    To(i32, i32),
    /// So many times as wide.
    Wider(f64),
}

/// The element's name: there is one map on a screen.
const ID: &str = "map";
/// How near to a mark a finger must be, in pixels.
const REACH: f64 = 26.0;

impl Map {
    fn new(sketch: Arc<Sketch>, chart: Chart) -> Self {
        let marked = chart.marks.with_untracked(|marks| marks.iter().map(|(sector, _)| *sector).collect());
        let chosen = chart.chosen.get_untracked().map(|sector| vec![sector]);
        let points: Vec<Point> =
            chosen.unwrap_or(marked).into_iter().map(|sector| sketch.middle(sector)).collect();
        let own = || sketch.villages.iter().filter(|village| village.own).map(|it| sketch.at(it)).collect();
        let points = if points.is_empty() { own() } else { points };
        let view = RwSignal::new(View::of(&sketch, &points));
        Self { sketch, chart, view, fingers: StoredValue::new(Fingers::default()) }
    }

    fn step(&self, step: Step) {
        let sketch = &self.sketch;
        match (step, self.chart.task) {
            (Step::Wider(times), _) => {
                // What is meant stays where it is seen.
                let meant = self.chart.chosen.get_untracked().map(|sector| sketch.middle(sector));
                self.view.update(|view| {
                    let around = meant.and_then(|at| view.part(at)).unwrap_or((0.5, 0.5));
                    *view = view.zoomed(times, around, sketch);
                });
            }
            (Step::To(north, east), For::Choosing) => {
                let bounds = self.chart.bounds;
                let next = match self.chart.chosen.get_untracked() {
                    Some(sector) => sector.beside(north, east),
                    None => sketch.sector(self.view.get_untracked().point((0.5, 0.5)), bounds),
                };
                self.choose(next.filter(|next| bounds.is_none_or(|bounds| bounds.hold(*next))));
            }
            (Step::To(north, east), _) => {
                let part = |steps: i32| f64::from(steps.signum()) * 0.25;
                self.view.update(|view| *view = view.moved((part(east), -part(north)), sketch));
            }
        }
    }

    /// This one is meant; where it is none, what was before stays.
    fn choose(&self, sector: Option<Sector>) {
        let Some(sector) = sector else { return };
        self.chart.chosen.set(Some(sector));
        let at = self.sketch.middle(sector);
        self.view.update(|view| *view = view.with(at, &self.sketch));
    }

    fn tapped(&self, at: Point, unit: f64) {
        let at = self.view.get_untracked().point(at);
        match self.chart.task {
            For::Choosing => self.choose(self.sketch.sector(at, self.chart.bounds)),
            For::Finding => {
                let marks = self.chart.marks.get_untracked();
                // Beside all marks: all of them again.
                self.chart.chosen.set(hit(&self.sketch, &marks, at, unit * REACH));
            }
            For::Seeing => {}
        }
    }
}

/// Where a finger is, as parts of the map's width and height.
fn place_of(event: &PointerEvent) -> Option<Point> {
    let bounds = event.current_target()?.dyn_ref::<Element>()?.get_bounding_client_rect();
    let (x, y) = (f64::from(event.client_x()) - bounds.left(), f64::from(event.client_y()) - bounds.top());
    Some((x / bounds.width(), y / bounds.height()))
}

fn width() -> f64 {
    let map = document().get_element_by_id(ID);
    map.map_or(0.0, |map| map.get_bounding_client_rect().width()).max(200.0)
}

fn map(map: Map) -> AnyView {
    let (view, chart) = (map.view, map.chart);
    let wide = RwSignal::new(360.0);
    let measure = move || {
        let _ = wide.try_set(width());
    };
    request_animation_frame(measure);
    let resized = window_event_listener_untyped("resize", move |_| measure());
    on_cleanup(move || resized.remove());
    let unit = memo(move || view.get().frame().2 / wide.get());
    let label = match chart.task {
        For::Choosing => w!(map_label_choosing),
        For::Finding => w!(map_label_finding),
        For::Seeing => w!(map_label_seeing),
    };
    let role = if chart.task == For::Choosing { "application" } else { "group" };
    let touch = if chart.task == For::Seeing { "map-frame map-still" } else { "map-frame" };
    let said = words(map.sketch.clone(), chart);
    view! {
        <div class="map stack-s">
            {(chart.task == For::Choosing).then(|| villages(&map))}
            <div class=touch id=ID role=role tabindex="0" aria-label=label aria-describedby="map-keys"
                on:keydown=keys(map.clone())>{picture(map.clone(), unit)}</div>
            {tools(&map)}
            <p class="visually-hidden" id="map-keys">{w!(map_keys)}</p>
            {said}
            <p class="small soft">{w!(map_source)} " " <a href="/maps/SOURCES.txt">{w!(map_sources)}</a></p>
        </div>
    }
    .into_any()
}

fn picture(map: Map, unit: Memo<f64>) -> AnyView {
    let (view, sketch, fingers, chart) = (map.view, map.sketch.clone(), map.fingers, map.chart);
    let frame = shared(move || strokes::frame(view.get()));
    let down = move |event: PointerEvent| {
        let Some(at) = place_of(&event) else { return };
        if let Some(target) = event.current_target() {
            // A finger that leaves the map is still on it; without that it is lifted there.
            let _ = target.unchecked_ref::<Element>().set_pointer_capture(event.pointer_id());
        }
        fingers.update_value(|fingers| fingers.put(event.pointer_id(), at));
    };
    let slide = move |event: PointerEvent| {
        let Some(at) = place_of(&event) else { return };
        let before = view.get_untracked();
        let now = fingers.try_update_value(|it| it.slide(event.pointer_id(), at, before, &sketch));
        if let Some(now) = now.filter(|now| *now != before) {
            view.set(now);
        }
    };
    let drawn = map.sketch.clone();
    let up = move |event: PointerEvent| {
        let chose = fingers.try_update_value(|fingers| fingers.lift(event.pointer_id()));
        if let Some(at) = place_of(&event).filter(|_| chose == Some(true)) {
            map.tapped(at, unit.get_untracked());
        }
    };
    let lost = move |event: PointerEvent| {
        fingers.update_value(|fingers| _ = fingers.lift(event.pointer_id()));
    };
    view! {
        <svg class="map-picture" viewBox=frame aria-hidden="true" focusable="false"
            on:pointerdown=on(down) on:pointermove=on(slide) on:pointerup=on(up) on:pointercancel=on(lost)>
            {strokes::ground(&drawn, unit)}
            {strokes::marks(drawn.clone(), unit, chart.marks, chart.chosen)}
        </svg>
    }
    .into_any()
}

/// How much one press changes the width.
const CLOSER: f64 = 0.6;

fn keys(map: Map) -> Box<dyn FnMut(KeyboardEvent)> {
    on(move |event: KeyboardEvent| {
        let far = if event.shift_key() { 5 } else { 1 };
        let step = match event.key().as_str() {
            "ArrowUp" => Step::To(far, 0),
            "ArrowDown" => Step::To(-far, 0),
            "ArrowLeft" => Step::To(0, -far),
            "ArrowRight" => Step::To(0, far),
            "+" | "=" => Step::Wider(CLOSER),
            "-" => Step::Wider(1.0 / CLOSER),
            _ => return,
        };
        event.prevent_default();
        map.step(step);
    })
}

/// The same by buttons: a map is never to be dragged only.
fn tools(map: &Map) -> AnyView {
    let choosing = map.chart.task == For::Choosing;
    let tool = |path: &'static str, label: String, step: Step| {
        let map = map.clone();
        view! {
            <button type="button" class="btn btn-quiet map-tool" aria-label=label
                on:click=on(move |_| map.step(step))>{icon(path)}</button>
        }
        .into_any()
    };
    let to = |moved: String, looked: String| if choosing { moved } else { looked };
    let all = [
        tool(icons::PLUS, w!(map_closer), Step::Wider(CLOSER)),
        tool(icons::MINUS, w!(map_farther), Step::Wider(1.0 / CLOSER)),
        tool(icons::LEFT, to(w!(map_move_west), w!(map_look_west)), Step::To(0, -1)),
        tool(icons::UP, to(w!(map_move_north), w!(map_look_north)), Step::To(1, 0)),
        tool(icons::DOWN, to(w!(map_move_south), w!(map_look_south)), Step::To(-1, 0)),
        tool(icons::RIGHT, to(w!(map_move_east), w!(map_look_east)), Step::To(0, 1)),
    ];
    view! { <div class="map-tools" role="group" aria-label=w!(map_tools)>{Vec::from(all)}</div> }.into_any()
}

/// A village to begin from, for whoever does not point.
fn villages(map: &Map) -> AnyView {
    let own = map.sketch.villages.iter().filter(|village| village.own);
    let options: Vec<AnyView> = own
        .filter_map(|village| {
            let (name, sector) = (village.name.to_string(), village.sector()?.to_string());
            Some(view! { <option value=sector>{name}</option> }.into_any())
        })
        .collect();
    let map = map.clone();
    let choose = move |event: web_sys::Event| map.choose(event_target_value(&event).parse().ok());
    view! {
        <div class="field">
            <label class="field-label" for="map-from">{w!(map_from)}</label>
            <select class="field-input" id="map-from" on:change=on(choose)>
                <option value="">{w!(map_from_none)}</option>
                {options}
            </select>
        </div>
    }
    .into_any()
}

/// What is meant, in words; and what is marked, as a list that does what the marks do.
fn words(sketch: Arc<Sketch>, chart: Chart) -> AnyView {
    let (chosen, marks) = (chart.chosen, chart.marks);
    if chart.task != For::Finding {
        return view! { <p class="map-words" role="status">{live(move || chosen.get().map(|it| say(&sketch, it)))}</p> }
            .into_any();
    }
    let rows = live(move || {
        let meant = chosen.get();
        marks.with(|marks| {
            let row = |(sector, count): &(Sector, usize)| {
                let (sector, count) = (*sector, *count);
                let pressed = meant == Some(sector);
                let press = move |_: web_sys::MouseEvent| chosen.set(Some(sector).filter(|_| !pressed));
                let text = [say(&sketch, sector), n!(count, home_contributions_a, home_contributions_s)];
                view! {
                    <li><button type="button" class="btn btn-quiet btn-toggle" aria-pressed=pressed.to_string()
                        on:click=on(press)>{text.join(" · ")}</button></li>
                }
                .into_any()
            };
            marks.iter().map(row).collect::<Vec<_>>()
        })
    });
    view! { <ul class="map-marks">{rows}</ul> }.into_any()
}

/// A sector in words, by the village next to it.
fn say(sketch: &Sketch, sector: Sector) -> String {
    let Some(Near { village, way }) = sketch.near(sector) else { return degrees(sector) };
    let village = village.to_string();
    let Some((km, wind)) = way else { return w!(map_in, village = village) };
    let vowel = dates::normalize(&village).starts_with(['a', 'e', 'i', 'o', 'u', 'y', 'h']);
    let of = if vowel { w!(map_of_vowel, village = village) } else { w!(map_of, village = village) };
    let km = dates::number(km);
    match wind {
        Wind::N => w!(map_near_n, km = km, of = of),
        Wind::NE => w!(map_near_ne, km = km, of = of),
        Wind::E => w!(map_near_e, km = km, of = of),
        Wind::SE => w!(map_near_se, km = km, of = of),
        Wind::S => w!(map_near_s, km = km, of = of),
        Wind::SW => w!(map_near_sw, km = km, of = of),
        Wind::W => w!(map_near_w, km = km, of = of),
        Wind::NW => w!(map_near_nw, km = km, of = of),
    }
}
