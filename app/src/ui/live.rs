//! What changes on a page, in one compiled form each. Leptos compiles effects, memos and
//! event handlers anew for every closure; behind a box they are compiled once, and the
//! module a phone downloads is smaller by a good part.

use std::cell::Cell;
use std::sync::{Arc, Mutex};

use leptos::prelude::*;

use crate::offline::now;

/// A closure that Leptos follows, whichever it is.
pub type Shared<T> = Arc<Mutex<dyn FnMut() -> T + Send>>;

/// For an attribute or a text that changes.
pub fn shared<T: 'static>(read: impl FnMut() -> T + Send + 'static) -> Shared<T> {
    Arc::new(Mutex::new(read))
}

/// A part of the page that is drawn anew when what it reads changes.
pub fn live<V: IntoAny + 'static>(mut draw: impl FnMut() -> V + Send + 'static) -> AnyView {
    boxed_live(shared(move || draw().into_any()))
}

fn boxed_live(draw: Shared<AnyView>) -> AnyView {
    draw.into_any()
}

/// Runs again when what it reads changes. It is told whether it is the first time.
pub fn effect(act: impl FnMut(bool) + 'static) {
    boxed_effect(Box::new(act));
}

fn boxed_effect(mut act: Box<dyn FnMut(bool)>) {
    Effect::new(move |before: Option<()>| act(before.is_none()));
}

/// A value that is computed anew when what it reads changes, and told on when it differs.
pub fn memo<T: PartialEq + Send + Sync + 'static>(
    compute: impl Fn() -> T + Send + Sync + 'static,
) -> Memo<T> {
    boxed_memo(Box::new(compute))
}

fn boxed_memo<T: PartialEq + Send + Sync + 'static>(compute: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T> {
    Memo::new(move |_| compute())
}

/// What happens on an event.
pub fn on<E: 'static>(act: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(act)
}

/// How long a finger that taps twice may take.
const TWICE: u64 = 500;

/// Whether a tap comes so soon after one that acted that it was meant for what stood there
/// before. Otherwise it acts.
pub fn is_second_tap() -> bool {
    thread_local! {
        static ACTED: Cell<i64> = const { Cell::new(0) };
    }
    let now = now().0;
    let second = ACTED.get().abs_diff(now) < TWICE;
    if !second {
        ACTED.set(now);
    }
    second
}
