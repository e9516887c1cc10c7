//! The table of texts, paragraph by paragraph, and the columns of amendments among the contributions.

use domain::records::{Amendment, PublishedText};
use serde_json::{Value, json};

use super::columns::{Column, LANGUAGE, ON_CONSULTATION, Sort, column};
use super::{Cell, Kind, line, plain};
use crate::export::times;
use crate::export::words::Both;

/// What a row is.
pub const ABOUT: Both = (
    "Les textes soumis aux gens, dans leur version actuelle, une ligne par paragraphe et par langue.",
    "The texts that people are asked about, in their present version, one row for each paragraph and language.",
);

/// Its columns.
pub fn columns() -> Vec<Column> {
    use Sort::{Instant, Integer, Text};
    vec![
        column("id", Text, ("Nom du texte.", "The text’s name.")).key(),
        column(
            "paragraph",
            Integer,
            ("Numéro du paragraphe, pour toujours.", "The paragraph’s number, for ever."),
        )
        .key(),
        column("language", Text, LANGUAGE).key(),
        column("consultation", Text, ON_CONSULTATION).to(Kind::Consultations),
        column("title", Text, ("Ce qu’est le texte.", "What the text is.")),
        column(
            "place",
            Integer,
            ("La place du paragraphe, à partir de 1.", "The paragraph’s place, from 1."),
        ),
        column("text", Text, ("Ce que dit le paragraphe.", "What the paragraph says.")),
        column("version", Integer, ("Quelle version, à partir de 1.", "Which version, from 1.")),
        column("published_at", Instant, ("Publiée à ce moment.", "Published at this moment.")),
    ]
}

/// Its rows, in one piece.
pub fn rows(it: &PublishedText) -> Vec<u8> {
    let mut rows = Vec::new();
    for (place, paragraph) in (1_u32..).zip(&it.paragraphs) {
        for (lang, words) in paragraph.words.iter() {
            let title = it.title.iter().find(|(known, _)| *known == lang).map(|(_, title)| title);
            rows.extend(line(&[
                plain(it.id),
                plain(paragraph.id),
                plain(lang),
                plain(it.consultation),
                Cell::text(title),
                plain(place),
                Cell::text(Some(words)),
                plain(it.version),
                Cell::Plain(times::instant(it.published_at)),
            ]));
        }
    }
    rows
}

/// The columns of an amendment.
pub fn amendment_columns() -> Vec<Column> {
    use Sort::{Integer, Text};
    vec![
        column("amends", Text, ("Pour un amendement : le texte.", "For an amendment: the text.")).optional(),
        column(
            "paragraph",
            Integer,
            (
                "Pour un amendement : le numéro du paragraphe, que le texte peut ne plus avoir.",
                "For an amendment: the paragraph’s number, which the text may no longer have.",
            ),
        )
        .optional(),
        column(
            "amended_language",
            Text,
            (
                "Pour un amendement : dans quelle langue (BCP 47).",
                "For an amendment: in which language (BCP 47).",
            ),
        )
        .optional(),
        column(
            "quote",
            Text,
            (
                "Pour un amendement : le paragraphe tel que son auteur l’a lu.",
                "For an amendment: the paragraph as its author read it.",
            ),
        )
        .optional(),
        column(
            "wording",
            Text,
            (
                "Pour un amendement : ce qu’il devrait dire; vide : il devrait partir.",
                "For an amendment: what it should say; empty: it should go.",
            ),
        )
        .optional(),
    ]
}

/// Its cells.
pub fn amendment_cells(it: Option<&Amendment>) -> [Cell; 5] {
    [
        Cell::plain(it.map(|it| it.text)),
        Cell::plain(it.map(|it| it.paragraph)),
        Cell::plain(it.map(|it| &it.lang)),
        Cell::text(it.map(|it| &it.quote)),
        Cell::text(it.and_then(|it| it.wording.as_ref())),
    ]
}

/// A text in the document.
pub fn told(it: &PublishedText) -> Value {
    json!({
        "id": it.id, "title": it.title, "paragraphs": it.paragraphs, "version": it.version,
        "published_at": times::instant(it.published_at),
    })
}
