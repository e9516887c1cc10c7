//! A published text on paper: its paragraphs with their numbers, and a margin to write in.

use domain::ids::RecordId;
use domain::phases::{Form, Intake};
use domain::records::{Community, Consultation, Paragraph, PublishedText};
use domain::scopes::Scope;
use leptos::prelude::*;

use super::inbox::Desk;
use super::print::{head, sheet, sheets, ways};
use super::two::languages;
use super::within;
use crate::texts::{state, version};
use crate::ui::live::live;
use crate::ui::routes::Route;
use crate::ui::{App, dates, parts, words};
use crate::w;

/// The page.
pub fn page(app: App, id: RecordId, text: RecordId) -> AnyView {
    within::page(app, id, || w!(desk_text_paper), move |app, desk, it| draw(app, desk, it, text))
}

fn draw(app: App, desk: Desk, it: &Consultation, text: RecordId) -> AnyView {
    desk.follow_also(app, it.id);
    let records = app.records(&Scope::Consultation(desk.community(), it.id));
    let (it, back) = (it.clone(), app.link(&Route::DeskTexts(it.id)));
    let papers = live(move || {
        let (lists, text) = (desk.lists.get(), records.with(|all| state::text(all, text)));
        let (Some(lists), Some(text)) = (lists, text) else { return parts::loading() };
        let now = app.device().server_now();
        let open = matches!(it.intake_of(Form::Amendments, now), Intake::Open | Intake::NotYet(_));
        let one = |lang| sheet(lang, words::within(lang, || inside(&lists, &it, &text, open)));
        sheets(languages(Some(&lists)).iter().map(one).collect())
    });
    let head = parts::head(Some(parts::link("", back, w!(text_section))), w!(desk_text_paper), None);
    view! { {head} <p class="soft">{w!(desk_text_paper_help)}</p> {papers} }.into_any()
}

fn inside(lists: &Community, it: &Consultation, text: &PublishedText, open: bool) -> AnyView {
    let how = open.then(|| {
        let until = w!(desk_print_form_until, date = dates::day(it.closes_for(Form::Amendments)));
        view! { <p>{w!(desk_text_paper_how)}" "{until}</p> }
    });
    let paragraph = |one: &Paragraph| {
        let (lang, words) = words::best(&one.words);
        view! { <li><span class="sheets-text-words" lang=lang dir="auto">{words}</span></li> }.into_any()
    };
    let paragraphs: Vec<AnyView> = text.paragraphs.iter().map(paragraph).collect();
    view! {
        {head(lists, words::say(&text.title))}
        <p class="small">{words::say(&it.title)}" — "{version(text)}</p>
        {how}
        <ol class="sheets-text">{paragraphs}</ol>
        {ways(lists, &Route::Text(lists.place.slug.clone(), it.id, text.id))}
    }
    .into_any()
}
