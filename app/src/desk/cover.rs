//! Covering a part of a photo: squares of it are painted over, and the picture that everyone sees is made anew.

use domain::ids::{Hash, RecordId};
use domain::operations::{Action, Blot, Cover};
use leptos::html::Img;
use leptos::prelude::*;
use web_sys::{HtmlElement, HtmlImageElement, KeyboardEvent};

use super::inbox::Desk;
use super::state::covers::{Grid, Move, squares};
use crate::offline::covered;
use crate::ui::live::{effect, live, memo, on, shared};
use crate::ui::{App, dates, page, parts};
use crate::{proposals, w};

/// Which contribution the photo belongs to.
#[derive(Clone, Copy)]
pub struct Of {
    /// Its consultation.
    pub consultation: RecordId,
    /// The contribution.
    pub record: RecordId,
    /// Whether another office has it too, with photos of its own.
    pub forwarded: bool,
}

/// That another office has it too.
pub fn also_there(of: Of) -> Option<AnyView> {
    of.forwarded.then(|| view! { <p>{w!(desk_cover_forwarded)}</p> }.into_any())
}

/// The picture under its squares, with the button that covers those that are marked. `done` closes it.
pub fn editor(app: App, desk: Desk, of: Of, photo: Hash, done: impl Fn() + Copy + Send + 'static) -> AnyView {
    let (source, tried) = (RwSignal::new(None::<String>), RwSignal::new(false));
    let (grid, at) = (RwSignal::new(Grid::new(4, 3)), RwSignal::new(0));
    let image = NodeRef::<Img>::new();
    let (working, wrong) = (RwSignal::new(false), RwSignal::new(None::<String>));
    app.spawn(async move {
        let url = app.device().picture(photo).await;
        let _ = source.try_set(url);
        let _ = tried.try_set(true);
        page::focus_soon(HEAD);
    });
    let cover = move || {
        let marked = grid.with_untracked(squares);
        if marked.is_empty() {
            wrong.set(Some(w!(desk_cover_error_none)));
            return;
        }
        wrong.set(None);
        working.set(true);
        let image = image.get_untracked();
        app.spawn(async move {
            let kept = match image {
                Some(image) => keep(app, desk, of, photo, &image, marked).await,
                None => Err(w!(desk_cover_away)),
            };
            let _ = working.try_set(false);
            match kept {
                Ok(()) => {
                    app.say(w!(desk_act_kept));
                    done();
                }
                Err(text) => drop(wrong.try_set(Some(text))),
            }
        });
    };
    let body = live(move || match (source.get(), tried.get()) {
        (Some(url), _) => {
            let hint = w!(desk_cover_hint);
            view! { <p class="soft" id="cover-hint">{hint}</p> {picture(url, image, grid, at)} }.into_any()
        }
        (None, false) => parts::loading(),
        (None, true) => view! { <p class="field-error" role="alert">{w!(desk_cover_away)}</p> }.into_any(),
    });
    // What was missing is said no longer once it is there.
    effect(move |first| {
        grid.track();
        if !first {
            wrong.set(None);
        }
    });
    let ready = memo(move || source.with(Option::is_some));
    let go = live(move || {
        ready.get().then(|| {
            let busy = shared(move || working.get().then_some("true"));
            view! {
                <button type="button" class="btn" aria-busy=busy on:click=on(move |_| if !working.get_untracked() { cover() })>
                    {w!(desk_cover_do)}
                </button>
            }
        })
    });
    view! {
        <section class="card stack" aria-labelledby=HEAD>
            <h3 class="card-title" id=HEAD tabindex="-1">{w!(desk_cover_title)}</h3>
            {also_there(of)}
            {body}
            <p role="status">{move || wrong.get().map(|text| view! { <span class="field-error">{text}</span> })}</p>
            <p class="actions">{go}{parts::button("btn btn-quiet", w!(app_cancel), done)}</p>
        </section>
    }
    .into_any()
}

const HEAD: &str = "cover";

async fn keep(
    app: App,
    desk: Desk,
    of: Of,
    photo: Hash,
    image: &HtmlImageElement,
    marked: Vec<[f64; 4]>,
) -> Result<(), String> {
    let pictures = covered(image, &marked).await.ok_or_else(|| w!(propose_photo_unreadable))?;
    let (full, thumb) = (Hash::of(&pictures.full), Hash::of(&pictures.thumb));
    let covers = vec![Cover { photo, full, thumb }];
    let Of { consultation, record, .. } = of;
    let blot = Action::Blot(Blot { consultation, record, words: vec![], photos: vec![], covers });
    let mut files = vec![pictures.full, pictures.thumb];
    // A small picture is one file for both.
    files.dedup();
    app.device().act_with(&desk.community(), blot, files).await.map_err(proposals::say)?;
    Ok(())
}

/// The picture, with a grid of buttons over it. Arrows move among them, as in a table.
fn picture(url: String, image: NodeRef<Img>, grid: RwSignal<Grid>, at: RwSignal<usize>) -> AnyView {
    let measured = move |event: web_sys::Event| {
        if let Some(image) = dates::target::<HtmlImageElement>(&event) {
            let measured = Grid::new(image.natural_width(), image.natural_height());
            if grid.with_untracked(|grid| grid.columns != measured.columns) {
                at.set(0);
                grid.set(measured);
            }
        }
    };
    let moved = move |event: KeyboardEvent| {
        let Some(to) = Move::of(&event.key()) else { return };
        event.prevent_default();
        let to = grid.with_untracked(|grid| grid.moved(at.get_untracked(), to));
        at.set(to);
        let button = document().get_element_by_id(&square_id(to));
        if let Some(button) = button.and_then(|it| wasm_bindgen::JsCast::dyn_into::<HtmlElement>(it).ok()) {
            let _ = button.focus();
        }
    };
    let columns = memo(move || grid.with(|grid| (grid.columns, grid.marked.len())));
    let squares = live(move || {
        let (columns, count) = columns.get();
        let all: Vec<AnyView> = (0..count).map(|number| square(number, columns, grid, at)).collect();
        view! {
            <div class="cover-grid" role="group" aria-label=w!(desk_cover_title) aria-describedby="cover-hint"
                data-columns=columns.to_string() on:keydown=on(moved)>{all}</div>
        }
    });
    view! {
        <div class="cover">
            <img class="cover-img" src=url alt="" node_ref=image on:load=on(measured) />
            {squares}
        </div>
    }
    .into_any()
}

fn square_id(number: usize) -> String {
    format!("cover-{number}")
}

fn square(number: usize, columns: usize, grid: RwSignal<Grid>, at: RwSignal<usize>) -> AnyView {
    let is_marked = memo(move || grid.with(|grid| grid.marked.get(number) == Some(&true)));
    let label = w!(
        desk_cover_square,
        row = (number / columns + 1).to_string(),
        column = (number % columns + 1).to_string()
    );
    let press = move |_: web_sys::MouseEvent| {
        at.set(number);
        grid.update(|grid| grid.toggle(number));
    };
    view! {
        <button type="button" class="cover-square" id=square_id(number) aria-label=label
            tabindex=shared(move || if at.get() == number { "0" } else { "-1" })
            aria-pressed=shared(move || is_marked.get().to_string()) on:click=on(press)></button>
    }
    .into_any()
}
