//! Taking back what was entered for somebody, by the code that they tell.

use domain::codes::SlipCode;
use domain::ids::OpId;
use domain::operations::{Action, Kinds, TakeBack};
use domain::receipts::Refusal;
use leptos::prelude::*;

use super::inbox::community;
use crate::trail::state::{Standing, Thing};
use crate::trail::{refusal, unsendable};
use crate::ui::dialog::{Asked, dialog};
use crate::ui::field::{Errors, Field, field, summary};
use crate::ui::live::{live, memo, on};
use crate::ui::{App, page, parts};
use crate::{proposals, w};

/// The page.
pub fn page(app: App) -> AnyView {
    page::title(|| w!(desk_take_back_title));
    let own = memo(move || community(app));
    live(move || {
        let Some(own) = own.get() else { return view! { <p>{w!(desk_not_staff)}</p> }.into_any() };
        let code = RwSignal::new(String::new());
        let errors: Errors = RwSignal::new(Vec::new());
        let (asking, last) = (RwSignal::new(false), RwSignal::new(None::<OpId>));
        let read = move || code.get_untracked().parse::<SlipCode>();
        let check = move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            let wrong = read().is_err().then(|| ("code", w!(desk_take_back_error)));
            asking.set(wrong.is_none());
            errors.set(wrong.into_iter().collect());
        };
        let send = move || {
            let (Ok(read), community) = (read(), own.clone()) else { return true };
            app.spawn(async move {
                match app.device().act(&community, Action::TakeBack(TakeBack { code: read })).await {
                    Ok(op) => {
                        let _ = (code.try_set(String::new()), last.try_set(Some(op)));
                    }
                    Err(error) => {
                        let _ = errors.try_set(vec![("code", proposals::say(error))]);
                    }
                }
            });
            true
        };
        let asked = Asked {
            title: w!(desk_take_back_ask),
            text: w!(desk_take_back_help),
            yes: w!(desk_take_back_yes),
            class: "btn btn-danger",
        };
        // A code is typed, not kept: whoever reads it could take back as well.
        let shown = Field {
            id: "code",
            label: w!(desk_take_back_code),
            hint: w!(desk_take_back_hint),
            class: "field-line",
            ..Field::default()
        };
        view! {
            {parts::head(None, w!(desk_take_back_title), Some(view! { <p class="soft">{w!(desk_take_back_intro)}</p> }.into_any()))}
            {summary(errors)}
            {became(app, last)}
            <form class="stack" novalidate on:submit=on(check)>
                {field(shown, code, errors, Signal::derive(|| false), None)}
                <p class="actions"><button class="btn" type="submit">{w!(desk_take_back_yes)}</button></p>
            </form>
            {dialog(asking, asked, None, send)}
        }
        .into_any()
    })
}

/// What became of the last one.
fn became(app: App, last: RwSignal<Option<OpId>>) -> AnyView {
    let items = app.device().outbox();
    live(move || {
        let op = last.get()?;
        let sends = app.may_send();
        let standing = items.with(|items| {
            let item = items.iter().find(|item| item.op == op)?;
            Some(Thing::of_item(item, Kinds::ALL, sends).standing)
        });
        let (tone, text) = match standing {
            Some(Standing::Refused(why @ Refusal::AlreadyWithdrawn)) => ("good", refusal(&why, "")),
            Some(Standing::Refused(why)) => ("bad", refusal(&why, "")),
            Some(Standing::CannotLeave(why)) => ("bad", unsendable(&why)),
            None
            | Some(Standing::Received | Standing::Answered | Standing::Hidden(_) | Standing::Withdrawn) => {
                ("good", w!(desk_take_back_done))
            }
            Some(_) => ("warn", w!(desk_take_back_kept)),
        };
        Some(view! { <div role="status">{parts::notice(tone, String::new(), text, None)}</div> })
    })
}
