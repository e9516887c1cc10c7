//! Commitments as everyone sees them: on a consultation's page, and on the page of a proposal that they
//! follow from.

use std::sync::Arc;

use domain::ids::RecordId;
use domain::operations::Delivery;
use domain::records::{Commitment, Place, Record, Report};
use domain::scopes::Scope;
use domain::time::Millis;
use leptos::prelude::*;

use super::state::{Standing, commitments, of, standing};
use crate::offline::Held;
use crate::ui::live::live;
use crate::ui::pieces::{self, Piece};
use crate::ui::routes::Route;
use crate::ui::{App, dates, parts, words};
use crate::w;

/// The section where it stands on a page: what draws it is fetched when there are any.
pub fn piece(app: App, place: &Place, consultation: RecordId, about: Option<RecordId>) -> AnyView {
    let belongs = move |record: &Record| match record {
        Record::Commitment(it) => about.is_none_or(|id| it.follows.contains(&id)),
        _ => false,
    };
    let scope = Scope::Consultation(place.id.clone(), consultation);
    pieces::section(app, &scope, belongs, Piece::Commitments(place.clone(), consultation, about))
}

/// The section, when there are any; `about` keeps to those that follow from one contribution.
pub fn section(app: App, place: &Place, consultation: RecordId, about: Option<RecordId>) -> AnyView {
    let records = app.records(&Scope::Consultation(place.id.clone(), consultation));
    let slug = place.slug.clone();
    live(move || {
        // What becomes late while somebody looks is late.
        app.clock.track();
        let now = app.device().server_now();
        let cards: Vec<AnyView> = records.with(|all| {
            let found = commitments(all, consultation, about);
            let from =
                |it: &Commitment| about.is_none().then(|| links(app, &slug, it, all)).and_then(follows);
            found.iter().filter_map(|held| Some(card(held, now, from(of(held)?), None))).collect()
        });
        (!cards.is_empty()).then(|| {
            view! {
                <section class="stack" aria-labelledby="commitments">
                    <h2 id="commitments">{w!(commitment_title)}</h2>{cards}
                </section>
            }
        })
    })
}

fn links(app: App, slug: &str, it: &Commitment, all: &[Arc<Held>]) -> Vec<(String, String)> {
    let link = |held: &Arc<Held>| match &held.record {
        Record::Contribution(one) if it.follows.contains(&one.id) => {
            let to = app.link(&Route::Contribution(slug.to_owned(), it.consultation, one.id));
            Some((one.title().to_string(), to))
        }
        _ => None,
    };
    all.iter().filter_map(link).collect()
}

/// The contributions that it follows from, as far as they stand: each with the way to it.
pub fn follows(links: Vec<(String, String)>) -> Option<AnyView> {
    let row = |(title, to): (String, String)| view! { <li><a href=to dir="auto">{title}</a></li> }.into_any();
    (!links.is_empty()).then(|| {
        let rows: Vec<AnyView> = links.into_iter().map(row).collect();
        view! { <p class="small soft">{w!(commitment_follows)}</p><ul class="bullets">{rows}</ul> }.into_any()
    })
}

/// How it stands, as a tag.
pub fn tag(it: &Commitment, now: Millis) -> AnyView {
    match standing(it, now) {
        Standing::Late(due) => parts::tag("bad", w!(commitment_late, date = dates::day(due))),
        Standing::Promised => parts::tag("", w!(commitment_promised)),
        Standing::UnderWay => parts::tag("act", w!(commitment_under_way)),
        Standing::Done => parts::tag("good", w!(commitment_done)),
        Standing::GivenUp => parts::tag("", w!(commitment_given_up)),
    }
}

/// One of them with its log; `act` stands below.
pub fn card(held: &Held, now: Millis, follows: Option<AnyView>, act: Option<AnyView>) -> AnyView {
    let Some(it) = of(held) else { return ().into_any() };
    let (lang, text) = words::best(&it.text);
    let (due, first) = (dates::day(it.due()), dates::day(it.promised));
    let due = if it.due() == it.promised { due } else { w!(commitment_due_moved, date = due, first = first) };
    let steps: Vec<AnyView> = it.log.iter().map(step).collect();
    view! {
        <article class="card">
            <p class="meta">
                {tag(it, now)}
                {held.pending.then(|| parts::tag("warn", w!(commitment_unsent)))}
            </p>
            <p class="quote" data-from="council" lang=lang dir="auto">{text}</p>
            <dl class="facts">
                {parts::fact(w!(commitment_owner), parts::said(&it.owner), None)}
                {parts::fact(w!(commitment_due), due.into_any(), None)}
            </dl>
            {follows}
            <div class="trail"><ol>
                <li class="trail-step" data-state="done">
                    <span class="trail-name">{w!(commitment_made)}</span>
                    <span class="trail-note">{dates::day(it.made_at)}</span>
                </li>
                {steps}
            </ol></div>
            {act}
        </article>
    }
    .into_any()
}

/// What was reported, in words.
pub fn say(state: Delivery) -> String {
    match state {
        Delivery::UnderWay => w!(commitment_under_way),
        Delivery::Done => w!(commitment_done),
        Delivery::GivenUp => w!(commitment_given_up),
        Delivery::Moved(to) => w!(commitment_moved, date = dates::day(to)),
    }
}

fn step(report: &Report) -> AnyView {
    let state = if report.state == Delivery::GivenUp { "stopped" } else { "done" };
    let (lang, text) = words::best(&report.text);
    view! {
        <li class="trail-step" data-state=state>
            <span class="trail-name">{say(report.state)}</span>
            <span class="trail-note">{dates::day(report.at)}</span>
            <span class="trail-said" lang=lang dir="auto">{text}</span>
        </li>
    }
    .into_any()
}
