//! The tide line: how the network is, in words, always at the same place; and the banners
//! under it.

use super::live::{effect, memo, shared};
use domain::outbox::Item;
use leptos::prelude::*;

use super::routes::Route;
use super::state::{Age, Seen, Tide, age, tide};
use super::{App, parts};
use crate::{n, w};

/// What the tide is told from, now.
fn now(app: App) -> Tide {
    app.clock.track();
    let device = app.device();
    let network = device.network().get();
    let count = |admit: fn(&Item) -> bool| {
        device.outbox().with(|items| items.iter().filter(|item| admit(item)).count())
    };
    let seen = Seen {
        in_touch: network.online,
        network: window().navigator().on_line(),
        last_contact: network.last_contact,
        signed_in: app.me().get().is_some(),
        lapsed: network.sign_in_needed,
        unsent: count(Item::leaves_by_itself),
        unclaimed: count(|item| item.author.is_none()),
    };
    tide(seen, super::dates::now())
}

fn say(tide: Tide) -> String {
    let unsent = |text: String, count: usize| {
        if count == 0 { text } else { format!("{text} {}", n!(count, tide_unsent_a, tide_unsent_s)) }
    };
    match tide {
        Tide::UpToDate(at) => up_to_date(at),
        Tide::Sending(count) => n!(count, tide_sending_a, tide_sending_s),
        Tide::SignIn(_) => w!(tide_sign_in),
        Tide::Claim(count) => n!(count, tide_claim_a, tide_claim_s),
        Tide::Offline(count) => unsent(w!(tide_offline), count),
        Tide::ServerAway(count) => unsent(w!(tide_server_away), count),
        Tide::Never => w!(tide_updating),
    }
}

#[expect(clippy::cast_precision_loss, reason = "an age")]
fn up_to_date(age: Age) -> String {
    match age {
        Age::Now => w!(tide_now),
        Age::Minutes(count) => n!(count, tide_minutes_a, tide_minutes_s),
        Age::Hours(count) => n!(count, tide_hours_a, tide_hours_s),
        Age::Days(count) => n!(count, tide_days_a, tide_days_s),
    }
}

/// How old something held is, in words.
pub fn age_of(at: domain::time::Millis) -> String {
    up_to_date(age(at, super::dates::now()))
}

/// The line itself.
pub fn line(app: App) -> AnyView {
    let state = memo(move || now(app));
    let act = shared(move || match state.get() {
        Tide::SignIn(_) => Some(parts::link("btn btn-plain", app.link(&Route::SignIn), w!(sign_in_submit))),
        Tide::Claim(_) => Some(parts::link("btn btn-plain", app.link(&Route::Trail), w!(sent_see_trail))),
        Tide::ServerAway(_) | Tide::Offline(_) => {
            Some(parts::button("btn btn-plain", w!(app_retry), move || {
                app.device().send_now();
                app.device().refresh();
            }))
        }
        _ => None,
    });
    // Read out when it turns, not at each minute that passes; and not on arrival.
    let turned = memo(move || state.get().name());
    let aloud = RwSignal::new(String::new());
    effect(move |first| {
        turned.track();
        if !first {
            aloud.set(say(state.get_untracked()));
        }
    });
    view! {
        <div class="tide" data-state=move || state.get().name()>
            <div class="tide-in">
                <span class="tide-mark"></span>
                <span class="tide-text">{move || say(state.get())}</span>
                <span class="visually-hidden" role="status">{aloud}</span>
                {act}
            </div>
        </div>
    }
    .into_any()
}

/// The line in one state, for the style guide.
pub fn draw(tide: Tide) -> AnyView {
    view! {
        <div class="tide" data-state=tide.name()>
            <div class="tide-in"><span class="tide-mark"></span><span class="tide-text">{say(tide)}</span></div>
        </div>
    }
    .into_any()
}

/// A strip under the tide line.
pub fn banner(text: String, act: AnyView) -> AnyView {
    view! {
        <div class="banner" role="status">
            <div class="banner-in"><p class="banner-text">{text}</p>{act}</div>
        </div>
    }
    .into_any()
}
