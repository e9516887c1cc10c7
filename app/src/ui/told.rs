//! What an office tells: its commitments, its documents, how it moderates. A part of the app of its own.

use leptos::prelude::*;

use super::pieces::Piece;
use super::routes::Route;
use super::{App, shell};
use crate::{commitments, consultations, moderation};

/// Draws its pieces: whatever only this reaches is that part.
pub fn draw(app: App, piece: Piece) -> AnyView {
    match piece {
        Piece::Screen(Route::Moderation(slug)) => moderation::page(app, slug),
        Piece::Documents(place, consultation) => consultations::documents(app, &place, consultation),
        Piece::Commitments(place, consultation, about) => {
            commitments::section(app, &place, consultation, about)
        }
        _ => shell::unknown(app),
    }
}
