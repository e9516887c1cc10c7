//! The ballot: every choice weighs the same, in an order drawn for each person. It is kept nowhere
//! while it is filled in: whoever holds the device next must not find it.

use crate::ui::live::{live, on, shared};
use domain::operations::{Action, Cast};
use domain::records::{Place, Poll};
use domain::tallies::{BallotProblem, Method, order_for};
use leptos::prelude::*;

use super::state::Filled;
use crate::ui::dialog::{Asked, dialog};
use crate::ui::field::{Errors, error_of, summary};
use crate::ui::routes::Route;
use crate::ui::{App, dates, parts, words};
use crate::{proposals, w};

/// The form.
pub fn ballot(app: App, place: &Place, it: Poll) -> AnyView {
    let me = app.me();
    let community = place.id.clone();
    let poll = StoredValue::new(it);
    live(move || {
        let Some(person) = me.get() else {
            let sign_in = parts::link("btn", app.link(&Route::SignIn), w!(sign_in_submit));
            return parts::notice("warn", String::new(), w!(poll_sign_in), Some(sign_in));
        };
        let seed = poll.with_value(|poll| format!("{} {}", person.id, poll.id));
        form(app, community.clone(), poll, seed)
    })
}

fn form(app: App, community: domain::ids::CommunityId, poll: StoredValue<Poll>, seed: String) -> AnyView {
    let count = poll.with_value(|poll| poll.choices.len());
    let filled = RwSignal::new(Filled::empty(count));
    let errors: Errors = RwSignal::new(Vec::new());
    let (asking, ready) = (RwSignal::new(false), RwSignal::new(None));
    let check = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        match poll.with_value(|poll| filled.with_untracked(|filled| filled.ballot(poll))) {
            Ok(ballot) => {
                errors.set(Vec::new());
                ready.set(Some(ballot));
                asking.set(true);
            }
            Err(problem) => errors.set(vec![("ballot", say(problem, poll))]),
        }
    };
    let cast = move || {
        let Some(ballot) = ready.get_untracked() else { return true };
        let community = community.clone();
        let (consultation, id) = poll.with_value(|poll| (poll.consultation, poll.id));
        app.spawn(async move {
            let act = Action::Cast(Cast { consultation, poll: id, ballot });
            match app.device().act(&community, act).await {
                Ok(_) => {
                    filled.set(Filled::empty(count));
                    app.say(w!(poll_kept));
                }
                Err(error) => {
                    let _ = errors.try_set(vec![("ballot", proposals::say(error))]);
                }
            }
        });
        true
    };
    let asked = Asked {
        title: w!(poll_ask),
        text: w!(poll_ask_help, date = dates::moment(poll.with_value(|poll| poll.open.until))),
        yes: w!(poll_cast),
        class: "btn",
    };
    let order = order_for(seed.as_bytes(), u8::try_from(count).unwrap_or(u8::MAX));
    view! {
        <section class="stack" aria-labelledby="to-vote">
            <h2 id="to-vote">{w!(poll_title)}</h2>
            {summary(errors)}
            <form class="stack" novalidate on:submit=on(check)>
                {fields(poll, filled, errors, order, w!(poll_order))}
                <p class="actions"><button class="btn" type="submit">{w!(poll_cast)}</button></p>
            </form>
            {dialog(asking, asked, None, cast)}
        </section>
    }
    .into_any()
}

/// What is marked, in this order of the choices.
pub fn fields(
    poll: StoredValue<Poll>,
    filled: RwSignal<Filled>,
    errors: Errors,
    order: Vec<u8>,
    hint: String,
) -> AnyView {
    let method = poll.with_value(|poll| poll.method);
    let choices: Vec<AnyView> = order
        .into_iter()
        .enumerate()
        .map(|(place, choice)| one(poll, method, usize::from(choice), place == 0, filled))
        .collect();
    let legend = match method {
        Method::Plurality => w!(poll_choose_one),
        Method::Approval => w!(poll_choose_any),
        Method::MajorityJudgment => w!(poll_choose_grades),
        Method::Schulze => w!(poll_choose_ranks),
    };
    view! {
        <fieldset class="field" class:field-bad=move || error_of(errors, "ballot").is_some()
            aria-describedby="ballot-hint ballot-error">
            <legend class="field-label">{legend}</legend>
            <p class="field-hint" id="ballot-hint">{hint}</p>
            {move || error_of(errors, "ballot").map(|text| view! { <p class="field-error" id="ballot-error">{text}</p> })}
            <div class="choices choices-rows">{choices}</div>
        </fieldset>
    }
    .into_any()
}

/// What keeps a ballot from being cast, in words.
pub fn say(problem: BallotProblem, poll: StoredValue<Poll>) -> String {
    let name = |choice: u8| {
        poll.with_value(|poll| poll.choices.get(usize::from(choice)).map(words::say).unwrap_or_default())
    };
    match problem {
        BallotProblem::MissingGrade(choice) => w!(poll_error_grade, choice = name(choice)),
        _ => w!(poll_error_empty),
    }
}

/// One choice with its mark.
fn one(poll: StoredValue<Poll>, method: Method, at: usize, first: bool, filled: RwSignal<Filled>) -> AnyView {
    let label = poll.with_value(|poll| poll.choices.get(at).map(parts::said));
    let mark = move |mark: Option<u8>| filled.update(|filled| filled.mark(method, at, mark));
    let marked = move || filled.with(|filled| filled.marks.get(at).copied().flatten());
    // The summary's link leads to the first one.
    let id = if first { "ballot".to_owned() } else { format!("ballot-{at}") };
    match method {
        Method::Plurality | Method::Approval => {
            let kind = if method == Method::Plurality { "radio" } else { "checkbox" };
            let change = move |event: web_sys::Event| mark(event_target_checked(&event).then_some(1));
            view! {
                <label class="choice">
                    <input type=kind id=id name="ballot" prop:checked=move || marked().is_some() on:change=on(change) />
                    <span class="choice-text">{label}</span>
                </label>
            }
            .into_any()
        }
        Method::MajorityJudgment | Method::Schulze => {
            let change = move |event: web_sys::Event| mark(event_target_value(&event).parse().ok());
            let options = marks(poll, method);
            let value = shared(move || marked().map(|mark| mark.to_string()).unwrap_or_default());
            view! {
                <div class="ballot-row">
                    <label class="field-label" for=id.clone()>{label}</label>
                    <select class="field-input" id=id prop:value=value on:change=on(change)>{options}</select>
                </div>
            }
            .into_any()
        }
    }
}

/// What can be put beside a choice: its grades, the best first, or its places.
fn marks(poll: StoredValue<Poll>, method: Method) -> Vec<AnyView> {
    let option = |value: String, text: String| view! { <option value=value>{text}</option> }.into_any();
    let none = if method == Method::Schulze { w!(poll_unranked) } else { w!(poll_ungraded) };
    let mut options = vec![option(String::new(), none)];
    poll.with_value(|poll| match method {
        Method::Schulze => {
            let ranks = 1..=poll.choices.len();
            options
                .extend(ranks.map(|rank| option(rank.to_string(), w!(poll_rank, rank = rank.to_string()))));
        }
        _ => {
            let grades = poll.grades.iter().enumerate().rev();
            options.extend(grades.map(|(at, grade)| option(at.to_string(), words::say(grade))));
        }
    });
    options
}
