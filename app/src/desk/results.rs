//! The sheet of results: what was said, what was counted, what was answered, what became of changes to texts, and what
//! the office committed to.

use std::sync::Arc;

use domain::phases::Form;
use domain::records::{Commitment, Community, Consultation, Contribution, PublishedText, Record};
use leptos::prelude::*;

use super::print::{head, ways};
use crate::commitments::state::commitments;
use crate::offline::Held;
use crate::texts::state::{self, Became};
use crate::ui::routes::Route;
use crate::ui::{App, dates, words};
use crate::{commitments, contributions, n, polls, surveys, w};

/// How many proposals, and how many commitments, the sheet names.
const NAMED: usize = 12;

/// The sheet.
pub fn draw(app: App, lists: &Community, it: &Consultation, all: &[Arc<Held>]) -> AnyView {
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
    // Where no proposals are asked for, none is missing.
    let received = (count > 0 || it.takes.contains(&Form::Proposals))
        .then(|| view! { <p>{n!(count, desk_print_count_a, desk_print_count_s)}</p> });
    let promised = it.answer_by.filter(|_| it.conclusion.is_none());
    let promised = promised.map(|by| view! { <p>{w!(consultation_promise, date = dates::day(by))}</p> });
    view! {
        {head(lists, words::say(&it.title))}
        {answer}
        {promised}
        {received}
        {table}
        {more}
        {amended(all)}
        {asked}
        {committed(app, it, all)}
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

/// How many changes people proposed to each text, and what became of them.
fn amended(all: &[Arc<Held>]) -> Vec<AnyView> {
    let one = |it: PublishedText| {
        let became = state::became(all, it.id);
        let count: usize = became.iter().map(|(_, count)| count).sum();
        let row = |(what, count): (Became, usize)| {
            view! { <li>{outcome(what)}{words::colon()}{count.to_string()}</li> }.into_any()
        };
        let rows: Vec<AnyView> = became.into_iter().map(row).collect();
        view! {
            <section class="stack-s">
                <h3 dir="auto">{words::say(&it.title)}</h3>
                <p>{n!(count, amend_count_a, amend_count_s)}</p>
                <ul class="bullets">{rows}</ul>
            </section>
        }
        .into_any()
    };
    state::texts(all).into_iter().map(one).collect()
}

fn outcome(what: Became) -> String {
    match what {
        Became::Waiting => w!(desk_print_waiting),
        Became::Discussed => w!(trail_step_discussed),
        Became::OnAgenda => w!(trail_step_agenda),
        Became::Answered => w!(trail_step_answered),
        Became::Decided => w!(trail_step_decided),
        Became::Done => w!(trail_step_finished),
        Became::Declined => w!(trail_step_declined),
    }
}

/// What the office committed to: who sees to it, by when, how far it is.
fn committed(app: App, it: &Consultation, all: &[Arc<Held>]) -> Option<AnyView> {
    let now = app.device().server_now();
    let made = commitments(all, it.id, None);
    let count = made.len();
    let row = |it: &Commitment| {
        let last = it.log.last().map(|report| {
            let (lang, text) = words::best(&report.text);
            view! { <br/><span class="small" lang=lang dir="auto">{dates::day(report.at)}{words::colon()}{text}</span> }
        });
        view! {
            <tr>
                <th scope="row" dir="auto">{words::say(&it.text)}</th>
                <td dir="auto">{words::say(&it.owner)}</td>
                <td>{dates::day(it.due())}</td>
                <td>{commitments::tag(it, now)}{last}</td>
            </tr>
        }
        .into_any()
    };
    let rows: Vec<AnyView> =
        made.iter().filter_map(|held| commitments::state::of(held)).take(NAMED).map(row).collect();
    let more = (count > NAMED)
        .then(|| view! { <p class="small">{w!(desk_print_more, count = (count - NAMED).to_string())}</p> });
    (count > 0).then(|| {
        view! {
            <div class="table-wide"><table class="table">
                <thead><tr>
                    <th scope="col">{w!(commitment_title)}</th>
                    <th scope="col">{w!(commitment_owner)}</th>
                    <th scope="col">{w!(commitment_due)}</th>
                    <th scope="col">{w!(desk_print_progress)}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
            {more}
        }
        .into_any()
    })
}
