//! A form for something that has a name and a text in the community's languages: a rule, a template of answers.

use domain::text::{Label, Lang, Localized, Text};
use leptos::prelude::*;

use super::inbox::Desk;
use super::two::{Boxes, Two, languages};
use crate::ui::field::{Errors, summary};
use crate::ui::{App, page as pages, parts, typed};
use crate::w;

/// The names of its boxes.
pub const NAME: [&str; 2] = ["naming-name", "naming-name-2"];
const TEXT: [&str; 2] = ["naming-text", "naming-text-2"];

/// What is wrong, at each box.
type Wrong = Vec<(&'static str, String)>;

/// Both texts.
pub type Named = (Localized<Label>, Localized<Text>);

/// The form.
#[derive(Clone)]
pub struct Naming {
    /// What is done.
    pub title: String,
    /// Under which name what is typed is kept.
    pub kept_as: String,
    /// The labels of the name and of the text, in French and in English.
    pub labels: [fn(bool) -> String; 2],
    /// Whether it is said in every language; a place may stay open then: it is no answer yet.
    pub every_language: bool,
    /// On the button.
    pub verb: String,
    /// What stood there before.
    pub before: Option<Named>,
}

/// Draws it: `save` is given what is right, `cancel` closes it.
pub fn form(
    app: App,
    desk: Desk,
    it: Naming,
    save: impl Fn(Named) + 'static,
    cancel: impl Fn() + 'static,
) -> AnyView {
    let langs: Vec<Lang> = desk.lists.with_untracked(|lists| languages(lists.as_ref()));
    let name = Two::new(&langs, it.before.as_ref().map(|(name, _)| name));
    let text = Two::new(&langs, it.before.as_ref().map(|(_, text)| text));
    let mut fields = name.named("name ");
    fields.extend(text.named("text "));
    typed::keep(app, &it.kept_as, fields);
    let every = it.every_language;
    let errors: Errors = RwSignal::new(Vec::new());
    let boxes = |ids, label| Boxes { second_optional: !every, ..Boxes::texts(ids, label) };
    let names = Boxes { max: Label::GRAPHEMES, lines: false, ..boxes(NAME, it.labels[0]) };
    let texts = boxes(TEXT, it.labels[1]);
    let check = {
        let (name, text) = (name.clone(), text.clone());
        move || match read(&name, &text, [&names, &texts], every) {
            Ok(named) => {
                errors.set(Vec::new());
                save(named);
            }
            Err(wrong) => errors.set(wrong),
        }
    };
    pages::focus_soon(NAME[0]);
    view! {
        <section class="stack card" aria-labelledby="naming">
            <h2 id="naming">{it.title}</h2>
            {summary(errors)}
            {name.draw(names, errors)}
            {text.draw(texts, errors)}
            <p class="actions">
                {parts::button("btn", it.verb, check)}
                {parts::button("btn btn-plain", w!(app_cancel), cancel)}
            </p>
        </section>
    }
    .into_any()
}

fn read(name: &Two, text: &Two, [names, texts]: [&Boxes; 2], every: bool) -> Result<Named, Wrong> {
    let both = match every {
        true => (name.read_whole(names), text.read_whole(texts)),
        false => (name.read(names), text.read(texts)),
    };
    match both {
        (Ok(name), Ok(text)) => Ok((name, text)),
        (name, text) => Err([name.err(), text.err()].into_iter().flatten().flatten().collect()),
    }
}
