//! Native inputs that only the office's forms have: a choice in a list that opens, and one box to tick.

use leptos::prelude::*;

use crate::ui::field::{Choice, Errors, error_of};
use crate::ui::live::{live, on, shared};

/// What a ticked box holds.
pub const YES: &str = "yes";

/// A list that opens. What it offers may change.
pub fn select(
    id: &'static str,
    label: String,
    options: impl Fn() -> Vec<Choice> + Send + 'static,
    value: RwSignal<String>,
    errors: Errors,
) -> AnyView {
    let error_id = format!("{id}-error");
    let rows = live(move || {
        let chosen = value.get_untracked();
        let options = options();
        let row = |it: Choice| {
            let is = it.value == chosen;
            view! { <option value=it.value selected=is>{it.text}</option> }.into_any()
        };
        options.into_iter().map(row).collect::<Vec<_>>()
    });
    let invalid = shared(move || error_of(errors, id).is_some().then_some("true"));
    view! {
        <div class="field" class:field-bad=move || error_of(errors, id).is_some()>
            <label class="field-label" for=id>{label}</label>
            {move || error_of(errors, id).map(|text| view! { <p class="field-error" id=error_id.clone()>{text}</p> })}
            <select class="field-input" id=id aria-invalid=invalid prop:value=value
                on:change=on(move |event| value.set(event_target_value(&event)))>{rows}</select>
        </div>
    }
    .into_any()
}

/// One box to tick, which holds [`YES`] or nothing.
pub fn tick(id: &'static str, label: String, hint: String, value: RwSignal<String>) -> AnyView {
    tick_named(id.to_owned(), label, hint, value)
}

/// The same, named while the page runs.
pub fn tick_named(id: String, label: String, hint: String, value: RwSignal<String>) -> AnyView {
    let change = move |event: web_sys::Event| {
        value.set(if event_target_checked(&event) { YES } else { "" }.to_owned());
    };
    view! {
        <label class="choice">
            <input type="checkbox" id=id prop:checked=move || value.with(|value| value == YES)
                on:change=on(change) />
            <span class="choice-text">
                {label}
                {(!hint.is_empty()).then(|| view! { <span class="choice-hint">{hint}</span> })}
            </span>
        </label>
    }
    .into_any()
}
