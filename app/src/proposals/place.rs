//! Where that is: from the device's position, on the map, or in words. A sector is kept, never a point.

use domain::sectors::{Bounds, Sector};
use domain::text::Label;
use leptos::prelude::*;

use crate::maps::{Chart, For, Unknown, degrees, position, shown};
use crate::ui::App;
use crate::ui::field::{Errors, Field, field};
use crate::ui::icons::{PIN, icon};
use crate::ui::live::{effect, live, on, shared};
use crate::ui::{dates, parts};
use crate::w;

/// What the form keeps of it.
#[derive(Clone, Copy)]
pub struct Where {
    /// The sector.
    pub sector: RwSignal<Option<Sector>>,
    /// The words.
    pub words: RwSignal<String>,
}

/// How the search for the device's position ended.
#[derive(Clone, Copy, PartialEq)]
enum Search {
    None,
    Going,
    Failed(Unknown),
    Outside,
}

/// The part of the form.
pub fn section(
    app: App,
    it: Where,
    bounds: Option<Bounds>,
    errors: Errors,
    readonly: Signal<bool>,
) -> AnyView {
    let (open, search) = (RwSignal::new(false), RwSignal::new(Search::None));
    let look = move || {
        if search.get_untracked() == Search::Going || readonly.get_untracked() {
            return;
        }
        search.set(Search::Going);
        app.spawn(async move {
            let now = match position().await {
                Ok(sector) if bounds.is_none_or(|bounds| bounds.hold(sector)) => {
                    let _ = it.sector.try_set(Some(sector));
                    Search::None
                }
                Ok(_) => Search::Outside,
                Err(why) => Search::Failed(why),
            };
            let _ = search.try_set(now);
        });
    };
    effect(move |first| {
        it.sector.track();
        // Chosen otherwise meanwhile.
        if !first && search.get_untracked() != Search::Going {
            search.set(Search::None);
        }
    });
    let going = shared(move || (search.get() == Search::Going).then_some("true"));
    let label = shared(move || if open.get() { w!(place_map_close) } else { w!(place_map_open) });
    let map = live(move || {
        let marks = Signal::derive(Vec::new);
        open.get().then(|| shown(app, Chart { task: For::Choosing, marks, chosen: it.sector, bounds }))
    });
    let words = Field {
        id: "place",
        label: w!(place_words_label),
        hint: w!(place_words_hint),
        max: Label::GRAPHEMES,
        ..Field::default()
    };
    view! {
        <fieldset class="field" aria-describedby="where-hint">
            <legend class="field-label">{w!(place_label)}</legend>
            <p class="field-hint" id="where-hint">{w!(place_hint)}</p>
            <div class="stack">
                <div class="actions">
                    <button type="button" class="btn btn-quiet" aria-busy=going on:click=on(move |_| look())>{icon(PIN)}{w!(place_position)}</button>
                    <button type="button" class="btn btn-quiet" aria-expanded=move || open.get().to_string()
                        on:click=on(move |_| open.update(|open| *open = !*open))>{label}</button>
                </div>
                <div role="status">{live(move || told(search.get()))}</div>
                {live(move || it.sector.get().map(|sector| chosen(it, sector)))}
                {map}
                {field(words, it.words, errors, readonly, None)}
            </div>
        </fieldset>
    }
    .into_any()
}

/// The sector that is kept, and the way to leave it out again.
fn chosen(it: Where, sector: Sector) -> AnyView {
    view! {
        <p class="place row">
            {icon(PIN)}<span class="grow">{w!(place_chosen, sector = degrees(sector))}</span>
            {parts::button("btn btn-plain", w!(place_remove), move || it.sector.set(None))}
        </p>
    }
    .into_any()
}

/// How it goes, and what to do instead.
fn told(search: Search) -> Option<AnyView> {
    let text = match search {
        Search::None => return None,
        Search::Going => return Some(view! { <p class="soft">{w!(place_searching)}</p> }.into_any()),
        Search::Outside => w!(place_outside),
        Search::Failed(Unknown::Denied) => w!(place_denied),
        Search::Failed(Unknown::Unavailable) => w!(place_unavailable),
        Search::Failed(Unknown::TimedOut) => w!(place_timed_out),
        Search::Failed(Unknown::Rough(km)) => w!(place_rough, km = dates::number(f64::from(km))),
    };
    Some(parts::notice("warn", String::new(), text, None))
}
