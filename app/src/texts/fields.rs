//! The fields of an amendment: a paragraph's words to change, what changes shown underneath, and why.

use domain::text::Text;
use leptos::prelude::*;

use super::shown::changes;
use super::state::AmendProblem;
use crate::ui::dates;
use crate::ui::field::{Errors, Field, field};
use crate::ui::live::live;
use crate::w;

/// What they are drawn from.
pub struct Fields {
    /// What the words are asked by, and what is typed.
    pub wording: (String, RwSignal<String>),
    /// Help for the reason, and what is typed.
    pub reason: (String, RwSignal<String>),
    /// What is wrong.
    pub errors: Errors,
    /// Whether nothing is taken now.
    pub readonly: Signal<bool>,
}

/// What is wrong, at its field.
pub fn problem(wrong: AmendProblem) -> (&'static str, String) {
    #[expect(clippy::cast_precision_loss, reason = "thousands of characters")]
    let max = || dates::number(Text::GRAPHEMES as f64);
    let text = match wrong {
        AmendProblem::Same => w!(amend_error_same),
        AmendProblem::WordingLong => w!(amend_error_long, max = max()),
        AmendProblem::ReasonLong => w!(amend_error_reason_long, max = max()),
        AmendProblem::WordingControl | AmendProblem::ReasonControl => w!(amend_error_control),
    };
    (wrong.field(), text)
}

/// The fields of another wording for these words.
pub fn fields(it: Fields, before: String, lang: String) -> AnyView {
    let Fields { wording: (label, wording), reason: (hint, reason), errors, readonly } = it;
    let wanted = Field {
        id: "wording",
        label,
        hint: w!(amend_wording_hint),
        lines: true,
        max: Text::GRAPHEMES,
        lang: Some(lang.clone()),
        ..Field::default()
    };
    let why = Field {
        id: "reason",
        label: format!("{} ({})", w!(amend_reason), w!(app_optional)),
        hint,
        lines: true,
        max: Text::GRAPHEMES,
        ..Field::default()
    };
    let preview = live(move || {
        let after = wording.get();
        let changes = changes(&before, after.trim(), &lang);
        view! { <p class="field-label">{w!(amend_preview)}</p> {changes} }
    });
    view! {
        {field(wanted, wording, errors, readonly, None)}
        <div class="stack-s">{preview}</div>
        {field(why, reason, errors, readonly, None)}
    }
    .into_any()
}
