//! What a person can do about a thing: send it, claim it, take it back, use its words again,
//! withdraw it, delete it.

use domain::ids::{CommunityId, OpId};
use domain::operations::{Action, Amend, Kind, Kinds, Withdraw};
use domain::records::Place;
use domain::text::Text;
use leptos::prelude::*;

use super::state::{Section, Standing, Thing};
use crate::offline::{Draft, StoreError};
use crate::ui::dialog::{Asked, dialog};
use crate::ui::live::is_second_tap;
use crate::ui::routes::Route;
use crate::ui::{App, header, parts, typed, words};
use crate::w;
use crate::{communities, proposals};

/// The buttons of a thing, with their dialogs.
pub fn acts(app: App, thing: &Thing, place: Option<&Place>) -> AnyView {
    let op = thing.op;
    let reusable = matches!(thing.kind, Kind::Propose | Kind::Amend);
    let buttons: Vec<AnyView> = match &thing.standing {
        Standing::NeedsSignIn => {
            vec![parts::link("btn", app.link(&Route::SignIn), w!(sign_in_submit)), take_back(app, thing)]
        }
        Standing::Unclaimed => vec![
            parts::button("btn", w!(trail_claim_mine), move || {
                if is_second_tap() {
                    return;
                }
                app.spawn(async move {
                    if let Err(error) = app.device().adopt(op).await {
                        app.fail(words::unkept(error));
                    }
                    app.device().send_now();
                });
            }),
            delete(app, op, w!(trail_claim_not_mine), Route::Trail),
        ],
        // Its words are on another device, or its person deleted them.
        Standing::Refused(_) if !thing.held => Vec::new(),
        Standing::Refused(_) | Standing::CannotLeave(_) if reusable => {
            vec![reuse(app, op), delete(app, op, w!(app_delete), Route::Trail)]
        }
        Standing::Refused(_) | Standing::CannotLeave(_) => {
            vec![delete(app, op, w!(app_understood), Route::Trail)]
        }
        Standing::Sending => Vec::new(),
        _ if thing.section() == Section::ToSend => vec![
            parts::button("btn btn-quiet", w!(trail_send_now), move || app.device().send_now()),
            take_back(app, thing),
        ],
        _ if thing.can_be_withdrawn() => vec![withdraw(app, thing, place)],
        _ => Vec::new(),
    };
    if buttons.is_empty() { ().into_any() } else { view! { <div class="actions">{buttons}</div> }.into_any() }
}

/// Where a draft is written on.
fn write_on(app: App, draft: &Draft) {
    let places = app.places();
    let place = places.with_untracked(|places| communities::state::by_id(places, &draft.community));
    if let Some(place) = place {
        app.go(&Route::Propose(place.slug, draft.consultation));
    }
}

fn reuse(app: App, op: OpId) -> AnyView {
    parts::button("btn", w!(trail_reuse), move || {
        if is_second_tap() {
            return;
        }
        app.spawn(async move {
            if amend_again(app, op).await {
                return;
            }
            match app.device().reuse(op).await {
                Ok(Some(draft)) => write_on(app, &draft),
                Ok(None) => app.fail(words::unkept(StoreError::Conflict)),
                Err(error) => app.fail(words::unkept(error)),
            }
        });
    })
}

/// Puts the words of an amendment into its form, and goes there: beside what the paragraph says by now.
/// False: it is none.
async fn amend_again(app: App, op: OpId) -> bool {
    let Some(amend) = amendment_of(app, op) else { return false };
    let places = app.places();
    let place = places.with_untracked(|places| communities::state::by_id(places, &amend.0));
    let (Some(place), amend) = (place, amend.1) else { return false };
    let said = |text: &Option<Text>| text.as_ref().map(Text::to_string).unwrap_or_default();
    let values =
        [("wording", said(&amend.wording)), ("reason", said(&amend.reason)), ("again", op.to_string())];
    let values = values.map(|(name, text)| (name.to_owned(), text)).to_vec();
    let form = typed::amend_of(amend.text, amend.paragraph);
    // Asked for again, they are there, perhaps changed.
    let put = match typed::holds(app, &form, "again", &op.to_string()).await {
        true => Ok(()),
        false => typed::put(app, &form, values).await,
    };
    match put {
        Ok(()) => app.go(&Route::Amend(place.slug, amend.consultation, amend.text, amend.paragraph)),
        Err(error) => app.fail(words::unkept(error)),
    }
    true
}

/// The amendment that an item is, with its community.
fn amendment_of(app: App, op: OpId) -> Option<(CommunityId, Amend)> {
    app.device().outbox().with_untracked(|items| {
        let item = items.iter().find(|item| item.op == op)?;
        match item.operation_of(Kinds::PARTICIPANTS).ok()?.action {
            Action::Amend(amend) => Some((item.community.clone(), amend)),
            _ => None,
        }
    })
}

fn take_back(app: App, thing: &Thing) -> AnyView {
    let op = thing.op;
    if !thing.can_be_taken_back {
        return ().into_any();
    }
    parts::button("btn btn-plain", w!(trail_take_back), move || {
        app.spawn(async move {
            let device = app.device();
            let amends = amendment_of(app, op).is_some();
            // Its words are in their form before it goes.
            if amends && !amend_again(app, op).await {
                return;
            }
            match device.take_back(op).await {
                Ok(_) if amends => {}
                Ok(Some(key)) => {
                    let drafts = device.drafts().get_untracked();
                    if let Some(draft) = drafts.iter().find(|draft| draft.key == key) {
                        write_on(app, draft);
                    } else {
                        app.go(&Route::Trail);
                    }
                }
                Ok(None) => {}
                // It left in the meantime.
                Err(StoreError::Conflict) => app.fail(w!(trail_take_back_late)),
                Err(error) => app.fail(words::unkept(error)),
            }
        });
    })
}

/// The button that deletes an item with its words, after a question; then goes on to a screen.
pub fn delete(app: App, op: OpId, label: String, then: Route) -> AnyView {
    let open = RwSignal::new(false);
    let asked = Asked {
        title: w!(trail_delete_ask),
        text: String::new(),
        yes: w!(app_delete),
        class: "btn btn-danger",
    };
    let act = move || {
        let then = then.clone();
        app.spawn(async move {
            match app.device().discard(op).await {
                Ok(_) => app.go(&then),
                Err(error) => app.fail(words::unkept(error)),
            }
        });
        true
    };
    view! { {parts::button("btn btn-plain", label, move || open.set(true))} {dialog(open, asked, None, act)} }
        .into_any()
}

fn withdraw(app: App, thing: &Thing, place: Option<&Place>) -> AnyView {
    let (Some(consultation), Some(record)) = (thing.consultation, thing.record) else { return ().into_any() };
    let community = thing.community.clone();
    let open = RwSignal::new(false);
    let office = place.map_or_else(|| w!(office_municipality), |place| header::office(place.sort));
    let asked = Asked {
        title: w!(trail_withdraw_ask),
        text: w!(trail_withdraw_help, office = office),
        yes: w!(trail_withdraw_confirm),
        class: "btn btn-danger",
    };
    let act = move || {
        let community = community.clone();
        app.spawn(async move {
            let action = Action::Withdraw(Withdraw { consultation, record });
            match app.device().act(&community, action).await {
                Ok(_) => app.say(w!(trail_withdrawing)),
                Err(error) => app.fail(proposals::say(error)),
            }
        });
        true
    };
    view! {
        {parts::button("btn btn-plain", w!(trail_withdraw), move || open.set(true))}
        {dialog(open, asked, None, act)}
    }
    .into_any()
}
