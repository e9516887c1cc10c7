//! What a consultation asks besides proposals: its polls and surveys, with the way to each.

use crate::ui::live::live;
use domain::ids::RecordId;
use domain::records::Place;
use domain::scopes::Scope;
use leptos::prelude::*;

use crate::polls::state::{Asked, When, asked as all_of, took_part, when};
use crate::ui::routes::Route;
use crate::ui::{App, dates, parts};
use crate::w;

/// The section, when there are any.
pub fn asked(app: App, place: &Place, consultation: RecordId) -> AnyView {
    let records = app.records(&Scope::Consultation(place.id.clone(), consultation));
    let (me, slug) = (app.me(), place.slug.clone());
    live(move || {
        app.clock.track();
        let all = records.with(|all| all_of(all));
        let own = me.get().map(|person| app.records(&Scope::Person(person.id)).get());
        let items = app.device().outbox().get();
        let took = |id| own.as_ref().is_some_and(|own| took_part(own, &items, id).is_some());
        let cards: Vec<AnyView> =
            all.iter().map(|it| card(app, &slug, consultation, it, took(it.id()))).collect();
        (!cards.is_empty()).then(|| {
            view! {
                <section class="stack" aria-labelledby="asked">
                    <h2 id="asked">{w!(asked_title)}</h2>{cards}
                </section>
            }
        })
    })
}

fn card(app: App, slug: &str, consultation: RecordId, it: &Asked, took: bool) -> AnyView {
    let now = app.device().server_now();
    let (kind, title, to) = match it {
        Asked::Poll(poll) => {
            let to = Route::Poll(slug.to_owned(), consultation, poll.id);
            (w!(poll_tag), parts::said(&poll.question), to)
        }
        Asked::Survey(survey) => {
            let to = Route::Survey(slug.to_owned(), consultation, survey.id);
            (w!(asked_survey), parts::said(&survey.title), to)
        }
    };
    let open = it.open();
    let (tone, date) = match when(open, now) {
        When::Soon => ("", w!(consultation_opens_on, date = dates::day(open.from))),
        When::Now => ("act", w!(home_closes_on, date = dates::day(open.until))),
        When::Over => ("", w!(home_closed_on, date = dates::day(open.until))),
    };
    let told = it.is_told().then(|| parts::tag("good", w!(poll_result)));
    let took = took.then(|| parts::tag("good", w!(asked_done)));
    view! {
        <article class="card">
            <p class="meta">{parts::tag(tone, kind)}{told}{took}<span>{date}</span></p>
            <h3 class="card-title"><a class="card-link" href=app.link(&to)>{title}</a></h3>
        </article>
    }
    .into_any()
}
