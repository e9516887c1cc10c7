//! What in somebody's words looks like a way to reach a person: asked about before they are public, never taken out.

use domain::contacts::{self, Contact};
use leptos::prelude::*;

use crate::ui::live::{live, memo};
use crate::ui::pieces::{self, Piece};
use crate::ui::{App, parts};
use crate::w;

/// Under a form, while somebody writes: looked for once there is anything that could be one.
pub fn while_typed(app: App, texts: Vec<RwSignal<String>>) -> AnyView {
    let texts = StoredValue::new(texts);
    let may_be = |text: &String| text.contains('@') || text.bytes().filter(u8::is_ascii_digit).count() >= 7;
    let any = memo(move || texts.with_value(|all| all.iter().any(|text| text.with(may_be))));
    live(move || any.get().then(|| pieces::shown(app, Piece::Reachable(texts))))
}

/// The same, drawn.
pub fn typed(texts: StoredValue<Vec<RwSignal<String>>>) -> AnyView {
    let said = live(move || {
        let texts: Vec<String> = texts.with_value(|all| all.iter().map(RwSignal::get).collect());
        reachable(&texts.iter().map(String::as_str).collect::<Vec<_>>())
    });
    view! { <div role="status">{said}</div> }.into_any()
}

/// The first that is found.
pub fn reachable(texts: &[&str]) -> Option<AnyView> {
    let found = texts.iter().flat_map(|text| contacts::find(text)).next()?;
    let title = match found.0 {
        Contact::Phone => w!(check_phone),
        Contact::Email => w!(check_email),
    };
    let words = view! { <p dir="auto">{found.1.to_owned()}</p> }.into_any();
    Some(parts::notice("warn", title, w!(check_contact_help), Some(words)))
}
