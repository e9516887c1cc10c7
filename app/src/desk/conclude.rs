//! The answer to a consultation as a whole: what was decided, and which contributions it uses.

use domain::ids::RecordId;
use domain::operations::{Action, Conclude, USES_MAX};
use domain::records::Consultation;
use domain::text::{Localized, Text};
use leptos::prelude::*;

use super::answer;
use super::choosing::{self, Choosing};
use super::inbox::Desk;
use super::two::{Boxes, Two, languages};
use super::within;
use crate::consultations::when_answered;
use crate::ui::dialog::{Asked, dialog};
use crate::ui::field::{Errors, summary};
use crate::ui::live::{live, on};
use crate::ui::routes::Route;
use crate::ui::{App, parts, typed};
use crate::{n, proposals, w};

const IDS: [&str; 2] = ["conclude-first", "conclude-second"];

/// Under which name the form keeps what is typed.
pub fn kept_as(id: RecordId) -> String {
    format!("conclude {id}")
}

fn label(english: bool) -> String {
    if english { w!(desk_answer_en_label) } else { w!(desk_answer_fr_label) }
}

/// The page.
pub fn page(app: App, id: RecordId) -> AnyView {
    within::page(app, id, || w!(desk_conclude_title), form)
}

fn head(app: App, it: &Consultation) -> AnyView {
    let now = app.device().server_now();
    within::head(app, w!(desk_conclude_title), it, when_answered(it, now))
}

fn form(app: App, desk: Desk, it: &Consultation) -> AnyView {
    let id = it.id;
    let kept_as = kept_as(id);
    let before = it.conclusion.clone();
    let langs = desk.lists.with_untracked(|lists| languages(lists.as_ref()));
    let two = Two::new(&langs, before.as_ref().map(|it| &it.text));
    // What is ticked is kept like what is typed: as one text.
    let given = before.as_ref().map(|it| it.uses.clone()).unwrap_or_default();
    let uses = Choosing::new(&given);
    let mut fields = two.named("");
    fields.push(("uses".to_owned(), uses.ticked));
    typed::keep(app, &kept_as, fields);
    let asked_uses = choosing::Asked {
        id: "uses",
        find: "uses-q",
        label: w!(desk_conclude_uses),
        hint: w!(desk_conclude_uses_hint, max = USES_MAX.to_string()),
        count: |count| n!(count, desk_conclude_uses_a, desk_conclude_uses_s),
    };
    let errors: Errors = RwSignal::new(Vec::new());
    let asking = RwSignal::new(false);
    let ready = RwSignal::new(None::<Localized<Text>>);
    let boxes = Boxes::texts(IDS, label);
    let check = {
        let two = two.clone();
        move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            let mut wrong = Vec::new();
            let text = two.read(&boxes).map_err(|found| wrong = found).ok();
            if uses.ids.with_untracked(Vec::len) > USES_MAX {
                wrong.push(("uses", w!(desk_conclude_error_many, max = USES_MAX.to_string())));
            }
            asking.set(wrong.is_empty() && text.is_some());
            ready.set(text);
            errors.set(wrong);
        }
    };
    let publish = move || {
        let (community, kept_as) = (desk.community(), kept_as.clone());
        let uses = uses.standing(desk);
        let act =
            ready.get_untracked().map(|text| Action::Conclude(Conclude { consultation: id, text, uses }));
        app.spawn(async move {
            let Some(act) = act else { return };
            match app.device().act(&community, act).await {
                Ok(_) => {
                    typed::forget(app, &kept_as).await;
                    app.say(w!(desk_answer_kept));
                    app.go(&Route::DeskConsultations);
                }
                Err(error) => {
                    let _ = errors.try_set(vec![(IDS[0], proposals::say(error))]);
                }
            }
        });
        true
    };
    let verb = if before.is_some() { w!(desk_answer_replace) } else { w!(desk_answer_publish) };
    let asked = Asked {
        title: w!(desk_conclude_ask),
        text: w!(desk_answer_ask_help, community = desk.name()),
        yes: verb.clone(),
        class: "btn",
    };
    let shown = live(move || {
        let text = ready.get()?;
        let count = uses.ids.with(Vec::len);
        let used =
            (count > 0).then(|| view! { <p>{n!(count, desk_conclude_uses_a, desk_conclude_uses_s)}</p> });
        Some(view! { {answer::said(desk, &text)} {used} })
    });
    view! {
        {summary(errors)}
        {head(app, it)}
        <form class="stack-l" novalidate on:submit=on(check)>
            <section class="stack">
                <p class="soft">{w!(desk_conclude_help)}</p>
                {two.draw(boxes, errors)}
            </section>
            {uses.draw(desk, id, asked_uses)}
            <p class="actions">
                <button class="btn" type="submit">{w!(desk_conclude_check)}</button>
                {parts::link("btn btn-quiet", app.link(&Route::DeskCommitments(id)), w!(desk_commit_new))}
            </p>
        </form>
        {dialog(asking, asked, Some(view! { {shown} }.into_any()), publish)}
    }
    .into_any()
}
