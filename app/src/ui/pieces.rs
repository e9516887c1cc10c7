//! Pieces of screens that lie in parts of the app of their own: who meets one fetches its part, from this
//! device when the worker keeps it, or else from the server. What the parts share lies in the rest.

use std::cell::Cell;

use domain::ids::RecordId;
use domain::records::{Amendment, Place, Record};
use domain::scopes::Scope;
use domain::sectors::Bounds;
use leptos::prelude::*;

use super::field::Errors;
use super::live::{effect, live, memo};
use super::rest::{Whole, of_part};
use super::routes::Route;
use super::{App, update};
use crate::contributions::{Around, Flagging};
use crate::maps::Chart;
use crate::news::Since;
use crate::offline::{Part, Rest, Shown, keep_part};
use crate::proposals::{Alike, Where, Writing};
use crate::trail::state::Thing;

/// Draws the pieces of a part.
pub type Draw = fn(App, Piece) -> AnyView;

/// One of them, with what it is drawn from.
#[derive(Clone)]
pub enum Piece {
    /// A screen of its own.
    Screen(Route),
    /// A map.
    Map(Chart),
    /// The texts of a consultation.
    Texts(Place, RecordId),
    /// What an amendment changes, and the way to its text.
    Amendment(Signal<Shown>, Amendment, Route),
    /// The documents of a consultation.
    Documents(Place, RecordId),
    /// The commitments in a consultation: all, or those that follow from one contribution.
    Commitments(Place, RecordId, Option<RecordId>),
    /// What is new in a community.
    News(Place, Since),
    /// Proposals like the one that is written.
    Similar(Alike),
    /// What in words that are typed looks like a way to reach somebody.
    Reachable(StoredValue<Vec<RwSignal<String>>>),
    /// What the form of a proposal takes besides words: where it is, and photos.
    Besides(Where, Option<Bounds>, Errors, Writing),
    /// Pointing at what breaks a rule.
    Flag(Around, Flagging),
    /// What became of a thing in the trail.
    Outcome(Thing, Option<Place>),
    /// The polls and surveys that one took part in.
    TookPart,
    /// What can be done about it.
    Acts(Thing, Option<Place>),
    /// What its author and the office say to each other about it.
    Exchange(Thing),
}

impl Piece {
    /// The part that draws it.
    fn part(&self) -> Part {
        match self {
            Self::Screen(
                Route::Poll(..)
                | Route::Survey(..)
                | Route::SurveyPaper(..)
                | Route::Text(..)
                | Route::Amend(..),
            )
            | Self::Map(_)
            | Self::Texts(..)
            | Self::Amendment(..) => Part::Asked,
            Self::Screen(Route::Moderation(_)) | Self::Documents(..) | Self::Commitments(..) => Part::Told,
            _ => Part::Own,
        }
    }

    /// How much of the screen it takes up.
    fn whole(&self) -> Whole {
        match self {
            Self::Screen(_) => Whole::Screen,
            Self::Map(_) => Whole::Map,
            Self::News(..) | Self::Similar(_) | Self::Reachable(_) | Self::Outcome(..) => Whole::Aside,
            _ => Whole::Section,
        }
    }
}

/// How far a part is, and what it brought.
#[derive(Default)]
struct Slot {
    arrival: ArcRwSignal<Rest>,
    draw: Cell<Option<Draw>>,
}

thread_local! {
    static SLOTS: [Slot; Part::ALL.len()] = Default::default();
}

fn arrival(part: Part) -> ArcRwSignal<Rest> {
    SLOTS.with(|slots| slots[part as usize].arrival.clone())
}

/// Fetches a part, unless it is here or on its way.
fn fetch(app: App, part: Part) {
    let arrival = arrival(part);
    if matches!(arrival.get_untracked(), Rest::Coming | Rest::Here) {
        return;
    }
    let Some(behind) = app.behind.get_untracked() else { return };
    arrival.set(Rest::Coming);
    app.spawn(async move {
        let draw = (behind.part)(part).await;
        if draw.is_none() {
            // The server may have a newer version, and this one's no longer.
            update::look_again(app);
        }
        keep_part(part);
        SLOTS.with(|slots| slots[part as usize].draw.set(draw));
        arrival.set(if draw.is_some() { Rest::Here } else { Rest::Failed });
    });
}

/// Fetches what could not be fetched, when there is a line again.
pub fn follow(app: App) {
    let network = app.device().network();
    effect(move |_| {
        if network.get().online {
            for part in Part::ALL {
                if arrival(part).get_untracked() == Rest::Failed {
                    fetch(app, part);
                }
            }
        }
    });
}

/// A piece, once its part is here.
pub fn shown(app: App, piece: Piece) -> AnyView {
    let part = piece.part();
    let arrived = arrival(part);
    let whole = piece.whole();
    let failed = {
        let arrived = arrived.clone();
        move || arrived.get() == Rest::Failed
    };
    let draw = move || {
        arrived.track();
        let draw = SLOTS.with(|slots| slots[part as usize].draw.get())?;
        Some(draw(app, piece.clone()))
    };
    of_part(whole, draw, failed, move || fetch(app, part))
}

/// A section of a page, when something in a scope's records belongs into it.
pub fn section(
    app: App,
    scope: &Scope,
    belongs: impl Fn(&Record) -> bool + Send + Sync + 'static,
    piece: Piece,
) -> AnyView {
    let records = app.records(scope);
    let any = memo(move || records.with(|all| all.iter().any(|held| belongs(&held.record))));
    live(move || any.get().then(|| shown(app, piece.clone())))
}
