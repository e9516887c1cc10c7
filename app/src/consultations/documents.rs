//! The documents of a consultation: what each is and how large, the way to open it, and whether this device
//! keeps it for when there is no network.

use domain::ids::{Hash, RecordId};
use domain::records::{Document, Place};
use domain::scopes::Scope;
use domain::text::{Localized, Title};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlAnchorElement, MouseEvent};

use super::state;
use crate::offline::{DocumentCopy, sleep};
use crate::people;
use crate::ui::live::{is_second_tap, live, memo, on, shared};
use crate::ui::{App, dates, parts, words};
use crate::w;

/// How long the browser may take to put a file away whose bytes are here.
const TAKEN_MS: u32 = 60_000;

/// The section, when there are any.
pub fn documents(app: App, place: &Place, consultation: RecordId) -> AnyView {
    let records = app.records(&Scope::Consultation(place.id.clone(), consultation));
    // Drawn anew when one of them changes, and not with every contribution.
    let all = memo(move || records.with(|all| state::documents(all)));
    live(move || {
        let cards: Vec<AnyView> = all.with(|all| all.iter().map(|it| card(app, it)).collect());
        (!cards.is_empty()).then(|| {
            view! {
                <section class="stack" aria-labelledby="documents">
                    <h2 id="documents">{w!(document_title)}</h2>{cards}
                </section>
            }
        })
    })
}

/// What a document is, and how large.
pub fn kind(it: &Document) -> String {
    w!(document_kind, size = people::bytes(it.size))
}

fn card(app: App, it: &Document) -> AnyView {
    let file = it.file;
    let copies = app.device().documents();
    let copy = memo(move || copies.with(|copies| copies.get(&file).copied()));
    let is_kept = memo(move || matches!(copy.get(), Some(DocumentCopy::Kept(_))));
    let kept = live(move || is_kept.get().then(|| parts::tag("good", w!(document_kept))));
    // Of one that was taken away, a copy on this device can still be opened and freed.
    let removed = it.removed_at;
    let gone = removed.map(|at| parts::tag("", w!(document_removed, date = dates::day(at))));
    let here = move || removed.is_none() || is_kept.get();
    let (title, linked) = (it.title.clone(), it.title.clone());
    let named = live(move || match here() {
        true => link(app, file, &linked, is_kept),
        false => parts::said(&linked),
    });
    let size = it.size;
    let actions = live({
        let title = title.clone();
        // The button stays the same one as its document comes: it keeps the focus.
        move || here().then(|| button(app, file, size, words::say(&title), copy))
    });
    view! {
        <article class="card">
            <p class="meta"><span>{kind(it)}</span>{kept}{gone}</p>
            <h3 class="card-title">{named}</h3>
            {standing(size, copy)}
            {actions}
        </article>
    }
    .into_any()
}

/// The way to open it: from this device when it is kept, else from the server.
fn link(app: App, file: Hash, title: &Localized<Title>, is_kept: Memo<bool>) -> AnyView {
    let name = [&words::say(title), ".pdf"].concat();
    let saved = name.clone();
    let open = move |event: MouseEvent| {
        if !is_kept.get_untracked() {
            if !app.device().network().get_untracked().online {
                event.prevent_default();
                app.fail(w!(document_needs_network));
            }
            return;
        }
        event.prevent_default();
        let name = saved.clone();
        app.spawn(async move {
            match app.device().document(file).await {
                Some(address) => hand_out(address, &name).await,
                None => app.fail(w!(document_lost)),
            }
        });
    };
    let address = ["/api/v1/blobs/", &file.to_string()].concat();
    view! { <a href=address download=name on:click=on(open)>{parts::said(title)}</a> }.into_any()
}

/// Gives a file to the browser, which opens it or puts it away as people are used to.
async fn hand_out(address: String, name: &str) {
    let made = document().create_element("a").ok().and_then(|made| made.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(link) = made {
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    sleep(TAKEN_MS).await;
    let _ = web_sys::Url::revoke_object_url(&address);
}

/// How far it is, or why it is not kept.
fn standing(size: u64, copy: Memo<Option<DocumentCopy>>) -> AnyView {
    let part = memo(move || match copy.get() {
        Some(DocumentCopy::Coming(here)) => Some((here * 100 / size.max(1)).min(100)),
        _ => None,
    });
    let coming = live(move || part.get().map(|part| parts::progress(w!(document_coming), part)));
    let wrong = memo(move || match copy.get() {
        Some(DocumentCopy::NotFetched) => Some(w!(document_not_fetched)),
        Some(DocumentCopy::NotKept(error)) => Some(words::unkept(error)),
        _ => None,
    });
    let wrong = live(move || wrong.get().map(|text| view! { <p class="field-error">{text}</p> }));
    view! { {coming}<div role="status">{wrong}</div> }.into_any()
}

/// Keeps it, stops that, or frees it: one button, by how it stands.
fn button(app: App, file: Hash, size: u64, title: String, copy: Memo<Option<DocumentCopy>>) -> AnyView {
    let label = shared(move || match copy.get() {
        Some(DocumentCopy::Kept(size)) => w!(document_free, size = people::bytes(size)),
        Some(DocumentCopy::Coming(_)) => w!(document_stop),
        _ => w!(document_keep, size = people::bytes(size)),
    });
    let press = move |_: MouseEvent| {
        // A finger that taps twice would stop what it has just asked for.
        if is_second_tap() {
            return;
        }
        match copy.get_untracked() {
            Some(DocumentCopy::Coming(_)) => app.device().stop_document(file),
            Some(DocumentCopy::Kept(_)) => app.spawn(async move {
                if let Err(error) = app.device().free_document(file).await {
                    app.fail(words::unkept(error));
                }
            }),
            _ => app.spawn(async move { app.device().keep_document(file, size).await }),
        }
    };
    view! {
        <p class="actions">
            <button type="button" class="btn btn-quiet" on:click=on(press)>
                {label}<span class="visually-hidden">{crate::ui::words::colon()} {title}</span>
            </button>
        </p>
    }
    .into_any()
}
