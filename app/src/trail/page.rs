//! The trail, and one thing in it: where one comes after sending.

use std::sync::Arc;

use crate::ui::live::{effect, live, memo, on, shared};
use domain::ids::OpId;
use domain::operations::{Kind, Kinds};
use domain::outbox::Item;
use domain::records::Record;
use domain::scopes::Scope;
use leptos::prelude::*;

use super::state::{Section, Standing, Thing, things};
use super::{item, state};
use crate::offline::{Draft, Held};
use crate::ui::pieces::{self, Piece};
use crate::ui::routes::Route;
use crate::ui::{App, dates, page, parts, words};
use crate::{commitments, communities, w};

/// What the device holds and what the server said, as one story; follows both.
fn everything(app: App) -> Vec<Thing> {
    let person = app.me().get();
    let held = person.as_ref().map(|person| app.records(&Scope::Person(person.id.clone())).get());
    let trails = held.iter().flat_map(|held| held.iter()).filter_map(|held| match &held.record {
        Record::Trail(trail) if !held.pending => Some(trail),
        _ => None,
    });
    let items = app.device().outbox().get();
    things(items.iter(), trails, app.may_send())
}

/// The consultations in which the person took part in a poll or a survey, as far as is known here.
fn took_part(app: App) -> Vec<Scope> {
    let asked = |item: &Item| {
        let action = item.operation_of(Kinds::PARTICIPANTS).ok()?.action;
        let taken = !item.is_stored() && matches!(action.kind(), Kind::Cast | Kind::Respond);
        Some(Scope::Consultation(item.community.clone(), action.consultation().filter(|_| taken)?))
    };
    let mut all: Vec<Scope> = app.device().outbox().with(|items| items.iter().filter_map(asked).collect());
    let took = |held: &Arc<Held>| match &held.record {
        Record::TookPart(it) => Some(Scope::Consultation(it.community.clone(), it.consultation)),
        _ => None,
    };
    if let Some(person) = app.me().get() {
        app.records(&Scope::Person(person.id)).with(|own| all.extend(own.iter().filter_map(took)));
    }
    all
}

/// How many need the person or have not left: the number at the tab.
pub fn unsettled(app: App) -> usize {
    state::unsettled(&everything(app))
}

/// Everything.
pub fn page(app: App) -> AnyView {
    page::title(|| w!(trail_title));
    let things = memo(move || everything(app));
    let took = memo(move || took_part(app));
    let took_any = memo(move || !took.with(Vec::is_empty));
    follow(app, things, took);
    let drafts = app.device().drafts();
    let section = move |part: Section, title: String| {
        let all = memo(move || {
            things.with(|all| {
                let of_part = all.iter().filter(|thing| thing.section() == part);
                of_part.cloned().collect::<Vec<Thing>>()
            })
        });
        move || {
            let all = all.get();
            (!all.is_empty()).then(|| {
                let cards: Vec<AnyView> = all.into_iter().map(|thing| item::card(app, thing)).collect();
                view! { <section class="stack"><h2>{title.clone()}</h2>{cards}</section> }
            })
        }
    };
    let nothing = shared(move || {
        (things.with(Vec::is_empty) && drafts.with(|all| all.is_empty()) && took.with(Vec::is_empty)).then(
            || {
                let propose = parts::link("btn", app.link(&Route::ProposeWhere), w!(nav_propose));
                parts::empty(String::new(), w!(trail_empty), Some(propose))
            },
        )
    });
    view! {
        {parts::head(None, w!(trail_title), Some(view! { <p class="soft">{w!(trail_intro)}</p> }.into_any()))}
        {section(Section::Attention, w!(trail_section_to_review))}
        {section(Section::ToSend, w!(trail_section_to_send))}
        {move || drafts.with(|all| unfinished(app, all))}
        {section(Section::Arrived, w!(trail_section_arrived))}
        {live(move || took_any.get().then(|| pieces::shown(app, Piece::TookPart)))}
        {nothing}
    }
    .into_any()
}

/// The communities' lists are needed for the names of rules; and what came of it in these consultations.
fn follow(app: App, things: Memo<Vec<Thing>>, consultations: Memo<Vec<Scope>>) {
    effect(move |_| {
        let mut scopes = vec![Scope::Territory];
        let mut add = |scope: Scope| {
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        };
        things.with(|all| all.iter().for_each(|thing| add(Scope::Community(thing.community.clone()))));
        for scope in consultations.get() {
            if let Scope::Consultation(community, _) = &scope {
                add(Scope::Community(community.clone()));
            }
            add(scope);
        }
        app.device().follow(scopes);
    });
}

fn unfinished(app: App, drafts: &[Draft]) -> Option<AnyView> {
    let rows: Vec<AnyView> = drafts
        .iter()
        .filter_map(|draft| {
            let place = app.places().with(|places| communities::state::by_id(places, &draft.community))?;
            let consultation = draft.consultation;
            let route = Route::Propose(place.slug, consultation);
            let to = app.link(&route);
            let of_same = |other: &&Draft| {
                other.community == draft.community && other.consultation == draft.consultation
            };
            // Its consultation opens the latest one: an older one becomes that first.
            let older = drafts
                .iter()
                .find(of_same)
                .filter(|latest| latest.key != draft.key)
                .map(|_| draft.key.clone());
            let open = move |event: web_sys::MouseEvent| {
                let Some(key) = older.clone() else { return };
                event.prevent_default();
                let route = route.clone();
                app.spawn(async move {
                    match app.device().prefer_draft(&key, consultation).await {
                        Ok(()) => app.go(&route),
                        Err(error) => app.fail(words::unkept(error)),
                    }
                });
            };
            let title =
                if draft.title.trim().is_empty() { w!(trail_draft_untitled) } else { draft.title.clone() };
            Some(
                view! {
                    <li class="list-row"><a class="list-link" href=to on:click=on(open)>
                        <span class="list-title" dir="auto">{title}</span>
                        <span class="list-text">{dates::moment(draft.updated_at)}</span>
                    </a></li>
                }
                .into_any(),
            )
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! { <section class="stack"><h2>{w!(trail_section_drafts)}</h2><ul class="list">{rows}</ul></section> }
            .into_any()
    })
}

/// One thing: kept, then received, told at the moment it happens.
pub fn one(app: App, op: OpId) -> AnyView {
    let things = memo(move || everything(app));
    let thing = memo(move || things.with(|all| all.iter().find(|thing| thing.op == op).cloned()));
    let of = |thing: &Thing| Some(Scope::Consultation(thing.community.clone(), thing.consultation?));
    follow(app, things, memo(move || thing.with(|thing| thing.iter().filter_map(of).collect())));
    let heading = memo(move || {
        thing.with(|thing| match thing.as_ref().map(|thing| (&thing.standing, thing.section())) {
            Some((Standing::Awaiting | Standing::Received | Standing::Answered, _)) => {
                w!(sent_received_title)
            }
            Some((Standing::Hidden(_), _)) => w!(trail_title_hidden),
            Some((Standing::Withdrawn, _)) => w!(trail_title_withdrawn),
            Some((_, Section::Attention)) => w!(trail_section_to_review),
            Some((_, Section::ToSend)) => w!(sent_kept_title),
            _ => w!(trail_title),
        })
    });
    page::title(move || heading.get());
    let arrived = memo(move || thing.with(|thing| thing.as_ref().is_some_and(item::has_arrived)));
    effect(move |first| {
        if arrived.get() && !first {
            app.say(w!(sent_received_title));
        }
    });
    let back = parts::link("", app.link(&Route::Trail), w!(trail_title));
    let body = shared(move || match thing.get() {
        Some(thing) => whole(app, &thing),
        None => parts::empty(String::new(), w!(trail_unknown), None),
    });
    view! {
        <div class="page-head"><p class="meta">{back}</p><h1>{heading}</h1></div>
        {body}
    }
    .into_any()
}

fn whole(app: App, thing: &Thing) -> AnyView {
    let place = app.places().with(|places| communities::state::by_id(places, &thing.community));
    let name = place.as_ref().map_or_else(|| thing.community.to_string(), |place| place.name.to_string());
    let network = app.device().network();
    let stamp = thing.received.as_ref().map(|(number, at)| {
        view! {
            <div class="receipt-stamp receipt-new">
                <span class="receipt-word">{w!(sent_received_title)}</span>
                <span class="receipt-number">{number.clone()}</span>
                <span class="receipt-when">{format!("{name}, {}", dates::moment(*at))}</span>
            </div>
            <p class="soft small">{w!(receipt_help, community = name.clone())} " " {w!(receipt_number_help)}</p>
        }
    });
    // What happened to it comes first.
    let over = matches!(thing.standing, Standing::Hidden(_) | Standing::Withdrawn);
    let (first, last) = if over { (None, stamp) } else { (stamp, None) };
    let standing = thing.standing.clone();
    let on_its_way = move || match &standing {
        Standing::Kept if network.get().online => Some(w!(sent_on_its_way, community = name_of(&place))),
        Standing::Kept => Some(w!(sent_kept_offline)),
        Standing::Sending => Some(w!(sent_on_its_way, community = name_of(&place))),
        Standing::Awaiting => Some(w!(trail_awaiting)),
        _ => None,
    };
    let title = thing.title.clone();
    let place = app.places().with(|places| communities::state::by_id(places, &thing.community));
    let leaving = thing.section() == Section::ToSend;
    view! {
        {first}
        <section class="stack">
            {move || on_its_way().map(|text| parts::notice("good", String::new(), text, None))}
            {title.map(|title| view! { <h2 dir="auto">{title}</h2> })}
            {item::meta(app, thing)}
            {item::body(app, thing, place.as_ref())}
        </section>
        {thing.has_exchange().then(|| pieces::shown(app, Piece::Exchange(thing.clone())))}
        <section class="stack" aria-labelledby="way"><h2 id="way">{w!(trail_step_list)}</h2>{item::way(thing)}</section>
        {last}
        {followed_up(app, thing)}
        {leaving.then(|| view! { <p class="soft">{w!(sent_what_next)}</p> })}
        <p class="actions">
            {parts::link("btn btn-quiet", app.link(&Route::Trail), w!(sent_see_trail))}
            {parts::print("btn btn-plain")}
        </p>
    }
    .into_any()
}

/// The commitments that follow from it.
fn followed_up(app: App, thing: &Thing) -> Option<AnyView> {
    let (consultation, record) = (thing.consultation?, thing.record.filter(|_| item::has_arrived(thing))?);
    let place = app.places().with(|places| communities::state::by_id(places, &thing.community))?;
    Some(commitments::piece(app, &place, consultation, Some(record)))
}

fn name_of(place: &Option<domain::records::Place>) -> String {
    place.as_ref().map(|place| place.name.to_string()).unwrap_or_default()
}
