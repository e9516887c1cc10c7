//! Texts in the feed, and what amendments to them say.

use app::ui::routes::Route;
use domain::records::{Amendment, Consultation, PublishedText};

use super::{Entry, asks, best, id};
use crate::export::Asked;
use crate::export::words;

/// The version of now of a text.
pub(super) fn entry(one: &PublishedText, it: &Consultation, asked: &Asked) -> Entry {
    let page = Route::Text(asked.public.own.place.slug.clone(), it.id, one.id);
    let words = one.paragraphs.iter().map(|paragraph| best(Some(&paragraph.words), asked));
    Entry {
        id: id("text", &format!("{} {}", one.id, one.version)),
        updated: one.published_at,
        what: words::TEXT,
        text: words.collect::<Vec<_>>().join("\n\n"),
        ..asks(it, asked, page, best(Some(&one.title), asked))
    }
}

/// What should stand in the text.
pub(super) fn wording(it: &Amendment, asked: &Asked) -> String {
    match &it.wording {
        Some(wording) => wording.to_string(),
        None => format!(
            "{}{}{}",
            asked.tongue.choose(words::TAKEN_OUT),
            asked.tongue.choose(words::COLON),
            it.quote
        ),
    }
}
