//! With whom a consultation is held, and the way to each.

use domain::ids::CommunityId;
use domain::records::{Consultation, Place};
use domain::scopes::Scope;
use leptos::prelude::*;

use super::state;
use crate::communities;
use crate::ui::live::live;
use crate::ui::routes::Route;
use crate::ui::{App, parts};
use crate::w;

/// The section; none where one community holds it alone.
pub fn shared(app: App, place: &Place, it: &Consultation) -> Option<AnyView> {
    if it.shared_with.is_empty() {
        return None;
    }
    let own = Scope::Community(place.id.clone());
    let mut scopes = vec![Scope::Territory, own, Scope::Consultation(place.id.clone(), it.id)];
    scopes.extend(it.shared_with.iter().cloned().map(Scope::Community));
    app.device().follow(scopes);
    let rows: Vec<AnyView> = it.shared_with.iter().map(|with| row(app, with, it)).collect();
    Some(
        view! {
            <section class="stack-s" aria-labelledby="shared">
                <h2 id="shared">{w!(shared_title)}</h2>
                <p>{w!(shared_help)}</p>
                <ul class="bullets">{rows}</ul>
            </section>
        }
        .into_any(),
    )
}

/// The way to it; before they joined, their name.
fn row(app: App, with: &CommunityId, it: &Consultation) -> AnyView {
    let (with, id) = (with.clone(), it.id);
    let records = app.records(&Scope::Community(with.clone()));
    let body = live(move || {
        let joined =
            records.with(|all| state::consultation(all.iter().map(|held| &held.record), id)).is_some();
        let place = app.places().with(|places| communities::state::by_id(places, &with))?;
        let name = place.name.to_string();
        Some(match joined {
            true => {
                let to = app.link(&Route::Consultation(place.slug, id));
                parts::link("", to, w!(shared_see, community = name))
            }
            false => view! { <span>{w!(shared_invited, community = name)}</span> }.into_any(),
        })
    });
    view! { <li>{body}</li> }.into_any()
}
