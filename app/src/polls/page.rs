//! The page of a poll: what is asked, the ballot while it is open, the totals once they are told.

use crate::ui::live::{live, memo};
use domain::ids::RecordId;
use domain::records::{Place, Poll, Record};
use domain::scopes::Scope;
use domain::tallies::Method;
use leptos::prelude::*;

use super::state::{When, took_part, when};
use super::{ballot, result};
use crate::communities;
use crate::ui::routes::Route;
use crate::ui::{App, dates, page as pages, parts, shell, words};
use crate::w;

/// The page.
pub fn page(app: App, slug: String, consultation: RecordId, id: RecordId) -> AnyView {
    let place = communities::place(app, slug);
    app.device().follow(vec![Scope::Territory]);
    live(move || match place.get() {
        Some(place) => of_place(app, place, consultation, id),
        None => communities::missing_place(app),
    })
}

fn of_place(app: App, place: Place, consultation: RecordId, id: RecordId) -> AnyView {
    let scope = Scope::Consultation(place.id.clone(), consultation);
    app.device().follow(vec![Scope::Territory, Scope::Community(place.id.clone()), scope.clone()]);
    let (records, held) = (app.records(&scope), app.device().held(&scope));
    let network = app.device().network();
    let it = memo(move || {
        records.with(|all| {
            all.iter().find_map(|held| match &held.record {
                Record::Poll(it) if it.id == id => Some(it.clone()),
                _ => None,
            })
        })
    });
    pages::title(move || it.with(|it| it.as_ref().map_or_else(String::new, |it| words::say(&it.question))));
    live(move || match it.get() {
        Some(it) => draw(app, &place, it),
        None => match (held.get(), network.get().online) {
            (Some(_), _) => parts::empty(String::new(), w!(asked_unknown), None),
            (None, true) => parts::loading(),
            (None, false) => shell::not_here(app, w!(asked_not_here)),
        },
    })
}

/// How it is counted, in one sentence.
fn method(method: Method) -> String {
    match method {
        Method::Plurality => w!(poll_method_plurality),
        Method::Approval => w!(poll_method_approval),
        Method::MajorityJudgment => w!(poll_method_judgment),
        Method::Schulze => w!(poll_method_schulze),
    }
}

fn draw(app: App, place: &Place, it: Poll) -> AnyView {
    let to = app.link(&Route::Consultation(place.slug.clone(), it.consultation));
    let back = parts::link("", to, w!(asked_back));
    let now = app.device().server_now();
    let closes = dates::moment(it.open.until);
    let (tone, label, date) = match when(it.open, now) {
        When::Soon => {
            ("", w!(consultation_soon_tag), w!(consultation_opens_on, date = dates::moment(it.open.from)))
        }
        When::Now => ("act", w!(poll_tag), w!(home_closes_on, date = closes.clone())),
        When::Over => ("", w!(consultation_closed_tag), w!(home_closed_on, date = closes.clone())),
    };
    let below = view! { <p class="meta">{parts::tag(tone, label)}<span>{date}</span></p> };
    let text = it.text.as_ref().map(|text| view! { <p dir="auto">{words::say(text)}</p> });
    let body = match (when(it.open, now), &it.result) {
        (_, Some(told)) => told.read().map_or_else(|_| shell::unread(app), |told| result::result(&it, &told)),
        (When::Over, None) => view! { <p class="soft">{w!(poll_not_counted)}</p> }.into_any(),
        (When::Soon, None) => ().into_any(),
        (When::Now, None) => view! { {mine(app, it.id)} {ballot::ballot(app, place, it.clone())} }.into_any(),
    };
    view! {
        {parts::head(Some(back), words::say(&it.question), Some(below.into_any()))}
        <section class="stack">
            {text}
            <p>{method(it.method)}</p>
        </section>
        {body}
        <section class="stack-s small soft">
            <p>{w!(poll_advice)}</p>
            <p>{w!(poll_secret)}</p>
            <p>{w!(poll_once)}</p>
        </section>
    }
    .into_any()
}

/// That a ballot of this person is on its way or there.
fn mine(app: App, id: RecordId) -> AnyView {
    let me = app.me();
    live(move || {
        let person = me.get()?;
        let items = app.device().outbox().get();
        let own = app.records(&Scope::Person(person.id)).with(|own| took_part(own, &items, id))?;
        let text = if own { w!(poll_kept) } else { w!(poll_received) };
        Some(parts::notice("good", String::new(), text, None))
    })
}
