//! Passing a proposal on to the community that it is for: chosen, with a word for the other office, after a question.

use domain::ids::CommunityId;
use domain::operations::{Action, Forward};
use domain::records::DeskItem;
use domain::text::Text;
use leptos::prelude::*;

use super::inbox::Desk;
use super::{acts, inputs};
use crate::communities;
use crate::contributions::{forwarded, wrong_text};
use crate::ui::dialog::{Asked, dialog};
use crate::ui::field::{Choice, Errors, Field, field};
use crate::ui::live::{live, memo, shared};
use crate::ui::{App, page, parts, typed};
use crate::w;

const TO: &str = "forward-to";
const NOTE: &str = "forward-note";

/// The line, with the form behind it; once it is passed on, where to.
pub fn fold(app: App, desk: Desk, item: Memo<Option<DeskItem>>) -> AnyView {
    let Some(first) = item.get_untracked() else { return ().into_any() };
    let gone =
        memo(move || item.with(|item| item.as_ref().is_some_and(|it| it.contribution.forwarded.is_some())));
    let summary = shared(move || if gone.get() { w!(desk_item_forwarded) } else { w!(desk_forward_label) });
    let body = live(move || match gone.get() {
        true => item.with(|item| item.as_ref().and_then(|it| forwarded::note(app, &it.contribution))),
        false => Some(form(app, desk, &first)),
    });
    view! {
        <details class="fold" id="forwarding">
            <summary>{summary}</summary>
            <div class="fold-body stack">{body}</div>
        </details>
    }
    .into_any()
}

fn form(app: App, desk: Desk, first: &DeskItem) -> AnyView {
    let (consultation, record) = (first.contribution.consultation, first.contribution.id);
    let came_from = first.contribution.forwarded_from.as_ref().map(|from| from.community.clone());
    let (to, note) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let kept_as = format!("forward {record}");
    typed::keep(app, &kept_as, vec![("to".to_owned(), to), ("note".to_owned(), note)]);
    let errors: Errors = RwSignal::new(Vec::new());
    let options = move || {
        let here = desk.community();
        let mut all =
            vec![Choice { value: String::new(), text: w!(desk_forward_choose), hint: String::new() }];
        app.places().with(|places| {
            let others = places.iter().filter(|it| it.id != here && Some(&it.id) != came_from.as_ref());
            all.extend(others.map(|it| Choice {
                value: it.id.to_string(),
                text: it.name.to_string(),
                hint: String::new(),
            }));
        });
        all
    };
    // What is to be sealed, while the question stands.
    let asked = RwSignal::new(None::<(CommunityId, Option<Text>)>);
    let ask = move || {
        let (mut wrong, text) = (Vec::new(), note.get_untracked());
        let to = to.get_untracked().parse::<CommunityId>();
        if to.is_err() {
            wrong.push((TO, w!(desk_forward_error)));
        }
        let text = match text.trim() {
            "" => None,
            text => text.parse::<Text>().map_err(|error| wrong.push((NOTE, wrong_text(error)))).ok(),
        };
        wrong.first().iter().for_each(|(field, _)| page::focus_soon(field));
        errors.set(wrong);
        if let (Ok(to), true) = (to, errors.with_untracked(Vec::is_empty)) {
            asked.set(Some((to, text)));
        }
    };
    let question = live(move || {
        let (to, note) = asked.get()?;
        let kept_as = kept_as.clone();
        let name = communities::name(app, &to);
        let open = RwSignal::new(true);
        let said = Asked {
            title: w!(desk_forward_title, community = name),
            text: w!(desk_forward_text),
            yes: w!(desk_forward_do),
            class: "btn",
        };
        let act = move || {
            let act = Action::Forward(Forward { consultation, record, to: to.clone(), note: note.clone() });
            acts::keep(app, desk.community(), act, kept_as.clone(), || ());
            true
        };
        Some(dialog(open, said, None, act))
    });
    let words = Field {
        id: NOTE,
        label: w!(desk_forward_note),
        hint: w!(desk_forward_note_hint),
        lines: true,
        max: Text::GRAPHEMES,
        class: "field-line",
        ..Field::default()
    };
    view! {
        <p class="soft">{w!(desk_forward_help)}</p>
        {inputs::select(TO, w!(desk_forward_to), options, to, errors)}
        {field(words, note, errors, Signal::derive(|| false), None)}
        <p class="actions">{parts::button("btn btn-quiet", w!(desk_forward_do), ask)}</p>
        {question}
    }
    .into_any()
}
