//! Where a proposal went when the office passed it on, and where it came from.

use domain::records::Contribution;
use domain::rules::forwarding::letterbox;
use leptos::prelude::*;

use crate::communities;
use crate::ui::routes::Route;
use crate::ui::{App, dates, parts};
use crate::w;

/// In one line, with the way there.
pub fn note(app: App, it: &Contribution) -> Option<AnyView> {
    let (said, there) = match (&it.forwarded, &it.forwarded_from) {
        (Some(to), _) => {
            let name = communities::name(app, &to.to);
            let said = w!(contribution_forwarded, community = name.clone(), date = dates::day(to.at));
            let there = to.arrived.map(|id| (&to.to, letterbox(&to.to), id));
            (said, there.map(|there| (there, w!(contribution_forwarded_see, community = name))))
        }
        (None, Some(from)) => {
            let said = w!(contribution_forwarded_from, community = communities::name(app, &from.community));
            let there = (&from.community, from.consultation, from.record);
            (said, Some((there, w!(contribution_forwarded_origin))))
        }
        (None, None) => return None,
    };
    let way = there.and_then(|((community, consultation, id), label)| {
        let place = app.places().with(|places| communities::state::by_id(places, community))?;
        Some(parts::link("", app.link(&Route::Contribution(place.slug, consultation, id)), label))
    });
    Some(view! { <p class="small">{said} " " {way}</p> }.into_any())
}
