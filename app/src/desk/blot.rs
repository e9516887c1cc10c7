//! Blotting out private information: the office keeps the original, with the struck words marked.

use domain::operations::{Action, Blot};
use domain::records::{Contribution, DeskItem, Record};
use domain::scopes::Scope;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::acts;
use super::inbox::Desk;
use super::state::blots::{self, BlotProblem, struck, texts_of, without};
use crate::ui::field::{Errors, Field, field};
use crate::ui::live::{live, memo, on};
use crate::ui::{App, page, parts, typed};
use crate::w;

/// The text's place in the page, where words are selected.
const TEXT: &str = "said";
const FIELD: &str = "blots";

/// What is public of it, or will be, as far as that is here.
pub fn public(
    app: App,
    desk: Desk,
    item: Memo<Option<DeskItem>>,
    it: &Contribution,
) -> Memo<Option<Contribution>> {
    let records = app.records(&Scope::Consultation(desk.community(), it.consultation));
    let id = it.id;
    memo(move || {
        // What waits for approval, or is hidden: as it would be shown.
        let waits = |item: &DeskItem| item.hidden.as_ref().and_then(|hidden| hidden.shown.clone());
        item.with(|item| item.as_ref().and_then(waits)).or_else(|| {
            records.with(|all| {
                all.iter().find_map(|held| match &held.record {
                    Record::Contribution(it) if it.id == id => Some(it.clone()),
                    _ => None,
                })
            })
        })
    })
}

/// Its words as they were written; those that the public does not read are struck.
pub fn text(app: App, desk: Desk, item: Memo<Option<DeskItem>>) -> AnyView {
    let Some(first) = item.get_untracked() else { return ().into_any() };
    let it = first.contribution;
    let public = public(app, desk, item, &it);
    let blotted = memo(move || public.with(|public| public.as_ref().is_some_and(is_blotted)));
    let title = first_words(&it);
    let pieces = {
        let original = it.text().map(ToString::to_string);
        live(move || {
            let original = original.as_deref()?;
            let open = public.with(|it| it.as_ref().and_then(|it| it.text().map(ToString::to_string)));
            Some(marked(original, open.as_deref()))
        })
    };
    let heading = live(move || {
        let open = public.with(|it| it.as_ref().map(first_words));
        let struck_in_title = open.as_ref().is_some_and(|open| *open != title && open.contains('▒'));
        struck_in_title.then(|| view! { <p><strong>{marked(&title, open.as_deref())}</strong></p> })
    });
    let note =
        live(move || blotted.get().then(|| view! { <p class="small soft">{w!(desk_blot_marked)}</p> }));
    view! {
        <div class="stack-s" id=TEXT>
            {heading}
            {it.text().map(|_| view! { <blockquote class="quote" data-from="person" dir="auto">{pieces}</blockquote> })}
            {note}
        </div>
    }
    .into_any()
}

/// What the public reads of it before everything else.
fn first_words(it: &Contribution) -> String {
    it.amendment().map_or_else(|| it.title().to_string(), |it| it.proposed().to_owned())
}

fn is_blotted(it: &Contribution) -> bool {
    texts_of(it).iter().any(|text| text.contains('▒'))
}

fn marked(original: &str, public: Option<&str>) -> Vec<AnyView> {
    let pieces = public.map_or_else(|| vec![(false, original.to_owned())], |public| struck(original, public));
    pieces
        .into_iter()
        .map(|(gone, text)| match gone {
            true => view! { <del class="struck">{text}</del> }.into_any(),
            false => text.into_any(),
        })
        .collect()
}

/// The words that are selected in the text, if any.
fn selected() -> Option<String> {
    let get = js_sys::Reflect::get(&window(), &"getSelection".into()).ok()?;
    let selection = get.dyn_into::<js_sys::Function>().ok()?.call0(&window()).ok()?;
    let node = js_sys::Reflect::get(&selection, &"anchorNode".into()).ok()?;
    let node = node.dyn_into::<web_sys::Node>().ok()?;
    let inside = document().get_element_by_id(TEXT)?.contains(Some(&node));
    let text: String = js_sys::Object::from(selection).to_string().into();
    (inside && !text.trim().is_empty()).then(|| text.trim().to_owned())
}

fn problem(wrong: BlotProblem) -> String {
    match wrong {
        BlotProblem::Empty => w!(desk_blot_error_empty),
        BlotProblem::Absent(words) => w!(desk_blot_error_absent, words = words),
        BlotProblem::Long(_) => w!(desk_blot_error_long),
        BlotProblem::Many => w!(desk_blot_error_many),
    }
}

/// The line, with the form behind it.
pub fn fold(app: App, desk: Desk, item: Memo<Option<DeskItem>>) -> AnyView {
    let Some(first) = item.get_untracked() else { return ().into_any() };
    let (consultation, record) = (first.contribution.consultation, first.contribution.id);
    let texts = texts_of(&first.contribution);
    let named = RwSignal::new(String::new());
    let kept_as = format!("blot {record}");
    typed::keep(app, &kept_as, vec![("words".to_owned(), named)]);
    let errors: Errors = RwSignal::new(Vec::new());
    // A finger on the button may end the selection before the button is pressed.
    let under = StoredValue::new(None::<String>);
    let take = move || {
        if let Some(words) = under.get_value().or_else(selected) {
            named.update(|named| {
                let before = named.trim_end();
                *named = if before.is_empty() { words } else { format!("{before}\n{words}") };
            });
        }
        under.set_value(None);
    };
    let preview = {
        let texts = texts.clone();
        live(move || {
            let words = named.with(|named| blots::words(named, &texts)).ok()?;
            let lines: Vec<AnyView> = texts
                .iter()
                .map(|text| view! { <p class="quote" dir="auto">{without(text, &words)}</p> }.into_any())
                .collect();
            Some(
                view! { <div class="stack-s"><p class="field-label">{w!(desk_blot_preview)}</p>{lines}</div> },
            )
        })
    };
    let hide = move || match named.with_untracked(|named| blots::words(named, &texts)) {
        Ok(words) => {
            errors.set(Vec::new());
            let empty = move || drop(named.try_set(String::new()));
            let blot = Action::Blot(Blot { consultation, record, words, photos: vec![], covers: vec![] });
            acts::keep(app, desk.community(), blot, kept_as.clone(), empty);
        }
        Err(wrong) => {
            errors.set(vec![(FIELD, problem(wrong))]);
            page::focus_soon(FIELD);
        }
    };
    let asked = Field {
        id: FIELD,
        label: w!(desk_blot_words),
        hint: w!(desk_blot_hint),
        lines: true,
        class: "field-line",
        ..Field::default()
    };
    view! {
        <details class="fold">
            <summary>{w!(desk_blot_label)}</summary>
            <div class="fold-body stack">
                <p>{w!(desk_blot_help)}</p>
                <p class="actions">
                    <button type="button" class="btn btn-plain" on:pointerdown=on(move |_| under.set_value(selected()))
                        on:click=on(move |_| take())>{w!(desk_blot_take)}</button>
                </p>
                {field(asked, named, errors, Signal::derive(|| false), None)}
                {preview}
                <p class="actions">{parts::button("btn btn-quiet", w!(desk_blot_do), hide)}</p>
            </div>
        </details>
    }
    .into_any()
}
