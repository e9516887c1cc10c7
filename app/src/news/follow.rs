//! Following a consultation, a subject or a place: kept on this device alone.

use crate::ui::live::{live, on};
use domain::ids::{CommunityId, RecordId};
use domain::records::Contribution;
use leptos::prelude::*;

use super::state::{Followed, followed, toggled};
use crate::ui::App;
use crate::ui::icons::{CHECK, icon};
use crate::{ui::words, w};

/// Where it is kept what of a community somebody follows.
pub fn key(community: &CommunityId) -> String {
    ["follow ", community.as_str()].concat()
}

/// The button of a consultation.
pub fn toggle(app: App, community: &CommunityId, id: RecordId) -> AnyView {
    button(app, community, Followed::Consultation(id), || w!(news_follow), || w!(news_followed))
}

/// Those of what a proposal is about: its subject, and where it is.
pub fn about(app: App, community: &CommunityId, it: &Contribution) -> AnyView {
    let subject = it.subject().map(|id| {
        let followed = Followed::Subject(id.clone());
        button(app, community, followed, || w!(news_follow_subject), || w!(news_followed_subject))
    });
    let sector = it.place().and_then(|place| place.sector).map(|sector| {
        let followed = Followed::Near(sector);
        button(app, community, followed, || w!(news_follow_place), || w!(news_followed_place))
    });
    view! { <div class="actions">{subject}{sector}</div> }.into_any()
}

fn button(
    app: App,
    community: &CommunityId,
    what: Followed,
    follow: fn() -> String,
    follows: fn() -> String,
) -> AnyView {
    let kept = RwSignal::new(String::new());
    let name = key(community);
    let read = name.clone();
    app.spawn(async move {
        let text = app.device().preference(&read).await.unwrap_or_default();
        let _ = kept.try_set(text);
    });
    let toggle = what.clone();
    let press = move || {
        let text = toggled(&kept.get_untracked(), &toggle);
        let name = name.clone();
        app.spawn(async move {
            match app.device().set_preference(&name, &text).await {
                Ok(()) => {
                    let _ = kept.try_set(text);
                }
                Err(error) => app.fail(words::unkept(error)),
            }
        });
    };
    live(move || {
        let on_it = followed(&kept.get()).contains(&what);
        let label = if on_it { follows() } else { follow() };
        let press = press.clone();
        view! {
            <button type="button" class="btn btn-quiet btn-toggle" aria-pressed=on_it.to_string()
                on:click=on(move |_| press())>{on_it.then(|| icon(CHECK))}{label}</button>
        }
    })
}
