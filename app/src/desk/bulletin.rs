//! The bulletin of the month on one page: what is open, what was answered, which dates come.

use domain::records::{Community, Consultation};
use domain::text::Lang;
use leptos::prelude::*;

use super::inbox::office;
use super::print::{head, sheet, sheets, ways};
use super::state::bulletin::{Coming, What, bulletin};
use super::two::languages;
use crate::ui::live::live;
use crate::ui::routes::Route;
use crate::ui::{App, dates, page as pages, parts, words};
use crate::{consultations, w};

/// So much of an answer is told: the rest stands in the app.
const TOLD: usize = 280;

/// The page.
pub fn page(app: App) -> AnyView {
    pages::title(|| w!(desk_bulletin_title));
    let drawn = office(app, move |desk| {
        live(move || {
            let Some(lists) = desk.lists.get() else { return parts::loading() };
            let one = |lang: &Lang| {
                let draw = || desk.consultations.with(|all| draw(app, &lists, all));
                sheet(lang, words::within(lang, draw))
            };
            sheets(languages(Some(&lists)).iter().map(one).collect())
        })
    });
    let back = parts::link("", app.link(&Route::DeskConsultations), w!(desk_consultations));
    view! { {parts::head(Some(back), w!(desk_bulletin_title), None)} <p class="soft">{w!(desk_bulletin_help)}</p> {drawn} }
        .into_any()
}

fn section(title: String, rows: Vec<AnyView>) -> Option<AnyView> {
    (!rows.is_empty())
        .then(|| view! { <section><h3>{title}</h3><ul class="bullets">{rows}</ul></section> }.into_any())
}

fn draw(app: App, lists: &Community, all: &[Consultation]) -> AnyView {
    let now = app.device().server_now();
    let told = bulletin(all, now);
    let line = |it: &Consultation, text: String| {
        view! { <li><strong dir="auto">{words::say(&it.title)}</strong><br/>{text}</li> }.into_any()
    };
    let open =
        told.open.iter().map(|it| line(it, w!(home_closes_on, date = dates::day(it.closes_at())))).collect();
    let late = |it: &&Consultation| {
        let by = it.answer_by?;
        Some(line(it, w!(consultation_late, date = dates::day(by))))
    };
    let answered = |it: &&Consultation| {
        let (lang, text) = words::best(&it.conclusion.as_ref()?.text);
        let short = domain::text::shorten(&text, TOLD);
        Some(view! { <li><strong dir="auto">{words::say(&it.title)}</strong><br/><span lang=lang dir="auto">{short}</span></li> }.into_any())
    };
    let empty =
        told.open.is_empty() && told.answered.is_empty() && told.dates.is_empty() && told.late.is_empty();
    view! {
        {head(lists, w!(desk_bulletin_of, date = dates::day(now)))}
        {empty.then(|| view! { <p>{w!(desk_bulletin_empty)}</p> })}
        {section(w!(desk_bulletin_open), open)}
        {section(w!(desk_bulletin_answered), told.answered.iter().filter_map(answered).collect())}
        {section(w!(desk_bulletin_late), told.late.iter().filter_map(late).collect())}
        {section(w!(desk_bulletin_dates), told.dates.iter().map(date).collect())}
        {ways(lists, &Route::Community(lists.place.slug.clone()))}
    }
    .into_any()
}

fn date(it: &Coming<'_>) -> AnyView {
    let what = match it.what {
        What::Begins(phase) => w!(desk_bulletin_begins, phase = consultations::phase(phase)),
        What::Closes => w!(desk_bulletin_closes),
        What::Promised => w!(desk_bulletin_promised),
    };
    view! { <li><strong>{dates::day(it.at)}</strong>{crate::ui::words::colon()}{what}", "<span dir="auto">{words::say(&it.of.title)}</span></li> }
        .into_any()
}
