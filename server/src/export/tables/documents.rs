//! The table of documents: what was attached to each consultation, and what was taken away since.

use domain::records::Document;

use super::columns::{Column, LANGUAGE, ON_CONSULTATION, Sort, column};
use super::{Cell, Kind, line, plain};
use crate::export::times;
use crate::export::words::Both;

/// What a row is.
pub const ABOUT: Both = (
    "Les documents joints aux consultations, une ligne par langue du titre.",
    "The documents attached to the consultations, one row for each language of the title.",
);

/// Its columns.
pub fn columns() -> Vec<Column> {
    use Sort::{Address, Instant, Integer, Text};
    vec![
        column("id", Text, ("Nom du document.", "The document’s name.")).key(),
        column("language", Text, LANGUAGE).key(),
        column("consultation", Text, ON_CONSULTATION).to(Kind::Consultations),
        column("title", Text, ("Ce que c’est.", "What it is.")),
        column("file", Text, ("SHA-256 du fichier PDF.", "SHA-256 of the PDF file.")),
        column("bytes", Integer, ("Sa taille, en octets.", "Its size, in bytes.")),
        column(
            "address",
            Address,
            ("Où il se télécharge; vide une fois retiré.", "Where to download it; empty once taken away."),
        )
        .optional(),
        column("added_at", Instant, ("Joint à ce moment.", "Attached at this moment.")),
        column("removed_at", Instant, ("Retiré à ce moment.", "Taken away at this moment.")).optional(),
    ]
}

/// Where a document is downloaded, while it is there.
pub fn address(it: &Document, home: &str) -> Option<String> {
    it.removed_at.is_none().then(|| format!("{home}/api/v1/blobs/{}", it.file))
}

/// Its rows, in one piece.
pub fn rows(it: &Document, home: &str) -> Vec<u8> {
    let row = |(lang, title)| {
        line(&[
            plain(it.id),
            plain(lang),
            plain(it.consultation),
            Cell::text(Some(title)),
            plain(it.file),
            plain(it.size),
            Cell::plain(address(it, home)),
            Cell::Plain(times::instant(it.added_at)),
            Cell::plain(it.removed_at.map(times::instant)),
        ])
    };
    it.title.iter().flat_map(row).collect()
}
