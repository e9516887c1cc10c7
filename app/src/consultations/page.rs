//! The page of a consultation: what is asked, until when, and what people say.

use crate::ui::live::{live, memo};
use domain::ids::{RecordId, SubjectId};
use domain::phases::Phase;
use domain::records::{Community, Consultation, Place};
use domain::scopes::Scope;
use domain::time::Millis;
use leptos::prelude::*;

use super::{list, state};
use crate::communities;
use crate::ui::routes::Route;
use crate::ui::{App, dates, page, parts, shell, tide, words};
use crate::w;

/// The page.
pub fn page(app: App, slug: String, id: RecordId) -> AnyView {
    let place = communities::place(app, slug);
    app.device().follow(vec![Scope::Territory]);
    live(move || match place.get() {
        Some(place) => of_place(app, place, id),
        None => communities::missing_place(app),
    })
}

fn of_place(app: App, place: Place, id: RecordId) -> AnyView {
    let community = Scope::Community(place.id.clone());
    let scope = Scope::Consultation(place.id.clone(), id);
    app.device().follow(vec![Scope::Territory, community.clone(), scope]);
    let (records, held) = (app.records(&community), app.device().held(&community));
    let network = app.device().network();
    let lists = memo(move || records.with(|all| state::community(all.iter().map(|held| &held.record))));
    let it = memo(move || records.with(|all| state::consultation(all.iter().map(|held| &held.record), id)));
    page::title(move || it.with(|it| it.as_ref().map_or_else(String::new, |it| words::say(&it.title))));
    live(move || match it.get() {
        Some(it) => draw(app, &place, &it, lists),
        None if held.get().is_some() => {
            let home = parts::link("btn", app.link(&Route::Here), w!(error_home));
            parts::empty(String::new(), w!(consultation_unknown), Some(home))
        }
        None if network.get().online => parts::loading(),
        None => shell::not_here(app, w!(home_not_yet, community = place.name.to_string())),
    })
}

fn draw(app: App, place: &Place, it: &Consultation, lists: Memo<Option<Community>>) -> AnyView {
    let back = parts::link("", app.link(&Route::Community(place.slug.clone())), place.name.to_string());
    let now = app.device().server_now();
    let open = it.phase(now) == Phase::Open;
    let propose = open.then(|| {
        let to = app.link(&Route::Propose(place.slug.clone(), it.id));
        view! { <p class="actions">{parts::link("btn", to, w!(consultation_propose))}</p> }
    });
    let (tone, label, when) = super::card::when(it, now);
    let below = view! {
        <p class="meta">
            {parts::tag(tone, label)}<span>{when}</span>
            {it.fictitious.then(|| parts::tag("", w!(app_fictitious)))}
        </p>
    };
    view! {
        {parts::head(Some(back), words::say(&it.title), Some(below.into_any()))}
        <section class="stack">
            <h2>{w!(consultation_summary)}</h2>
            {paragraphs(&words::say(&it.summary))}
            {dates_of(it, now)}
            {source(it)}
            {propose}
        </section>
        {held_age(app, place, it.id)}
        {list::contributions(app, place.clone(), it.id, open, lists)}
    }
    .into_any()
}

/// A blank line parts paragraphs; nothing else is markup.
fn paragraphs(text: &str) -> Vec<AnyView> {
    let parts = text.split("\n\n").filter(|part| !part.trim().is_empty());
    parts.map(|part| view! { <p dir="auto">{part.to_owned()}</p> }.into_any()).collect()
}

fn dates_of(it: &Consultation, now: Millis) -> AnyView {
    let closes = match it.phase(now) {
        Phase::Open => {
            w!(consultation_closes_at, date = dates::day(it.closes_at), time = dates::time(it.closes_at))
        }
        Phase::Grace => w!(consultation_grace, date = dates::moment(it.accepts_until)),
        Phase::Closed => w!(consultation_closed, date = dates::day(it.closes_at)),
    };
    let promise = it.answer_by.map(|by| {
        let text = if by < now {
            w!(consultation_late, date = dates::day(by))
        } else {
            w!(consultation_promise, date = dates::day(by))
        };
        view! { <li>{text}</li> }
    });
    view! { <ul class="bullets"><li>{closes}</li>{promise}<li>{w!(consultation_who_decides)}</li></ul> }
        .into_any()
}

/// Where an imported conversation comes from, and under which licence: always shown.
fn source(it: &Consultation) -> Option<AnyView> {
    let source = it.source.as_ref()?;
    let text = format!("{}, {}", words::say(&source.attribution), source.licence);
    let url = source.url.to_string();
    // Only an address that opens a page becomes a link.
    let web = url.starts_with("https://").then(|| {
        view! { " " <a href=url.clone() rel="external noopener">{w!(consultation_origin)}</a> }
    });
    Some(view! { <p class="small soft">{w!(app_source, source = text)}{web}</p> }.into_any())
}

/// How old what is shown is, while the server cannot be asked.
fn held_age(app: App, place: &Place, id: RecordId) -> AnyView {
    let held = app.device().held(&Scope::Consultation(place.id.clone(), id));
    let network = app.device().network();
    live(move || {
        app.clock.track();
        let held = held.get()?;
        (!network.get().online).then(|| view! { <p class="soft small">{tide::age_of(held.pulled_at)}</p> })
    })
}

/// A subject's short name in a community's list.
pub fn subject_name(lists: &Option<Community>, id: &SubjectId) -> String {
    // Before the community's lists are here, nothing: an identifier is no word.
    let Some(lists) = lists else { return String::new() };
    let subject = lists.subjects.iter().find(|subject| subject.id == *id);
    subject.map_or_else(|| id.to_string(), |subject| words::say(&subject.short))
}
