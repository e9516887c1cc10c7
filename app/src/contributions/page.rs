//! A proposal on a page of its own: all of it, its answer, its supporters, what is said of it.

use std::sync::Arc;

use crate::ui::live::{live, memo};
use domain::ids::RecordId;
use domain::operations::Progress;
use domain::phases::{Form, Intake};
use domain::records::{Consultation, Contribution, Place, Record};
use domain::scopes::Scope;
use leptos::prelude::*;

use super::comments::comments;
use super::entry::{Around, answer_of, merged, meta, step_tag};
use super::flag::{self, Flagging};
use super::forwarded;
use super::support;
use crate::commitments;
use crate::communities;
use crate::consultations;
use crate::maps;
use crate::news;
use crate::offline::Held;
use crate::ui::pieces::{self, Piece};
use crate::ui::routes::Route;
use crate::ui::{App, page, parts, photo, shell, words};
use crate::w;

/// The page.
pub fn page(app: App, slug: String, consultation: RecordId, id: RecordId) -> AnyView {
    communities::at(app, slug, move |place| of_place(app, place, consultation, id))
}

/// What people may do in a consultation now.
pub fn taken(app: App, it: &Consultation) -> Vec<Form> {
    let now = app.device().server_now();
    Form::ALL.into_iter().filter(|form| it.intake_of(*form, now) == Intake::Open).collect()
}

fn of_place(app: App, place: Place, consultation: RecordId, id: RecordId) -> AnyView {
    let community = Scope::Community(place.id.clone());
    let scope = Scope::Consultation(place.id.clone(), consultation);
    app.device().follow(vec![Scope::Territory, community.clone(), scope.clone()]);
    let (public, records) = (app.records(&community), app.records(&scope));
    let lists =
        memo(move || public.with(|all| consultations::state::community(all.iter().map(|held| &held.record))));
    let it = memo(move || {
        public
            .with(|all| consultations::state::consultation(all.iter().map(|held| &held.record), consultation))
    });
    let one = memo(move || -> Option<Arc<Held>> {
        records.with(|all| {
            let same = |held: &&Arc<Held>| matches!(&held.record, Record::Contribution(it) if it.id == id);
            all.iter().find(same).cloned()
        })
    });
    let takes = memo(move || it.with(|it| it.as_ref().map(|it| taken(app, it)).unwrap_or_default()));
    page::title(move || {
        one.with(|one| match one.as_ref().map(|held| &held.record) {
            Some(Record::Contribution(it)) => it.title().to_string(),
            _ => String::new(),
        })
    });
    let back = {
        let slug = place.slug.clone();
        live(move || {
            let title = it.with(|it| it.as_ref().map(|it| words::say(&it.title)));
            parts::link(
                "",
                app.link(&Route::Consultation(slug.clone(), consultation)),
                title.unwrap_or_default(),
            )
        })
    };
    let there = memo(move || one.with(Option::is_some));
    let body = live(move || {
        if there.get() {
            let around = Around::new(app, place.clone(), takes.get(), lists, records);
            return whole(around, one, consultation, id);
        }
        shell::absent(app, &scope, || w!(contribution_unknown), || w!(contribution_not_here))
    });
    view! { <p class="meta">{back}</p> {body} }.into_any()
}

/// Under its title: who said it and about what, which one may follow.
fn below(around: Around, it: &Contribution, pending: bool) -> AnyView {
    let follow = around.place.with_value(|place| news::about(around.app, &place.id, it));
    view! { {meta(around, it, pending, step_tag(it))} {follow} }.into_any()
}

/// Why it was not retained.
fn declined(it: &Contribution) -> Option<AnyView> {
    match &it.step.as_ref()?.progress {
        Progress::Declined(why) => Some(parts::words_of("council", words::say(why), None)),
        _ => None,
    }
}

/// What it changes in a text, when it is an amendment.
fn amended(around: Around, it: &Contribution) -> Option<AnyView> {
    let amendment = it.amendment()?;
    let (scope, slug) = around
        .place
        .with_value(|place| (Scope::Consultation(place.id.clone(), it.consultation), place.slug.clone()));
    let to = Route::Text(slug, it.consultation, amendment.text);
    Some(pieces::shown(around.app, Piece::Amendment(around.app.records(&scope), amendment.clone(), to)))
}

/// The proposal that stands for it.
fn joined(around: Around, it: &Contribution) -> Option<AnyView> {
    let slug = around.place.with_value(|place| place.slug.clone());
    let to = around.app.link(&Route::Contribution(slug, it.consultation, it.merged_into?));
    Some(view! { <p>{w!(contribution_merged_into)} " " <a href=to>{w!(trail_merged_see)}</a></p> }.into_any())
}

fn whole(around: Around, one: Memo<Option<Arc<Held>>>, consultation: RecordId, id: RecordId) -> AnyView {
    let name = around.place.with_value(|place| place.name.to_string());
    let flagging = Flagging::new(around.app);
    // What changes in it is drawn anew; the form below stays as it is.
    let said = live(move || {
        let held = one.get()?;
        let Record::Contribution(it) = &held.record else { return None };
        let answer = it.answer.as_ref().map(|answer| answer_of(&name, answer));
        Some(
            view! {
                {parts::head(None, it.title().to_string(), Some(below(around, it, held.pending)))}
                {amended(around, it)}
                {it.text().map(|text| parts::words_of("person", text.to_string(), None))}
                {maps::place(around.app, it)}
                {photo::public(around.app, it)}
                {declined(it)}
                {merged(it)}
                {joined(around, it)}
                {forwarded::note(around.app, it)}
                {answer}
                {flag::button(around, flagging, it, held.pending)}
            }
            .into_any(),
        )
    });
    let committed =
        around.place.with_value(|place| commitments::piece(around.app, place, consultation, Some(id)));
    view! {
        <section class="stack">{said}</section>
        {committed}
        <section class="stack-s">
            {support::support(around, consultation, id)}
            <p class="small soft">{w!(support_private)}</p>
        </section>
        {comments(around, flagging, consultation, id)}
        // The dialog, from when somebody first presses a button.
        {live(move || flagging.is_meant().then(|| pieces::shown(around.app, Piece::Flag(around, flagging))))}
    }
    .into_any()
}
