//! What an amendment changes, as everyone reads it.

use domain::difference::{self, Part};
use domain::records::Amendment;
use leptos::prelude::*;

use super::state;
use crate::offline::Shown;
use crate::ui::live::{live, memo};
use crate::ui::routes::Route;
use crate::ui::{App, parts, words};
use crate::w;

/// Two wordings as one text: what goes is struck, what comes is underlined, and both are named for who
/// does not see that.
pub fn difference(before: &str, after: &str, lang: &str) -> AnyView {
    let pieces: Vec<AnyView> = difference::difference(before, after)
        .into_iter()
        .map(|(part, text)| match part {
            Part::Kept => text.into_any(),
            Part::Taken => view! { <del class="diff-out">{aloud(w!(diff_out))}{text}</del> }.into_any(),
            Part::Added => view! { <ins class="diff-in">{aloud(w!(diff_in))}{text}</ins> }.into_any(),
        })
        .collect();
    let lang = (lang != words::code()).then(|| lang.to_owned());
    view! { <p class="quote diff" data-from="motion" lang=lang dir="auto">{pieces}</p> }.into_any()
}

/// What an amendment changes in words; no others: they should go.
pub fn changes(before: &str, after: &str, lang: &str) -> AnyView {
    let goes = after.is_empty().then(|| view! { <p><strong>{w!(amend_goes)}</strong></p> });
    view! { {goes} {difference(before, after, lang)} }.into_any()
}

fn aloud(word: String) -> AnyView {
    view! { <span class="visually-hidden">" "{word}" "</span> }.into_any()
}

/// An amendment: to which paragraph, what it changes, and whether that paragraph has changed since.
/// `to` leads to the text.
pub fn amendment(app: App, records: Signal<Shown>, it: &Amendment, to: Route) -> AnyView {
    let (id, paragraph) = (it.text, it.paragraph);
    let (lang, quote) = (it.lang.clone(), it.quote.clone());
    let stands = memo(move || {
        let text = records.with(|all| state::text(all, id))?;
        let number = text.paragraph(paragraph).map(|(number, _)| number);
        Some((text.title.clone(), number, text.says(paragraph, &lang, &quote)))
    });
    let head = live(move || {
        let (title, number, same) = stands.get()?;
        let to = app.link(&to);
        let of = match number {
            Some(number) => w!(amend_of, number = number.to_string()),
            None => w!(amend_of_gone),
        };
        let changed = (!same).then(|| parts::notice("warn", String::new(), w!(amend_changed_since), None));
        Some(
            view! { <p class="meta"><span>{of}</span><a href=to dir="auto">{words::say(&title)}</a></p> {changed} },
        )
    });
    view! { {head} {changes(it.quote.as_str(), it.proposed(), it.lang.as_str())} }.into_any()
}
