//! A long form a step at a time: what is typed stays in each, and one goes on once nothing in it is wrong.

use leptos::prelude::*;

use crate::ui::field::Errors;
use crate::ui::live::{live, memo, shared};
use crate::ui::{page, parts, words};
use crate::w;

/// The steps of a form, and the one that is shown.
#[derive(Clone, Copy)]
pub struct Steps {
    at: RwSignal<usize>,
    names: &'static [fn() -> String],
}

impl Steps {
    /// The first of these.
    pub fn new(names: &'static [fn() -> String]) -> Self {
        Self { at: RwSignal::new(0), names }
    }

    /// Which one is shown.
    pub fn at(self) -> usize {
        self.at.get_untracked()
    }

    /// Whether this one is shown.
    pub fn shows(self, step: usize) -> bool {
        self.at.get() == step
    }

    /// Whether it is the last one.
    pub fn is_last(self) -> bool {
        self.at() + 1 == self.names.len()
    }

    /// Shows another one.
    pub fn go(self, to: usize) {
        self.at.set(to.min(self.names.len().saturating_sub(1)));
        page::focus_soon("step");
    }

    /// Which one of how many, and what it is about.
    pub fn head(self) -> AnyView {
        let of = self.names.len();
        let said = shared(move || {
            let at = self.at.get();
            let name = self.names.get(at).map(|name| name()).unwrap_or_default();
            let step = w!(desk_part_of, part = (at + 1).to_string(), of = of.to_string());
            words::named(&step, &name)
        });
        view! { <h2 id="step" tabindex="-1">{said}</h2> }.into_any()
    }

    /// What stands in one of them: it is drawn once, and hidden while another one is shown.
    pub fn section(self, step: usize, inside: AnyView) -> AnyView {
        view! { <div class="stack-l" hidden=move || !self.shows(step)>{inside}</div> }.into_any()
    }

    /// The way on, which is `last` on the last one, and the way back.
    pub fn actions(self, errors: Errors, last: fn() -> String) -> AnyView {
        let on = memo(move || self.at.get() + 1 < self.names.len());
        let buttons = live(move || {
            let label = if on.get() { w!(app_continue) } else { last() };
            let back = (self.at.get() > 0).then(|| {
                parts::button("btn btn-quiet", w!(desk_part_back), move || {
                    // What was wrong there is said again where it still is.
                    errors.set(Vec::new());
                    self.go(self.at().saturating_sub(1));
                })
            });
            view! { <p class="actions"><button class="btn" type="submit">{label}</button>{back}</p> }
        });
        view! { {buttons} }.into_any()
    }
}
