//! Questions: label, hint, error, input, counter, in this order; and the summary of what is
//! wrong, with a link to each field.

use super::live::{live, on, shared};
use leptos::prelude::*;

use super::{dates, page};
use crate::proposals::state::counter;
use crate::w;

/// What a field asks.
#[derive(Clone, Default)]
pub struct Field {
    /// Names the input, and begins the names of its hint and error.
    pub id: &'static str,
    /// The question.
    pub label: String,
    /// Help, always shown.
    pub hint: String,
    /// Several lines.
    pub lines: bool,
    /// The most graphemes, for the counter.
    pub max: usize,
    /// More classes for the input.
    pub class: &'static str,
    /// `type` of the input.
    pub kind: &'static str,
    /// `lang` of what is written.
    pub lang: Option<String>,
    /// For the browser's memory.
    pub autocomplete: &'static str,
}

/// What is wrong, in words, at each field.
pub type Errors = RwSignal<Vec<(&'static str, String)>>;

/// The error of a field.
pub fn error_of(errors: Errors, id: &str) -> Option<String> {
    errors.with(|errors| errors.iter().find(|(field, _)| *field == id).map(|(_, text)| text.clone()))
}

/// A field bound to a text. `foot` stands left of the counter.
pub fn field(
    field: Field,
    value: RwSignal<String>,
    errors: Errors,
    readonly: Signal<bool>,
    foot: Option<AnyView>,
) -> AnyView {
    let id = field.id;
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let described = shared({
        let (hint, error, has_hint) = (hint_id.clone(), error_id.clone(), !field.hint.is_empty());
        move || {
            let wrong = error_of(errors, id).is_some();
            let ids = [(has_hint, &hint), (wrong, &error)];
            let ids: Vec<&str> =
                ids.into_iter().filter(|(there, _)| *there).map(|(_, id)| id.as_str()).collect();
            (!ids.is_empty()).then(|| ids.join(" "))
        }
    });
    let invalid = shared(move || error_of(errors, id).is_some().then_some("true"));
    let class = format!("field-input {}", field.class);
    let input = if field.lines {
        view! {
            <textarea id=id class=class lang=field.lang dir="auto" aria-describedby=described aria-invalid=invalid
                readonly=readonly autocomplete="off" prop:value=value
                on:input=on(move |event| value.set(event_target_value(&event)))></textarea>
        }
        .into_any()
    } else {
        let kind = if field.kind.is_empty() { "text" } else { field.kind };
        let autocomplete = if field.autocomplete.is_empty() { "off" } else { field.autocomplete };
        view! {
            <input id=id class=class type=kind lang=field.lang dir="auto" aria-describedby=described aria-invalid=invalid
                readonly=readonly autocomplete=autocomplete prop:value=value
                on:input=on(move |event| value.set(event_target_value(&event))) />
        }
        .into_any()
    };
    let max = field.max;
    let count = shared(move || {
        let shown = (max > 0).then(|| value.with(|text| counter(text, max))).flatten();
        shown.map(|(used, over)| {
            #[expect(clippy::cast_precision_loss, reason = "thousands of characters")]
            let text =
                w!(propose_counter, used = dates::number(used as f64), max = dates::number(max as f64));
            view! { <span class="field-count" data-over=over.then_some("")>{text}</span> }
        })
    });
    view! {
        <div class="field" class:field-bad=move || error_of(errors, id).is_some()>
            <label class="field-label" for=id>{field.label}</label>
            {(!field.hint.is_empty()).then(|| view! { <p class="field-hint" id=hint_id>{field.hint}</p> })}
            {move || error_of(errors, id).map(|text| view! { <p class="field-error" id=error_id.clone()>{text}</p> })}
            {input}
            {(max > 0 || foot.is_some()).then(|| view! { <div class="field-foot">{foot}{count}</div> })}
        </div>
    }
    .into_any()
}

/// One choice of a group.
#[derive(Clone, PartialEq)]
pub struct Choice {
    /// What is kept.
    pub value: String,
    /// What is read.
    pub text: String,
    /// A line under it.
    pub hint: String,
}

/// A group of native radios in pills, or in rows when their texts are long.
pub fn choices(
    id: &'static str,
    legend: String,
    hint: String,
    rows: bool,
    options: Vec<Choice>,
    value: RwSignal<String>,
    errors: Errors,
) -> AnyView {
    let hint_id = format!("{id}-hint");
    let error_id = format!("{id}-error");
    let radios: Vec<AnyView> = options
        .into_iter()
        .enumerate()
        .map(|(at, choice)| {
            // The summary's link leads to the first one.
            let radio = if at == 0 { id.to_owned() } else { format!("{id}-{at}") };
            let (own, checked) = (choice.value.clone(), choice.value.clone());
            view! {
                <label class="choice">
                    <input type="radio" id=radio name=id prop:checked=move || value.with(|value| *value == checked)
                        on:change=on(move |_| value.set(own.clone())) />
                    <span class="choice-text" dir="auto">
                        {choice.text}
                        {(!choice.hint.is_empty()).then(|| view! { <span class="choice-hint">{choice.hint}</span> })}
                    </span>
                </label>
            }
            .into_any()
        })
        .collect();
    let described = format!("{hint_id} {error_id}");
    view! {
        <fieldset class="field" class:field-bad=move || error_of(errors, id).is_some() aria-describedby=described>
            <legend class="field-label">{legend}</legend>
            <p class="field-hint" id=hint_id>{hint}</p>
            {move || error_of(errors, id).map(|text| view! { <p class="field-error" id=error_id.clone()>{text}</p> })}
            <div class=if rows { "choices choices-rows" } else { "choices" }>{radios}</div>
        </fieldset>
    }
    .into_any()
}

/// What is wrong, each leading to its field.
pub fn links(wrong: Vec<(&'static str, String)>) -> Vec<AnyView> {
    let link = |(field, text): (&'static str, String)| {
        let go = move |event: web_sys::MouseEvent| {
            event.prevent_default();
            page::focus(field);
        };
        view! { <li><a href=format!("#{field}") on:click=on(go)>{text}</a></li> }.into_any()
    };
    wrong.into_iter().map(link).collect()
}

/// What is wrong with the page, first thing in it; takes the focus when it appears.
pub fn summary(errors: Errors) -> AnyView {
    summary_of(move || errors.get())
}

/// The same, in other words than those at the fields.
pub fn summary_of(wrong: impl Fn() -> Vec<(&'static str, String)> + Send + 'static) -> AnyView {
    live(move || {
        let wrong = wrong();
        if wrong.is_empty() {
            return ().into_any();
        }
        let items = links(wrong);
        page::focus_soon("errors");
        view! {
            <div class="errors" id="errors" tabindex="-1" role="alert" aria-labelledby="errors-title">
                <h2 class="errors-title" id="errors-title">{w!(propose_error_title)}</h2>
                <ul class="errors-list">{items}</ul>
            </div>
        }
        .into_any()
    })
}
