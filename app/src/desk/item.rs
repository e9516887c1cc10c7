//! A contribution as the office sees it: whole, with the name, and what can be done.

use domain::ids::RecordId;
use domain::operations::{Progress, Stance};
use domain::records::{DeskItem, DeskState, SignedAs, Step};
use domain::scopes::Scope;
use domain::time::HOUR;
use leptos::prelude::*;

use super::inbox::Desk;
use super::state::list::{awaits_approval, stands};
use super::{
    acts, answer, asking, blot, committing, forwarding, merging, moderating, photos, reading, standing,
};
use crate::consultations::subject_name;
use crate::contributions::answer_of;
use crate::maps;
use crate::texts;
use crate::ui::live::{live, memo};
use crate::ui::routes::Route;
use crate::ui::{App, dates, parts, words};
use crate::{n, w};

/// Where it stands, as tags.
pub fn tags(item: &DeskItem) -> AnyView {
    let state = match &item.state {
        DeskState::Awaiting => Some(parts::tag("warn", w!(desk_item_awaiting))),
        DeskState::New if item.step.is_none() => Some(parts::tag("act", w!(desk_item_new))),
        DeskState::New => None,
        DeskState::Answered => Some(parts::tag("good", w!(trail_state_answered))),
        DeskState::Hidden(_) => Some(parts::tag("bad", w!(desk_item_hidden))),
        DeskState::Withdrawn => Some(parts::tag("", w!(trail_state_withdrawn))),
    };
    let merged = item.contribution.merged_into.is_some().then(|| parts::tag("", w!(desk_item_merged)));
    let forwarded = item.contribution.forwarded.is_some().then(|| parts::tag("", w!(desk_item_forwarded)));
    let step = item.step.as_ref().filter(|_| stands(item)).and_then(step_tag);
    view! { {state} {merged} {forwarded} {step} }.into_any()
}

fn step_tag(step: &Step) -> Option<AnyView> {
    let tone = match &step.progress {
        Progress::Read => return None,
        Progress::InDiscussion | Progress::OnAgenda(_) => "warn",
        Progress::Decided | Progress::Done => "good",
        Progress::Declined(_) => "bad",
    };
    Some(parts::tag(tone, say(&step.progress)))
}

/// A step in words.
pub fn say(progress: &Progress) -> String {
    match progress {
        Progress::Read => w!(desk_step_read),
        Progress::InDiscussion => w!(desk_step_in_discussion),
        Progress::OnAgenda(day) => w!(desk_step_on_agenda_of, date = dates::day(*day)),
        Progress::Decided => w!(desk_step_decided),
        Progress::Done => w!(desk_step_done),
        Progress::Declined(_) => w!(desk_step_declined),
    }
}

/// Whose it is; or who entered it for somebody.
pub fn by(item: &DeskItem) -> String {
    let name = item.name.to_string();
    if item.contribution.forwarded_from.is_some() {
        return w!(desk_item_from, community = name);
    }
    match item.contribution.signed {
        SignedAs::OnBehalf => w!(desk_item_noted, name = name),
        SignedAs::Paper => w!(desk_item_on_paper, name = name),
        SignedAs::Resident | SignedAs::Imported => name,
    }
}

/// A side in words, with its tone.
fn side(stance: Stance) -> AnyView {
    match stance {
        Stance::For => parts::tag("good", w!(comment_for)),
        Stance::Against => parts::tag("bad", w!(comment_against)),
        Stance::Neutral => parts::tag("", w!(comment_neutral)),
    }
}

/// The pane.
pub fn pane(app: App, desk: Desk, id: RecordId) -> AnyView {
    let item = memo(move || desk.item(id));
    let Some(first) = item.get_untracked() else { return ().into_any() };
    desk.follow_also(app, first.contribution.consultation);
    reading::watch(app, desk, id);
    let name = desk.name();
    let after = live(move || item.with(|item| item.as_ref().and_then(|item| ended(desk, item))));
    let given = live(move || {
        item.with(|item| item.as_ref()?.contribution.answer.as_ref().map(|answer| answer_of(&name, answer)))
    });
    let open = memo(move || item.with(|item| item.as_ref().is_some_and(stands)));
    let form = answer::one(app, desk, item);
    // A comment needs no answer: it can have one.
    let reply = match first.contribution.comment() {
        None => form,
        Some(_) => to_comment(open, form),
    };
    let begun = first.clone();
    let waits = memo(move || item.with(|item| item.as_ref().is_some_and(awaits_approval)));
    let acts = live(move || match (waits.get(), open.get()) {
        (true, _) => Some(moderating::approval(app, desk, item, &begun.contribution)),
        (false, true) => Some(others(app, desk, item, &begun)),
        (false, false) => None,
    });
    view! {
        {head(app, desk, item, &first)}
        {after}
        {moderating::flags(app, desk, item)}
        {moderating::hints(item)}
        {amended(app, desk, &first)}
        {blot::text(app, desk, item)}
        {maps::place(app, &first.contribution)}
        {photos::photos(app, desk, item)}
        {moderating::appeal(app, desk, item)}
        {given}
        {committing::from_item(app, desk, item)}
        {asking::exchange(item)}
        {reply}
        {acts}
    }
    .into_any()
}

/// What it changes in a text, when it is an amendment.
fn amended(app: App, desk: Desk, first: &DeskItem) -> Option<AnyView> {
    let (consultation, it) = (first.contribution.consultation, first.contribution.amendment()?);
    let records = app.records(&Scope::Consultation(desk.community(), consultation));
    Some(texts::amendment(app, records, it, Route::DeskTexts(consultation)))
}

fn to_comment(open: Memo<bool>, form: AnyView) -> AnyView {
    let hidden = move || !open.get();
    view! {
        <div class="folds" hidden=hidden>
            <details class="fold"><summary>{w!(desk_answer_comment)}</summary><div class="fold-body">{form}</div></details>
        </div>
    }
    .into_any()
}

/// What else can be done, each behind its own line.
fn others(app: App, desk: Desk, item: Memo<Option<DeskItem>>, first: &DeskItem) -> AnyView {
    let (proposal, discussed) = (first.contribution.proposal().is_some(), first.contribution.is_discussed());
    view! {
        <section class="stack-s" aria-labelledby="others">
            <h2 id="others">{w!(desk_others)}</h2>
            <div class="folds">
                {standing::fold(app, desk, item)}
                {proposal.then(|| standing::subject(app, desk, item))}
                {(!first.contribution.signed.is_entered()).then(|| asking::ask(app, desk, item))}
                {asking::notes(app, desk, item)}
                {discussed.then(|| merging::fold(app, desk, item))}
                {blot::fold(app, desk, item)}
                {proposal.then(|| forwarding::fold(app, desk, item))}
            </div>
            {acts::hide(app, desk.community(), &first.contribution, desk.lists.get_untracked())}
        </section>
    }
    .into_any()
}

/// Why nothing can be done any more.
fn ended(desk: Desk, item: &DeskItem) -> Option<AnyView> {
    match &item.state {
        DeskState::Withdrawn => Some(parts::notice("warn", String::new(), w!(desk_item_withdrawn), None)),
        DeskState::Hidden(rule) => {
            let label = moderating::rule_name(desk, rule);
            Some(parts::notice("warn", String::new(), w!(desk_hide_done, rule = label), None))
        }
        DeskState::Awaiting | DeskState::New | DeskState::Answered => None,
    }
}

fn head(app: App, desk: Desk, item: Memo<Option<DeskItem>>, first: &DeskItem) -> AnyView {
    let it = &first.contribution;
    let id = it.id;
    let consultation = desk.consultations.with_untracked(|all| {
        all.iter().find(|one| one.id == it.consultation).map(|one| words::say(&one.title))
    });
    // Clocks differ by minutes; more than an hour means that it waited somewhere.
    let offline = first.received_at.since(first.written_at) > HOUR;
    let written = offline.then(
        || view! { <span>{w!(desk_item_written_offline, date = dates::moment(first.written_at))}</span> },
    );
    let what = it.comment().map(|comment| view! { {parts::tag("", w!(comment_on))} {side(comment.stance)} });
    let amends = it.amendment().map(|_| parts::tag("", w!(amend_tag)));
    let on = it.comment().map(|comment| {
        let about = desk.item(comment.on);
        let title = about.map_or_else(|| w!(desk_item), |item| item.contribution.title().to_string());
        let to = app.link(&Route::Inbox(Some(comment.on)));
        view! { <p class="meta"><span>{w!(desk_comment_on)}</span><a href=to dir="auto">{title}</a></p> }
    });
    let now = live(move || item.with(|item| item.as_ref().map(tags)));
    let subject = live(move || {
        let subject = item.with(|item| item.as_ref()?.contribution.subject().cloned())?;
        Some(desk.lists.with(|lists| subject_name(lists, &subject)))
    });
    let supports = live(move || {
        let count = desk.inbox.with(|inbox| inbox.supports(id));
        (count > 0).then(|| view! { <strong>{n!(count, support_count_a, support_count_s)}</strong> })
    });
    let (by, note) = match it.signed.is_entered() {
        _ if it.forwarded_from.is_some() => (by(first), w!(desk_item_from_note)),
        true => (by(first), w!(desk_item_noted_note)),
        false => (w!(desk_item_author, name = by(first), community = desk.name()), w!(desk_item_author_note)),
    };
    view! {
        <div class="page-head">
            <p class="meta">{what}{amends}{now}<span dir="auto">{consultation}</span></p>
            <h1 dir="auto">{it.title().to_string()}</h1>
            {on}
            <p class="meta">
                <strong>{by}</strong>
                <span class="receipt">{w!(sent_receipt_number, number = first.receipt.clone())}</span>
                {supports}
            </p>
            <p class="meta">
                <span>{w!(desk_item_received, date = dates::moment(first.received_at))}</span>
                {written}
                <span>{subject}</span>
            </p>
            <p class="soft small">{note}</p>
        </div>
    }
    .into_any()
}
