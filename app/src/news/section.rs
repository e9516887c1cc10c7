//! "Since your last visit", on a community's home.

use std::sync::Arc;

use crate::ui::live::{effect, live, memo};
use domain::ids::CommunityId;
use domain::records::{Place, Record};
use domain::scopes::Scope;
use leptos::prelude::*;

use super::follow;
use super::followed::{Followed, followed};
use super::state::{MOST, News, Seen, What, concerns, news};
use crate::commitments;
use crate::offline::{Held, Shown, sleep};
use crate::trail::progress_tag;
use crate::ui::pieces::{self, Piece};
use crate::ui::routes::Route;
use crate::ui::{App, parts};
use crate::w;

/// How long somebody looks before it counts as a visit.
const LOOKED_MS: u32 = 4_000;

/// The consultations of a community.
pub fn consultations(app: App, community: &CommunityId) -> Vec<Scope> {
    let scope = |held: &Arc<Held>| match &held.record {
        Record::Consultation(it) => Some(Scope::Consultation(community.clone(), it.id)),
        _ => None,
    };
    app.records(&Scope::Community(community.clone()))
        .with(|records| records.iter().filter_map(scope).collect())
}

/// Those of which the device holds more than their name.
pub fn held_consultations(app: App, community: &CommunityId) -> Vec<Scope> {
    let mut all = consultations(app, community);
    all.retain(|it| app.device().held(it).with(Option::is_some));
    all
}

/// The section, when there is news.
pub fn since(app: App, place: Place) -> AnyView {
    let key = ["seen ", place.id.as_str()].concat();
    let (before, follows) = (RwSignal::new(None::<Seen>), RwSignal::new(Vec::<Followed>::new()));
    let scopes = {
        let community = place.id.clone();
        memo(move || -> Vec<Scope> {
            let own = Scope::Community(community.clone());
            let follows = follows.get();
            let scope = |id| Scope::Consultation(community.clone(), id);
            let mut scopes: Vec<Scope> = follows
                .iter()
                .filter_map(|followed| match followed {
                    Followed::Consultation(id) => Some(scope(*id)),
                    _ => None,
                })
                .collect();
            // A subject or a place is followed in what the device holds already: nothing is fetched for it.
            if follows.iter().any(|followed| !matches!(followed, Followed::Consultation(_))) {
                let more = held_consultations(app, &community);
                scopes.extend(more.into_iter().filter(|it| !scopes.contains(it)).collect::<Vec<_>>());
            }
            scopes.insert(0, own);
            scopes
        })
    };
    let read = {
        let (key, list) = (key.clone(), follow::key(&place.id));
        async move {
            let text = app.device().preference(&list).await.unwrap_or_default();
            let _ = follows.try_set(followed(&text));
            let seen = app.device().preference(&key).await.and_then(|text| Seen::read(&text));
            let _ = before.try_set(seen);
            sleep(LOOKED_MS).await;
            // Left before it counted, or counted.
            let Some(scopes) = scopes.try_get_untracked() else { return };
            let mut seen = Seen { at: app.device().server_now(), scopes: Vec::new() };
            for scope in scopes {
                let records: Shown = app.records(&scope).get_untracked();
                seen = seen.after(&scope.to_string(), &records);
            }
            // What cannot be kept now is news once more.
            let _ = app.device().set_preference(&key, &seen.text()).await;
        }
    };
    app.spawn(read);
    effect(move |_| {
        let mut wanted = vec![Scope::Territory];
        wanted.extend(scopes.get());
        app.device().follow(wanted);
    });
    let since = memo(move || {
        let seen = before.get()?;
        let is_news = |scope: &Scope| app.records(scope).with(|all| seen.is_behind(&scope.to_string(), all));
        scopes.with(|all| all.iter().any(is_news)).then_some(seen)
    });
    live(move || {
        let seen = since.get()?;
        Some(pieces::shown(app, Piece::News(place.clone(), Since { seen, scopes, follows })))
    })
}

/// From when on something is news to somebody.
#[derive(Clone)]
pub struct Since {
    seen: Seen,
    scopes: Memo<Vec<Scope>>,
    follows: RwSignal<Vec<Followed>>,
}

/// What is new.
pub fn list(app: App, place: Place, since: Since) -> AnyView {
    let Since { seen, scopes, follows } = since;
    live(move || {
        let mut all: Vec<News> = Vec::new();
        for scope in scopes.get() {
            let whole = matches!(scope, Scope::Community(_));
            let new = app.records(&scope).with(|records| news(&scope.to_string(), records, &seen));
            all.extend(new.into_iter().filter(|it| whole || follows.with(|all| concerns(all, it))));
        }
        let more = all.len() > MOST;
        let rows: Vec<AnyView> = all.iter().take(MOST).filter_map(|it| row(app, &place, it)).collect();
        (!rows.is_empty()).then(|| {
            view! {
                <section class="stack" aria-labelledby="news">
                    <h2 id="news">{w!(news_title)}</h2>
                    <ul class="list">{rows}</ul>
                    {more.then(|| view! { <p class="small soft">{w!(news_more)}</p> })}
                    <p>{parts::link("", app.link(&Route::Me), w!(news_follows))}</p>
                </section>
            }
        })
    })
}

fn row(app: App, place: &Place, it: &News) -> Option<AnyView> {
    let slug = || place.slug.clone();
    let (title, to) = match &it.held.record {
        Record::Consultation(of) => (parts::said(&of.title), Route::Consultation(slug(), of.id)),
        Record::Contribution(of) => {
            (of.title().to_string().into_any(), Route::Contribution(slug(), it.consultation, of.id))
        }
        Record::Poll(of) => (parts::said(&of.question), Route::Poll(slug(), it.consultation, of.id)),
        Record::Questionnaire(of) => (parts::said(&of.title), Route::Survey(slug(), it.consultation, of.id)),
        Record::PublishedText(of) => (parts::said(&of.title), Route::Text(slug(), it.consultation, of.id)),
        Record::Commitment(of) => {
            (parts::said(&of.text.in_one_line()), Route::Consultation(slug(), it.consultation))
        }
        _ => return None,
    };
    let tag = match &it.what {
        What::Opened => parts::tag("act", w!(news_opened)),
        What::Concluded => parts::tag("good", w!(news_concluded)),
        What::Asked => parts::tag("act", w!(news_asked)),
        What::Told => parts::tag("good", w!(poll_result)),
        What::Published => parts::tag("act", w!(text_section)),
        What::Proposed if matches!(&it.held.record, Record::Contribution(of) if of.amendment().is_some()) => {
            parts::tag("", w!(amend_tag))
        }
        What::Proposed => parts::tag("", w!(news_proposed)),
        What::Answered => parts::tag("good", w!(trail_state_answered)),
        What::Moved(progress) => progress_tag(progress),
        What::Committed => parts::tag("act", w!(news_committed)),
        What::Reported(state) => parts::tag("act", commitments::say(*state)),
    };
    Some(
        view! {
            <li class="list-row"><a class="list-link" href=app.link(&to)>
                <span class="list-title" dir="auto">{title}</span>
                <span class="meta">{tag}</span>
            </a></li>
        }
        .into_any(),
    )
}
