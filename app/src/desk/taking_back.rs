//! What was entered for somebody is taken back by the code that they tell; or, where it was hidden, appealed for.

use domain::codes::SlipCode;
use domain::ids::OpId;
use domain::operations::{Action, AppealFor, Kinds, TakeBack};
use domain::receipts::Refusal;
use domain::text::Text;
use leptos::prelude::*;

use super::inbox::community;
use crate::trail::state::{Standing, Thing};
use crate::trail::{refusal, unsendable};
use crate::ui::dialog::{Asked, dialog};
use crate::ui::field::{Choice, Errors, Field, choices, field, summary};
use crate::ui::live::{live, memo, on};
use crate::ui::{App, page, parts, typed};
use crate::{contributions, proposals, w};

const BACK: &str = "back";
/// That somebody appeals.
pub const APPEAL: &str = "appeal";
/// What is wanted, and the words of an appeal. The code is typed, not kept.
pub const KEPT_AS: &str = "by code";

/// The page.
pub fn page(app: App) -> AnyView {
    page::title(|| w!(desk_take_back_title));
    let own = memo(move || community(app));
    live(move || {
        let Some(own) = own.get() else { return view! { <p>{w!(desk_not_staff)}</p> }.into_any() };
        let code = RwSignal::new(String::new());
        let errors: Errors = RwSignal::new(Vec::new());
        let (what, why) = (RwSignal::new(BACK.to_owned()), RwSignal::new(String::new()));
        typed::keep(app, KEPT_AS, vec![("what".to_owned(), what), ("why".to_owned(), why)]);
        let (asking, last) = (RwSignal::new(false), RwSignal::new(None::<(OpId, bool)>));
        let appeals = memo(move || what.with(|what| what == APPEAL));
        let read = move || -> Result<Action, Vec<(&'static str, String)>> {
            let code = code.get_untracked().parse::<SlipCode>();
            let text = why.get_untracked().trim().parse::<Text>();
            let of_text = |error| ("why", contributions::wrong_text(error));
            match (code, text, appeals.get_untracked()) {
                (Ok(code), _, false) => Ok(Action::TakeBack(TakeBack { code })),
                (Ok(code), Ok(text), true) => Ok(Action::AppealFor(AppealFor { slip: code.hash(), text })),
                (code, text, appeals) => {
                    let unread = code.is_err().then(|| ("code", w!(desk_take_back_error)));
                    Err(unread.into_iter().chain(text.err().filter(|_| appeals).map(of_text)).collect())
                }
            }
        };
        let check = move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            let wrong = read().err().unwrap_or_default();
            asking.set(wrong.is_empty());
            errors.set(wrong);
        };
        let send = move || {
            let (Ok(action), community) = (read(), own.clone()) else { return true };
            let appeals = appeals.get_untracked();
            app.spawn(async move {
                match app.device().act(&community, action).await {
                    Ok(op) => {
                        let _ = (code.try_set(String::new()), last.try_set(Some((op, appeals))));
                        // The words of an appeal lie in the outbox now; those of another one stay.
                        if appeals {
                            typed::forget(app, KEPT_AS).await;
                            let _ = (what.try_set(BACK.to_owned()), why.try_set(String::new()));
                        }
                    }
                    Err(error) => {
                        let _ = errors.try_set(vec![("code", proposals::say(error))]);
                    }
                }
            });
            true
        };
        let asked = move || match appeals.get() {
            false => Asked {
                title: w!(desk_take_back_ask),
                text: w!(desk_take_back_help),
                yes: w!(desk_take_back_yes),
                class: "btn btn-danger",
            },
            true => Asked {
                title: w!(desk_appeal_for_ask),
                text: w!(desk_appeal_for_help),
                yes: w!(desk_appeal_for_yes),
                class: "btn",
            },
        };
        let ways = [(BACK, w!(desk_take_back_what)), (APPEAL, w!(desk_appeal_for_what))];
        let ways = ways.map(|(value, text)| Choice { value: value.to_owned(), text, hint: String::new() });
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
                {choices("what", w!(desk_take_back_wanted), String::new(), true, ways.into(), what, errors)}
                {live(move || appeals.get().then(|| {
                    let asked = Field {
                        id: "why",
                        label: w!(desk_appeal_for_why),
                        hint: w!(desk_enter_own_words),
                        lines: true,
                        max: Text::GRAPHEMES,
                        ..Field::default()
                    };
                    field(asked, why, errors, Signal::derive(|| false), None)
                }))}
                <p class="actions"><button class="btn" type="submit">
                    {move || if appeals.get() { w!(desk_appeal_for_yes) } else { w!(desk_take_back_yes) }}
                </button></p>
            </form>
            {live(move || dialog(asking, asked(), None, send.clone()))}
        }
        .into_any()
    })
}

/// What became of the last one.
fn became(app: App, last: RwSignal<Option<(OpId, bool)>>) -> AnyView {
    let items = app.device().outbox();
    live(move || {
        let (op, appealed) = last.get()?;
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
                ("good", if appealed { w!(desk_appeal_for_done) } else { w!(desk_take_back_done) })
            }
            Some(_) => ("warn", w!(desk_take_back_kept)),
        };
        Some(view! { <div role="status">{parts::notice(tone, String::new(), text, None)}</div> })
    })
}
