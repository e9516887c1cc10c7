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

/// The same words as data, by their keys.
#[expect(non_upper_case_globals, reason = "named as the keys")]
pub mod texts {
    use super::Text;

    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

/// A text in each language, in the order of [`Locale`]; `{name}` is where a value goes.
pub struct Text([&'static str; 2]);

impl Text {
    /// Whether these are the names of the values that go into it. For the compiler.
    pub const fn takes(&self, names: &[&str]) -> bool {
        takes(self.0[0].as_bytes(), names) && takes(self.0[1].as_bytes(), names)
    }

    /// In the language of the screens.
    pub fn say(&self) -> String {
        self.within(locale()).to_owned()
    }

    /// In the language of the screens, with these values.
    pub fn with(&self, values: &[(&str, &str)]) -> String {
        let mut said = String::new();
        for piece in self.within(locale()).split('{') {
            let (name, text) = piece.split_once('}').unwrap_or(("", piece));
            let value = values.iter().find(|(known, _)| *known == name);
            said.push_str(value.map_or("", |(_, value)| value));
            // “…until 9:14 p.m.” has its full stop already.
            said.push_str(if said.ends_with('.') { text.strip_prefix('.').unwrap_or(text) } else { text });
        }
        said
    }

    /// In one of them.
    pub fn within(&self, locale: Locale) -> &'static str {
        self.0[usize::from(locale == Locale::en)]
    }
}

const fn takes(text: &[u8], names: &[&str]) -> bool {
    let (mut at, mut taken) = (0, 0);
    while at < text.len() {
        if text[at] == b'{' {
            let mut known = false;
            let mut each = 0;
            while each < names.len() {
                known = known || is_named(text, at + 1, names[each].as_bytes());
                each += 1;
            }
            if !known {
                return false;
            }
            taken += 1;
        }
        at += 1;
    }
    taken >= names.len()
}

const fn is_named(text: &[u8], from: usize, name: &[u8]) -> bool {
    if from + name.len() >= text.len() || text[from + name.len()] != b'}' {
        return false;
    }
    let mut at = 0;
    while at < name.len() {
        if text[from + at] != name[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// One text for one of something, another for several.
pub fn counted(count: f64, one: &Text, several: &Text) -> String {
    let text = if super::dates::is_one(count) { one } else { several };
    text.with(&[("count", &super::dates::number(count))])
}

thread_local! {
    static LOCALE: Cell<Locale> = const { Cell::new(Locale::fr) };
}

/// The language of the screens.
pub fn locale() -> Locale {
    LOCALE.get()
}

/// What stands between a name and what is said of it: in French with a space before it, which breaks no line.
pub fn colon() -> &'static str {
    if locale() == Locale::en { ": " } else { "\u{a0}: " }
}

/// A name and what is said of it.
pub fn named(name: &str, said: &str) -> String {
    [name, colon(), said].concat()
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

/// A word by its key, in the language of the screens, with the values that go into it; always a `String`.
#[macro_export]
macro_rules! w {
    ($key:ident) => {{
        const { assert!($crate::ui::words::texts::$key.takes(&[])) };
        $crate::ui::words::texts::$key.say()
    }};
    ($key:ident $(, $name:ident = $value:expr)+ $(,)?) => {{
        const { assert!($crate::ui::words::texts::$key.takes(&[$(stringify!($name)),+])) };
        $crate::ui::words::texts::$key.with(&[$((stringify!($name), ::std::convert::AsRef::<str>::as_ref(&$value))),+])
    }};
}

/// A word that counts: the first key for one, the second for several.
#[macro_export]
macro_rules! n {
    ($count:expr, $one:ident, $many:ident) => {{
        const {
            assert!($crate::ui::words::texts::$one.takes(&["count"]));
            assert!($crate::ui::words::texts::$many.takes(&["count"]));
        }
        $crate::ui::words::counted(
            $count as f64,
            &$crate::ui::words::texts::$one,
            &$crate::ui::words::texts::$many,
        )
    }};
}
