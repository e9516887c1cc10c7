//! Where the polls and surveys that one took part in are, as cards under what one said.

use std::sync::Arc;

use domain::records::Record;
use domain::scopes::Scope;
use leptos::prelude::*;

use super::item::{second, step_of};
use super::taken::{Taken, taken};
use crate::offline::Held;
use crate::polls::state::{Asked, asked};
use crate::ui::live::{live, memo};
use crate::ui::routes::Route;
use crate::ui::{App, dates, parts};
use crate::{communities, consultations, w};

/// The polls and surveys that one took part in; follows what is held.
fn all(app: App) -> Vec<Taken> {
    let own = app.me().get().map(|person| app.records(&Scope::Person(person.id)).get());
    let took = own.iter().flat_map(|own| own.iter()).filter_map(|held| match &held.record {
        Record::TookPart(it) => Some(it),
        _ => None,
    });
    taken(app.device().outbox().get().iter(), took, app.may_send())
}

/// The section, when there are any.
pub fn section(app: App) -> AnyView {
    let all = memo(move || all(app));
    live(move || {
        let cards: Vec<AnyView> = all.get().iter().map(|it| card(app, it)).collect();
        (!cards.is_empty()).then(|| {
            view! {
                <section class="stack" aria-labelledby="took-part">
                    <h2 id="took-part">{w!(trail_took_part)}</h2>
                    <p class="soft small">{w!(trail_took_part_help)}</p>
                    {cards}
                </section>
            }
        })
    })
}

fn card(app: App, it: &Taken) -> AnyView {
    let place = app.places().with(|places| communities::state::by_id(places, &it.community));
    let found = |all: &Arc<Vec<Arc<Held>>>| asked(all).into_iter().find(|one| one.id() == it.record);
    let one = app.records(&Scope::Consultation(it.community.clone(), it.consultation)).with(found);
    let of = app
        .records(&Scope::Community(it.community.clone()))
        .with(|all| consultations::state::consultation(all.iter().map(|held| &held.record), it.consultation));
    let title = match (&one, &place) {
        (Some(one), Some(place)) => {
            let (slug, id) = (place.slug.clone(), one.id());
            let (kind, words, to) = match one {
                Asked::Poll(poll) => {
                    (w!(poll_tag), parts::said(&poll.question), Route::Poll(slug, it.consultation, id))
                }
                Asked::Survey(survey) => {
                    (w!(asked_survey), parts::said(&survey.title), Route::Survey(slug, it.consultation, id))
                }
            };
            let href = app.link(&to);
            view! {
                <p class="meta">{parts::tag("", kind)}{of.as_ref().map(|of| parts::said(&of.title))}</p>
                <h3 class="card-title"><a href=href>{words}</a></h3>
            }
            .into_any()
        }
        // Its consultation has not come to this device yet.
        _ => view! { <h3 class="card-title">{w!(asked_not_here)}</h3> }.into_any(),
    };
    let told = one.as_ref().is_some_and(Asked::is_told);
    let answered = of.as_ref().is_some_and(|of| of.conclusion.is_some());
    let way = it.way(told, answered);
    let names = [
        w!(trail_step_kept),
        second(way[1]),
        w!(trail_step_received),
        w!(trail_step_result),
        w!(trail_step_answered),
    ];
    let steps: Vec<AnyView> =
        way.into_iter().zip(names).map(|(step, name)| step_of(step, name, None)).collect();
    let now = app.device().server_now();
    let promise = of.as_ref().filter(|of| of.conclusion.is_none());
    let promise = promise.and_then(|of| consultations::when_answered(of, now));
    let until = one
        .as_ref()
        .filter(|_| !told)
        .map(|one| w!(trail_result_after, date = dates::day(one.open().ends())));
    view! {
        <article class="card">
            {title}
            <div class="trail"><ol class="trail-across" aria-label=w!(trail_step_list)>{steps}</ol></div>
            <p class="meta">{until.map(|until| view! { <span>{until}</span> })}{promise}</p>
        </article>
    }
    .into_any()
}
