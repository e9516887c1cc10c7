//! What this device keeps: scope by scope, how much and how old.

use crate::ui::live::{live, memo, shared};
use domain::scopes::Scope;
use leptos::prelude::*;

use super::state::{Size, size};
use crate::communities;
use crate::offline::{DocumentCopy, ScopeUse};
use crate::ui::{App, dates, parts, tide, words};
use crate::{consultations, w};

/// A number of bytes, for people.
pub fn bytes(count: u64) -> String {
    match size(count) {
        #[expect(clippy::cast_precision_loss, reason = "kilobytes")]
        Size::Kilobytes(count) => w!(me_storage_size_kb, size = dates::number(count as f64)),
        Size::Megabytes(count) => w!(me_storage_size_mb, size = dates::number(count)),
    }
}

/// The section.
pub fn section(app: App) -> AnyView {
    let storage = app.device().storage();
    let rows = shared(move || -> Vec<AnyView> {
        app.clock.track();
        storage.with(|all| all.iter().map(|used| row(app, used)).collect())
    });
    let documents = app.device().documents();
    let kept = memo(move || documents.with(|all| all.values().map(kept_bytes).sum::<u64>()));
    let documents = live(move || {
        let kept = Some(kept.get()).filter(|kept| *kept > 0)?;
        Some(parts::fact(w!(me_storage_documents), bytes(kept).into_any(), None))
    });
    let total =
        move || storage.with(|all| bytes(all.iter().map(|used| used.bytes).sum::<u64>() + kept.get()));
    view! {
        <section class="stack">
            <h2>{w!(me_storage_title)}</h2>
            <p class="soft">{w!(me_storage_intro)}</p>
            <dl class="facts">{rows}{documents}</dl>
            <p>{move || w!(me_storage_total, size = total())}</p>
        </section>
    }
    .into_any()
}

fn kept_bytes(copy: &DocumentCopy) -> u64 {
    match copy {
        DocumentCopy::Kept(size) => *size,
        _ => 0,
    }
}

fn row(app: App, used: &ScopeUse) -> AnyView {
    let age = used.pulled_at.map_or_else(|| w!(tide_never), tide::age_of);
    let value = format!("{} · {age}", bytes(used.bytes));
    parts::fact(name(app, &used.scope), value.into_any(), None)
}

/// A scope in words.
fn name(app: App, scope: &Scope) -> String {
    let place = |id| {
        let place = app.places().with(|places| communities::state::by_id(places, id));
        place.map_or_else(|| id.to_string(), |place| place.name.to_string())
    };
    match scope {
        Scope::Territory => w!(scope_territory),
        Scope::Community(id) => place(id),
        Scope::Desk(id) => w!(scope_desk, community = place(id)),
        Scope::Person(_) => w!(trail_title),
        // No device ever holds it.
        Scope::Sealed(id) => place(id),
        Scope::Consultation(community, id) => {
            let records = app.records(&Scope::Community(community.clone()));
            let it =
                records.with(|all| consultations::state::consultation(all.iter().map(|h| &h.record), *id));
            it.map_or_else(|| w!(scope_consultation), |it| words::say(&it.title))
        }
    }
}
