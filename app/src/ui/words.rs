//! The words on the screens: `locales/*.json`, compiled in and checked by `build.rs`.
//!
//! A change of language draws the whole app anew, so a word is plain text and not a signal.

use std::cell::Cell;

use domain::text::{Lang, Localized};

use crate::offline::StoreError;

#[expect(clippy::expect_used, reason = "written by leptos_i18n")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

pub use generated::i18n::*;

thread_local! {
    static LOCALE: Cell<Locale> = const { Cell::new(Locale::fr) };
}

/// The language of the screens.
pub fn locale() -> Locale {
    LOCALE.get()
}

/// Says which language is drawn from now on.
pub fn set_locale(locale: Locale) {
    LOCALE.set(locale);
}

/// Draws something in another language of ours: what is drawn at once, not what changes later.
pub fn within<T>(lang: &Lang, draw: impl FnOnce() -> T) -> T {
    let shown = locale();
    set_locale(of_tag(lang.as_str()).unwrap_or(shown));
    let drawn = draw();
    set_locale(shown);
    drawn
}

/// Why something could not be kept, in words.
pub fn unkept(error: StoreError) -> String {
    match error {
        StoreError::Conflict => crate::w!(check_error_gone),
        StoreError::Full => crate::w!(error_storage_full),
        _ => crate::w!(error_not_kept),
    }
}

/// Ours for a language tag, when it is one.
pub fn of_tag(tag: &str) -> Option<Locale> {
    match tag.get(..2) {
        Some("fr") => Some(Locale::fr),
        Some("en") => Some(Locale::en),
        _ => None,
    }
}

/// The first of those that the browser asks for, when it asks for any of ours.
pub fn of_browser() -> Option<Locale> {
    let asked = leptos::prelude::window().navigator().languages();
    asked.iter().filter_map(|tag| tag.as_string()).find_map(|tag| of_tag(&tag))
}

/// Its tag for `Intl` and for `lang`: the French and English of Canada.
pub fn tag() -> &'static str {
    match locale() {
        Locale::fr => "fr-CA",
        Locale::en => "en-CA",
    }
}

/// Its short tag.
pub fn code() -> &'static str {
    match locale() {
        Locale::fr => "fr",
        Locale::en => "en",
    }
}

/// The languages to read in, best first.
pub fn order() -> Vec<Lang> {
    let other = if code() == "fr" { "en" } else { "fr" };
    [code(), other].iter().filter_map(|lang| lang.parse().ok()).collect()
}

/// A text in the reader's language, else in one that there is; with its tag.
pub fn best<T: ToString>(text: &Localized<T>) -> (String, String) {
    text.best(&order()).map(|(lang, text)| (lang.to_string(), text.to_string())).unwrap_or_default()
}

/// The text alone, where its language needs no mark.
pub fn say<T: ToString>(text: &Localized<T>) -> String {
    best(text).1
}

/// A word by its key, in the language of the screens; always a `String`.
#[macro_export]
macro_rules! w {
    ($key:ident $(, $name:ident = $value:expr)* $(,)?) => {
        ::leptos_i18n::td_string!($crate::ui::words::locale(), $key $(, $name = $value)*).to_string()
    };
}

/// A word that counts: the first key for one, the second for several.
#[macro_export]
macro_rules! n {
    ($count:expr, $one:ident, $many:ident) => {{
        let count = $count as f64;
        let shown = $crate::ui::dates::number(count);
        if $crate::ui::dates::is_one(count) {
            $crate::w!($one, count = shown)
        } else {
            $crate::w!($many, count = shown)
        }
    }};
}
