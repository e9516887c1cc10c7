//! The answer to a proposal, in the community's languages side by side; published after a
//! question.

use crate::ui::live::on;
use domain::ids::CommunityId;
use domain::operations::{Action, Answer};
use domain::records::{Community, Contribution};
use domain::text::{Lang, Text};
use leptos::prelude::*;

use super::state::{self, AnswerProblem};
use crate::ui::dialog::{Asked, dialog};
use crate::ui::field::{Errors, Field, field, summary};
use crate::ui::{App, dates, parts, typed};
use crate::{proposals, w};

const IDS: [&str; 2] = ["answer-first", "answer-second"];

/// The two languages of the form, the community's own first.
pub fn languages(lists: Option<&Community>) -> Vec<Lang> {
    let first = lists.and_then(|lists| lists.place.languages.first()).map_or("fr", |lang| lang.as_str());
    let order = if first == "en" { ["en", "fr"] } else { ["fr", "en"] };
    order.iter().filter_map(|tag| tag.parse().ok()).collect()
}

fn label(lang: &Lang) -> String {
    if lang.as_str() == "en" { w!(desk_answer_en_label) } else { w!(desk_answer_fr_label) }
}

/// The form.
pub fn form(app: App, community: CommunityId, proposal: Contribution, lists: Option<Community>) -> AnyView {
    let langs = languages(lists.as_ref());
    let name = lists.as_ref().map_or_else(|| community.to_string(), |lists| lists.place.name.to_string());
    let before = |lang: &Lang| {
        let given = proposal.answer.as_ref()?;
        given.text.iter().find(|(own, _)| *own == lang).map(|(_, text)| text.to_string())
    };
    let texts: Vec<RwSignal<String>> =
        langs.iter().map(|lang| RwSignal::new(before(lang).unwrap_or_default())).collect();
    let kept_as = typed::answer_to(proposal.id);
    typed::keep(app, &kept_as, langs.iter().map(ToString::to_string).zip(texts.iter().copied()).collect());
    let errors: Errors = RwSignal::new(Vec::new());
    let (asking, kept) = (RwSignal::new(false), RwSignal::new(None::<(&'static str, String)>));
    let read = {
        let (langs, texts) = (langs.clone(), texts.clone());
        move || {
            let written: Vec<_> =
                langs.iter().cloned().zip(texts.iter().map(|text| text.get_untracked())).collect();
            let first = langs.first()?;
            match state::answer(first, &written) {
                Ok(text) => Some(text),
                Err(wrong) => {
                    errors.set(wrong.iter().map(|wrong| at_field(wrong, first)).collect());
                    None
                }
            }
        }
    };
    let check = {
        let read = read.clone();
        move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            errors.set(Vec::new());
            asking.set(read().is_some());
        }
    };
    let again = proposal.answer.is_some();
    let publish = move || {
        let Some(text) = read() else { return true };
        let (community, consultation, record) = (community.clone(), proposal.consultation, proposal.id);
        let kept_as = kept_as.clone();
        app.spawn(async move {
            let act = Action::Answer(Answer { consultation, record, text });
            let (tone, text) = match app.device().act(&community, act).await {
                Ok(_) => {
                    typed::forget(app, &kept_as).await;
                    ("good", w!(desk_answer_kept))
                }
                Err(error) => ("bad", proposals::say(error)),
            };
            app.say(text.clone());
            let _ = kept.try_set(Some((tone, text)));
        });
        true
    };
    let fields: Vec<AnyView> = langs
        .iter()
        .zip(texts)
        .zip(IDS)
        .map(|((lang, text), id)| {
            let label =
                if id == IDS[0] { label(lang) } else { format!("{} ({})", label(lang), w!(app_optional)) };
            let asked = Field {
                id,
                label,
                lines: true,
                max: Text::GRAPHEMES,
                lang: Some(lang.to_string()),
                ..Field::default()
            };
            field(asked, text, errors, Signal::derive(|| false), None)
        })
        .collect();
    let verb = if again { w!(desk_answer_replace) } else { w!(desk_answer_publish) };
    let asked = Asked {
        title: w!(desk_answer_ask),
        text: w!(desk_answer_help, community = name.clone()),
        yes: verb.clone(),
        class: "btn",
    };
    view! {
        <section class="stack" aria-labelledby="to-answer">
            <h2 id="to-answer">{w!(desk_answer_title)}</h2>
            <p class="soft">{w!(desk_answer_help, community = name)}</p>
            {summary(errors)}
            {move || kept.get().map(|(tone, text)| parts::notice(tone, String::new(), text, None))}
            <form class="stack" novalidate on:submit=on(check)>
                <div class="grid">{fields}</div>
                <p class="actions"><button class="btn" type="submit">{verb}</button></p>
            </form>
            {dialog(asking, asked, None, publish)}
        </section>
    }
    .into_any()
}

fn at_field(wrong: &AnswerProblem, first: &Lang) -> (&'static str, String) {
    match wrong {
        AnswerProblem::Missing(lang) => (IDS[0], w!(desk_answer_error_missing, language = label(lang))),
        AnswerProblem::Long(lang) => {
            let id = if lang == first { IDS[0] } else { IDS[1] };
            #[expect(clippy::cast_precision_loss, reason = "thousands of characters")]
            let max = dates::number(Text::GRAPHEMES as f64);
            (id, w!(desk_answer_error_long, max = max))
        }
    }
}
