//! The screen: the rules in full, then the log.

use domain::operations::Kind;
use domain::records::{Community, Consultation, Hiding, HidingState, Place, Rule};
use domain::scopes::Scope;
use leptos::prelude::*;

use super::state;
use crate::ui::live::{live, memo};
use crate::ui::routes::Route;
use crate::ui::{App, dates, page as pages, parts, shell, words};
use crate::{communities, consultations, w};

/// The page.
pub fn page(app: App, slug: String) -> AnyView {
    pages::title(|| w!(moderation_title));
    communities::at(app, slug, move |place| of_place(app, place))
}

fn of_place(app: App, place: Place) -> AnyView {
    let scope = Scope::Community(place.id.clone());
    app.device().follow(vec![Scope::Territory, scope.clone()]);
    let records = app.records(&scope);
    let lists = memo(move || {
        records.with(|all| consultations::state::community(all.iter().map(|held| &held.record)))
    });
    let name = place.name.to_string();
    let back = parts::link("", app.link(&Route::Community(place.slug.clone())), name.clone());
    let file = format!("/api/v1/export/{}/hidings.csv", place.id);
    let body = live(move || match lists.get() {
        None => shell::absent(app, &scope, || w!(error_not_found), || w!(moderation_not_here)),
        Some(lists) => {
            let rules: Vec<AnyView> = lists.applied().map(rule).collect();
            let entries: Vec<AnyView> = records.with(|all| {
                let (open, closed) = consultations::state::by_phase(
                    all.iter().map(|held| &held.record),
                    app.device().server_now(),
                );
                let of: Vec<Consultation> = open.into_iter().chain(closed).collect();
                let log = state::log(all.iter().map(|held| (held.name.as_str(), &held.record)));
                log.iter().map(|it| entry(it, &lists, &of)).collect()
            });
            let none = entries.is_empty();
            view! {
                <section class="stack" aria-labelledby="rules">
                    <h2 id="rules">{w!(moderation_rules)}</h2>
                    <p>{if lists.premoderated_since.is_some() { w!(moderation_before) } else { w!(moderation_after) }}</p>
                    <dl class="facts">{rules}</dl>
                </section>
                <section class="stack" aria-labelledby="log">
                    <h2 id="log">{w!(moderation_log)}</h2>
                    <p class="soft">{w!(moderation_log_help)}</p>
                    {none.then(|| view! { <p>{w!(moderation_log_empty)}</p> })}
                    {entries}
                    <p class="actions"><a class="btn btn-plain" href=file.clone() download="">{w!(moderation_table)}</a></p>
                </section>
            }
            .into_any()
        }
    });
    let head = parts::head(Some(back), w!(moderation_title), None);
    view! { {head} {body} }.into_any()
}

/// Before something is sent: that the office reads it first, where it does.
pub fn first(app: App, place: &Place) -> AnyView {
    let records = app.records(&Scope::Community(place.id.clone()));
    live(move || {
        let lists =
            records.with(|all| consultations::state::community(all.iter().map(|held| &held.record)))?;
        lists.premoderated_since.is_some().then(|| view! { <p>{w!(approval_first)}</p> })
    })
}

fn rule(it: &Rule) -> AnyView {
    parts::fact(words::say(&it.label), parts::said(&it.explanation), None)
}

fn entry(it: &Hiding, lists: &Community, of: &[Consultation]) -> AnyView {
    let rule = lists.rule(&it.rule);
    let rule = rule.map_or_else(|| it.rule.to_string(), |rule| words::say(&rule.label));
    let what = match it.act {
        Some(Kind::Comment) => w!(moderation_comment),
        Some(Kind::Amend) => w!(moderation_amendment),
        Some(_) => w!(moderation_proposal),
        None => w!(moderation_text),
    };
    let (tone, state) = match it.state {
        HidingState::Hidden => ("", w!(moderation_hidden)),
        HidingState::Appealed => ("warn", w!(moderation_appealed)),
        HidingState::Upheld => ("", w!(moderation_upheld)),
        HidingState::Restored => ("good", w!(moderation_restored)),
    };
    let place = it.consultation.and_then(|id| of.iter().find(|one| one.id == id));
    let place = place.map(|it| view! { <span>{parts::said(&it.title)}</span> });
    view! {
        <article class="card">
            <p><strong>{what}</strong> " · " {rule}</p>
            <p class="meta">
                {parts::tag(tone, state)}
                <span>{w!(contribution_week, date = dates::monday(it.week.monday()))}</span>
                {place}
            </p>
        </article>
    }
    .into_any()
}
