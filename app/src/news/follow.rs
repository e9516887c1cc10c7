//! Following a consultation: kept on this device alone.

use crate::ui::live::{live, on};
use domain::ids::{CommunityId, RecordId};
use leptos::prelude::*;

use super::state::{followed, toggled};
use crate::ui::App;
use crate::ui::icons::{CHECK, icon};
use crate::{ui::words, w};

/// Where it is kept what of a community somebody follows.
pub fn key(community: &CommunityId) -> String {
    ["follow ", community.as_str()].concat()
}

/// The button.
pub fn toggle(app: App, community: &CommunityId, id: RecordId) -> AnyView {
    let kept = RwSignal::new(String::new());
    let name = key(community);
    let read = name.clone();
    app.spawn(async move {
        let text = app.device().preference(&read).await.unwrap_or_default();
        let _ = kept.try_set(text);
    });
    let press = move || {
        let text = toggled(&kept.get_untracked(), id);
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
        let follows = followed(&kept.get()).contains(&id);
        let label = if follows { w!(news_followed) } else { w!(news_follow) };
        let press = press.clone();
        view! {
            <button type="button" class="btn btn-quiet btn-toggle" aria-pressed=follows.to_string()
                on:click=on(move |_| press())>{follows.then(|| icon(CHECK))}{label}</button>
        }
    })
}
