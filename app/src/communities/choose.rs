//! "Where do you live?": the communities of the territory, with a search box. The choice is
//! kept on the device.

use crate::ui::live::{on, shared};
use domain::records::{CommunityKind, Place};
use domain::scopes::Scope;
use leptos::prelude::*;

use super::state;
use crate::ui::routes::Route;
use crate::ui::words::Locale;
use crate::ui::{App, dates, header, page, parts, shell, words};
use crate::w;

/// The choice.
pub fn choose(app: App) -> AnyView {
    page::title(|| w!(choose_title));
    app.device().follow(vec![Scope::Territory]);
    let (places, held) = (app.places(), app.device().held(&Scope::Territory));
    let query = RwSignal::new(String::new());
    let list = shared(move || {
        if places.with(|places| places.is_empty()) {
            return match held.get() {
                None if !app.device().network().get().online => shell::not_here(app, w!(choose_offline)),
                _ => parts::loading(),
            };
        }
        let found = places.with(|places| state::find(places, &query.get(), dates::normalize));
        if found.is_empty() {
            let text = w!(choose_search_empty, text = query.get());
            return view! { <p role="status">{text}</p> }.into_any();
        }
        let group = |kind: CommunityKind, title: String| section(app, &found, kind, title);
        view! {
            {group(CommunityKind::Municipality, w!(choose_municipalities))}
            {group(CommunityKind::FirstNation, w!(choose_first_nations))}
            {group(CommunityKind::UnorganizedTerritory, w!(choose_unorganized))}
            {group(CommunityKind::RegionalCounty, w!(choose_regional_county))}
        }
        .into_any()
    });
    view! {
        {parts::head(None, w!(choose_title), Some(view! { <p class="soft">{w!(choose_intro)}</p> }.into_any()))}
        {search_box("community", w!(choose_search_label), query)}
        {list}
    }
    .into_any()
}

/// A search box over what is held: it finds while one types.
pub fn search_box(id: &'static str, label: String, query: RwSignal<String>) -> AnyView {
    use crate::ui::icons::{SEARCH, icon};
    view! {
        <form class="search" role="search" on:submit=on(|event: web_sys::SubmitEvent| event.prevent_default())>
            <label class="visually-hidden" for=id>{label.clone()}</label>
            <div class="search-box">
                {icon(SEARCH)}
                <input class="field-input search-input" id=id type="search" autocomplete="off" placeholder=label
                    prop:value=query on:input=on(move |event| query.set(event_target_value(&event))) />
            </div>
        </form>
    }
    .into_any()
}

fn section(app: App, found: &[Place], kind: CommunityKind, title: String) -> Option<AnyView> {
    let places = found.iter().filter(|place| place.sort == kind);
    let rows: Vec<AnyView> = places.map(|place| row(app, place.clone())).collect();
    (!rows.is_empty()).then(|| {
        view! { <section class="stack"><h2>{title}</h2><ul class="list">{rows}</ul></section> }.into_any()
    })
}

fn row(app: App, place: Place) -> AnyView {
    let places = app.places();
    let now =
        places.with_untracked(|places| state::by_id(places, &place.id)).unwrap_or_else(|| place.clone());
    let moved = (now.id != place.id)
        .then(|| w!(choose_moved, old = place.name.to_string(), new = now.name.to_string()));
    let below = moved
        .or_else(|| place.designation.as_ref().map(words::say))
        .unwrap_or_else(|| header::kind(place.sort));
    let take = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        let id = now.id.clone();
        app.chosen.set(Some(id.clone()));
        let own = now.languages.iter().find_map(|lang| words::of_tag(lang.as_str()));
        app.spawn(async move {
            let device = app.device();
            let _ = device.set_preference("community", id.as_str()).await;
            // Whose browser speaks neither language reads that of the community.
            if let (None, Some(own), None) = (words::of_browser(), own, device.preference("language").await) {
                app.locale.set(own);
                let code = if own == Locale::en { "en" } else { "fr" };
                let _ = device.set_preference("language", code).await;
            }
        });
        app.go(&Route::Here);
    };
    view! {
        <li class="list-row">
            <a class="list-link" href=app.link(&Route::Community(place.slug.clone())) on:click=on(take)>
                <span class="list-title">{place.name.to_string()}</span>
                <span class="list-text">{below}</span>
            </a>
        </li>
    }
    .into_any()
}
