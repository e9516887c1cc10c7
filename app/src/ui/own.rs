//! What is one's own: signing in, this device, what became of what one said, what is new since the last visit,
//! and what a form offers besides words. A part of the app of its own, kept by devices of people who sign in,
//! write or come back.

use leptos::prelude::*;

use super::pieces::Piece;
use super::routes::Route;
use super::{App, shell};
use crate::{contributions, news, people, proposals, trail};

/// Draws its pieces: whatever only this reaches is that part.
pub fn draw(app: App, piece: Piece) -> AnyView {
    match piece {
        Piece::Screen(Route::SignIn) => people::sign_in(app),
        Piece::Screen(Route::Me) => people::me(app, Some(news::listed(app))),
        Piece::Screen(Route::Subject(slug, id)) => news::about_subject(app, slug, &id),
        Piece::News(place, since) => news::list(app, place, since),
        Piece::Similar(alike) => proposals::similar(app, alike),
        Piece::Reachable(texts) => contributions::reachable_typed(texts),
        Piece::Besides(it, bounds, errors, writing) => {
            let readonly = Signal::derive(move || writing.elsewhere.get());
            view! { {proposals::place(app, it, bounds, errors, readonly)} {proposals::photos(app, writing)} }
                .into_any()
        }
        Piece::Flag(around, flagging) => contributions::flag(around, flagging),
        Piece::Outcome(thing, place) => trail::outcome(app, &thing, place.as_ref()),
        Piece::TookPart => trail::took_part(app),
        Piece::Acts(thing, place) => trail::acts(app, &thing, place.as_ref()),
        Piece::Exchange(thing) => trail::exchange(app, &thing),
        _ => shell::unknown(app),
    }
}
