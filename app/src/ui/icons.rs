//! Line drawings, 24 units wide, our own.

use leptos::prelude::*;

pub const HOME: &str = "M3 11.5 12 4l9 7.5M5.5 10v9.5h13V10";
pub const PLUS: &str = "M12 5v14M5 12h14";
pub const TRAIL: &str =
    "M4 19a2 2 0 1 0 4 0 2 2 0 1 0-4 0M8 19h7a3.5 3.5 0 0 0 0-7H9a3.5 3.5 0 0 1 0-7h8M14.5 2.5 17 5l-2.5 2.5";
pub const PERSON: &str = "M8 8a4 4 0 1 0 8 0 4 4 0 1 0-8 0M4 20.5c1.5-4 4.5-5.5 8-5.5s6.5 1.5 8 5.5";
pub const CHECK: &str = "m5 12.5 4.5 4.5L19 7.5";
pub const CAMERA: &str = "M4 8h3l2-3h6l2 3h3v11H4zM8.5 13a3.5 3.5 0 1 0 7 0 3.5 3.5 0 1 0-7 0";
pub const WARN: &str = "M12 4 2.5 20h19zM12 10v5M12 17.5v.1";
pub const INBOX: &str = "M4 13l2.5-8h11L20 13v6H4zM4 13h5l1.5 2.5h3L15 13h5";
pub const PEOPLE: &str = "M5 9a3 3 0 1 0 6 0 3 3 0 1 0-6 0M14.5 10a2.5 2.5 0 1 0 5 0 2.5 2.5 0 1 0-5 0M2.5 19c.8-3.2 3-4.5 5.5-4.5s4.7 1.300 5.5 4.5M15 15c3 0 5 1 6 4";
pub const PIN: &str = "M12 21c-4-4.6-6.5-8-6.5-11a6.5 6.5 0 0 1 13 0c0 3-2.5 6.4-6.5 11zM9.6 10a2.4 2.4 0 1 0 4.8 0 2.4 2.4 0 1 0-4.8 0";
pub const MINUS: &str = "M5 12h14";
pub const UP: &str = "M12 19V5M6 11l6-6 6 6";
pub const DOWN: &str = "M12 5v14M6 13l6 6 6-6";
pub const LEFT: &str = "M19 12H5M11 6l-6 6 6 6";
pub const RIGHT: &str = "M5 12h14M13 6l6 6-6 6";
pub const SEARCH: &str = "M5 10.5a5.5 5.5 0 1 0 11 0 5.5 5.5 0 1 0-11 0M14.6 14.6 20 20";
pub const CLOSE: &str = "M6 6l12 12M18 6 6 18";
pub const CANOE: &str =
    "M30 34c3 8 8 10 16 10h68c8 0 13-2 16-10-14 4-86 4-100 0zM10 52h30M60 54h44M122 51h26";
pub const SEND: &str = "M4 12 20 5l-5 15-3.5-6.5z";

/// One of them.
pub fn icon(path: &'static str) -> AnyView {
    view! { <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=path /></svg> }
        .into_any()
}
