//! What is being written, as people will see it: on a phone, and on paper.

use domain::phases::Phase;
use domain::text::Lang;
use leptos::prelude::*;

use super::inputs::YES;
use super::notice::{self, Notice};
use super::open::Typed;
use super::two::Two;
use crate::ui::field::{Choice, choices, links};
use crate::ui::live::{live, on};
use crate::ui::{App, dates, parts, words};
use crate::w;

/// On what it is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// A phone, in the reader's language.
    Phone,
    /// Paper, in each of the community's languages.
    Paper,
}

/// A fold that shows what is being written.
pub fn fold(langs: &[Lang], draw: impl Fn(On, &Lang) -> AnyView + Send + 'static) -> AnyView {
    shown(langs, RwSignal::new(false), || true, draw)
}

/// The same, open or not, drawn while `seen` says that it is in sight.
fn shown(
    langs: &[Lang],
    open: RwSignal<bool>,
    seen: impl Fn() -> bool + Send + 'static,
    draw: impl Fn(On, &Lang) -> AnyView + Send + 'static,
) -> AnyView {
    let langs = langs.to_vec();
    let at_first = open.get_untracked();
    let on_what = RwSignal::new("phone".to_owned());
    let toggled = move |event: web_sys::Event| open.set(dates::is_open(&event));
    let kinds = [("phone", w!(desk_preview_phone)), ("paper", w!(desk_preview_paper))]
        .map(|(value, text)| Choice { value: value.to_owned(), text, hint: String::new() });
    let radios = choices(
        "preview-on",
        w!(desk_preview_on),
        String::new(),
        false,
        kinds.into(),
        on_what,
        RwSignal::new(Vec::new()),
    );
    let sheet = move |on: On, lang: &Lang| {
        let inside = words::within(lang, || draw(on, lang));
        view! { <article class="preview-sheet stack" lang=lang.to_string()>{inside}</article> }.into_any()
    };
    let drawn = live(move || {
        if !open.get() || !seen() {
            return ().into_any();
        }
        if on_what.with(|on| on == "phone") {
            let own = langs.iter().find(|lang| lang.as_str() == words::code()).or(langs.first());
            let page = own.map(|lang| sheet(On::Phone, lang));
            return view! { <div class="preview-phone">{page}</div> }.into_any();
        }
        let pages: Vec<AnyView> = langs.iter().map(|lang| sheet(On::Paper, lang)).collect();
        view! { <div class="preview-paper">{pages}</div> <p class="actions">{parts::print("btn btn-quiet")}</p> }.into_any()
    });
    view! {
        <details class="preview" open=at_first on:toggle=on(toggled)>
            <summary>{w!(desk_preview)}</summary>
            <div class="stack">{radios}{drawn}</div>
        </details>
    }
    .into_any()
}

/// What keeps it from being shown whole.
pub fn missing(problems: Vec<(&'static str, String)>) -> AnyView {
    view! { <p>{w!(desk_preview_missing)}</p> <ul class="bullets">{links(problems)}</ul> }.into_any()
}

/// That whoever tries it would have come to the end. What is wrong stands at its field: the summary is the form's own.
pub fn sent(done: RwSignal<bool>) -> AnyView {
    let said =
        live(move || done.get().then(|| parts::notice("good", String::new(), w!(desk_preview_sent), None)));
    view! { <div role="status">{said}</div> }.into_any()
}

/// A consultation that is being written, while `seen` says that it is in sight.
pub fn section(app: App, typed: &Typed, seen: impl Fn() -> bool + Send + 'static) -> AnyView {
    let typed = typed.clone();
    let langs = typed.titles.langs.clone();
    shown(&langs, RwSignal::new(true), seen, move |_, lang| draw(app, &typed, lang))
}

/// What stands in a box now, or that there is no title yet.
pub fn title(two: &Two, lang: &Lang) -> String {
    let title = text(two, lang);
    if title.trim().is_empty() { w!(desk_preview_untitled) } else { title }
}

fn text(two: &Two, lang: &Lang) -> String {
    let found = two.langs.iter().zip(&two.texts).find(|(own, _)| *own == lang);
    found.map(|(_, text)| text.get()).unwrap_or_default()
}

fn draw(app: App, typed: &Typed, lang: &Lang) -> AnyView {
    let said = |two: &Two| Some(text(two, lang)).filter(|text| !text.trim().is_empty());
    let takes = typed.takes.iter().filter(|(_, text)| text.with(|text| text == YES));
    let notice = Notice {
        title: title(&typed.titles, lang),
        summary: text(&typed.summaries, lang),
        course: course(app, typed),
        decided_by: said(&typed.decided_by),
        used_for: said(&typed.used_for),
        takes: takes.map(|(form, _)| *form).collect(),
    };
    notice.draw()
}

/// Its dates, in words.
fn course(app: App, typed: &Typed) -> Vec<AnyView> {
    let mut rows = Vec::new();
    if typed.is_several() {
        for days in &typed.phases {
            days.from.track();
            days.until.track();
            let read = days.read();
            let from =
                read.from.or_else(|| (days.ids.0 == Phase::Contribute).then(|| app.device().server_now()));
            if let (Some(from), Some(until)) = (from, read.until) {
                rows.push(notice::period(days.ids.0, from, until));
            }
        }
    } else if let Some(at) = typed.closes.with(|text| dates::from_input(text)) {
        rows.push(notice::closes(at));
    }
    if let Some(by) = typed.promise.with(|day| dates::from_input(&[day.as_str(), "T23:59"].concat())) {
        rows.push(notice::promise(by));
    }
    rows
}
