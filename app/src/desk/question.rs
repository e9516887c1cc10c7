//! One question of a survey while it is written: its words, its kind, what the kind needs, and when it is
//! asked.

use domain::operations::PHOTOS_MAX;
use domain::surveys::{Question, Test};
use domain::text::{Label, Lang, Localized, Text};
use leptos::prelude::*;

use super::inputs::{select, tick};
use super::state::questions::{BOTH, Fields, KINDS, ONE, Wrong, Wrongs, fresh, test_text, tests};
use super::two::{self, Boxes, Two};
use crate::ui::field::{Choice, Errors, Field, field};
use crate::ui::live::{live, memo};
use crate::ui::words;
use crate::w;

/// The fields of the question that is being written.
#[derive(Clone)]
pub struct Editor {
    both: Vec<Two>,
    one: Vec<RwSignal<String>>,
}

impl Editor {
    /// For a new question.
    pub fn new(langs: &[Lang]) -> Self {
        let editor = Self {
            both: BOTH.iter().map(|_| Two::empty(langs)).collect(),
            one: ONE.iter().map(|_| RwSignal::new(String::new())).collect(),
        };
        editor.fill(&fresh());
        editor
    }

    /// By their names, to be kept while typing.
    pub fn named(&self) -> Vec<(String, RwSignal<String>)> {
        let both = BOTH.iter().zip(&self.both).flat_map(|(name, two)| two.named(&[name, " "].concat()));
        both.chain(ONE.iter().map(ToString::to_string).zip(self.one.iter().copied())).collect()
    }

    /// What stands in them.
    pub fn read(&self) -> Fields {
        Fields(self.named().into_iter().map(|(name, text)| (name, text.get_untracked())).collect())
    }

    /// Puts a question into them; the others are empty.
    pub fn fill(&self, fields: &Fields) {
        for (name, two) in BOTH.iter().zip(&self.both) {
            two.fill(&fields.both(name));
        }
        for (name, text) in ONE.iter().zip(&self.one) {
            text.set(fields.one(name).to_owned());
        }
    }

    fn two(&self, name: &str) -> &Two {
        let at = BOTH.iter().position(|known| *known == name);
        &self.both[at.unwrap_or(0)]
    }

    fn text(&self, name: &str) -> RwSignal<String> {
        let at = ONE.iter().position(|known| *known == name);
        self.one[at.unwrap_or(0)]
    }

    fn draw_two(&self, name: &'static str, errors: Errors) -> AnyView {
        self.two(name).draw(boxes(name), errors)
    }

    fn draw_one(&self, name: &'static str, label: String, kind: &'static str, errors: Errors) -> AnyView {
        let asked = Field { id: id(name), label, kind, class: "field-short", ..Field::default() };
        field(asked, self.text(name), errors, Signal::derive(|| false), None)
    }

    /// The form. `earlier` are the questions that stand before it.
    pub fn draw(&self, earlier: Memo<Vec<Question>>, errors: Errors) -> AnyView {
        let kinds =
            KINDS.map(|name| Choice { value: name.to_owned(), text: kind(name), hint: String::new() });
        let of_kind = {
            let (editor, kind) = (self.clone(), self.text("kind"));
            let kind = memo(move || kind.get());
            live(move || editor.of_kind(&kind.get(), errors))
        };
        view! {
            {self.draw_two("label", errors)}
            {select(id("kind"), w!(desk_question_kind), move || kinds.to_vec(), self.text("kind"), errors)}
            {of_kind}
            {self.draw_two("hint", errors)}
            {self.when(earlier, errors)}
            <div class="choices choices-rows">
                {tick(id("required"), w!(desk_question_required), w!(desk_question_required_hint), self.text("required"))}
            </div>
        }
        .into_any()
    }

    /// What the kind needs.
    fn of_kind(&self, kind: &str, errors: Errors) -> AnyView {
        let number = |name, label| self.draw_one(name, label, "", errors);
        let optional = |label: String| format!("{label} ({})", w!(app_optional));
        match kind {
            "one_choice" => view! {
                {self.draw_two("choices", errors)}
                <div class="choices choices-rows">
                    {tick(id("other"), w!(desk_question_own), w!(desk_question_own_hint), self.text("other"))}
                </div>
            }
            .into_any(),
            "several" => view! {
                {self.draw_two("choices", errors)}
                {number("most", optional(w!(desk_question_most)))}
            }
            .into_any(),
            "ranking" => self.draw_two("choices", errors),
            "photos" => number("most", w!(desk_question_photos_most, max = PHOTOS_MAX.to_string())),
            "matrix" => view! { {self.draw_two("rows", errors)} {self.draw_two("columns", errors)} }.into_any(),
            "scale" => view! {
                <div class="row">{number("from", w!(desk_question_from))}{number("to", w!(desk_question_to))}</div>
                {self.draw_two("low", errors)}
                {self.draw_two("high", errors)}
            }
            .into_any(),
            "number" => view! {
                <div class="row">
                    {number("least", optional(w!(desk_question_least)))}
                    {number("greatest", optional(w!(desk_question_greatest)))}
                    {number("decimals", w!(desk_question_decimals))}
                </div>
                {self.draw_two("unit", errors)}
            }
            .into_any(),
            "date" => view! {
                <div class="row">
                    {self.draw_one("earliest", optional(w!(desk_question_earliest)), "date", errors)}
                    {self.draw_one("latest", optional(w!(desk_question_latest)), "date", errors)}
                </div>
            }
            .into_any(),
            _ => ().into_any(),
        }
    }

    /// Always asked, or after a certain answer to an earlier question.
    fn when(&self, earlier: Memo<Vec<Question>>, errors: Errors) -> AnyView {
        let (on, test) = (self.text("if"), self.text("test"));
        let questions = move || {
            let always = Choice { value: String::new(), text: w!(desk_question_always), hint: String::new() };
            let asked = earlier.with(|all| all.iter().map(choice_of).collect::<Vec<_>>());
            std::iter::once(always).chain(asked).collect()
        };
        let offered = move || {
            let on = on.get();
            earlier.with(|all| {
                let of = all.iter().find(|it| it.id.as_str() == on);
                let first =
                    Choice { value: String::new(), text: w!(desk_question_test_none), hint: String::new() };
                let tests = of.into_iter().flat_map(tests);
                std::iter::once(first)
                    .chain(tests.map(|(test, label)| test_of(&test, label)))
                    .collect::<Vec<_>>()
            })
        };
        let asked = memo(move || on.with(|on| !on.is_empty()));
        let second = live(move || {
            asked.get().then(|| select(id("test"), w!(desk_question_test), offered, test, errors))
        });
        let any = memo(move || earlier.with(|all| !all.is_empty()));
        let first =
            live(move || any.get().then(|| select(id("if"), w!(desk_question_when), questions, on, errors)));
        view! { {first} {second} }.into_any()
    }
}

fn choice_of(it: &Question) -> Choice {
    let text = w!(desk_question_after, question = words::say(&it.label));
    Choice { value: it.id.to_string(), text, hint: String::new() }
}

fn test_of(test: &Test, label: Option<&Localized<Label>>) -> Choice {
    let answer = label.map(words::say).unwrap_or_default();
    let text = match test {
        Test::Answered => w!(desk_question_test_answered),
        Test::Is(_) => w!(desk_question_test_is, answer = answer),
        Test::IsNot(_) => w!(desk_question_test_is_not, answer = answer),
        Test::AtLeast(least) => w!(desk_question_test_at_least, least = least.to_string()),
    };
    Choice { value: test_text(test), text, hint: String::new() }
}

/// A kind, in words.
pub fn kind(name: &str) -> String {
    match name {
        "one_choice" => w!(desk_question_one_choice),
        "several" => w!(desk_question_several),
        "scale" => w!(desk_question_scale),
        "ranking" => w!(desk_question_ranking),
        "matrix" => w!(desk_question_matrix),
        "short_text" => w!(desk_question_short_text),
        "long_text" => w!(desk_question_long_text),
        "number" => w!(desk_question_number),
        "photos" => w!(desk_question_photos),
        _ => w!(desk_question_date),
    }
}

/// The name of a field in the page.
fn id(name: &'static str) -> &'static str {
    match name {
        "kind" => "q-kind",
        "required" => "q-required",
        "other" => "q-other",
        "most" => "q-most",
        "from" => "q-from",
        "to" => "q-to",
        "least" => "q-least",
        "greatest" => "q-greatest",
        "decimals" => "q-decimals",
        "earliest" => "q-earliest",
        "latest" => "q-latest",
        "if" => "q-if",
        "test" => "q-test",
        _ => boxes(name).ids[0],
    }
}

fn boxes(name: &str) -> Boxes {
    let of =
        |ids, label, max, lines| Boxes { ids, label, hint: String::new, max, lines, second_optional: false };
    let list = |ids, label| Boxes { hint: || w!(desk_list_hint), ..of(ids, label, 0, true) };
    match name {
        "hint" => of(
            ["q-hint", "q-hint-2"],
            |english| {
                let label = if english { w!(desk_question_hint_en) } else { w!(desk_question_hint_fr) };
                format!("{label} ({})", w!(app_optional))
            },
            Text::GRAPHEMES,
            false,
        ),
        "choices" => list(["q-choices", "q-choices-2"], |english| {
            if english { w!(desk_poll_choices_en) } else { w!(desk_poll_choices_fr) }
        }),
        "rows" => list(["q-rows", "q-rows-2"], |english| {
            if english { w!(desk_question_rows_en) } else { w!(desk_question_rows_fr) }
        }),
        "columns" => list(["q-columns", "q-columns-2"], |english| {
            if english { w!(desk_question_columns_en) } else { w!(desk_question_columns_fr) }
        }),
        "low" => of(
            ["q-low", "q-low-2"],
            |english| if english { w!(desk_question_low_en) } else { w!(desk_question_low_fr) },
            Label::GRAPHEMES,
            false,
        ),
        "high" => of(
            ["q-high", "q-high-2"],
            |english| if english { w!(desk_question_high_en) } else { w!(desk_question_high_fr) },
            Label::GRAPHEMES,
            false,
        ),
        "unit" => of(
            ["q-unit", "q-unit-2"],
            |english| {
                let label = if english { w!(desk_question_unit_en) } else { w!(desk_question_unit_fr) };
                format!("{label} ({})", w!(app_optional))
            },
            Label::GRAPHEMES,
            false,
        ),
        _ => of(
            ["q-label", "q-label-2"],
            |english| if english { w!(desk_question_label_en) } else { w!(desk_question_label_fr) },
            Label::GRAPHEMES,
            false,
        ),
    }
}

/// What is wrong, at each field.
pub fn at_fields(wrongs: &Wrongs, first: Option<&Lang>) -> Vec<(&'static str, String)> {
    let say = |(name, wrong): &(&'static str, Wrong)| match wrong {
        Wrong::Words => (id(name), w!(desk_question_error_words)),
        Wrong::Unchosen => (id(name), w!(desk_question_error_unchosen)),
        Wrong::List(wrong) => two::list_problem(wrong, boxes(name).ids, first),
        Wrong::Count(least, most) => (id(name), two::lines_between(*least, *most)),
        Wrong::Unread => (id(name), w!(desk_question_error_unread)),
        Wrong::Bounds => (id(name), w!(desk_question_error_bounds)),
    };
    wrongs.iter().map(say).collect()
}
