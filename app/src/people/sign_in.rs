//! Signing in: one field that takes a printed code however it is typed or pasted.

use crate::ui::live::{on, shared};
use leptos::prelude::*;

use super::state::{CodeProblem, read_code};
use crate::api::{ApiError, ErrorCode};
use crate::communities;
use crate::offline::Audience;
use crate::ui::field::{Errors, Field, field, summary};
use crate::ui::routes::Route;
use crate::ui::{App, dates, header, page, parts};
use crate::w;

/// An invented code, for the hint.
const EXAMPLE: &str = "7KQ4-M2PA-9XTD";

/// The page.
pub fn sign_in(app: App) -> AnyView {
    page::title(|| w!(sign_in_title));
    let code = RwSignal::new(String::new());
    let errors: Errors = RwSignal::new(Vec::new());
    // What the code has nothing to do with: no network, a portal, too many at once.
    let elsewhere = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let me = app.me();
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let read = match read_code(&code.get()) {
            Ok(read) => read,
            Err(wrong) => return errors.set(vec![("code", say_shape(wrong))]),
        };
        if busy.get_untracked() {
            return;
        }
        errors.set(Vec::new());
        elsewhere.set(None);
        busy.set(true);
        app.spawn(async move {
            let answer = app.device().sign_in(&read.to_string()).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(person) => {
                    app.say(w!(sign_in_welcome, name = person.name.to_string()));
                    app.go(&if app.audience == Audience::Desk { Route::Inbox(None) } else { Route::Trail });
                }
                Err(error) if matches!(error.code, ErrorCode::CodeRefused | ErrorCode::Invalid) => {
                    let _ = errors.try_set(vec![("code", w!(sign_in_error_wrong))]);
                }
                Err(error) => {
                    app.say(say(error));
                    let _ = elsewhere.try_set(Some(say(error)));
                }
            }
        });
    };
    let asked = Field {
        id: "code",
        label: w!(sign_in_code_label),
        hint: w!(sign_in_code_hint, example = EXAMPLE),
        class: "field-code",
        autocomplete: "one-time-code",
        ..Field::default()
    };
    let places = app.places();
    let office = shared(move || {
        let place = app.chosen.get().and_then(|id| places.with(|all| communities::state::by_id(all, &id)));
        w!(
            sign_in_no_code,
            office = place.map_or_else(|| w!(office_municipality), |place| header::office(place.sort))
        )
    });
    let intro = if app.audience == Audience::Desk { w!(sign_in_desk_intro) } else { w!(sign_in_intro) };
    view! {
        {summary(errors)}
        {parts::head(None, w!(sign_in_title), Some(view! { <p class="soft">{intro}</p> }.into_any()))}
        {move || me.get().map(|person| parts::notice("good", String::new(), w!(sign_in_welcome, name = person.name.to_string()), None))}
        {move || elsewhere.get().map(|text| parts::notice("warn", String::new(), text, None))}
        <form class="stack" novalidate on:submit=on(submit)>
            {field(asked, code, errors, Signal::derive(|| false), None)}
            <p class="actions">
                <button class="btn" type="submit" aria-busy=move || busy.get().then_some("true")>
                    {move || if busy.get() { w!(app_loading) } else { w!(sign_in_submit) }}
                </button>
            </p>
        </form>
        <p class="soft">{office}</p>
    }
    .into_any()
}

fn say_shape(problem: CodeProblem) -> String {
    match problem {
        CodeProblem::Empty => w!(sign_in_error_empty),
        CodeProblem::Length(length) => w!(sign_in_error_shape, length = length.to_string()),
        CodeProblem::Characters => w!(sign_in_error_wrong),
    }
}

fn say(error: ApiError) -> String {
    match error.code {
        ErrorCode::Slowed => {
            w!(sign_in_error_slowed, seconds = dates::number(f64::from(error.retry_after.unwrap_or(60))))
        }
        ErrorCode::NotRabaska => w!(error_portal),
        ErrorCode::NotPermitted => w!(desk_not_staff),
        _ => w!(sign_in_error_away),
    }
}
