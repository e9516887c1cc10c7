//! Between the office and the author: questions and replies. And among colleagues: notes.

use domain::operations::{Action, Ask, Note};
use domain::records::{DeskItem, NoteKept, Question};
use domain::text::{InvalidText, Text};
use leptos::prelude::*;

use super::acts;
use super::inbox::Desk;
use crate::ui::field::{Errors, Field, field};
use crate::ui::live::{live, memo, shared};
use crate::ui::{App, dates, page, parts, typed};
use crate::{n, w};

/// What was asked, with the replies, the oldest first.
pub fn exchange(item: Memo<Option<DeskItem>>) -> AnyView {
    let questions =
        memo(move || item.with(|item| item.as_ref().map(|item| item.questions.clone()).unwrap_or_default()));
    live(move || {
        let rows: Vec<AnyView> = questions.with(|all| all.iter().map(question).collect());
        (!rows.is_empty()).then(|| {
            view! {
                <section class="stack" aria-labelledby="exchange">
                    <h2 id="exchange">{w!(desk_ask_exchange)}</h2>
                    <div class="exchange">{rows}</div>
                </section>
            }
        })
    })
}

fn question(it: &Question) -> AnyView {
    let asked = Some(w!(desk_ask_asked_on, date = dates::moment(it.at)));
    let reply = match (&it.reply, it.replied_at) {
        (Some(reply), at) => {
            let by = at.map(|at| w!(desk_ask_replied_on, date = dates::moment(at)));
            view! { <div class="exchange-reply">{parts::words_of("person", reply.to_string(), by)}</div> }
                .into_any()
        }
        (None, _) => view! { <p class="soft small">{w!(desk_ask_waits)}</p> }.into_any(),
    };
    view! { {parts::words_of("council", it.text.to_string(), asked)} {reply} }.into_any()
}

/// What a small form writes.
#[derive(Clone, Copy)]
struct Small {
    id: &'static str,
    label: fn() -> String,
    hint: fn() -> String,
    save: fn() -> String,
}

/// One box, one button: what is written becomes an act, and the box is empty again.
fn small(
    app: App,
    desk: Desk,
    asked: Small,
    kept_as: String,
    act: impl Fn(Text) -> Action + 'static,
) -> AnyView {
    let text = RwSignal::new(String::new());
    typed::keep(app, &kept_as, vec![("text".to_owned(), text)]);
    let errors: Errors = RwSignal::new(Vec::new());
    let send = move || match text.get_untracked().trim().parse::<Text>() {
        Ok(words) => {
            errors.set(Vec::new());
            let empty = move || drop(text.try_set(String::new()));
            acts::keep(app, desk.community(), act(words), kept_as.clone(), empty);
        }
        Err(wrong) => {
            let said = match wrong {
                InvalidText::Empty => w!(desk_small_error_empty),
                InvalidText::TooLong => {
                    #[expect(clippy::cast_precision_loss, reason = "thousands of characters")]
                    let max = dates::number(Text::GRAPHEMES as f64);
                    w!(comment_error_long, max = max)
                }
                InvalidText::Control => w!(comment_error_control),
            };
            errors.set(vec![(asked.id, said)]);
            page::focus_soon(asked.id);
        }
    };
    let shown = Field {
        id: asked.id,
        label: (asked.label)(),
        hint: (asked.hint)(),
        lines: true,
        max: Text::GRAPHEMES,
        class: "field-line",
        ..Field::default()
    };
    view! {
        {field(shown, text, errors, Signal::derive(|| false), None)}
        <p class="actions">{parts::button("btn btn-quiet", (asked.save)(), send)}</p>
    }
    .into_any()
}

/// Asking the author.
pub fn ask(app: App, desk: Desk, item: Memo<Option<DeskItem>>) -> AnyView {
    let Some(first) = item.get_untracked() else { return ().into_any() };
    let (consultation, record) = (first.contribution.consultation, first.contribution.id);
    let asked = Small {
        id: "ask",
        label: || w!(desk_ask_text),
        hint: || w!(desk_ask_hint),
        save: || w!(desk_ask_send),
    };
    let form = small(app, desk, asked, format!("ask {record}"), move |text| {
        Action::Ask(Ask { consultation, record, text })
    });
    view! { <details class="fold"><summary>{w!(desk_ask_label)}</summary><div class="fold-body stack">{form}</div></details> }
        .into_any()
}

/// Notes for colleagues.
pub fn notes(app: App, desk: Desk, item: Memo<Option<DeskItem>>) -> AnyView {
    let Some(first) = item.get_untracked() else { return ().into_any() };
    let (consultation, record) = (first.contribution.consultation, first.contribution.id);
    let notes =
        memo(move || item.with(|item| item.as_ref().map(|item| item.notes.clone()).unwrap_or_default()));
    let summary = shared(move || match notes.with(Vec::len) {
        0 => w!(desk_note_none),
        count => n!(count, desk_note_count_a, desk_note_count_s),
    });
    let rows = live(move || -> Vec<AnyView> { notes.with(|all| all.iter().map(one_note).collect()) });
    let asked = Small {
        id: "note",
        label: || w!(desk_note_label),
        hint: || w!(desk_note_hint),
        save: || w!(desk_note_save),
    };
    let form = small(app, desk, asked, format!("note {record}"), move |text| {
        Action::Note(Note { consultation, record, text })
    });
    // What colleagues wrote is seen without looking for it.
    let open = !first.notes.is_empty();
    view! {
        <details class="fold" open=open>
            <summary>{summary}</summary>
            <div class="fold-body stack">{rows}{form}</div>
        </details>
    }
    .into_any()
}

fn one_note(it: &NoteKept) -> AnyView {
    let by = w!(desk_note_by, name = it.name.to_string(), date = dates::moment(it.at));
    parts::words_of("", it.text.to_string(), Some(by))
}
