//! The totals of a poll: exact, in the order of the result, ties as ties.

use domain::channels::Channels;
use domain::records::{Poll, PollResult, SharedPart, SharedTally};
use domain::tallies::{Tally, Totals, is_unanimous};
use leptos::prelude::*;

use crate::communities;
use crate::ui::{App, dates, parts, words};
use crate::{n, w};

/// The section.
pub fn result(app: App, poll: &Poll, told: &PollResult) -> AnyView {
    let body = match told {
        PollResult::TooFew => view! { <p>{w!(poll_too_few)}</p> }.into_any(),
        PollResult::Counted(tally) => counted(poll, tally),
        PollResult::Shared(tally) => together(app, poll, tally),
    };
    view! { <section class="stack" aria-labelledby="result"><h2 id="result">{w!(poll_result)}</h2>{body}</section> }
        .into_any()
}

/// All ballots, then those of each community, or why they are not told.
fn together(app: App, poll: &Poll, told: &SharedTally) -> AnyView {
    let part = |part: &SharedPart| {
        let name = w!(poll_part, community = communities::name(app, &part.community));
        view! { <h3>{name}</h3> {counted(poll, &part.tally)} }.into_any()
    };
    let parts: Vec<AnyView> = told.parts.iter().map(part).collect();
    let few = parts.is_empty().then(|| view! { <p class="small soft">{w!(poll_parts_few)}</p> });
    view! { <h3>{w!(poll_together)}</h3> {counted(poll, &told.together)} {parts} {few} }.into_any()
}

fn number(count: u32) -> String {
    dates::number(f64::from(count))
}

fn counted(poll: &Poll, tally: &Tally) -> AnyView {
    let tied = tally.winners.len() > 1;
    let rows: Vec<AnyView> = tally
        .order
        .iter()
        .flatten()
        .map(|choice| {
            let at = usize::from(*choice);
            let name = poll.choices.get(at).map(parts::said);
            let first = tally.winners.contains(choice).then(|| {
                if tied { parts::tag("act", w!(poll_tied)) } else { parts::tag("good", w!(poll_first)) }
            });
            let (value, detail) = told(poll, tally, at);
            view! {
                <tr><th scope="row">{name} " " {first}</th><td class="number">{value}{detail}</td></tr>
            }
            .into_any()
        })
        .collect();
    let unanimous =
        is_unanimous(tally).then(|| parts::notice("warn", String::new(), w!(poll_unanimous), None));
    let ballots = tally.ballots;
    view! {
        <p>{n!(ballots, poll_ballots_a, poll_ballots_s)}</p>
        <p class="small soft">{channels(tally.channels)}</p>
        {tied.then(|| view! { <p>{w!(poll_tie_help)}</p> })}
        <div class="table-wide"><table class="table">
            <thead><tr><th scope="col">{w!(poll_choice)}</th><th scope="col" class="number">{head(tally)}</th></tr></thead>
            <tbody>{rows}</tbody>
        </table></div>
        {unanimous}
    }
    .into_any()
}

/// By which ways they came, as far as that is told.
pub fn channels(told: Option<Channels>) -> String {
    let Some(told) = told else { return w!(poll_channels_together) };
    let [own, office, paper] = told.parts().map(number);
    w!(poll_channels, own = own, office = office, paper = paper)
}

fn head(tally: &Tally) -> String {
    match tally.totals {
        Totals::Votes(_) => w!(poll_votes),
        Totals::Approvals(_) => w!(poll_approvals),
        Totals::Merits(_) => w!(poll_majority_grade),
        Totals::Pairwise(_) => w!(poll_beats),
    }
}

/// What is told of a choice: its number, its majority grade with all grades, or the choices that
/// more people put behind it than before it.
fn told(poll: &Poll, tally: &Tally, at: usize) -> (String, Option<AnyView>) {
    match &tally.totals {
        Totals::Votes(all) | Totals::Approvals(all) => (number(all.get(at).copied().unwrap_or(0)), None),
        Totals::Merits(all) => {
            let Some(merit) = all.get(at) else { return (String::new(), None) };
            let grade = |at: usize| poll.grades.get(at).map(words::say).unwrap_or_default();
            let majority =
                merit.majority_grade.map(|majority| grade(usize::from(majority))).unwrap_or_default();
            let each = merit.grades.iter().enumerate().rev();
            let each: Vec<String> =
                each.map(|(at, count)| words::named(&grade(at), &number(*count))).collect();
            (majority, Some(view! { <span class="table-note">{each.join(" · ")}</span> }.into_any()))
        }
        Totals::Pairwise(all) => {
            let over = |a: usize, b: usize| all.get(a).and_then(|row| row.get(b)).copied().unwrap_or(0);
            let rows = (0..all.len()).filter(|other| *other != at).map(|other| {
                let name = poll.choices.get(other).map(words::say).unwrap_or_default();
                words::named(&name, &[number(over(at, other)), number(over(other, at))].join(" – "))
            });
            let beaten = (0..all.len()).filter(|other| over(at, *other) > over(*other, at)).count();
            let each: Vec<String> = rows.collect();
            let note = view! { <span class="table-note">{each.join(" · ")}</span> }.into_any();
            (number(u32::try_from(beaten).unwrap_or(0)), Some(note))
        }
    }
}
