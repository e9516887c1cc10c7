//! A consultation that is being written, as people will see it: on a phone, and on paper.

use domain::phases::{Form, Phase};
use domain::text::Lang;
use leptos::prelude::*;

use super::inputs::YES;
use super::open::Typed;
use super::two::Two;
use crate::ui::field::{Choice, choices};
use crate::ui::live::{live, on};
use crate::ui::{App, dates, parts, words};
use crate::{consultations, w};

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
    let shown = words::locale();
    words::set_locale(words::of_tag(lang.as_str()).unwrap_or(shown));
    let drawn = draw(app, typed, lang);
    words::set_locale(shown);
    drawn
}

fn draw(app: App, typed: &Typed, lang: &Lang) -> AnyView {
    let tag = lang.to_string();
    let title = text(&typed.titles, lang);
    let title = if title.trim().is_empty() { w!(desk_preview_untitled) } else { title };
    let summary = text(&typed.summaries, lang);
    let paragraphs: Vec<AnyView> = summary
        .split("\n\n")
        .filter(|part| !part.trim().is_empty())
        .map(|part| view! { <p dir="auto">{part.to_owned()}</p> }.into_any())
        .collect();
    let said = |label: String, two: &Two| {
        let text = text(two, lang);
        (!text.trim().is_empty()).then(|| {
            view! { <li><strong>{label}</strong>" : "<span dir="auto">{text}</span></li> }.into_any()
        })
    };
    let acts: Vec<AnyView> = typed
        .takes
        .iter()
        .filter(|(_, text)| text.with(|text| text == YES))
        .map(|(form, _)| {
            let text = match form {
                Form::Proposals => w!(consultation_propose),
                Form::Comments => w!(consultation_comment),
                Form::Support => w!(support_give),
            };
            parts::tag("act", text)
        })
        .collect();
    view! {
        <article class="preview-sheet stack" lang=tag>
            <p class="meta">{parts::tag("act", w!(home_contribute))}</p>
            <h3 dir="auto">{title}</h3>
            {paragraphs}
            <ul class="bullets">
                {course(app, typed)}
                {said(w!(consultation_who), &typed.decided_by)}
                {said(w!(consultation_used_for), &typed.used_for)}
                <li>{w!(consultation_advice)}</li>
            </ul>
            <p class="meta">{acts}</p>
        </article>
    }
    .into_any()
}

/// Its dates, in words.
fn course(app: App, typed: &Typed) -> Vec<AnyView> {
    let mut rows = Vec::new();
    let line = |name: String, text: String| view! { <li><strong>{name}</strong>" : "{text}</li> }.into_any();
    if typed.is_several() {
        for days in &typed.phases {
            days.from.track();
            days.until.track();
            let read = days.read();
            let from =
                read.from.or_else(|| (days.ids.0 == Phase::Contribute).then(|| app.device().server_now()));
            if let (Some(from), Some(until)) = (from, read.until) {
                let dates = w!(phase_dates, from = dates::day(from), until = dates::day(until.plus(-1)));
                rows.push(line(consultations::phase(days.ids.0), dates));
            }
        }
    } else if let Some(at) = typed.closes.with(|text| dates::from_input(text)) {
        let closes = w!(consultation_closes_at, date = dates::day(at), time = dates::time(at));
        rows.push(view! { <li>{closes}</li> }.into_any());
    }
    if let Some(by) = typed.promise.with(|day| dates::from_input(&[day.as_str(), "T23:59"].concat())) {
        rows.push(view! { <li>{w!(consultation_promise, date = dates::day(by))}</li> }.into_any());
    }
    rows
}
