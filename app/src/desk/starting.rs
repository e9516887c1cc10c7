//! Where a new consultation starts from: a template, an earlier one of this community, or one of another
//! community, which is then named for it.

use std::sync::Arc;

use domain::ids::CommunityId;
use domain::records::{Consultation, Place, Record};
use domain::scopes::Scope;
use gloo_net::http::Request;
use leptos::prelude::*;

use super::inbox::Desk;
use super::open::Typed;
use super::state::templates::{self, FILE, Start, Template, Went, again, read};
use crate::communities;
use crate::offline::Held;
use crate::ui::dialog::{Asked, dialog};
use crate::ui::live::{effect, live, memo, on};
use crate::ui::{App, page, parts, words};
use crate::w;

/// Where the templates are.
#[derive(Clone, PartialEq)]
enum Fetched {
    Coming,
    Here(Vec<Template>),
    Away,
}

/// The templates of the product; none where they cannot be fetched.
pub async fn fetch() -> Option<Vec<Template>> {
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
    let elsewhere = Elsewhere::new(app, desk);
    let start = move || -> Option<Start> {
        let chosen = chosen.get_untracked();
        if let Some(theirs) = elsewhere
            .of
            .with_untracked(|all| all.iter().find(|it| it.id.to_string() == chosen).map(templates::elsewhere))
        {
            return Some(theirs);
        }
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
        let theirs: Vec<AnyView> = elsewhere.of.with(|all| all.iter().map(|it| option(told(it))).collect());
        let there = elsewhere.name(app);
        view! {
            {(!templates.is_empty()).then(|| view! { <optgroup label=w!(desk_start_templates)>{templates}</optgroup> })}
            {(!ours.is_empty()).then(|| view! { <optgroup label=w!(desk_start_ours)>{ours}</optgroup> })}
            {(!theirs.is_empty()).then(|| view! { <optgroup label=there>{theirs}</optgroup> })}
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
            {elsewhere.choice(app, desk)}
        </div>
        {credit(app, typed)}
        {dialog(asking, asked, None, fill)}
    }
    .into_any()
}

/// The consultations of another community.
#[derive(Clone, Copy)]
struct Elsewhere {
    /// Which community.
    whose: RwSignal<Option<CommunityId>>,
    /// Those that went best first.
    of: Memo<Vec<Consultation>>,
}

impl Elsewhere {
    fn new(app: App, desk: Desk) -> Self {
        let whose = RwSignal::new(None::<CommunityId>);
        effect(move |_| {
            let mut scopes = Desk::scopes(&desk.community()).to_vec();
            scopes.extend(whose.get().map(Scope::Community));
            app.device().follow(scopes);
        });
        let records = memo(move || Some(app.records(&Scope::Community(whose.get()?)).get()));
        let of = memo(move || {
            let mut all: Vec<Consultation> = records.with(|all| {
                let one = |held: &Arc<Held>| match &held.record {
                    Record::Consultation(it) if it.source.is_none() => Some(it.clone()),
                    _ => None,
                };
                all.iter().flat_map(|all| all.iter().filter_map(one)).collect()
            });
            domain::order::by(&mut all, |it| (domain::order::latest(it.opened_at), String::new()));
            domain::order::by(&mut all, |it| (templates::went(it) as u64, String::new()));
            all
        });
        Self { whose, of }
    }

    /// The name of the community.
    fn name(self, app: App) -> String {
        let place = self.whose.get().and_then(|id| place_of(app, &id));
        place.map(|place| place.name.to_string()).unwrap_or_default()
    }

    /// Which community is looked at.
    fn choice(self, app: App, desk: Desk) -> AnyView {
        let own = desk.community();
        let options = live(move || {
            let others = app.places().with(|all| {
                let other = |place: &&Place| place.id != own && place.moved_to.is_none();
                let option = |place: &Place| {
                    view! { <option value=place.id.to_string()>{place.name.to_string()}</option> }.into_any()
                };
                all.iter().filter(other).map(option).collect::<Vec<AnyView>>()
            });
            Some(others.into_any())
        });
        let nothing = live(move || {
            let none = self.whose.with(Option::is_some) && self.of.with(Vec::is_empty);
            none.then(|| view! { <p class="small soft" role="status">{w!(desk_start_where_none)}</p> })
        });
        view! {
            <details>
                <summary>{w!(desk_start_where)}</summary>
                <div class="stack-s">
                    <label class="field-label" for="start-where">{w!(desk_start_where_label)}</label>
                    <p class="field-hint" id="start-where-hint">{w!(desk_start_where_hint)}</p>
                    <select class="field-input" id="start-where" aria-describedby="start-where-hint"
                        on:change=on(move |event| self.whose.set(event_target_value(&event).parse().ok()))>
                        <option value="">{w!(desk_report_choose)}</option>
                        {options}
                    </select>
                    {nothing}
                </div>
            </details>
        }
        .into_any()
    }
}

fn place_of(app: App, id: &CommunityId) -> Option<Place> {
    app.places().with(|places| communities::state::by_id(places, id))
}

/// In the choice: its title, and how it went.
fn told(it: &Consultation) -> (String, String) {
    let went = match templates::went(it) {
        Went::OnTime => w!(desk_start_went_on_time),
        Went::Late => w!(desk_start_went_late),
        Went::Unanswered => w!(desk_start_went_unanswered),
    };
    (it.id.to_string(), format!("{} ({went})", words::say(&it.title)))
}

/// Whose words these are, once they are filled in.
fn credit(app: App, typed: &Typed) -> AnyView {
    let typed = typed.clone();
    live(move || {
        let place = place_of(app, &typed.model()?.community)?;
        let name = place.name.to_string();
        Some(view! { <p class="small" role="status">{w!(desk_start_credit, community = name)}</p> })
    })
}
