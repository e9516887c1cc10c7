//! Consultations that several communities hold as equals: whom one invites, and what one is invited to.

use std::sync::Arc;

use domain::ids::CommunityId;
use domain::operations::{Action, Decline, Join, SHARED_MAX};
use domain::phases::Form;
use domain::records::{Consultation, Invitation, Record};
use domain::scopes::Scope;
use domain::text::Text;
use leptos::prelude::*;

use super::inbox::Desk;
use super::open::{self, USE, WHO};
use super::state::texts::optional;
use super::two::{Two, languages};
use super::{acts, inputs};
use crate::communities;
use crate::consultations;
use crate::offline::Held;
use crate::ui::dialog::{Asked, dialog};
use crate::ui::field::{Errors, summary};
use crate::ui::live::{live, memo, shared};
use crate::ui::{App, dates, page, parts, typed};
use crate::w;

/// The communities named in what a form keeps.
pub fn chosen(text: &str) -> Vec<CommunityId> {
    text.split_whitespace().filter_map(|id| id.parse().ok()).take(SHARED_MAX).collect()
}

/// Whom one invites while opening a consultation: each a box to tick, kept as one text.
pub fn invite(app: App, desk: Desk, with: RwSignal<String>) -> AnyView {
    let here = desk.community();
    let boxes = live(move || {
        let tick = |id: &CommunityId, name: String| {
            let id = id.clone();
            let mine = id.clone();
            let ticked = RwSignal::new(
                if with.with_untracked(|text| chosen(text).contains(&id)) { inputs::YES } else { "" }
                    .to_owned(),
            );
            crate::ui::live::effect(move |_| {
                let wanted = ticked.with(|text| text == inputs::YES);
                let mut all = with.with_untracked(|text| chosen(text));
                if wanted != all.contains(&mine) {
                    all.retain(|it| *it != mine);
                    all.extend(wanted.then(|| mine.clone()));
                    with.set(all.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
                }
            });
            inputs::tick_named(format!("with-{id}"), name, String::new(), ticked)
        };
        let others = app.places().with(|places| {
            let others = places.iter().filter(|it| it.id != here);
            others.map(|it| (it.id.clone(), it.name.to_string())).collect::<Vec<_>>()
        });
        others.into_iter().map(|(id, name)| tick(&id, name)).collect::<Vec<_>>()
    });
    let summary = shared(move || match with.with(|text| chosen(text).len()) {
        0 => w!(desk_share_label),
        _ => {
            let names = with
                .with(|text| chosen(text).iter().map(|id| communities::name(app, id)).collect::<Vec<_>>());
            w!(desk_share_with, names = names.join(", "))
        }
    });
    view! {
        <details class="fold" id="sharing">
            <summary>{summary}</summary>
            <div class="fold-body stack">
                <p class="soft">{w!(desk_share_help)}</p>
                <fieldset class="field">
                    <legend class="field-label">{w!(desk_share_legend)}</legend>
                    <div class="choices choices-rows">{boxes}</div>
                </fieldset>
            </div>
        </details>
    }
    .into_any()
}

/// What one is invited to, until it is answered.
pub fn invitations(app: App, desk: Desk) -> AnyView {
    let records = app.records(&Scope::Desk(desk.community()));
    let all = memo(move || records.with(|all| all.iter().filter_map(invitation).collect::<Vec<_>>()));
    let key = |it: &Invitation| it.consultation;
    view! { <For each=move || all.get() key=key children=move |it| card(app, desk, it) /> }.into_any()
}

fn invitation(held: &Arc<Held>) -> Option<Invitation> {
    match &held.record {
        Record::Invitation(it) => Some(it.clone()),
        _ => None,
    }
}

fn card(app: App, desk: Desk, it: Invitation) -> AnyView {
    let theirs = Scope::Community(it.from.clone());
    let mut scopes = Desk::scopes(&desk.community()).to_vec();
    scopes.push(theirs.clone());
    app.device().follow(scopes);
    let records = app.records(&theirs);
    let id = it.consultation;
    let found = memo(move || {
        records.with(|all| consultations::state::consultation(all.iter().map(|held| &held.record), id))
    });
    let about = live(move || found.get().map(|found| about(&found)));
    let from = it.from.clone();
    let name = shared(move || w!(desk_invited_by, community = communities::name(app, &from)));
    let declining = RwSignal::new(false);
    let decline = {
        let from = it.from.clone();
        move || {
            let act = Action::Decline(Decline { from: from.clone(), consultation: id });
            acts::act(app, &desk.community(), act);
            true
        }
    };
    let asked = Asked {
        title: w!(desk_decline_ask),
        text: w!(desk_decline_text),
        yes: w!(desk_decline),
        class: "btn",
    };
    view! {
        <article class="card" data-invitation=id.to_string()>
            <p class="meta">{parts::tag("act", w!(desk_invitation))}<span>{name}</span></p>
            <h2 class="card-title">{parts::said(&it.title)}</h2>
            {about}
            <details class="fold">
                <summary>{w!(desk_join)}</summary>
                <div class="fold-body stack">{form(app, desk, &it, found)}</div>
            </details>
            <p class="actions">{parts::button("btn btn-quiet", w!(desk_decline), move || declining.set(true))}</p>
            {dialog(declining, asked, None, decline)}
        </article>
    }
    .into_any()
}

/// What it asks, and until when.
fn about(it: &Consultation) -> AnyView {
    let at = it.closes_at();
    let closes = w!(consultation_closes_at, date = dates::day(at), time = dates::time(at));
    view! { <p dir="auto">{parts::said(&it.summary)}</p><p class="meta"><span>{closes}</span></p> }.into_any()
}

/// What this community says of its own: who decides, what becomes of it, by when it answers.
fn form(app: App, desk: Desk, it: &Invitation, found: Memo<Option<Consultation>>) -> AnyView {
    let (from, consultation) = (it.from.clone(), it.consultation);
    let langs = desk.lists.with_untracked(|lists| languages(lists.as_ref()));
    let (decided_by, used_for) = (Two::empty(&langs), Two::empty(&langs));
    let promise = RwSignal::new(String::new());
    let kept_as = format!("join {consultation}");
    let mut fields = decided_by.named("decided_by ");
    fields.extend(used_for.named("used_for "));
    fields.push(("promise".to_owned(), promise));
    typed::keep(app, &kept_as, fields);
    let errors: Errors = RwSignal::new(Vec::new());
    let (asking, ready) = (RwSignal::new(false), RwSignal::new(None::<Join>));
    let (who, becomes) = (decided_by.clone(), used_for.clone());
    let check = move || {
        let mut wrong = Vec::new();
        let mut read = |two: &Two, at: &'static str| {
            let text = optional::<Text>(&two.written());
            text.map_err(|_| wrong.push((at, w!(desk_open_error_words)))).unwrap_or_default()
        };
        let (decided_by, used_for) = (read(&who, WHO.ids[0]), read(&becomes, USE.ids[0]));
        let answer_by = dates::from_input(&format!("{}T23:59", promise.get_untracked()));
        let closes = found.get_untracked().map(|it| it.phases.open_for(Form::Proposals).1);
        if answer_by.zip(closes).is_some_and(|(by, closes)| by < closes) {
            wrong.push(("promise", w!(desk_open_error_promise)));
        }
        wrong.first().iter().for_each(|(field, _)| page::focus_soon(field));
        asking.set(wrong.is_empty());
        errors.set(wrong);
        ready.set(Some(Join { from: from.clone(), consultation, decided_by, used_for, answer_by }));
    };
    let join = move || {
        if let Some(join) = ready.get_untracked() {
            acts::keep(app, desk.community(), Action::Join(join), kept_as.clone(), || ());
        }
        true
    };
    let asked =
        Asked { title: w!(desk_join_ask), text: w!(desk_join_text), yes: w!(desk_join), class: "btn" };
    view! {
        {summary(errors)}
        <p class="soft">{w!(desk_join_help)}</p>
        {decided_by.draw(WHO, errors)}
        {used_for.draw(USE, errors)}
        {open::promise(promise, errors)}
        <p class="actions">{parts::button("btn", w!(desk_join), check)}</p>
        {dialog(asking, asked, None, join)}
    }
    .into_any()
}
