//! The bulletin of the month on one page: what is open, what was answered, which dates come, as much of each as fits.

use std::sync::Arc;

use domain::ids::RecordId;
use domain::records::{Community, Consultation, Contribution, Record};
use domain::scopes::Scope;
use domain::text::Lang;
use leptos::prelude::*;

use super::inbox::office;
use super::print::{head, sheet, sheets, short, ways};
use super::state::bulletin::{Answered, Coming, What, answered_in, bulletin, fit, lines};
use super::two::languages;
use crate::offline::{Held, Shown};
use crate::ui::live::{effect, live, memo};
use crate::ui::routes::Route;
use crate::ui::{App, dates, page as pages, parts, words};
use crate::{consultations, w};

/// So much of an answer is told: the rest stands in the app.
const TOLD: usize = 280;

/// The page.
pub fn page(app: App) -> AnyView {
    pages::title(|| w!(desk_bulletin_title));
    let drawn = office(app, move |desk| {
        let answered = memo(move || {
            let now = app.device().server_now();
            let of = |id: RecordId| Scope::Consultation(desk.community(), id);
            desk.inbox.with(|inbox| answered_in(inbox.items(), now)).into_iter().map(of).collect::<Vec<_>>()
        });
        effect(move |_| desk.follow_with(app, answered.get()));
        live(move || {
            let Some(lists) = desk.lists.get() else { return parts::loading() };
            let public: Vec<Shown> = answered.get().iter().map(|scope| app.records(scope).get()).collect();
            let one = |lang: &Lang| {
                let draw = || desk.consultations.with(|all| draw(app, &lists, all, &public));
                sheet(lang, words::within(lang, draw))
            };
            sheets(languages(Some(&lists)).iter().map(one).collect())
        })
    });
    let back = parts::link("", app.link(&Route::DeskConsultations), w!(desk_consultations));
    view! { {parts::head(Some(back), w!(desk_bulletin_title), None)} <p class="soft">{w!(desk_bulletin_help)}</p> {drawn} }
        .into_any()
}

/// An item: what stands first, and the words below it or beside it, with their language where they are somebody's.
struct Item {
    head: String,
    words: String,
    lang: Option<String>,
}

impl Item {
    /// How many lines it takes: the words begin one.
    fn lines(&self) -> usize {
        lines(&self.head, &self.words)
    }

    fn draw(self) -> AnyView {
        view! { <li><strong dir="auto">{self.head}</strong><br/><span lang=self.lang dir="auto">{self.words}</span></li> }
            .into_any()
    }
}

/// A date and what comes then, on one line where that is long enough.
fn dated(it: &Coming<'_>) -> (String, String) {
    let what = match it.what {
        What::Begins(phase) => w!(desk_bulletin_begins, phase = consultations::phase(phase)),
        What::Closes => w!(desk_bulletin_closes),
        What::Promised => w!(desk_bulletin_promised),
    };
    (dates::day(it.at), [what, words::say(&it.of.title)].join(", "))
}

fn answered(it: &Answered<'_>) -> Item {
    let (lang, text) = words::best(it.text());
    let head = match it {
        Answered::Consultation(it, _) => words::say(&it.title),
        Answered::Proposal(it, _) => it.title().to_string(),
    };
    Item { head, words: domain::text::shorten(&text, TOLD), lang: Some(lang) }
}

/// A section with as many of its rows as fit, and how many more there are.
fn section(title: String, rows: Vec<AnyView>, kept: usize, more: &str) -> Option<AnyView> {
    let count = rows.len().checked_sub(kept).filter(|count| *count > 0);
    let more = count.map(|count| {
        let text = w!(desk_bulletin_more, count = count.to_string(), address = more.to_owned());
        view! { <li>{text}</li> }
    });
    let some = !rows.is_empty();
    let rows: Vec<AnyView> = rows.into_iter().take(kept).collect();
    some.then(|| {
        view! { <section><h3>{title}</h3><ul class="bullets">{rows}{more}</ul></section> }.into_any()
    })
}

fn proposal(held: &Arc<Held>) -> Option<&Contribution> {
    match &held.record {
        Record::Contribution(it) => Some(it),
        _ => None,
    }
}

fn draw(app: App, lists: &Community, all: &[Consultation], public: &[Shown]) -> AnyView {
    let now = app.device().server_now();
    let told = bulletin(all, public.iter().flat_map(|all| all.iter()).filter_map(proposal), now);
    let titled = |it: &Consultation, words: String| Item { head: words::say(&it.title), words, lang: None };
    let closes = |it: &&Consultation| titled(it, w!(home_closes_on, date = dates::day(it.closes_at())));
    let late = |it: &&Consultation| Some(titled(it, w!(consultation_late, date = dates::day(it.answer_by?))));
    let items: [Vec<Item>; 3] = [
        told.open.iter().map(closes).collect(),
        told.answered.iter().map(answered).collect(),
        told.late.iter().filter_map(late).collect(),
    ];
    let coming: Vec<(String, String)> = told.dates.iter().map(dated).collect();
    let mut counted: Vec<Vec<usize>> =
        items.iter().map(|items| items.iter().map(Item::lines).collect()).collect();
    counted.push(coming.iter().map(|(day, what)| lines("", &[day.as_str(), what].concat())).collect());
    let kept = fit(&counted);
    let date = |(day, what): (String, String)| {
        view! { <li><strong>{day}</strong>{words::colon()}<span dir="auto">{what}</span></li> }.into_any()
    };
    let mut rows: Vec<Vec<AnyView>> =
        items.into_iter().map(|items| items.into_iter().map(Item::draw).collect()).collect();
    rows.push(coming.into_iter().map(date).collect());
    let empty = rows.iter().all(Vec::is_empty);
    let heads =
        [w!(desk_bulletin_open), w!(desk_bulletin_answered), w!(desk_bulletin_late), w!(desk_bulletin_dates)];
    let more = short(lists);
    let sections = heads.into_iter().zip(rows).zip(kept);
    let sections: Vec<_> =
        sections.filter_map(|((head, rows), kept)| section(head, rows, kept, &more)).collect();
    view! {
        {head(lists, w!(desk_bulletin_of, date = dates::day(now)))}
        {empty.then(|| view! { <p>{w!(desk_bulletin_empty)}</p> })}
        {sections}
        {ways(lists, &Route::Community(lists.place.slug.clone()))}
    }
    .into_any()
}
