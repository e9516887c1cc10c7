//! Long lists are drawn as far as somebody has come: the button at their end draws more,
//! and is pressed by itself before it comes into view.

use super::live::{effect, live, memo, on};
use leptos::html::Button;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

use super::App;
use crate::consultations::state::WINDOW;
use crate::offline::sleep;
use crate::w;

/// How far ahead of what is in view: a screen and a half of a phone.
const NEAR: &str = "1200px 0px";

/// How many rows are drawn: `first` at once, which fill the screen, and `then` right after them; anew when what is
/// followed changes.
pub fn opened(app: App, first: usize, then: usize, follow: impl Fn() + 'static) -> RwSignal<usize> {
    let shown = RwSignal::new(first);
    effect(move |_| {
        follow();
        shown.set(first);
        app.spawn(async move {
            sleep(100).await;
            let _ = shown.try_update(|shown| *shown = then.max(*shown));
        });
    });
    shown
}

/// The button that shows more rows, while there are any.
pub fn more(shown: RwSignal<usize>, total: Signal<usize>) -> AnyView {
    let node = NodeRef::<Button>::new();
    let watch = StoredValue::new_local(None::<(IntersectionObserver, Seen)>);
    effect(move |_| {
        let Some(button) = node.get() else { return };
        let target = button.clone();
        let seen: Seen = Closure::new(move |entries: js_sys::Array, observer: IntersectionObserver| {
            let near = entries.iter().any(|entry| {
                entry.dyn_into::<IntersectionObserverEntry>().is_ok_and(|entry| entry.is_intersecting())
            });
            if near {
                shown.update(|shown| *shown += WINDOW);
                // An observer speaks of changes only: asked anew, it says whether the button
                // is still near after the rows were drawn.
                observer.unobserve(&target);
                observer.observe(&target);
            }
        });
        let near = IntersectionObserverInit::new();
        near.set_root_margin(NEAR);
        let observer = IntersectionObserver::new_with_options(seen.as_ref().unchecked_ref(), &near);
        if let Ok(observer) = observer {
            observer.observe(&button);
            watch.set_value(Some((observer, seen)));
        }
    });
    on_cleanup(move || {
        let _ = watch.try_update_value(|watch| {
            if let Some((observer, _)) = watch.take() {
                observer.disconnect();
            }
        });
    });
    let left = memo(move || total.get() > shown.get());
    live(move || {
        left.get().then(|| {
            view! {
                <button type="button" class="btn btn-quiet btn-wide" node_ref=node
                    on:click=on(move |_| shown.update(|shown| *shown += WINDOW))>
                    {w!(consultation_more)}
                </button>
            }
        })
    })
}

/// What is searched in a list is made ready once the list is drawn and nobody waits for it, piece by piece, until
/// `next` says that it was the last one.
pub fn prepare(app: App, next: impl Fn() -> bool + 'static) {
    app.spawn(async move {
        sleep(500).await;
        while !next() {
            sleep(10).await;
        }
    });
}

type Seen = Closure<dyn FnMut(js_sys::Array, IntersectionObserver)>;
