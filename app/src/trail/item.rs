//! One thing in the trail, as a card: its tag, its title, its steps, its reason, and what
//! can be done about it.

use domain::ids::{OpId, RuleId};
use domain::operations::{Kind, Progress};
use domain::records::{Place, Rule};
use domain::scopes::Scope;
use leptos::prelude::*;

use super::state::{Section, Standing, Step, Thing};
use crate::offline::view::progress;
use crate::ui::live::{live, memo};
use crate::ui::pieces::{self, Piece};
use crate::ui::routes::Route;
use crate::ui::{App, dates, parts, words};
use crate::{communities, consultations, w};

/// The card.
pub fn card(app: App, thing: Thing) -> AnyView {
    let place = app.places().with(|places| communities::state::by_id(places, &thing.community));
    let title = thing.title.clone().unwrap_or_else(|| unnamed(thing.kind));
    let href = app.link(&Route::TrailItem(thing.op));
    view! {
        <article class="card">
            {meta(app, &thing)}
            <h3 class="card-title" dir="auto"><a href=href>{title}</a></h3>
            {thing.can_be_appealed().then(|| view! { <p>{w!(appeal_can)}</p> })}
            {body(app, &thing, place.as_ref())}
        </article>
    }
    .into_any()
}

/// What was done, when that has no words of its own.
fn unnamed(kind: Kind) -> String {
    match kind {
        Kind::Support => w!(kind_support),
        Kind::Cast => w!(kind_cast),
        Kind::Respond => w!(kind_respond),
        Kind::Reply => w!(kind_reply),
        Kind::Flag => w!(kind_flag),
        Kind::Appeal => w!(kind_appeal),
        _ => w!(trail_withdrawal),
    }
}

/// Everything under the title.
pub fn body(app: App, thing: &Thing, place: Option<&Place>) -> AnyView {
    let again =
        |draw: fn(Thing, Option<Place>) -> Piece| pieces::shown(app, draw(thing.clone(), place.cloned()));
    view! {
        {first(thing).map(|text| view! { <p>{text}</p> })}
        {thing.has_outcome().then(|| again(Piece::Outcome))}
        {files(app, thing)}
        {steps(&thing.standing)}
        {thing.can_act().then(|| again(Piece::Acts))}
    }
    .into_any()
}

/// What its person does before it can leave.
fn first(thing: &Thing) -> Option<String> {
    match thing.standing {
        Standing::Unclaimed => Some(w!(trail_claim_ask)),
        Standing::NeedsSignIn => Some(w!(sent_kept_sign_in)),
        _ => None,
    }
}

/// How far the office is, as the name of the end of the way.
pub fn progress_name(progress: &Progress) -> String {
    match progress {
        Progress::Read => w!(trail_step_read),
        Progress::InDiscussion => w!(trail_step_discussed),
        Progress::OnAgenda(on) => w!(trail_step_agenda_on, date = dates::day(*on)),
        Progress::Decided => w!(trail_step_decided),
        Progress::Done => w!(trail_step_finished),
        Progress::Declined(_) => w!(trail_step_declined),
    }
}

/// How far the office is, as a tag.
pub fn progress_tag(progress: &Progress) -> AnyView {
    let tone = match progress {
        Progress::Read | Progress::Decided | Progress::Done => "good",
        Progress::InDiscussion | Progress::OnAgenda(_) => "act",
        Progress::Declined(_) => "bad",
    };
    parts::tag(tone, progress_name(progress))
}

/// How far its photos are, while they leave.
fn files(app: App, thing: &Thing) -> Option<AnyView> {
    if thing.section() != Section::ToSend {
        return None;
    }
    Some(leaving(app, thing.op, w!(trail_photos_leaving)))
}

/// How far the files of an item are, while they leave.
pub fn leaving(app: App, op: OpId, label: String) -> AnyView {
    let device = app.device();
    let (outbox, uploading) = (device.outbox(), device.uploading());
    let part = memo(move || {
        let moving = uploading.get();
        outbox.with(|items| progress(&items.iter().find(|item| item.op == op)?.blobs, moving))
    });
    live(move || part.get().map(|part| parts::progress(label.clone(), part)))
}

/// The name of the last step: what it ended with, or will.
fn ending(standing: &Standing) -> String {
    match standing {
        Standing::Hidden(_) => w!(trail_step_hidden),
        Standing::Withdrawn => w!(trail_state_withdrawn),
        _ => w!(trail_step_answered),
    }
}

/// Its tag, its receipt, its dates.
pub fn meta(app: App, thing: &Thing) -> AnyView {
    let (tone, label) = label(app, thing);
    let when = match (&thing.received, thing.written_at) {
        (Some((_, at)), _) => Some(w!(trail_received_on, date = dates::day(*at))),
        (None, Some(at)) => Some(w!(trail_written_on, date = dates::day(at), time = dates::time(at))),
        (None, None) => None,
    };
    let stamp = thing.received.as_ref().map(|(number, _)| {
        view! { <span class="receipt">{w!(sent_receipt_number, number = number.clone())}</span> }
    });
    let office = matches!(thing.standing, Standing::Received | Standing::Answered);
    let state = match thing.step.as_ref().filter(|_| office) {
        // An answer says more than that it was read.
        Some(step) if thing.standing == Standing::Received || thing.end().is_some() => {
            progress_tag(&step.progress)
        }
        _ => parts::tag(tone, label),
    };
    let amends = (thing.kind == Kind::Amend).then(|| parts::tag("", w!(amend_tag)));
    view! { <p class="meta">{stamp}{state}{amends}<span>{when}</span></p> }.into_any()
}

fn label(app: App, thing: &Thing) -> (&'static str, String) {
    match &thing.standing {
        Standing::Kept => ("warn", w!(trail_state_sealed)),
        Standing::NeedsSignIn => ("warn", w!(trail_state_sign_in)),
        Standing::Unclaimed => ("warn", w!(trail_claim_title)),
        Standing::Sending => ("act", w!(trail_state_sending)),
        Standing::WaitsForFiles => ("act", w!(trail_state_waiting_photo)),
        Standing::WaitsForRecord => ("act", w!(trail_state_waiting_record)),
        Standing::CannotLeave(_) => ("bad", w!(trail_state_cannot_send)),
        Standing::Refused(_) => ("bad", w!(trail_state_refused)),
        Standing::Awaiting => ("warn", w!(trail_state_awaiting)),
        Standing::Received => ("good", w!(trail_state_received)),
        Standing::Answered => ("good", w!(trail_state_answered)),
        Standing::Withdrawn => ("", w!(trail_state_withdrawn)),
        Standing::Hidden(rule) => ("bad", w!(trail_state_hidden, rule = rule_name(app, thing, rule))),
    }
}

fn rule_name(app: App, thing: &Thing, id: &RuleId) -> String {
    rule(app, thing, id).get().map_or_else(|| id.to_string(), |rule| words::say(&rule.label))
}

/// The rule by which it is hidden. Whatever else changes in its community draws nothing anew: somebody may be writing.
pub fn rule(app: App, thing: &Thing, id: &RuleId) -> Memo<Option<Rule>> {
    let (records, id) = (app.records(&Scope::Community(thing.community.clone())), id.clone());
    memo(move || {
        let lists = records.with(|all| consultations::state::community(all.iter().map(|held| &held.record)));
        lists?.rule(&id).cloned()
    })
}

/// The whole way, one step under the other, with what is known of each.
pub fn way(thing: &Thing) -> AnyView {
    let end = thing.end().map_or_else(|| ending(&thing.standing), progress_name);
    let way = thing.way();
    let names = [
        w!(trail_step_kept),
        second(way[1]),
        w!(trail_step_received),
        w!(trail_step_read),
        w!(trail_step_discussed),
        end,
    ];
    let notes = [
        thing.written_at.map(dates::moment),
        None,
        thing.received.as_ref().map(|(_, at)| dates::moment(*at)),
        None,
        None,
        thing.answer.as_ref().map(|answer| dates::day(answer.at)),
    ];
    // Where it ended otherwise, nothing is still to come.
    let over = way[5] == Step::Stopped;
    let items: Vec<AnyView> = way
        .into_iter()
        .zip(names.into_iter().zip(notes))
        .filter(|(step, _)| !over || *step != Step::Todo)
        .map(|(step, (name, note))| step_of(step, name, note))
        .collect();
    view! { <div class="trail"><ol aria-label=w!(trail_step_list)>{items}</ol></div> }.into_any()
}

/// The name of the step from this device to the server.
pub fn second(step: Step) -> String {
    if step == Step::Stopped { w!(trail_step_not_sent) } else { w!(trail_step_on_its_way) }
}

/// One step of a way.
pub fn step_of(step: Step, name: String, note: Option<String>) -> AnyView {
    let aloud = match step {
        Step::Done => w!(trail_step_done),
        Step::Here => w!(trail_step_here),
        Step::Stopped => w!(trail_step_stopped),
        Step::Todo => w!(trail_step_todo),
    };
    let here = matches!(step, Step::Here | Step::Stopped).then_some("step");
    view! {
        <li class="trail-step" data-state=step.name() aria-current=here>
            <span class="trail-name">{name}</span><span class="visually-hidden">{crate::ui::words::colon()} {aloud}</span>
            {note.map(|note| view! { <span class="trail-note">{note}</span> })}
        </li>
    }
    .into_any()
}

/// The way from this device to the answer: a list, with words for each state.
pub fn steps(standing: &Standing) -> AnyView {
    let steps = standing.steps();
    let names = [w!(trail_step_kept), second(steps[1]), w!(trail_step_received), ending(standing)];
    let items: Vec<AnyView> =
        steps.into_iter().zip(names).map(|(step, name)| step_of(step, name, None)).collect();
    view! { <div class="trail"><ol class="trail-across" aria-label=w!(trail_step_list)>{items}</ol></div> }
        .into_any()
}

/// Whether it is news that it arrived.
pub fn has_arrived(thing: &Thing) -> bool {
    thing.section() == Section::Arrived && !matches!(thing.standing, Standing::Refused(_))
}
