//! What somebody follows, in every community, with the way to it and the way out of it.

use crate::ui::live::{effect, live, memo, on, shared};
use domain::records::Place;
use domain::scopes::Scope;
use leptos::prelude::*;

use super::follow::{Follows, key};
use super::followed::{Followed, about_sector, followed};
use super::section::held_consultations;
use crate::maps::degrees;
use crate::ui::routes::Route;
use crate::ui::{App, words};
use crate::{consultations, w};

/// What is followed of a community.
type Of = (Place, Follows, Vec<Followed>);

/// The section.
pub fn listed(app: App) -> AnyView {
    let all = RwSignal::new(None::<Vec<Of>>);
    let places = app.places();
    effect(move |_| {
        let places = places.get();
        app.spawn(async move {
            let mut found = Vec::new();
            for place in places.iter() {
                let text = app.device().preference(&key(&place.id)).await.unwrap_or_default();
                let those = followed(&text);
                if !those.is_empty() {
                    found.push((place.clone(), Follows::known(app, &place.id, text), those));
                }
            }
            // Their names are in the lists of their communities.
            let of = found.iter().map(|(place, ..)| Scope::Community(place.id.clone()));
            app.device().follow([Scope::Territory].into_iter().chain(of).collect());
            let _ = all.try_set(Some(found));
        });
    });
    let body = live(move || {
        let all = all.get()?;
        if all.is_empty() {
            return Some(view! { <p class="soft">{w!(news_follows_none)}</p> }.into_any());
        }
        let of = |(place, follows, those): Of| {
            those.into_iter().map(move |what| row(app, place.clone(), follows.clone(), what))
        };
        let rows: Vec<AnyView> = all.into_iter().flat_map(of).collect();
        Some(view! { <p class="soft">{w!(news_follows_intro)}</p> <ul class="list">{rows}</ul> }.into_any())
    });
    view! { <section class="stack" aria-labelledby="follows"><h2 id="follows">{w!(news_follows)}</h2>{body}</section> }
        .into_any()
}

/// What something is called, and where it leads.
fn named(app: App, place: &Place, what: &Followed) -> (String, Route) {
    let slug = || place.slug.clone();
    let home = Route::Community(slug());
    let records = app.records(&Scope::Community(place.id.clone()));
    match what {
        Followed::Consultation(id) => {
            let it =
                records.with(|all| consultations::state::consultation(all.iter().map(|it| &it.record), *id));
            let title = it.map_or_else(|| w!(scope_consultation), |it| words::say(&it.title));
            (title, Route::Consultation(slug(), *id))
        }
        Followed::Subject(id) => {
            let lists = records.with(|all| consultations::state::community(all.iter().map(|it| &it.record)));
            let name = consultations::subject_name(&lists, id);
            let name = if name.is_empty() { w!(news_kind_subject) } else { name };
            (name, Route::Subject(slug(), id.to_string()))
        }
        Followed::Near(sector) => {
            let held = held_consultations(app, &place.id);
            let said: Vec<_> = held.iter().map(|scope| app.records(scope).get()).collect();
            match about_sector(said.iter().flat_map(|all| all.iter()), *sector) {
                Some(it) => {
                    let words = it.place().and_then(|place| place.words.as_ref());
                    let name = words.map_or_else(|| degrees(*sector), ToString::to_string);
                    (name, Route::Contribution(slug(), it.consultation, it.id))
                }
                None => (degrees(*sector), home),
            }
        }
    }
}

fn row(app: App, place: Place, follows: Follows, what: Followed) -> AnyView {
    let kind = match what {
        Followed::Consultation(_) => w!(news_kind_consultation),
        Followed::Subject(_) => w!(news_kind_subject),
        Followed::Near(_) => w!(news_kind_place),
    };
    let below = [&kind, " · ", place.name.as_str()].concat();
    let known = {
        let what = what.clone();
        memo(move || named(app, &place, &what))
    };
    let has = {
        let (follows, what) = (follows.clone(), what.clone());
        memo(move || follows.has(&what))
    };
    let name = move || known.with(|(name, _)| name.clone());
    // What was just let go stays in sight, so that it can be taken up again.
    let below = shared(move || if has.get() { below.clone() } else { w!(news_unfollowed) });
    let label = shared(move || if has.get() { w!(news_unfollow) } else { w!(news_follow_again) });
    view! {
        <li class="list-row list-beside">
            <a class="list-link" href=shared(move || known.with(|(_, to)| app.link(to)))>
                <span class="list-title" dir="auto">{shared(name)}</span>
                <span class="list-text">{below}</span>
            </a>
            <button type="button" class="btn btn-plain small" on:click=on(move |_| follows.toggle(&what))>
                {label}<span class="visually-hidden">{crate::ui::words::colon()}{shared(name)}</span>
            </button>
        </li>
    }
    .into_any()
}
