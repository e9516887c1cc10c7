//! What is printed of a consultation: a notice for the church door, forms for those who write on paper,
//! a sheet of results. One sheet for each language of the community, on A4 as on Letter.

use std::sync::Arc;

use domain::ids::RecordId;
use domain::records::{Community, Consultation, Contribution, Open, Record};
use domain::scopes::Scope;
use domain::text::Lang;
use domain::time::Millis;
use leptos::prelude::*;

use super::inbox::Desk;
use super::notice::Notice;
use super::state::qr;
use super::two::languages;
use super::within;
use crate::offline::Held;
use crate::ui::field::{Choice, choices};
use crate::ui::live::live;
use crate::ui::routes::Route;
use crate::ui::{App, dates, parts, words};
use crate::{contributions, n, polls, surveys, w};

/// How many proposals a sheet of results names.
const NAMED: usize = 12;

/// The page.
pub fn page(app: App, id: RecordId) -> AnyView {
    within::page(app, id, || w!(desk_print_title), draw)
}

fn draw(app: App, desk: Desk, it: &Consultation) -> AnyView {
    desk.follow_also(app, it.id);
    let records = app.records(&Scope::Consultation(desk.community(), it.id));
    let what = RwSignal::new("notice".to_owned());
    let sorts = [
        ("notice", w!(desk_print_notice), w!(desk_print_notice_hint)),
        ("form", w!(desk_print_form), w!(desk_print_form_hint)),
        ("results", w!(desk_print_results), w!(desk_print_results_hint)),
    ];
    let sorts = sorts.map(|(value, text, hint)| Choice { value: value.to_owned(), text, hint });
    let none = RwSignal::new(Vec::new());
    let radios = choices("print", w!(desk_print_what), String::new(), true, sorts.into(), what, none);
    let title = within::head(app, w!(desk_print_title), it, None);
    let it = it.clone();
    let sheets = live(move || {
        let Some(lists) = desk.lists.get() else { return parts::loading() };
        let one = |lang: &Lang| {
            words::within(lang, || {
                records.with(|all| match what.get().as_str() {
                    "notice" => notice(&lists, &it),
                    "form" => form(&lists, &it, all, app.device().server_now()),
                    _ => results(app, &lists, &it, all),
                })
            })
        };
        sheets(languages(Some(&lists)).iter().map(|lang| sheet(lang, one(lang))).collect())
    });
    view! { {title} {radios} {sheets} }.into_any()
}

/// Sheets, with the button that prints them.
pub fn sheets(all: Vec<AnyView>) -> AnyView {
    view! {
        <p class="actions">{parts::print("btn")}</p>
        <div class="sheets">{all}</div>
    }
    .into_any()
}

/// A sheet of paper in one language.
pub fn sheet(lang: &Lang, inside: AnyView) -> AnyView {
    view! { <article class="sheets-one stack" lang=lang.to_string()>{inside}</article> }.into_any()
}

/// How people get there: an address to type and one to photograph, and the way without a device.
pub fn ways(lists: &Community, route: &Route) -> AnyView {
    let origin = window().location().origin().unwrap_or_default();
    let address = [origin.as_str(), &route.to_string()].concat();
    let (_, host) = origin.split_once("://").unwrap_or(("", &origin));
    let short = [host, &Route::Community(lists.place.slug.clone()).to_string()].concat();
    let code = photographed(&address);
    view! {
        <div class="sheets-ways">
            {code}
            <ul class="bullets">
                <li>{w!(desk_print_phone)}" "<strong class="nobr">{short}</strong></li>
                <li>{w!(desk_print_office, community = lists.place.name.to_string())}</li>
                <li>{w!(desk_print_code)}</li>
            </ul>
        </div>
    }
    .into_any()
}

/// An address to photograph.
pub fn photographed(address: &str) -> Option<AnyView> {
    let it = qr::draw(address)?;
    let (view_box, label) = (format!("0 0 {0} {0}", it.side), address.to_owned());
    Some(
        view! {
            <svg class="sheets-code" viewBox=view_box role="img" aria-label=label>
                <path d=it.path fill="#000" />
            </svg>
        }
        .into_any(),
    )
}

/// The head of a sheet.
pub fn head(lists: &Community, title: String) -> AnyView {
    view! { <p class="sheets-place">{lists.place.name.to_string()}</p><h2 dir="auto">{title}</h2> }.into_any()
}

fn notice(lists: &Community, it: &Consultation) -> AnyView {
    let route = Route::Consultation(lists.place.slug.clone(), it.id);
    view! {
        <p class="sheets-place">{lists.place.name.to_string()}</p>
        {Notice::of(it).draw()}
        {ways(lists, &route)}
    }
    .into_any()
}

fn lines(count: usize) -> Vec<AnyView> {
    (0..count).map(|_| view! { <div class="paper-line"></div> }.into_any()).collect()
}

/// What can be written on paper now: what is closed has no form any more.
fn form(lists: &Community, it: &Consultation, all: &[Arc<Held>], now: Millis) -> AnyView {
    let subject = |text: String| view! { <li class="paper-box">{text}</li> }.into_any();
    let subjects: Vec<AnyView> = lists.subjects.iter().map(|it| subject(words::say(&it.short))).collect();
    let sheet = |title: String, open: Open, inside: AnyView| {
        let until = w!(survey_paper_until, date = dates::moment(open.until));
        view! { <div class="stack sheets-next">{head(lists, title)}<p>{until}</p>{inside}</div> }.into_any()
    };
    let asked = all.iter().filter_map(|held| match &held.record {
        Record::Questionnaire(it) if now < it.open.until => {
            let questions = surveys::sheet(&it.survey.read().ok()?);
            let inside = view! { {questions} <p class="small">{w!(survey_paper_privacy)}</p> };
            Some(sheet(words::say(&it.title), it.open, inside.into_any()))
        }
        Record::Poll(it) if now < it.open.until => {
            Some(sheet(words::say(&it.question), it.open, polls::sheet(it)))
        }
        _ => None,
    });
    let asked: Vec<AnyView> = asked.collect();
    view! {
        {head(lists, words::say(&it.title))}
        <p>{w!(desk_print_form_until, date = dates::day(it.closes_at()))}</p>
        <div class="paper-question"><h3>{w!(propose_sentence_label)}</h3>{lines(2)}</div>
        <div class="paper-question"><h3>{w!(propose_explain_label)}</h3>{lines(8)}</div>
        <div class="paper-question"><h3>{w!(propose_subject_label)}</h3><ul class="paper paper-two">{subjects}</ul></div>
        <div class="paper-question">
            <h3>{w!(desk_print_form_name)}</h3>
            <p class="small">{w!(desk_print_form_consent, community = lists.place.name.to_string())}</p>
            {lines(1)}
        </div>
        {asked}
    }
    .into_any()
}

fn results(app: App, lists: &Community, it: &Consultation, all: &[Arc<Held>]) -> AnyView {
    let said = contributions::state::Voices::read(all);
    let proposal = |held: &Arc<Held>| match &held.record {
        Record::Contribution(it) if it.proposal().is_some() && it.merged_into.is_none() => Some(it.clone()),
        _ => None,
    };
    let mut proposals: Vec<Contribution> = all.iter().filter_map(proposal).collect();
    domain::order::by(&mut proposals, |it| {
        (u64::MAX - said.supports(it.id).unwrap_or(0), it.title().to_string())
    });
    let count = proposals.len();
    let row = |it: &Contribution| {
        let supports = said
            .supports(it.id)
            .map_or_else(|| w!(support_few), |count| n!(count, support_count_a, support_count_s));
        view! { <tr><th scope="row" dir="auto">{it.title().to_string()}</th><td class="number">{supports}</td></tr> }.into_any()
    };
    let rows: Vec<AnyView> = proposals.iter().take(NAMED).map(row).collect();
    let table = (!rows.is_empty()).then(|| {
        view! { <div class="table-wide"><table class="table"><thead><tr><th scope="col">{w!(desk_print_proposals)}</th><th scope="col" class="number">{w!(desk_print_supports)}</th></tr></thead><tbody>{rows}</tbody></table></div> }
    });
    let more = (count > NAMED)
        .then(|| view! { <p class="small">{w!(desk_print_more, count = (count - NAMED).to_string())}</p> });
    let asked: Vec<AnyView> = all.iter().filter_map(|held| told(app, &held.record)).collect();
    let answer = it.conclusion.as_ref().map(|answer| {
        let (lang, text) = words::best(&answer.text);
        view! { <div class="answer"><p class="answer-head">{w!(contribution_answer, community = lists.place.name.to_string())}</p><p class="quote" lang=lang dir="auto">{text}</p><p class="quote-by">{w!(consultation_answered_on, date = dates::day(answer.at))}</p></div> }
    });
    let promised = it.answer_by.filter(|_| it.conclusion.is_none());
    let promised = promised.map(|by| view! { <p>{w!(consultation_promise, date = dates::day(by))}</p> });
    view! {
        {head(lists, words::say(&it.title))}
        {answer}
        {promised}
        <p>{n!(count, desk_print_count_a, desk_print_count_s)}</p>
        {table}
        {more}
        {asked}
        {ways(lists, &Route::Consultation(lists.place.slug.clone(), it.id))}
    }
    .into_any()
}

/// A poll or a survey whose results are told.
fn told(app: App, record: &Record) -> Option<AnyView> {
    let (title, body) = match record {
        Record::Poll(it) => {
            (words::say(&it.question), polls::result(app, it, &it.result.as_ref()?.read().ok()?))
        }
        Record::Questionnaire(it) => {
            let told = it.results.as_ref()?.read().ok()?;
            (words::say(&it.title), surveys::results(app, &it.survey.read().ok()?, &told))
        }
        _ => return None,
    };
    Some(view! { <div class="stack sheets-next"><h3 dir="auto">{title}</h3>{body}</div> }.into_any())
}
