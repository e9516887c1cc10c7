//! The person and the device: who is signed in, language and appearance, what is held.

use crate::ui::live::{effect, shared};
use domain::authority::Person;
use leptos::prelude::*;

use super::storage;
use crate::communities;
use crate::offline::Audience;
use crate::ui::dialog::{Asked, dialog};
use crate::ui::field::{Choice, choices};
use crate::ui::routes::Route;
use crate::ui::words::Locale;
use crate::ui::{App, page, parts, words};
use crate::{n, w};

/// The page, with what an audience has on it besides.
pub fn me(app: App, more: Option<AnyView>) -> AnyView {
    page::title(|| w!(me_title));
    let person = app.me();
    view! {
        {parts::head(None, w!(me_title), None)}
        <section class="stack">{move || person.get().map_or_else(|| nobody(app), |person| somebody(app, &person))}</section>
        {more}
        {settings(app)}
        {storage::section(app)}
        {about(app)}
    }
    .into_any()
}

fn nobody(app: App) -> AnyView {
    view! {
        <p>{w!(me_signed_out)}</p>
        <p class="actions">{parts::link("btn", app.link(&Route::SignIn), w!(sign_in_submit))}</p>
    }
    .into_any()
}

fn somebody(app: App, person: &Person) -> AnyView {
    let open = RwSignal::new(false);
    let outbox = app.device().outbox();
    let places = app.places();
    let homes: Vec<_> = person.memberships.iter().map(|membership| membership.community.clone()).collect();
    let name = person.name.to_string();
    let line = shared(move || {
        let names: Vec<String> = places.with(|places| {
            let found = homes.iter().filter_map(|id| communities::state::by_id(places, id));
            found.map(|place| place.name.to_string()).collect()
        });
        w!(me_signed_in, name = name.clone(), community = names.join(", "))
    });
    let unsent = shared(move || {
        let count = outbox.with(|items| items.iter().filter(|item| !item.is_stored()).count());
        (count > 0).then(|| view! { <p>{n!(count, me_sign_out_unsent_a, me_sign_out_unsent_s)}</p> })
    });
    let asked = Asked {
        title: w!(me_sign_out_ask),
        text: w!(me_sign_out_help),
        yes: w!(me_sign_out_confirm),
        class: "btn btn-danger",
    };
    let act = move || {
        app.spawn(async move {
            if app.device().sign_out().await.is_err() {
                app.fail(w!(me_sign_out_later));
            }
            app.go(&Route::Me);
        });
        true
    };
    view! {
        <p>{line}</p>
        <p class="actions">{parts::button("btn btn-quiet", w!(me_sign_out), move || open.set(true))}</p>
        {dialog(open, asked, Some(view! { {unsent} }.into_any()), act)}
    }
    .into_any()
}

fn settings(app: App) -> AnyView {
    let keep = move |key: &'static str, value: String| {
        app.spawn(async move {
            if let Err(error) = app.device().set_preference(key, &value).await {
                app.fail(words::unkept(error));
            }
        });
    };
    let choice = |value: &str, text: String| Choice { value: value.to_owned(), text, hint: String::new() };
    let language = RwSignal::new(words::code().to_owned());
    effect(move |first| {
        let chosen = language.get();
        if !first {
            keep("language", chosen.clone());
            app.locale.set(if chosen == "en" { Locale::en } else { Locale::fr });
            // Everything was drawn anew: the focus goes back to the choice.
            page::focus_soon(if chosen == "en" { "language-1" } else { "language" });
        }
    });
    let theme = app.theme;
    effect(move |first| {
        let chosen = theme.get();
        if !first {
            keep("theme", chosen);
        }
    });
    let languages = vec![choice("fr", w!(me_language_fr)), choice("en", w!(me_language_en))];
    let themes = vec![
        choice("auto", w!(me_theme_system)),
        choice("light", w!(me_theme_light)),
        choice("dark", w!(me_theme_dark)),
    ];
    let errors = RwSignal::new(Vec::new());
    view! {
        {choices("language", w!(me_language), String::new(), false, languages, language, errors)}
        {choices("theme", w!(me_theme), String::new(), false, themes, theme, errors)}
    }
    .into_any()
}

fn about(app: App) -> AnyView {
    let change = (app.audience == Audience::Citizen)
        .then(|| view! { <li>{parts::link("", app.link(&Route::Choose), w!(choose_change))}</li> });
    let other = if app.audience == Audience::Desk {
        view! { <a href="/" rel="external">{w!(desk_to_public)}</a> }
    } else {
        view! { <a href="/desk/" rel="external">{w!(me_to_desk)}</a> }
    };
    let parts = (app.audience == Audience::Desk)
        .then(|| view! { <li>{parts::link("", app.link(&Route::Styleguide), w!(styleguide_title))}</li> });
    view! {
        <section class="stack">
            <h2>{w!(me_about)}</h2>
            <p>{w!(me_about_text)}</p>
            <ul class="bullets">
                {change}
                <li>{other}</li>
                {parts}
            </ul>
            <p class="soft small">{w!(me_version, version = env!("CARGO_PKG_VERSION"))} " · AGPL-3.0-or-later"</p>
        </section>
    }
    .into_any()
}
