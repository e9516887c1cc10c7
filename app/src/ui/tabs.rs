//! The destinations: at the bottom of a phone, at the top of a wide screen.

use super::live::shared;
use leptos::prelude::*;

use super::App;
use super::icons::icon;
use super::routes::Route;
use crate::w;

/// The bar.
pub fn bar(app: App, tabs: Vec<AnyView>) -> AnyView {
    view! {
        <nav class="tabs" aria-label=w!(nav_label)>
            <ul class="tabs-list">
                <li class="tabs-brand"><a href=app.link(&Route::Here)>"Rabaska"</a></li>
                {tabs}
            </ul>
        </nav>
    }
    .into_any()
}

/// One destination.
pub fn tab(app: App, to: Route, art: &'static str, text: String, count: Option<Signal<usize>>) -> AnyView {
    let href = app.link(&to);
    let current = shared(move || app.route.with(|route| leads(route) == to).then_some("page"));
    let count = shared(move || {
        let count = count.map(|count| count.get()).filter(|count| *count > 0);
        count.map(|count| {
            view! { <span class="count"><span class="visually-hidden">{w!(nav_count)}</span>{super::dates::number(count as f64)}</span> }
        })
    });
    view! {
        <li class="tabs-item">
            <a class="tabs-link" href=href aria-current=current>{icon(art)}<span>{text}</span>{count}</a>
        </li>
    }
    .into_any()
}

/// Under which tab a screen lies.
fn leads(route: &Route) -> Route {
    match route {
        Route::Choose
        | Route::Community(_)
        | Route::Moderation(_)
        | Route::Subject(..)
        | Route::Consultation(..) => Route::Here,
        Route::Propose(..) | Route::Check(..) => Route::ProposeWhere,
        Route::TrailItem(_) => Route::Trail,
        Route::SignIn => Route::Me,
        Route::Inbox(_) => Route::Inbox(None),
        Route::DeskOpen
        | Route::DeskConclude(_)
        | Route::DeskAsked(_)
        | Route::DeskPoll(_)
        | Route::DeskSurvey(_)
        | Route::DeskResponses(..)
        | Route::DeskDocuments(_)
        | Route::DeskPrint(_)
        | Route::DeskBulletin
        | Route::DeskCommitments(_)
        | Route::DeskCommitment(..)
        | Route::DeskTemplates
        | Route::DeskRules => Route::DeskConsultations,
        Route::Desk(shared) => leads(shared),
        other => other.clone(),
    }
}
