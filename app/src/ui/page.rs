//! What a page does to the document: its language and theme, its title, where the focus
//! goes when the screen changes.

use super::live::effect;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::App;
use super::words::{self, Locale};

/// Says language, direction and theme on `<html>`.
pub fn dress(locale: Locale, theme: &str) {
    words::set_locale(locale);
    let Some(root) = document().document_element() else { return };
    let _ = root.set_attribute("lang", words::tag());
    let _ = root.set_attribute("dir", "ltr");
    // Installing takes the name and the words of the language in use.
    if let Ok(Some(link)) = document().query_selector("link[rel=manifest]") {
        let (from, to) = if words::code() == "en" { (".fr.", ".en.") } else { (".en.", ".fr.") };
        let href = link.get_attribute("href").unwrap_or_default();
        let _ = link.set_attribute("href", &href.replace(from, to));
    }
    let _ = match theme {
        "light" | "dark" => root.set_attribute("data-theme", theme),
        _ => root.remove_attribute("data-theme"),
    };
}

/// Names the page in the window's title, from now on and whenever the name changes.
pub fn title(name: impl Fn() -> String + 'static) {
    effect(move |_| {
        let name = name();
        // What names the page may still be on its way.
        let title = if name.is_empty() { "Rabaska".to_owned() } else { [&name, " – Rabaska"].concat() };
        document().set_title(&title);
    });
}

/// After each change of screen: the focus goes to its heading, which is read out. Not on
/// the first one, where the browser has its own order.
pub fn focus_on_change(app: App) {
    effect(move |first| {
        app.route.track();
        // Choosing a community changes the screen and not its address.
        app.chosen.track();
        if !first {
            focus_heading(0);
        }
    });
}

/// The heading may be drawn a little later than the page: looks for it for a while.
pub fn focus_heading(tries: u32) {
    const FRAMES: u32 = 60;
    request_animation_frame(move || {
        // Beside a list, the heading of what was chosen; else the page's own.
        let find = |selector| document().query_selector(selector).ok().flatten();
        let heading = find("main h1").or_else(|| find("h1"));
        match heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok()) {
            Some(heading) => {
                let _ = heading.set_attribute("tabindex", "-1");
                let _ = heading.focus();
                window().scroll_to_with_x_and_y(0.0, 0.0);
            }
            None if tries < FRAMES => focus_heading(tries + 1),
            None => {}
        }
    });
}

/// Puts the focus on the element of that id.
pub fn focus(id: &str) {
    let found = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = found {
        let _ = element.focus();
        element.scroll_into_view();
    }
}

/// The same once the page has been drawn.
pub fn focus_soon(id: &'static str) {
    request_animation_frame(move || focus(id));
}
