//! Supporting a proposal: one tap, and another to take it back.

use crate::ui::live::{live, memo, on, shared};
use domain::ids::RecordId;
use domain::operations::{Action, Support};
use domain::phases::Form;
use leptos::prelude::*;

use super::entry::Around;
use crate::ui::icons::{CHECK, icon};
use crate::ui::parts;
use crate::ui::routes::Route;
use crate::{n, proposals, w};

/// Gives it, or takes it back.
pub async fn give(around: Around, consultation: RecordId, record: RecordId, given: bool) {
    let (app, community) = (around.app, around.place.with_value(|place| place.id.clone()));
    let act = Action::Support(Support { consultation, record, given });
    match app.device().act(&community, act).await {
        Ok(_) => app.say(if given { w!(support_given) } else { w!(support_take) }),
        Err(error) => app.fail(proposals::say(error)),
    }
}

/// The number, and the button while it can be pressed.
pub fn support(around: Around, consultation: RecordId, id: RecordId) -> AnyView {
    let app = around.app;
    let own = memo(move || around.supported.with(|all| around.said.with(|said| said.own(all, id))));
    let number = shared(move || match around.said.with(|said| said.supports(id)) {
        Some(count) => n!(count, support_count_a, support_count_s),
        None => w!(support_few),
    });
    let press = move |given: bool| {
        // Taken back where it was given: perhaps to one that was joined to this since.
        let record = own.get_untracked().map_or(id, |(record, _)| record);
        app.spawn(give(around, consultation, record, given));
    };
    let me = app.me();
    let button = around.takes(Form::Support).then(|| {
        live(move || {
            if me.with(Option::is_none) {
                return parts::link("btn btn-quiet", app.link(&Route::SignIn), w!(support_give));
            }
            let given = own.with(Option::is_some);
            let label = if given { w!(support_given) } else { w!(support_give) };
            view! {
                <button type="button" class="btn btn-quiet btn-toggle" aria-pressed=given.to_string()
                    on:click=on(move |_| press(!given))>{given.then(|| icon(CHECK))}{label}</button>
            }
            .into_any()
        })
    });
    let waits = live(move || {
        own.get().is_some_and(|(_, pending)| pending).then(|| parts::tag("warn", w!(support_unsent)))
    });
    view! { <div class="support">{button}<span class="small soft">{number}</span>{waits}</div> }.into_any()
}
