//! A consultation that is being written, as people will see it: on a phone, and on paper.

use domain::phases::Phase;
use domain::text::Lang;
use leptos::prelude::*;

use super::inputs::YES;
use super::notice::{self, Notice};
use super::open::Typed;
use super::two::Two;
use crate::ui::field::{Choice, choices};
use crate::ui::live::{live, on};
use crate::ui::{App, dates, parts, words};
use crate::w;

/// The part of the form that shows it.
pub fn section(app: App, typed: &Typed) -> AnyView {
    let typed = typed.clone();
    let open = RwSignal::new(false);
    let on_what = RwSignal::new("phone".to_owned());
    let toggled = move |event: web_sys::Event| {
        let now = dates::target::<web_sys::Element>(&event).is_some_and(|it| it.has_attribute("open"));
        open.set(now);
    };
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
    let drawn = live(move || {
        if !open.get() {
            return ().into_any();
        }
        if on_what.get() == "phone" {
            // A phone shows it in the reader's language.
            let own = typed.titles.langs.iter().find(|lang| lang.as_str() == words::code());
            let page = own.map(|lang| sheet(app, &typed, lang));
            return view! { <div class="preview-phone">{page}</div> }.into_any();
        }
        let pages: Vec<AnyView> = typed.titles.langs.iter().map(|lang| sheet(app, &typed, lang)).collect();
        view! { <div class="preview-paper">{pages}</div> <p class="actions">{parts::print("btn btn-quiet")}</p> }.into_any()
    });
    view! {
        <details class="preview" on:toggle=on(toggled)>
            <summary>{w!(desk_preview)}</summary>
            <div class="stack">{radios}{drawn}</div>
        </details>
    }
    .into_any()
}

fn text(two: &Two, lang: &Lang) -> String {
    let found = two.langs.iter().zip(&two.texts).find(|(own, _)| *own == lang);
    found.map(|(_, text)| text.get()).unwrap_or_default()
}

/// One language, with our own words in it too.
fn sheet(app: App, typed: &Typed, lang: &Lang) -> AnyView {
    words::within(lang, || draw(app, typed, lang))
}

fn draw(app: App, typed: &Typed, lang: &Lang) -> AnyView {
    let tag = lang.to_string();
    let title = text(&typed.titles, lang);
    let said = |two: &Two| Some(text(two, lang)).filter(|text| !text.trim().is_empty());
    let takes = typed.takes.iter().filter(|(_, text)| text.with(|text| text == YES));
    let notice = Notice {
        title: if title.trim().is_empty() { w!(desk_preview_untitled) } else { title },
        summary: text(&typed.summaries, lang),
        course: course(app, typed),
        decided_by: said(&typed.decided_by),
        used_for: said(&typed.used_for),
        takes: takes.map(|(form, _)| *form).collect(),
    };
    view! { <article class="preview-sheet stack" lang=tag>{notice.draw()}</article> }.into_any()
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
