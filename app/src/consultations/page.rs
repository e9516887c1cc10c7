//! The page of a consultation: what is asked, until when, and what people say.

use std::sync::Arc;

use crate::ui::live::{live, memo};
use domain::ids::{RecordId, SubjectId};
use domain::phases::{Form, Intake, Phase};
use domain::records::{Community, Conclusion, Consultation, Place, Record};
use domain::scopes::Scope;
use domain::text::{Localized, Text};
use domain::time::Millis;
use leptos::prelude::*;

use super::{asked, list, shared, state};
use crate::commitments;
use crate::communities;
use crate::offline::Held;
use crate::ui::pieces::{self, Piece};
use crate::ui::routes::Route;
use crate::ui::{App, dates, page, parts, shell, tide, words};
use crate::w;
use crate::{contributions, news};

/// The page.
pub fn page(app: App, slug: String, id: RecordId) -> AnyView {
    communities::at(app, slug, move |place| of_place(app, place, id))
}

fn of_place(app: App, place: Place, id: RecordId) -> AnyView {
    let community = Scope::Community(place.id.clone());
    let scope = Scope::Consultation(place.id.clone(), id);
    app.device().follow(vec![Scope::Territory, community.clone(), scope]);
    let (records, held) = (app.records(&community), app.device().held(&community));
    let network = app.device().network();
    let lists = memo(move || records.with(|all| state::community(all.iter().map(|held| &held.record))));
    let it = memo(move || records.with(|all| state::consultation(all.iter().map(|held| &held.record), id)));
    page::title(move || it.with(|it| it.as_ref().map_or_else(String::new, |it| words::say(&it.title))));
    live(move || match it.get() {
        Some(it) => draw(app, &place, &it, lists),
        None if held.get().is_some() => {
            let home = parts::link("btn", app.link(&Route::Here), w!(error_home));
            parts::empty(String::new(), w!(consultation_unknown), Some(home))
        }
        None if network.get().online => parts::loading(),
        None => shell::not_here(app, w!(home_not_yet, community = place.name.to_string())),
    })
}

fn draw(app: App, place: &Place, it: &Consultation, lists: Memo<Option<Community>>) -> AnyView {
    let back = parts::link("", app.link(&Route::Community(place.slug.clone())), place.name.to_string());
    let now = app.device().server_now();
    let scope = Scope::Consultation(place.id.clone(), it.id);
    let takes = contributions::taken(app, it);
    let propose = takes.contains(&Form::Proposals).then(|| {
        let to = app.link(&Route::Propose(place.slug.clone(), it.id));
        view! { <p class="actions">{parts::link("btn", to, w!(consultation_propose))}</p> }
    });
    let (tone, label, when) = super::card::when(it, now);
    let below = view! {
        <p class="meta">
            {parts::tag(tone, label)}<span>{when}</span>
            {it.fictitious.then(|| parts::tag("", w!(app_fictitious)))}
        </p>
    };
    view! {
        {parts::head(Some(back), words::say(&it.title), Some(below.into_any()))}
        <section class="stack">
            <h2>{w!(consultation_summary)}</h2>
            {paragraphs(&words::say(&it.summary))}
            {facts(it, now)}
            {source(it)}
            {adapted(app, it)}
            {propose}
            <p>{news::toggle(app, &place.id, it.id)}</p>
        </section>
        {shared::shared(app, place, it)}
        {pieces::section(app, &scope, |record| matches!(record, Record::Document(_)), Piece::Documents(place.clone(), it.id))}
        {pieces::section(app, &scope, |record| matches!(record, Record::PublishedText(_)), Piece::Texts(place.clone(), it.id))}
        {asked::asked(app, place, it.id)}
        {course(it, now)}
        {answer_place(app, place, it, now)}
        {commitments::piece(app, place, it.id, None)}
        {held_age(app, place, it.id)}
        {list::contributions(app, place.clone(), it.id, takes, lists)}
    }
    .into_any()
}

/// A blank line parts paragraphs; nothing else is markup.
fn paragraphs(text: &str) -> Vec<AnyView> {
    let parts = text.split("\n\n").filter(|part| !part.trim().is_empty());
    parts.map(|part| view! { <p dir="auto">{part.to_owned()}</p> }.into_any()).collect()
}

/// Until when, who decides, and what becomes of what people say.
fn facts(it: &Consultation, now: Millis) -> AnyView {
    let closes = match it.intake(now) {
        Intake::Open => Some(w!(
            consultation_closes_at,
            date = dates::day(it.closes_at()),
            time = dates::time(it.closes_at())
        )),
        Intake::Grace => {
            Some(w!(consultation_grace, date = dates::moment(it.accepts_until(Form::Proposals))))
        }
        Intake::NotYet(from) => Some(w!(consultation_opens_on, date = dates::moment(from))),
        Intake::Closed => Some(w!(consultation_closed, date = dates::day(it.closes_at()))),
        Intake::Never => None,
    };
    let said = |label: String, text: &Option<Localized<Text>>| {
        text.as_ref().map(|text| {
            view! { <li><strong>{label}</strong>{crate::ui::words::colon()}{parts::said(text)}</li> }
                .into_any()
        })
    };
    view! {
        <ul class="bullets">
            {closes.map(|closes| view! { <li>{closes}</li> })}
            {said(w!(consultation_who), &it.decided_by)}
            {said(w!(consultation_used_for), &it.used_for)}
            <li>{w!(consultation_advice)}</li>
        </ul>
    }
    .into_any()
}

/// The name of a phase.
pub fn phase(phase: Phase) -> String {
    match phase {
        Phase::Inform => w!(phase_inform),
        Phase::Contribute => w!(phase_contribute),
        Phase::Discuss => w!(phase_discuss),
        Phase::Decide => w!(phase_decide),
        Phase::FollowUp => w!(phase_follow_up),
    }
}

/// The phases with their dates, when there are several.
fn course(it: &Consultation, now: Millis) -> Option<AnyView> {
    let here = it.phase(now);
    let periods: Vec<AnyView> = it
        .phases
        .iter()
        .map(|period| {
            let now_here = here == Some(period.phase);
            let state = match (now_here, period.until <= now) {
                (true, _) => "here",
                (false, true) => "done",
                (false, false) => "todo",
            };
            let dates =
                w!(phase_dates, from = dates::day(period.from), until = dates::day(period.until.plus(-1)));
            view! {
                <li class="trail-step" data-state=state aria-current=now_here.then_some("step")>
                    <span class="trail-name">{phase(period.phase)}</span>
                    <span class="trail-note">{dates}{now_here.then(|| view! { " · " {w!(phase_here)} })}</span>
                </li>
            }
            .into_any()
        })
        .collect();
    (periods.len() > 1).then(|| {
        view! {
            <section class="stack" aria-labelledby="course">
                <h2 id="course">{w!(consultation_course)}</h2>
                <div class="trail"><ol>{periods}</ol></div>
            </section>
        }
        .into_any()
    })
}

/// Where the answer to all of it stands, or will: at the same place from the first day.
fn answer_place(app: App, place: &Place, it: &Consultation, now: Millis) -> AnyView {
    let text = match (&it.conclusion, it.answer_by) {
        (Some(conclusion), _) => concluded(app, place, it, conclusion),
        (None, Some(by)) if by < now => {
            parts::notice("warn", String::new(), w!(consultation_answer_late, date = dates::day(by)), None)
        }
        (None, Some(by)) => view! { <p>{w!(consultation_answer_here, date = dates::day(by))}</p> }.into_any(),
        (None, None) => view! { <p class="soft">{w!(consultation_answer_none)}</p> }.into_any(),
    };
    view! { <section class="stack" aria-labelledby="answer"><h2 id="answer">{w!(consultation_answer_title)}</h2>{text}</section> }
        .into_any()
}

/// The answer to all of it, and what of the contributions it uses.
fn concluded(app: App, place: &Place, it: &Consultation, conclusion: &Conclusion) -> AnyView {
    let (lang, text) = words::best(&conclusion.text);
    let records = app.records(&Scope::Consultation(place.id.clone(), it.id));
    let (uses, slug, id) = (conclusion.uses.clone(), place.slug.clone(), it.id);
    let used = live(move || {
        let titles: Vec<AnyView> = records.with(|all| {
            let named = |held: &Arc<Held>| match &held.record {
                Record::Contribution(it) if uses.contains(&it.id) => Some((it.id, it.title().to_string())),
                _ => None,
            };
            let link = |(record, title): (RecordId, String)| {
                let to = app.link(&Route::Contribution(slug.clone(), id, record));
                view! { <li><a href=to dir="auto">{title}</a></li> }.into_any()
            };
            all.iter().filter_map(named).map(link).collect()
        });
        (!titles.is_empty())
            .then(|| view! { <p>{w!(consultation_answer_uses)}</p><ul class="bullets">{titles}</ul> })
    });
    view! {
        <div class="answer">
            <p class="answer-head">{w!(contribution_answer, community = place.name.to_string())}</p>
            <div class="quote" lang=lang>{paragraphs(&text)}</div>
            {used}
            <p class="quote-by">{w!(consultation_answered_on, date = dates::day(conclusion.at))}</p>
        </div>
    }
    .into_any()
}

/// Where an imported conversation comes from, and under which licence: always shown.
fn source(it: &Consultation) -> Option<AnyView> {
    let source = it.source.as_ref()?;
    let text = format!("{}, {}", words::say(&source.attribution), source.licence);
    let url = source.url.to_string();
    // Only an address that opens a page becomes a link.
    let web = url.starts_with("https://").then(|| {
        view! { " " <a href=url.clone() rel="external noopener">{w!(consultation_origin)}</a> }
    });
    Some(view! { <p class="small soft">{w!(app_source, source = text)}{web}</p> }.into_any())
}

/// Whose words it began from.
fn adapted(app: App, it: &Consultation) -> AnyView {
    let model = it.adapted_from.clone();
    live(move || {
        let model = model.as_ref()?;
        let place = app.places().with(|places| communities::state::by_id(places, &model.community))?;
        let to = app.link(&Route::Consultation(place.slug.clone(), model.consultation));
        let text = w!(consultation_adapted, community = place.name.to_string());
        Some(view! { <p class="small soft">{parts::link("", to, text)}</p> })
    })
}

/// How old what is shown is, while the server cannot be asked.
fn held_age(app: App, place: &Place, id: RecordId) -> AnyView {
    let held = app.device().held(&Scope::Consultation(place.id.clone(), id));
    let network = app.device().network();
    live(move || {
        app.clock.track();
        let held = held.get()?;
        (!network.get().online).then(|| view! { <p class="soft small">{tide::age_of(held.pulled_at)}</p> })
    })
}

/// A subject's short name in a community's list.
pub fn subject_name(lists: &Option<Community>, id: &SubjectId) -> String {
    // Before the community's lists are here, nothing: an identifier is no word.
    let Some(lists) = lists else { return String::new() };
    let subject = lists.subjects.iter().find(|subject| subject.id == *id);
    subject.map_or_else(|| id.to_string(), |subject| words::say(&subject.short))
}
