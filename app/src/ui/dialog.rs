//! A question before something that cannot be undone: the browser's own dialog, which keeps
//! the focus inside and gives it back to where it came from.

use super::live::{effect, on};
use leptos::html::{Button, Dialog};
use leptos::prelude::*;

use crate::w;

/// What a dialog asks.
pub struct Asked {
    /// The question.
    pub title: String,
    /// What happens then.
    pub text: String,
    /// The button that does it.
    pub yes: String,
    /// The class of that button.
    pub class: &'static str,
}

/// A dialog that is open while `open` says so. `more` is drawn between text and buttons;
/// `act` returns whether the dialog may close.
pub fn dialog(
    open: RwSignal<bool>,
    asked: Asked,
    more: Option<AnyView>,
    act: impl Fn() -> bool + 'static,
) -> AnyView {
    boxed(open, asked, more, Box::new(act))
}

fn boxed(open: RwSignal<bool>, asked: Asked, more: Option<AnyView>, act: Box<dyn Fn() -> bool>) -> AnyView {
    let (node, cancel) = (NodeRef::<Dialog>::new(), NodeRef::<Button>::new());
    effect(move |_| {
        if let Some(dialog) = node.get() {
            match (open.get(), dialog.open()) {
                (true, false) => {
                    let _ = dialog.show_modal();
                    // Where something is to be filled in the browser begins there; else it begins where nothing happens.
                    if let (Ok(None), Some(cancel)) =
                        (dialog.query_selector("input, select, textarea"), cancel.get_untracked())
                    {
                        let _ = cancel.focus();
                    }
                }
                (false, true) => dialog.close(),
                _ => {}
            }
        }
    });
    // One dialog of a kind is open at a time, but several stand in the page.
    let id = format!("dialog-{}", NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
    let labelled = id.clone();
    let yes = move |_| {
        if act() {
            open.set(false);
        }
    };
    view! {
        <dialog class="dialog" node_ref=node aria-labelledby=labelled on:close=on(move |_| open.set(false))>
            <h2 class="dialog-title" id=id>{asked.title}</h2>
            {(!asked.text.is_empty()).then(|| view! { <p>{asked.text}</p> })}
            {more}
            <div class="actions">
                <button type="button" class=asked.class on:click=on(yes)>{asked.yes}</button>
                <button type="button" class="btn btn-quiet" node_ref=cancel on:click=on(move |_| open.set(false))>
                    {w!(app_cancel)}
                </button>
            </div>
        </dialog>
    }
    .into_any()
}

static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
