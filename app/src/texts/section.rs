//! The texts of a consultation, with the way to each.

use domain::ids::RecordId;
use domain::records::{Place, PublishedText};
use domain::scopes::Scope;
use leptos::prelude::*;

use super::state;
use crate::ui::live::{live, memo};
use crate::ui::routes::Route;
use crate::ui::{App, dates, parts};
use crate::{n, w};

/// The section, when there are any.
pub fn section(app: App, place: &Place, consultation: RecordId) -> AnyView {
    let records = app.records(&Scope::Consultation(place.id.clone(), consultation));
    let slug = place.slug.clone();
    // Drawn anew when one of them changes, and not with every contribution.
    let all = memo(move || {
        records.with(|all| {
            let counted = |it: PublishedText| {
                let count = state::amendments(all, it.id).len();
                (it, count)
            };
            state::texts(all).into_iter().map(counted).collect::<Vec<_>>()
        })
    });
    live(move || {
        let cards: Vec<AnyView> =
            all.with(|all| all.iter().map(|(it, count)| card(app, &slug, it, *count)).collect());
        (!cards.is_empty()).then(|| {
            view! { <section class="stack" aria-labelledby="texts"><h2 id="texts">{w!(text_section)}</h2>{cards}</section> }
        })
    })
}

fn card(app: App, slug: &str, it: &PublishedText, count: usize) -> AnyView {
    let to = app.link(&Route::Text(slug.to_owned(), it.consultation, it.id));
    let amended = (count > 0).then(|| view! { <span>{n!(count, amend_count_a, amend_count_s)}</span> });
    view! {
        <article class="card">
            <p class="meta">{parts::tag("act", w!(text_tag))}<span>{version(it)}</span>{amended}</p>
            <h3 class="card-title"><a class="card-link" href=to>{parts::said(&it.title)}</a></h3>
        </article>
    }
    .into_any()
}

/// Which version it is, since when.
pub fn version(it: &PublishedText) -> String {
    w!(text_version, number = it.version.to_string(), date = dates::day(it.published_at))
}
