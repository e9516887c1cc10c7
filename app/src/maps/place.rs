//! The place of a proposal on its page: in words, and on the map when somebody wants to see it.

use domain::records::Contribution;
use domain::sectors::Sector;
use leptos::prelude::*;

use super::shown::{Chart, For, degrees, shown};
use crate::ui::icons::{PIN, icon};
use crate::ui::live::live;
use crate::ui::{App, parts};
use crate::w;

/// Whether somebody opened a map on this device: from then on one place is drawn at once.
const OPENED: &str = "maps";

/// Where it is, when it says so.
pub fn place(app: App, it: &Contribution) -> Option<AnyView> {
    let place = it.place()?;
    let words = place.words.as_ref().map(|words| view! { <span dir="auto">{words.to_string()}</span> });
    let numbers = place.sector.map(|sector| view! { <span class="soft">{degrees(sector)}</span> });
    let line = view! { <p class="meta place">{icon(PIN)}{words}{numbers}</p> };
    Some(view! { <div class="stack-s">{line}{place.sector.map(|sector| seen(app, sector))}</div> }.into_any())
}

fn seen(app: App, sector: Sector) -> AnyView {
    let open = RwSignal::new(false);
    app.spawn(async move {
        if app.device().preference(OPENED).await.is_some() {
            let _ = open.try_set(true);
        }
    });
    let press = move || {
        open.set(true);
        app.spawn(async move {
            // What is not kept is asked for by a tap the next time too.
            let _ = app.device().set_preference(OPENED, "1").await;
        });
    };
    live(move || match open.get() {
        true => {
            let (chosen, marks) = (RwSignal::new(Some(sector)), Signal::derive(Vec::new));
            shown(app, Chart { task: For::Seeing, marks, chosen, bounds: None })
        }
        false => parts::button("btn btn-quiet", w!(map_open), press),
    })
}
