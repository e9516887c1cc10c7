//! What is printed of a consultation: a notice for the church door, forms for those who write on paper,
//! a sheet of results. One sheet for each language of the community, on A4 as on Letter.

use domain::ids::RecordId;
use domain::records::{Community, Consultation};
use domain::scopes::Scope;
use domain::text::Lang;
use leptos::prelude::*;

use super::inbox::Desk;
use super::notice::Notice;
use super::state::qr;
use super::two::languages;
use super::{forms, results, within};
use crate::ui::field::{Choice, choices};
use crate::ui::live::live;
use crate::ui::routes::Route;
use crate::ui::{App, parts, words};
use crate::w;

/// The page.
pub fn page(app: App, id: RecordId) -> AnyView {
    within::page(app, id, || w!(desk_print_title), draw)
}

fn draw(app: App, desk: Desk, it: &Consultation) -> AnyView {
    desk.follow_also(app, it.id);
    let records = app.records(&Scope::Consultation(desk.community(), it.id));
    let what = RwSignal::new("notice".to_owned());
    let sorts = [
        ("notice", w!(desk_print_notice), w!(desk_print_notice_hint)),
        ("form", w!(desk_print_form), w!(desk_print_form_hint)),
        ("results", w!(desk_print_results), w!(desk_print_results_hint)),
    ];
    let sorts = sorts.map(|(value, text, hint)| Choice { value: value.to_owned(), text, hint });
    let none = RwSignal::new(Vec::new());
    let radios = choices("print", w!(desk_print_what), String::new(), true, sorts.into(), what, none);
    let title = within::head(app, w!(desk_print_title), it, None);
    let it = it.clone();
    let sheets = live(move || {
        let Some(lists) = desk.lists.get() else { return parts::loading() };
        let one = |lang: &Lang| {
            words::within(lang, || {
                records.with(|all| match what.get().as_str() {
                    "notice" => notice(&lists, &it),
                    "form" => forms::draw(&lists, &it, all, app.device().server_now()),
                    _ => results::draw(app, &lists, &it, all),
                })
            })
        };
        sheets(languages(Some(&lists)).iter().map(|lang| sheet(lang, one(lang))).collect())
    });
    view! { {title} {radios} {sheets} }.into_any()
}

/// Sheets, with the button that prints them.
pub fn sheets(all: Vec<AnyView>) -> AnyView {
    view! {
        <p class="actions">{parts::print("btn")}</p>
        <div class="sheets">{all}</div>
    }
    .into_any()
}

/// A sheet of paper in one language.
pub fn sheet(lang: &Lang, inside: AnyView) -> AnyView {
    view! { <article class="sheets-one stack" lang=lang.to_string()>{inside}</article> }.into_any()
}

/// How people get there: an address to type and one to photograph, and the way without a device.
pub fn ways(lists: &Community, route: &Route) -> AnyView {
    let code = photographed(&[origin().as_str(), &route.to_string()].concat());
    view! {
        <div class="sheets-ways">
            {code}
            <ul class="bullets">
                <li>{w!(desk_print_phone)}" "<strong class="nobr">{short(lists)}</strong></li>
                <li>{w!(desk_print_office, community = lists.place.name.to_string())}</li>
                <li>{w!(desk_print_code)}</li>
            </ul>
        </div>
    }
    .into_any()
}

/// Scheme and host of this page.
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// The community's address, as one types it.
pub fn short(lists: &Community) -> String {
    let origin = origin();
    let (_, host) = origin.split_once("://").unwrap_or(("", &origin));
    [host, &Route::Community(lists.place.slug.clone()).to_string()].concat()
}

/// An address to photograph.
pub fn photographed(address: &str) -> Option<AnyView> {
    let it = qr::draw(address)?;
    let (view_box, label) = (format!("0 0 {0} {0}", it.side), address.to_owned());
    Some(
        view! {
            <svg class="sheets-code" viewBox=view_box role="img" aria-label=label>
                <path d=it.path fill="#000" />
            </svg>
        }
        .into_any(),
    )
}

/// The head of a sheet.
pub fn head(lists: &Community, title: String) -> AnyView {
    view! { <p class="sheets-place">{lists.place.name.to_string()}</p><h2 dir="auto">{title}</h2> }.into_any()
}

fn notice(lists: &Community, it: &Consultation) -> AnyView {
    let route = Route::Consultation(lists.place.slug.clone(), it.id);
    view! {
        <p class="sheets-place">{lists.place.name.to_string()}</p>
        {Notice::of(it).draw()}
        {ways(lists, &route)}
    }
    .into_any()
}
