//! Numbers, dates and plurals in the reader's language, by the browser's own `Intl`: the
//! tables are there already.

use std::cell::RefCell;

use domain::time::Millis;
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::words;

pub use crate::offline::now;

fn locales() -> Array {
    Array::of1(&words::tag().into())
}

fn options(pairs: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (name, value) in pairs {
        let value = match *value {
            "true" => JsValue::TRUE,
            value => value.into(),
        };
        let _ = Reflect::set(&object, &(*name).into(), &value);
    }
    object
}

fn call(function: &Function, value: &JsValue) -> String {
    function.call1(&JsValue::UNDEFINED, value).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

thread_local! {
    /// Each way of writing a date, once made: making one takes longer than drawing a card.
    static FORMATS: RefCell<Vec<(String, Function)>> = RefCell::default();
}

fn format(at: Millis, pairs: &[(&str, &str)]) -> String {
    let mut name = words::tag().to_owned();
    pairs.iter().for_each(|(part, how)| [part, how].iter().for_each(|word| name.push_str(word)));
    let find = |formats: &Vec<(String, Function)>| {
        formats.iter().find(|made| made.0 == name).map(|made| made.1.clone())
    };
    let known = FORMATS.with_borrow(find);
    let format = known.unwrap_or_else(|| {
        let made = Intl::DateTimeFormat::new(&locales(), &options(pairs)).format();
        FORMATS.with_borrow_mut(|formats| formats.push((name, made.clone())));
        made
    });
    #[expect(clippy::cast_precision_loss, reason = "dates stay below 2^53")]
    let date = Date::new(&JsValue::from_f64(at.0 as f64));
    // An hour is not broken over two lines.
    let text = call(&format, &date).replace(" h ", "\u{a0}h\u{a0}");
    // In French the first of a month is an ordinal, which `Intl` does not know.
    match text.strip_prefix("1 ") {
        Some(rest) if words::tag().starts_with("fr") => format!("1er {rest}"),
        _ => text,
    }
}

/// "12 décembre", with the year when it is another one.
pub fn day(at: Millis) -> String {
    #[expect(clippy::cast_precision_loss, reason = "dates stay below 2^53")]
    let year = |at: Millis| Date::new(&JsValue::from_f64(at.0 as f64)).get_full_year();
    let same = year(at) == year(now());
    let mut pairs = vec![("day", "numeric"), ("month", "long")];
    if !same {
        pairs.push(("year", "numeric"));
    }
    format(at, &pairs)
}

/// A week's Monday. Weeks are written in UTC and stay there.
pub fn monday(at: Millis) -> String {
    format(at, &[("day", "numeric"), ("month", "long"), ("timeZone", "UTC")])
}

/// "18 h 04".
pub fn time(at: Millis) -> String {
    format(at, &[("hour", "numeric"), ("minute", "2-digit")])
}

/// "23 novembre 2026, 18 h 04".
pub fn moment(at: Millis) -> String {
    format(at, &[("dateStyle", "long"), ("timeStyle", "short")])
}

/// For `datetime` attributes.
pub fn machine(at: Millis) -> String {
    #[expect(clippy::cast_precision_loss, reason = "dates stay below 2^53")]
    Date::new(&JsValue::from_f64(at.0 as f64)).to_iso_string().into()
}

/// A number in words' company: grouped as the language does.
pub fn number(value: f64) -> String {
    let format = Intl::NumberFormat::new(&locales(), &options(&[]));
    call(&format.format(), &value.into())
}

/// Whether a count takes the singular (in French, zero does).
pub fn is_one(count: f64) -> bool {
    let rules = Intl::PluralRules::new(&locales(), &options(&[]));
    rules.select(count).as_string().as_deref() == Some("one")
}

/// In lower case, then Unicode NFD: for search.
pub fn normalize(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().normalize("NFD").into()
}

/// The instant of a native date (and time) input in local time: "2026-12-12T23:59".
pub fn from_input(text: &str) -> Option<Millis> {
    let at = Date::parse(text);
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds of a date")]
    at.is_finite().then_some(Millis(at as i64))
}

/// Casts an event's target.
pub fn target<T: JsCast>(event: &web_sys::Event) -> Option<T> {
    event.target().and_then(|target| target.dyn_into().ok())
}

/// Whether what was unfolded or folded is open now.
pub fn is_open(event: &web_sys::Event) -> bool {
    target::<web_sys::Element>(event).is_some_and(|it| it.has_attribute("open"))
}
