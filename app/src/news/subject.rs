//! What is proposed about a subject, in every consultation of a community that this device holds.

use std::sync::Arc;

use domain::ids::{CommunityId, SubjectId};
use domain::records::{Consultation, Contribution, Place, Record};
use domain::scopes::Scope;
use leptos::prelude::*;

use super::follow;
use super::followed::about_subject;
use super::section::{consultations, held_consultations};
use crate::consultations::state::{WINDOW, by_phase, community};
use crate::offline::Held;
use crate::trail::progress_tag;
use crate::ui::live::{effect, live, memo, shared};
use crate::ui::routes::Route;
use crate::ui::{App, page as pages, parts, shell, window, words};
use crate::{communities, n, w};

/// So many fill the screen of a phone.
const AT_FIRST: usize = 8;

/// The page.
pub fn page(app: App, slug: String, id: &str) -> AnyView {
    let id: Option<SubjectId> = id.parse().ok();
    communities::at(app, slug, move |place| match id.clone() {
        Some(id) => of_place(app, place, id),
        None => shell::unknown(app),
    })
}

fn of_place(app: App, place: Place, id: SubjectId) -> AnyView {
    let scope = Scope::Community(place.id.clone());
    let records = app.records(&scope);
    // Nothing while the community's lists are not here; else its name, where they have such a subject.
    let name = {
        let id = id.clone();
        memo(move || {
            let lists = records.with(|all| community(all.iter().map(|held| &held.record)))?;
            Some(lists.subjects.iter().find(|it| it.id == id).map(|it| words::say(&it.full)))
        })
    };
    pages::title(move || name.get().flatten().unwrap_or_default());
    live(move || match name.get() {
        Some(Some(name)) => about(app, &place, &id, name),
        Some(None) => parts::empty(w!(error_not_found_title), w!(error_not_found), None),
        None => {
            app.device().follow(vec![Scope::Territory, scope.clone()]);
            shell::absent(app, &scope, || w!(error_not_found), || w!(subject_not_here))
        }
    })
}

fn about(app: App, place: &Place, id: &SubjectId, name: String) -> AnyView {
    let scopes = scopes(app, &place.id);
    let found = {
        let id = id.clone();
        memo(move || {
            let said: Vec<_> = scopes.here.get().iter().map(|scope| app.records(scope).get()).collect();
            about_subject(said.iter().flat_map(|all| all.iter()), &id)
        })
    };
    let shown = window::opened(app, AT_FIRST, WINDOW, move || scopes.here.track());
    let total = Signal::derive(move || found.with(Vec::len));
    let named = {
        let records = app.records(&Scope::Community(place.id.clone()));
        memo(move || {
            let (open, closed) =
                records.with(|all| by_phase(all.iter().map(|held| &held.record), app.device().server_now()));
            open.into_iter().chain(closed).collect::<Vec<Consultation>>()
        })
    };
    let none = memo(move || found.with(Vec::is_empty));
    let slug = StoredValue::new(place.slug.clone());
    let rows = shared(move || {
        let row = |held: &Arc<Held>| row(app, slug, named, held);
        found.with(|found| found.iter().take(shown.get()).map(row).collect::<Vec<AnyView>>())
    });
    let body = live(move || match none.get() {
        true => view! { <p class="soft">{w!(subject_none)}</p> }.into_any(),
        false => view! {
            <p class="soft">{w!(subject_intro)}</p>
            <ul class="list">{rows.clone()}</ul>
            {window::more(shown, total)}
        }
        .into_any(),
    });
    let back = parts::link("", app.link(&Route::Community(place.slug.clone())), place.name.to_string());
    let follow = follow::subject(app, &place.id, id.clone());
    view! {
        {parts::head(Some(back), name, Some(follow))}
        <div class="stack">{body}</div>
        {elsewhere(app, scopes)}
    }
    .into_any()
}

/// The consultations of a community: all of them, those that are here, and whether the others are asked for.
#[derive(Clone, Copy)]
struct Scopes {
    all: Memo<Vec<Scope>>,
    here: Memo<Vec<Scope>>,
    asked: RwSignal<bool>,
}

/// What is here is kept current; the others are a download that somebody asks for.
fn scopes(app: App, id: &CommunityId) -> Scopes {
    let (one, other, own) = (id.clone(), id.clone(), Scope::Community(id.clone()));
    let all = memo(move || consultations(app, &one));
    let here = memo(move || held_consultations(app, &other));
    let asked = RwSignal::new(false);
    effect(move |_| {
        let mut wanted = vec![Scope::Territory, own.clone()];
        wanted.extend(if asked.get() { all.get() } else { here.get() });
        app.device().follow(wanted);
    });
    Scopes { all, here, asked }
}

/// That more may be said in consultations that are not here.
fn elsewhere(app: App, scopes: Scopes) -> AnyView {
    let away = memo(move || scopes.all.with(Vec::len).saturating_sub(scopes.here.with(Vec::len)));
    let network = app.device().network();
    live(move || {
        let count = away.get();
        (count > 0).then(|| {
            let online = network.get().online;
            let more = match (online, scopes.asked.get()) {
                (true, true) => Some(parts::loading()),
                (true, false) => {
                    Some(parts::button("btn btn-quiet", w!(subject_fetch), move || scopes.asked.set(true)))
                }
                (false, _) => None,
            };
            view! { <section class="stack"><p>{n!(count, subject_away_a, subject_away_s)}</p>{more}</section> }
        })
    })
}

fn row(app: App, slug: StoredValue<String>, named: Memo<Vec<Consultation>>, held: &Held) -> AnyView {
    let Record::Contribution(it) = &held.record else { return ().into_any() };
    let of = it.consultation;
    let consultation = shared(move || {
        let title = |all: &Vec<Consultation>| Some(words::say(&all.iter().find(|it| it.id == of)?.title));
        named.with(title).unwrap_or_default()
    });
    let to = app.link(&Route::Contribution(slug.get_value(), it.consultation, it.id));
    view! {
        <li class="list-row"><a class="list-link" href=to>
            <span class="list-title" dir="auto">{it.title().to_string()}</span>
            <span class="list-text" dir="auto">{consultation}</span>
            {standing(it).map(|tag| view! { <span class="meta">{tag}</span> })}
        </a></li>
    }
    .into_any()
}

/// How far the office is with it.
fn standing(it: &Contribution) -> Option<AnyView> {
    match (&it.answer, &it.step) {
        (Some(_), _) => Some(parts::tag("good", w!(trail_state_answered))),
        (None, step) => step.as_ref().map(|step| progress_tag(&step.progress)),
    }
}
