//! Small shared parts: notices, tags, empty places, people's own words, loading.

use super::live::on;
use domain::text::Localized;
use leptos::prelude::*;

use super::icons::{self, icon};
use super::{dates, words};
use crate::w;

/// A notice in the page.
pub fn notice(tone: &'static str, title: String, body: String, more: Option<AnyView>) -> AnyView {
    view! {
        <div class="notice" data-tone=tone>
            {icon(if tone == "good" { icons::CHECK } else { icons::WARN })}
            <div class="notice-body">
                {(!title.is_empty()).then(|| view! { <h3 class="notice-title">{title}</h3> })}
                {(!body.is_empty()).then(|| view! { <p>{body}</p> })}
                {more}
            </div>
        </div>
    }
    .into_any()
}

/// A tag; an empty tone is neutral.
pub fn tag(tone: &'static str, text: String) -> AnyView {
    view! { <span class="tag" data-tone=tone>{text}</span> }.into_any()
}

/// Nothing here: why, and the one thing that can be done.
pub fn empty(title: String, text: String, act: Option<AnyView>) -> AnyView {
    view! {
        <div class="empty">
            <svg class="empty-art" viewBox="0 0 160 60" aria-hidden="true" focusable="false"><path d=icons::CANOE /></svg>
            {(!title.is_empty()).then(|| view! { <h2 class="empty-title">{title}</h2> })}
            <p class="empty-text">{text}</p>
            {act}
        </div>
    }
    .into_any()
}

/// One calm line while something is on its way.
pub fn loading() -> AnyView {
    view! { <p class="loading" role="status">{w!(app_loading)}<span class="loading-line"></span></p> }
        .into_any()
}

/// A link that looks like a button.
pub fn link(class: &'static str, href: String, text: String) -> AnyView {
    view! { <a class=class href=href>{text}</a> }.into_any()
}

/// A button.
pub fn button(class: &'static str, text: String, act: impl Fn() + 'static) -> AnyView {
    boxed_button(class, text, Box::new(act))
}

/// A button that prints the page.
pub fn print(class: &'static str) -> AnyView {
    button(class, w!(app_print), || {
        let _ = window().print();
    })
}

fn boxed_button(class: &'static str, text: String, act: Box<dyn Fn()>) -> AnyView {
    view! { <button type="button" class=class on:click=on(move |_| act())>{text}</button> }.into_any()
}

/// Somebody's own words, in whatever direction they run.
pub fn words_of(from: &'static str, text: String, by: Option<String>) -> AnyView {
    view! {
        <blockquote class="quote" data-from=from dir="auto">
            {text}{by.map(|by| view! { <footer class="quote-by">{by}</footer> })}
        </blockquote>
    }
    .into_any()
}

/// A text of the office in the reader's language; marked when only another one is there.
pub fn said<T: ToString>(text: &Localized<T>) -> AnyView {
    let (lang, text) = words::best(text);
    let lang = (lang != words::code()).then_some(lang);
    view! { <span lang=lang dir="auto">{text}</span> }.into_any()
}

/// A fact: a name and its value, perhaps with a link that changes it.
pub fn fact(name: String, value: AnyView, act: Option<AnyView>) -> AnyView {
    view! {
        <div class="facts-row">
            <dt class="facts-name">{name}</dt>
            <dd class="facts-value">{value}</dd>
            {act.map(|act| view! { <dd class="facts-act">{act}</dd> })}
        </div>
    }
    .into_any()
}

/// The head of a page.
pub fn head(above: Option<AnyView>, title: String, below: Option<AnyView>) -> AnyView {
    view! {
        <div class="page-head">
            {above.map(|above| view! { <p class="meta">{above}</p> })}
            <h1 dir="auto">{title}</h1>
            {below}
        </div>
    }
    .into_any()
}

/// How far something is on its way, in hundredths.
pub fn progress(label: String, part: u64) -> AnyView {
    #[expect(clippy::cast_precision_loss, reason = "at most a hundred")]
    let said = format!("{}\u{a0}%", dates::number(part as f64));
    view! {
        <div class="progress">
            <span class="progress-label">{label.clone()}</span>
            <progress class="progress-bar" max="100" value=part.to_string() aria-label=label></progress>
            <span class="progress-note">{said}</span>
        </div>
    }
    .into_any()
}
