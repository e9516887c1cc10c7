//! The page of a text: its paragraphs, each with the changes that people propose to it.

use std::sync::Arc;

use domain::ids::RecordId;
use domain::phases::Form;
use domain::records::{Paragraph, Place, PublishedText, Record};
use domain::scopes::Scope;
use leptos::prelude::*;

use super::section::version;
use super::state;
use crate::consultations;
use crate::contributions;
use crate::offline::Held;
use crate::ui::live::{live, memo};
use crate::ui::routes::Route;
use crate::ui::{App, asked, parts, words};
use crate::{n, w};

/// The page.
pub fn page(app: App, slug: String, consultation: RecordId, id: RecordId) -> AnyView {
    asked::of(app, (slug, consultation, id), find, |it| words::say(&it.title), draw)
}

/// The text among the records of its consultation.
pub fn find(record: &Record, id: RecordId) -> Option<&PublishedText> {
    match record {
        Record::PublishedText(it) if it.id == id => Some(it),
        _ => None,
    }
}

/// Whether people can amend it now.
pub fn is_open(app: App, place: &Place, consultation: RecordId) -> Memo<bool> {
    let public = app.records(&Scope::Community(place.id.clone()));
    memo(move || {
        app.clock.track();
        let it = public.with(|all| {
            consultations::state::consultation(all.iter().map(|held| &held.record), consultation)
        });
        it.is_some_and(|it| contributions::taken(app, &it).contains(&Form::Amendments))
    })
}

/// What every paragraph is drawn with.
#[derive(Clone)]
struct Around {
    app: App,
    slug: String,
    consultation: RecordId,
    text: RecordId,
    open: Memo<bool>,
    amendments: Memo<Vec<Arc<Held>>>,
}

fn draw(app: App, place: &Place, it: PublishedText) -> AnyView {
    let records = app.records(&Scope::Consultation(place.id.clone(), it.consultation));
    let id = it.id;
    let around = Around {
        app,
        slug: place.slug.clone(),
        consultation: it.consultation,
        text: id,
        open: is_open(app, place, it.consultation),
        amendments: memo(move || records.with(|all| state::amendments(all, id))),
    };
    let open = around.open;
    let how = live(move || if open.get() { w!(text_how) } else { w!(text_closed) });
    let paragraphs: Vec<AnyView> =
        (1..).zip(&it.paragraphs).map(|(number, one)| paragraph(&around, number, one)).collect();
    let kept: Vec<u32> = it.paragraphs.iter().map(|one| one.id).collect();
    let gone = {
        let around = around.clone();
        live(move || {
            let list = listed(&around, |paragraph| !kept.contains(&paragraph))?;
            Some(view! { <section class="stack-s"><h2>{w!(text_gone)}</h2>{list}</section> })
        })
    };
    view! {
        {parts::head(Some(asked::back(app, place, it.consultation)), words::say(&it.title), Some(view! { <p class="meta">{version(&it)}</p> }.into_any()))}
        <p class="soft">{how}</p>
        <ol class="stack">{paragraphs}</ol>
        {gone}
    }
    .into_any()
}

fn paragraph(around: &Around, number: usize, it: &Paragraph) -> AnyView {
    let (lang, text) = words::best(&it.words);
    let lang = (lang != words::code()).then_some(lang);
    let (id, around) = (it.id, around.clone());
    let to = around.app.link(&Route::Amend(around.slug.clone(), around.consultation, around.text, id));
    let open = around.open;
    let amend = live(move || {
        let to = to.clone();
        open.get().then(|| {
            view! {
                <p class="actions"><a class="btn btn-plain" href=to>
                    {w!(amend_do)}<span class="visually-hidden">{crate::ui::words::colon()}{w!(text_paragraph, number = number.to_string())}</span>
                </a></p>
            }
        })
    });
    let proposed = live(move || {
        let count = around.amendments.with(|all| all.iter().filter(|held| is_to(held, id)).count());
        let list = listed(&around, |paragraph| paragraph == id)?;
        Some(view! { <details><summary>{n!(count, amend_count_a, amend_count_s)}</summary>{list}</details> })
    });
    view! {
        <li class="card">
            <h2 class="meta">{w!(text_paragraph, number = number.to_string())}</h2>
            <p class="quote" data-from="motion" lang=lang dir="auto">{text}</p>
            {proposed}
            {amend}
        </li>
    }
    .into_any()
}

fn is_to(held: &Held, paragraph: u32) -> bool {
    state::of(held).is_some_and(|(_, it)| it.paragraph == paragraph)
}

/// The amendments to these paragraphs, when there are any.
fn listed(around: &Around, those: impl Fn(u32) -> bool) -> Option<AnyView> {
    let rows: Vec<AnyView> = around.amendments.with(|all| {
        let those = all.iter().filter_map(|held| {
            let (it, amendment) = state::of(held).filter(|(_, amendment)| those(amendment.paragraph))?;
            let route = Route::Contribution(around.slug.clone(), around.consultation, it.id);
            let to = around.app.link(&route);
            let goes = amendment.wording.is_none().then(|| parts::tag("warn", w!(amend_goes_tag)));
            let unsent = held.pending.then(|| parts::tag("warn", w!(contribution_unsent)));
            let title = it.title().to_string();
            Some(view! { <li><a href=to dir="auto">{title}</a>" "{goes}{unsent}</li> }.into_any())
        });
        those.collect()
    });
    (!rows.is_empty()).then(|| view! { <ul class="bullets">{rows}</ul> }.into_any())
}
