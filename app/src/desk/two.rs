//! A text in the community's two languages, side by side, kept while it is typed.

use std::str::FromStr;

use domain::records::Community;
use domain::text::{Lang, Localized, Text};
use leptos::prelude::*;

use super::state::answers::{self, AnswerProblem};
use super::state::texts::ListProblem;
use crate::ui::dates;
use crate::ui::field::{Errors, Field, field};
use crate::w;

/// The two languages of the desk, the community's own first.
pub fn languages(lists: Option<&Community>) -> Vec<Lang> {
    let first = lists.and_then(|lists| lists.place.languages.first()).map_or("fr", |lang| lang.as_str());
    let order = if first == "en" { ["en", "fr"] } else { ["fr", "en"] };
    order.iter().filter_map(|tag| tag.parse().ok()).collect()
}

/// What the boxes ask.
#[derive(Clone, Copy)]
pub struct Boxes {
    /// Their names in the page, in the order of the languages.
    pub ids: [&'static str; 2],
    /// In French, then in English.
    pub label: fn(english: bool) -> String,
    /// Help, always shown.
    pub hint: fn() -> String,
    /// The most graphemes.
    pub max: usize,
    /// Several lines.
    pub lines: bool,
    /// Whether the second language may be left out.
    pub second_optional: bool,
}

impl Boxes {
    /// Two texts of several lines, the second of them optional.
    pub fn texts(ids: [&'static str; 2], label: fn(bool) -> String) -> Self {
        Self { ids, label, hint: String::new, max: Text::GRAPHEMES, lines: true, second_optional: true }
    }
}

/// What is written, language by language.
#[derive(Clone)]
pub struct Two {
    /// The community's own first.
    pub langs: Vec<Lang>,
    /// In the same order.
    pub texts: Vec<RwSignal<String>>,
}

impl Two {
    /// Empty boxes, or with what was written before.
    pub fn new<T: ToString>(langs: &[Lang], before: Option<&Localized<T>>) -> Self {
        let text = |lang: &Lang| {
            let known = before.and_then(|text| text.iter().find(|(own, _)| *own == lang));
            RwSignal::new(known.map(|(_, text)| text.to_string()).unwrap_or_default())
        };
        Self { langs: langs.to_vec(), texts: langs.iter().map(text).collect() }
    }

    /// Empty boxes.
    pub fn empty(langs: &[Lang]) -> Self {
        Self::new::<Text>(langs, None)
    }

    /// What stands there now.
    pub fn written(&self) -> Vec<(Lang, String)> {
        self.langs.iter().cloned().zip(self.texts.iter().map(|text| text.get_untracked())).collect()
    }

    /// Puts texts into their boxes.
    pub fn fill(&self, texts: &[(Lang, String)]) {
        for (lang, text) in self.langs.iter().zip(&self.texts) {
            let given = texts.iter().find(|(own, _)| own == lang);
            text.set(given.map(|(_, text)| text.clone()).unwrap_or_default());
        }
    }

    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        self.texts.iter().all(|text| text.with_untracked(|text| text.trim().is_empty()))
    }

    /// By their names, to be kept while typing.
    pub fn named(&self, what: &str) -> Vec<(String, RwSignal<String>)> {
        let name = |lang: &Lang| [what, lang.as_str()].concat();
        self.langs.iter().map(name).zip(self.texts.iter().copied()).collect()
    }

    /// The text, or what is wrong, at its box.
    pub fn read<T: FromStr>(&self, boxes: &Boxes) -> Result<Localized<T>, Vec<(&'static str, String)>> {
        let Some(first) = self.langs.first() else { return Err(Vec::new()) };
        answers::answer(first, &self.written())
            .map_err(|wrong| wrong.iter().map(|wrong| self.at_box(wrong, boxes)).collect())
    }

    /// What others begin with: in every language, with places that stay open; or what is wrong, at its box.
    pub fn read_whole<T: FromStr>(&self, boxes: &Boxes) -> Result<Localized<T>, Vec<(&'static str, String)>> {
        let told = |wrong: &AnswerProblem| match (self.at_box(wrong, boxes), wrong) {
            ((at, _), AnswerProblem::Missing(lang)) => {
                (at, w!(desk_templates_error_language, language = (boxes.label)(lang.as_str() == "en")))
            }
            (said, _) => said,
        };
        answers::template(&self.written()).map_err(|wrong| wrong.iter().map(told).collect())
    }

    /// What is wrong with it, at its box.
    pub fn at_box(&self, wrong: &AnswerProblem, boxes: &Boxes) -> (&'static str, String) {
        let at = |lang: &Lang| if self.langs.first() == Some(lang) { boxes.ids[0] } else { boxes.ids[1] };
        let label = |lang: &Lang| (boxes.label)(lang.as_str() == "en");
        match wrong {
            AnswerProblem::Missing(lang) => (at(lang), w!(desk_answer_error_missing, language = label(lang))),
            AnswerProblem::Long(lang) => {
                #[expect(clippy::cast_precision_loss, reason = "thousands of characters")]
                let max = dates::number(boxes.max as f64);
                (at(lang), w!(desk_answer_error_long, max = max))
            }
            AnswerProblem::Open(lang, place) => (at(lang), w!(desk_answer_error_open, place = place.clone())),
        }
    }

    /// The boxes.
    pub fn draw(&self, boxes: Boxes, errors: Errors) -> AnyView {
        let one = |((lang, text), id): ((&Lang, &RwSignal<String>), &'static str)| {
            let label = (boxes.label)(lang.as_str() == "en");
            let optional = boxes.second_optional && id == boxes.ids[1];
            let asked = Field {
                id,
                label: if optional { format!("{label} ({})", w!(app_optional)) } else { label },
                hint: (boxes.hint)(),
                lines: boxes.lines,
                max: boxes.max,
                lang: Some(lang.to_string()),
                ..Field::default()
            };
            field(asked, *text, errors, Signal::derive(|| false), None)
        };
        let fields: Vec<AnyView> = self.langs.iter().zip(&self.texts).zip(boxes.ids).map(one).collect();
        view! { <div class="grid">{fields}</div> }.into_any()
    }
}

/// A language's name.
fn language(lang: &Lang) -> String {
    if lang.as_str() == "en" { w!(desk_english) } else { w!(desk_french) }
}

/// What is wrong with a list of which each line is something, at its box.
pub fn list_problem(
    wrong: &ListProblem,
    ids: [&'static str; 2],
    first: Option<&Lang>,
) -> (&'static str, String) {
    let at = |lang: &Lang| if first == Some(lang) { ids[0] } else { ids[1] };
    match wrong {
        ListProblem::Uneven { lang, lines, first } => {
            let (lines, first) = (lines.to_string(), first.to_string());
            (at(lang), w!(desk_list_uneven, language = language(lang), lines = lines, first = first))
        }
        ListProblem::Long(lang, line) => {
            let line: String = line.chars().take(40).collect();
            (at(lang), w!(desk_list_long, line = line))
        }
        ListProblem::Twice(lang, line) => (at(lang), w!(desk_list_twice, line = line.clone())),
    }
}

/// How many lines a list needs, in words.
pub fn lines_between(least: usize, most: usize) -> String {
    w!(desk_list_count, least = least.to_string(), most = most.to_string())
}
