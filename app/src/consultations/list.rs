//! The contributions to a consultation: searched and filtered on the device, drawn as far
//! as somebody has come, each answer under what it answers.

use std::sync::Arc;

use crate::ui::live::{effect, live, memo, on, shared};
use domain::ids::RecordId;
use domain::phases::Form;
use domain::records::{Community, Place, Record};
use domain::scopes::Scope;
use leptos::prelude::*;

use super::state::{Contributions, WINDOW, Wanted};
use crate::communities::search_box;
use crate::contributions::{Around, entry};
use crate::maps::{Chart, For, shown};
use crate::offline::{Held, derived};
use crate::ui::icons::{PIN, icon};
use crate::ui::{App, dates, parts, shell, window, words};
use crate::{n, w};

/// So many are more than a phone shows beneath what is asked.
const AT_FIRST: usize = 5;

/// The section.
pub fn contributions(
    app: App,
    place: Place,
    id: RecordId,
    takes: Vec<Form>,
    lists: Memo<Option<Community>>,
) -> AnyView {
    let scope = Scope::Consultation(place.id.clone(), id);
    let (records, held) = (app.records(&scope), app.device().held(&scope));
    let open = takes.contains(&Form::Proposals);
    let around = Around::new(app, place, takes, lists, records);
    let network = app.device().network();
    let all = Memo::new_with_compare(
        move |_| records.with(|all| derived(all, Contributions::read)),
        // It is read when records change: then it is another one.
        |_, _| true,
    );
    effect(move |_| {
        let all = all.get();
        window::prepare(app, move || all.prepare(dates::normalize));
    });
    let wanted = RwSignal::new(Wanted::default());
    let query = RwSignal::new(String::new());
    effect(move |first| {
        let text = query.get();
        if !first {
            wanted.update(|wanted| wanted.query = text);
        }
    });
    let found = memo(move || all.with(|all| wanted.with(|wanted| all.find(wanted, dates::normalize))));
    let rows_shown = window::opened(app, AT_FIRST, WINDOW, move || wanted.track());
    let total = Signal::derive(move || found.with(|found| found.len()));
    let rows = move || -> Vec<Arc<Held>> {
        let all = all.get();
        found.with(|found| {
            found.iter().take(rows_shown.get()).filter_map(|at| all.entries.get(*at).cloned()).collect()
        })
    };
    let nothing = memo(move || all.with(|all| all.entries.is_empty()));
    let amended = memo(move || {
        let text = |held: &Arc<Held>| matches!(&held.record, Record::PublishedText(_));
        !open && records.with(|all| all.iter().any(text))
    });
    let body = shared(move || {
        if nothing.get() {
            return match (held.get(), network.get().online) {
                (None, true) => parts::loading(),
                (None, false) => shell::not_here(app, w!(consultation_not_here)),
                (Some(_), _) if open => parts::empty(String::new(), w!(consultation_list_empty), None),
                // What people say stands under the text.
                (Some(_), _) if amended.get() => ().into_any(),
                (Some(_), _) => view! { <p class="soft">{w!(consultation_none)}</p> }.into_any(),
            };
        }
        view! {
            {tools(all, wanted, query, total, lists)}
            {map(app, all, wanted)}
            <div class="stack">
                <For each=rows key=|entry| key(entry) children=move |held| entry(around, &held.record, held.pending) />
            </div>
            {window::more(rows_shown, total)}
        }
        .into_any()
    });
    let hidden = move || amended.get() && nothing.get();
    view! {
        <section class="stack" aria-labelledby="said" hidden=hidden>
            <h2 id="said">{w!(consultation_list_title)}</h2>{body}
        </section>
    }
    .into_any()
}

/// A row is drawn anew when its record changed or has arrived.
fn key(entry: &Held) -> String {
    format!("{} {} {}", entry.name, entry.seq, entry.pending)
}

/// Where the proposals are, beside the list: a sector that is tapped there is what the list shows.
fn map(app: App, all: Memo<Arc<Contributions>>, wanted: RwSignal<Wanted>) -> AnyView {
    let marks = memo(move || all.with(|all| all.sectors.clone()));
    let (open, chosen) = (RwSignal::new(false), RwSignal::new(None));
    effect(move |first| {
        let sector = chosen.get();
        if !first {
            wanted.update(|wanted| wanted.sector = sector);
        }
    });
    let press = move || {
        open.update(|open| *open = !*open);
        // What is no longer seen is no longer meant.
        chosen.set(None);
    };
    let any = memo(move || marks.with(|marks| !marks.is_empty()));
    live(move || {
        any.get().then(|| {
            let label = shared(move || if open.get() { w!(place_map_close) } else { w!(map_open_all) });
            let chart = Chart { task: For::Finding, marks: marks.into(), chosen, bounds: None };
            view! {
                <p><button type="button" class="btn btn-quiet" aria-expanded=move || open.get().to_string()
                    on:click=on(move |_| press())>{icon(PIN)}{label}</button></p>
                {live(move || open.get().then(|| shown(app, chart)))}
            }
        })
    })
}

/// Search, subject, and how many were found.
fn tools(
    all: Memo<Arc<Contributions>>,
    wanted: RwSignal<Wanted>,
    query: RwSignal<String>,
    total: Signal<usize>,
    lists: Memo<Option<Community>>,
) -> AnyView {
    let options = shared(move || -> Vec<AnyView> {
        let all =
            lists.with(|lists| lists.iter().flat_map(|lists| lists.subjects.clone()).collect::<Vec<_>>());
        let option = |subject: domain::records::Subject| {
            view! { <option value=subject.id.to_string()>{words::say(&subject.full)}</option> }.into_any()
        };
        all.into_iter().map(option).collect()
    });
    let choose = move |event: web_sys::Event| {
        let subject = event_target_value(&event).parse().ok();
        wanted.update(|wanted| wanted.subject = subject);
    };
    let answered = move |event: web_sys::Event| {
        let only = event_target_checked(&event);
        wanted.update(|wanted| wanted.answered = only);
    };
    let note = shared(move || {
        if wanted.with(Wanted::any) {
            match total.get() {
                0 => w!(consultation_search_empty, text = query.get()),
                count => n!(count, consultation_results_a, consultation_results_s),
            }
        } else {
            let count = all.with(|all| all.proposals);
            format!(
                "{} · {}",
                n!(count, home_contributions_a, home_contributions_s),
                w!(consultation_search_hint)
            )
        }
    });
    view! {
        {search_box("q", w!(consultation_search_label), query)}
        <div class="row">
            <label class="visually-hidden" for="about">{w!(consultation_filter_subject)}</label>
            <select class="field-input grow" id="about" on:change=on(choose)>
                <option value="">{w!(consultation_filter_all)}</option>
                {options}
            </select>
            <label class="choice">
                <input type="checkbox" on:change=on(answered) />
                <span class="choice-text">{w!(consultation_filter_answered)}</span>
            </label>
        </div>
        <p class="search-note" role="status">{note}</p>
    }
    .into_any()
}
