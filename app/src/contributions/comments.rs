//! What is said of a proposal, the oldest first, and the form to say something oneself.

use std::sync::Arc;

use crate::ui::live::{live, memo, on, shared};
use domain::ids::RecordId;
use domain::operations::{Action, Comment, Stance};
use domain::phases::Form;
use domain::records::Record;
use domain::text::{InvalidText, Text};
use leptos::prelude::*;

use super::entry::{Around, answer_of, meta};
use super::flag::{self, Flagging};
use super::reachable;
use super::state::{self, CommentProblem, name};
use crate::offline::Held;
use crate::ui::field::{Choice, Errors, Field, choices, field, summary};
use crate::ui::{dates, parts, typed, window};
use crate::{moderation, n, proposals, w};

/// A side in words.
pub fn stance(stance: Stance) -> String {
    match stance {
        Stance::For => w!(comment_for),
        Stance::Against => w!(comment_against),
        Stance::Neutral => w!(comment_neutral),
    }
}

/// How many are drawn at first, and at each step of the way down.
const WINDOW: usize = 10;

/// The section.
pub fn comments(around: Around, flagging: Flagging, consultation: RecordId, on_: RecordId) -> AnyView {
    let total = Signal::derive(move || around.said.with(|said| said.comments(on_).len()));
    let shown = RwSignal::new(WINDOW);
    let title = shared(move || match total.get() {
        0 => w!(comment_title),
        count => n!(count, consultation_comments_a, consultation_comments_s),
    });
    let rows = move || -> Vec<Arc<Held>> {
        around.said.with(|said| said.comments(on_).into_iter().take(shown.get()).collect())
    };
    let nothing = memo(move || total.get() == 0);
    let none = live(move || nothing.get().then(|| view! { <p class="soft">{w!(comment_none)}</p> }));
    let form = match around.takes(Form::Comments) {
        true => form(around, consultation, on_),
        false => view! { <p class="soft">{w!(comment_closed)}</p> }.into_any(),
    };
    view! {
        <section class="stack" aria-labelledby="comments">
            <h2 id="comments">{title}</h2>
            {none}
            <div class="stack">
                <For each=rows key=|held| format!("{} {} {}", held.name, held.seq, held.pending)
                    children=move |held| draw(around, flagging, &held) />
            </div>
            {window::more(shown, total)}
        </section>
        {form}
    }
    .into_any()
}

fn draw(around: Around, flagging: Flagging, held: &Held) -> AnyView {
    let Record::Contribution(it) = &held.record else { return ().into_any() };
    let Some(comment) = it.comment() else { return ().into_any() };
    let tone = match comment.stance {
        Stance::For => "good",
        Stance::Against => "bad",
        Stance::Neutral => "",
    };
    let place = around.place.with_value(|place| place.name.to_string());
    let answer = it.answer.as_ref().map(|answer| answer_of(&place, answer));
    view! {
        <article class="card">
            {meta(around, it, held.pending, Some(parts::tag(tone, stance(comment.stance))))}
            {parts::words_of("person", comment.text.to_string(), None)}
            {answer}
            {flag::button(around, flagging, it, held.pending)}
        </article>
    }
    .into_any()
}

/// What is wrong with words that somebody wants to say.
pub fn wrong_text(error: InvalidText) -> String {
    wrong_words(error, Text::GRAPHEMES)
}

/// What is wrong with words that may have so many characters.
pub fn wrong_words(error: InvalidText, max: usize) -> String {
    #[expect(clippy::cast_precision_loss, reason = "thousands of characters")]
    let max = || dates::number(max as f64);
    match error {
        InvalidText::Empty => w!(comment_error_empty),
        InvalidText::TooLong => w!(comment_error_long, max = max()),
        InvalidText::Control => w!(comment_error_control),
    }
}

/// What keeps a comment from leaving, at its field.
pub fn problem(problem: CommentProblem) -> (&'static str, String) {
    match problem {
        CommentProblem::Stance => ("stance", w!(comment_error_stance)),
        CommentProblem::Text(error) => ("comment", wrong_text(error)),
    }
}

fn form(around: Around, consultation: RecordId, on_: RecordId) -> AnyView {
    let app = around.app;
    let (side, text) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let kept_as = typed::comment_on(on_);
    typed::keep(app, &kept_as, vec![("stance".to_owned(), side), ("text".to_owned(), text)]);
    let errors: Errors = RwSignal::new(Vec::new());
    let kept = RwSignal::new(false);
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        kept.set(false);
        let (stance, text_) = match state::comment(&side.get_untracked(), &text.get_untracked()) {
            Ok(written) => written,
            Err(wrong) => return errors.set(wrong.into_iter().map(problem).collect()),
        };
        errors.set(Vec::new());
        let kept_as = kept_as.clone();
        let community = around.place.with_value(|place| place.id.clone());
        app.spawn(async move {
            let act = Action::Comment(Comment { consultation, on: on_, stance, text: text_ });
            match app.device().act(&community, act).await {
                Ok(_) => {
                    let _ = (side.try_set(String::new()), text.try_set(String::new()));
                    typed::forget(app, &kept_as).await;
                    app.say(w!(comment_kept));
                    let _ = kept.try_set(true);
                }
                Err(error) => {
                    let _ = errors.try_set(vec![("comment", proposals::say(error))]);
                }
            }
        });
    };
    let sides = [Stance::For, Stance::Against, Stance::Neutral].map(|side| Choice {
        value: name(side).to_owned(),
        text: stance(side),
        hint: String::new(),
    });
    let asked = Field {
        id: "comment",
        label: w!(comment_text),
        hint: w!(propose_small_place),
        lines: true,
        max: Text::GRAPHEMES,
        ..Field::default()
    };
    let nobody = app.me();
    view! {
        <section class="stack" aria-labelledby="to-comment">
            <h2 id="to-comment">{w!(comment_form)}</h2>
            {summary(errors)}
            {live(move || kept.get().then(|| parts::notice("good", String::new(), w!(comment_kept), None)))}
            <form class="stack" novalidate on:submit=on(send)>
                {choices("stance", w!(comment_stance), String::new(), false, sides.into(), side, errors)}
                {field(asked, text, errors, Signal::derive(|| false), None)}
                {reachable::while_typed(app, vec![text])}
                {move || nobody.get().is_none().then(|| view! { <p class="soft">{w!(propose_before_sign_in)}</p> })}
                {around.place.with_value(|place| moderation::first(app, place))}
                <p class="actions"><button class="btn" type="submit">
                    {move || if nobody.get().is_some() { w!(comment_send) } else { w!(comment_keep) }}
                </button></p>
            </form>
        </section>
    }
    .into_any()
}
