//! Where a new consultation starts from: a template, or an earlier one of this community.

use gloo_net::http::Request;
use leptos::prelude::*;

use super::inbox::Desk;
use super::open::Typed;
use super::state::templates::{FILE, Start, Template, again, read};
use crate::ui::dialog::{Asked, dialog};
use crate::ui::live::{live, memo, on};
use crate::ui::{App, page, parts, words};
use crate::w;

/// Where the templates are.
#[derive(Clone, PartialEq)]
enum Fetched {
    Coming,
    Here(Vec<Template>),
    Away,
}

async fn fetch() -> Option<Vec<Template>> {
    let answer = Request::get(FILE).send().await.ok().filter(|answer| answer.ok())?;
    read(&answer.text().await.ok()?)
}

/// The choice.
pub fn section(app: App, desk: Desk, typed: &Typed) -> AnyView {
    let fetched = RwSignal::new(Fetched::Coming);
    app.spawn(async move {
        let found = fetch().await.map_or(Fetched::Away, Fetched::Here);
        let _ = fetched.try_set(found);
    });
    let chosen = RwSignal::new(String::new());
    let asking = RwSignal::new(false);
    let start = move || -> Option<Start> {
        let chosen = chosen.get_untracked();
        let earlier = desk
            .consultations
            .with_untracked(|all| all.iter().find(|it| it.id.to_string() == chosen).map(again));
        earlier.or_else(|| {
            fetched.with_untracked(|fetched| match fetched {
                Fetched::Here(all) => all.iter().find(|it| it.id == chosen).map(Template::start),
                _ => None,
            })
        })
    };
    let fill = {
        let typed = typed.clone();
        move || {
            if let Some(start) = start() {
                typed.fill(app, &start);
                app.say(w!(desk_start_done));
                page::focus_soon("title");
            }
            true
        }
    };
    let press = {
        let (typed, fill) = (typed.clone(), fill.clone());
        move || match (chosen.with_untracked(String::is_empty), typed.has_words()) {
            (true, _) => page::focus("start"),
            (false, true) => asking.set(true),
            (false, false) => drop(fill()),
        }
    };
    let ours = memo(move || {
        desk.consultations
            .with(|all| all.iter().map(|it| (it.id.to_string(), words::say(&it.title))).collect::<Vec<_>>())
    });
    let option = |(value, text): (String, String)| view! { <option value=value>{text}</option> }.into_any();
    let options = live(move || {
        let templates: Vec<AnyView> = fetched.with(|fetched| match fetched {
            Fetched::Here(all) => {
                all.iter().map(|it| option((it.id.clone(), words::say(&it.name)))).collect()
            }
            _ => Vec::new(),
        });
        let ours: Vec<AnyView> = ours.get().into_iter().map(option).collect();
        view! {
            {(!templates.is_empty()).then(|| view! { <optgroup label=w!(desk_start_templates)>{templates}</optgroup> })}
            {(!ours.is_empty()).then(|| view! { <optgroup label=w!(desk_start_ours)>{ours}</optgroup> })}
        }
        .into_any()
    });
    let away = live(move || {
        let away = fetched.with(|fetched| *fetched == Fetched::Away);
        away.then(|| view! { <p class="small soft">{w!(desk_start_away)}</p> })
    });
    let asked = Asked {
        title: w!(desk_start_ask),
        text: w!(desk_start_ask_text),
        yes: w!(desk_start_fill),
        class: "btn",
    };
    view! {
        <div class="field">
            <label class="field-label" for="start">{w!(desk_start_label)}</label>
            <p class="field-hint" id="start-hint">{w!(desk_start_hint)}</p>
            {away}
            <div class="row">
                <select class="field-input grow" id="start" aria-describedby="start-hint"
                    on:change=on(move |event| chosen.set(event_target_value(&event)))>
                    <option value="">{w!(desk_start_none)}</option>
                    {options}
                </select>
                {parts::button("btn btn-quiet", w!(desk_start_fill), press)}
            </div>
        </div>
        {dialog(asking, asked, None, fill)}
    }
    .into_any()
}
