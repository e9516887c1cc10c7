//! The commitments of a consultation, and the form that makes one: what will be done, by whom, by when,
//! and from which contributions it follows.

use std::sync::Arc;

use domain::ids::RecordId;
use domain::operations::{Action, Commit, USES_MAX};
use domain::records::{Commitment, Consultation, DeskItem};
use domain::scopes::Scope;
use domain::text::Label;
use domain::time::Millis;
use leptos::prelude::*;

use super::acts;
use super::choosing::{Asked as AskedFor, Choosing};
use super::inbox::Desk;
use super::state::commitments::ahead;
use super::state::list::stands;
use super::two::{Boxes, Two, languages};
use super::within;
use crate::commitments::{card, follows, state, tag};
use crate::offline::Held;
use crate::ui::dialog::{Asked, dialog};
use crate::ui::field::{Errors, Field, field, summary};
use crate::ui::live::{live, memo, on};
use crate::ui::routes::Route;
use crate::ui::{App, dates, parts, typed, words};
use crate::{n, w};

const TEXT: [&str; 2] = ["commit-first", "commit-second"];
const OWNER: Boxes = Boxes {
    ids: ["owner-first", "owner-second"],
    label: |english| if english { w!(desk_commit_owner_en) } else { w!(desk_commit_owner_fr) },
    hint: || w!(desk_commit_owner_hint),
    max: Label::GRAPHEMES,
    lines: false,
    second_optional: true,
};

/// Under which name the form keeps what is typed.
pub fn kept_as(consultation: RecordId) -> String {
    format!("commit {consultation}")
}

fn label(english: bool) -> String {
    if english { w!(desk_commit_text_en) } else { w!(desk_commit_text_fr) }
}

/// The end of a day, from its native input.
pub fn end_of(day: RwSignal<String>) -> Option<Millis> {
    dates::from_input(&format!("{}T23:59", day.get_untracked()))
}

/// The page.
pub fn page(app: App, id: RecordId) -> AnyView {
    within::page(app, id, || w!(commitment_title), whole)
}

fn whole(app: App, desk: Desk, it: &Consultation) -> AnyView {
    view! {
        {within::head(app, w!(commitment_title), it, None)}
        {list(app, desk, it.id)}
        {form(app, desk, it.id)}
    }
    .into_any()
}

/// Those that were made, each with the way to say more of it.
fn list(app: App, desk: Desk, consultation: RecordId) -> AnyView {
    live(move || {
        app.clock.track();
        let now = app.device().server_now();
        let one = |held: &Arc<Held>| {
            let it = state::of(held)?;
            let more = (!it.is_over()).then(|| {
                let to = app.link(&Route::DeskCommitment(consultation, it.id));
                view! { <p class="actions">{parts::link("btn btn-quiet", to, w!(desk_commit_add))}</p> }
                    .into_any()
            });
            Some(card(held, now, follows(links(app, desk, it)), more))
        };
        let all = desk.commitments.with(|all| state::commitments(all, consultation, None));
        let cards: Vec<AnyView> = all.iter().filter_map(one).collect();
        let nothing = cards.is_empty().then(|| view! { <p class="soft">{w!(desk_commit_none)}</p> });
        view! { <div class="stack">{nothing}{cards}</div> }
    })
}

/// The items that it follows from.
pub fn links(app: App, desk: Desk, it: &Commitment) -> Vec<(String, String)> {
    let link = |id: &RecordId| {
        let item = desk.item(*id).filter(stands)?;
        Some((item.contribution.title().to_string(), app.link(&Route::Inbox(Some(*id)))))
    };
    it.follows.iter().filter_map(link).collect()
}

fn form(app: App, desk: Desk, consultation: RecordId) -> AnyView {
    let langs = desk.lists.with_untracked(|lists| languages(lists.as_ref()));
    let (text, owner, day) = (Two::empty(&langs), Two::empty(&langs), RwSignal::new(String::new()));
    let chosen = Choosing::new(&[]);
    let mut fields = text.named("");
    fields.extend(owner.named("owner "));
    fields.extend([("day".to_owned(), day), ("follows".to_owned(), chosen.ticked)]);
    typed::keep(app, &kept_as(consultation), fields);
    let errors: Errors = RwSignal::new(Vec::new());
    let (asking, ready) = (RwSignal::new(false), RwSignal::new(None::<Commit>));
    let boxes = Boxes::texts(TEXT, label);
    let check = {
        let (text, owner) = (text.clone(), owner.clone());
        move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            let mut wrong = Vec::new();
            let said = text.read(&boxes).map_err(|found| wrong.extend(found)).ok();
            let by = owner.read(&OWNER).map_err(|found| wrong.extend(found)).ok();
            let due = ahead(end_of(day), app.device().server_now());
            if due.is_none() {
                wrong.push(("commit-day", w!(desk_commit_error_due)));
            }
            let follows = chosen.standing(desk);
            if follows.len() > USES_MAX {
                wrong.push(("follows", w!(desk_commit_error_many, max = USES_MAX.to_string())));
            }
            let commit = match (said, by, due) {
                (Some(text), Some(owner), Some(due)) if wrong.is_empty() => {
                    Some(Commit { consultation, text, owner, due, follows })
                }
                _ => None,
            };
            asking.set(commit.is_some());
            ready.set(commit);
            errors.set(wrong);
        }
    };
    let publish = {
        let (text, owner) = (text.clone(), owner.clone());
        move || {
            let Some(commit) = ready.get_untracked() else { return true };
            let (text, owner) = (text.clone(), owner.clone());
            let empty = move || {
                text.fill(&[]);
                owner.fill(&[]);
                day.set(String::new());
                chosen.ticked.set(String::new());
            };
            acts::keep(app, desk.community(), Action::Commit(commit), kept_as(consultation), empty);
            true
        }
    };
    let asked = Asked {
        title: w!(desk_commit_ask),
        text: w!(desk_commit_help),
        yes: w!(desk_commit_yes),
        class: "btn",
    };
    let again = live(move || {
        let commit = ready.get()?;
        let (lang, text) = words::best(&commit.text);
        Some(view! {
            <p class="quote" data-from="council" lang=lang dir="auto">{text}</p>
            <p class="meta">{parts::said(&commit.owner)}<span>{dates::day(commit.due)}</span></p>
        })
    });
    let due = Field {
        id: "commit-day",
        label: w!(desk_commit_due),
        hint: w!(desk_commit_due_hint),
        kind: "date",
        class: "field-short",
        ..Field::default()
    };
    let asked_for = AskedFor {
        id: "follows",
        find: "follows-q",
        label: format!("{} ({})", w!(desk_commit_follows), w!(app_optional)),
        hint: w!(desk_commit_follows_hint, max = USES_MAX.to_string()),
        count: |count| n!(count, desk_commit_follows_a, desk_commit_follows_s),
    };
    view! {
        <section class="stack" aria-labelledby="to-commit">
            <h2 id="to-commit" tabindex="-1">{w!(desk_commit_new)}</h2>
            <p class="soft">{w!(desk_commit_help)}</p>
            {summary(errors)}
            <form class="stack-l" novalidate on:submit=on(check)>
                {text.draw(boxes, errors)}
                {owner.draw(OWNER, errors)}
                {field(due, day, errors, Signal::derive(|| false), None)}
                {chosen.draw(desk, consultation, asked_for)}
                <p class="actions"><button class="btn" type="submit">{w!(desk_conclude_check)}</button></p>
            </form>
            {dialog(asking, asked, Some(again), publish)}
        </section>
    }
    .into_any()
}

/// At an item: what was committed to because of it, and once it was answered, the way to commit to more.
pub fn from_item(app: App, desk: Desk, item: Memo<Option<DeskItem>>) -> AnyView {
    let records = app.records(&Scope::Desk(desk.community()));
    let drawn = memo(move || {
        item.with(|item| {
            let item = item.as_ref().filter(|item| stands(item))?;
            Some((
                item.contribution.consultation,
                item.contribution.id,
                state::is_answered(&item.contribution),
            ))
        })
    });
    live(move || {
        app.clock.track();
        let (consultation, id, answered) = drawn.get()?;
        let now = app.device().server_now();
        let made = records.with(|all| state::commitments(all, consultation, Some(id)));
        let row = |held: &Arc<Held>| {
            let it = state::of(held)?;
            let to = app.link(&Route::DeskCommitment(consultation, it.id));
            let text = parts::said(&it.text.in_one_line());
            Some(view! { <li><a href=to>{text}</a>" "{tag(it, now)}</li> }.into_any())
        };
        let rows: Vec<AnyView> = made.iter().filter_map(row).collect();
        let begin = move || {
            app.spawn(async move {
                let chosen = vec![("follows".to_owned(), id.to_string())];
                match typed::put(app, &kept_as(consultation), chosen).await {
                    Ok(()) => app.go(&Route::DeskCommitments(consultation)),
                    Err(error) => app.fail(words::unkept(error)),
                }
            });
        };
        (answered || !rows.is_empty()).then(|| {
            view! {
                <section class="stack-s" aria-labelledby="commitments">
                    <h2 id="commitments">{w!(commitment_title)}</h2>
                    {(!rows.is_empty()).then(|| view! { <ul class="stack-s">{rows}</ul> })}
                    <p class="actions">{parts::button("btn btn-quiet", w!(desk_commit_new), begin)}</p>
                </section>
            }
        })
    })
}
