//! One question of a survey as native fields, bound to its answer.

use crate::ui::live::{effect, on, shared};
use domain::ids::ChoiceId;
use domain::surveys::{Answer, Answers, Asks, Choice, Question, ScaleBetween};
use leptos::prelude::*;

use super::photos::photos;
use super::state::{is_chosen, put, rank, ranked, toggled};
use crate::ui::field::{Errors, Field, error_of, field};
use crate::ui::{App, words};
use crate::w;

/// What becomes of photos.
#[derive(Clone, Copy)]
pub enum Photos {
    /// They are kept on this device.
    Kept(App),
    /// They stay with the paper from which the answers come.
    Joined,
    /// It is a preview.
    None,
}

/// What the fields of a page write into.
#[derive(Clone, Copy)]
pub struct Sheet {
    /// What becomes of photos.
    pub photos: Photos,
    /// The answers so far.
    pub answers: RwSignal<Answers>,
    /// What is wrong, by field.
    pub errors: Errors,
    /// The fields whose text is no answer as it stands.
    pub unread: RwSignal<Vec<&'static str>>,
}

impl Sheet {
    /// Without any answer yet.
    pub fn new(photos: Photos, errors: Errors) -> Self {
        let (answers, unread) = (RwSignal::new(Answers::default()), RwSignal::new(Vec::new()));
        Self { photos, answers, errors, unread }
    }

    fn answer(self, question: &Question) -> Option<Answer> {
        self.answers.with_untracked(|answers| answers.get(&question.id).cloned())
    }

    pub(super) fn put(self, question: &Question, answer: Option<Answer>) {
        self.answers.update(|answers| put(answers, question, answer));
    }

    fn unread(self, id: &'static str, is: bool) {
        self.unread.update(|all| {
            all.retain(|known| *known != id);
            if is {
                all.push(id);
            }
        });
    }
}

/// The question.
pub fn question(sheet: Sheet, id: &'static str, it: &Question) -> AnyView {
    match &it.asks {
        Asks::ShortText | Asks::LongText | Asks::Number(_) | Asks::Date(_) => typed(sheet, id, it),
        Asks::OneChoice(asked) => one_choice(sheet, id, it, &asked.choices, asked.other),
        Asks::Several(asked) => several(sheet, id, it, &asked.choices),
        Asks::Scale(asked) => scale(sheet, id, it, asked),
        Asks::Ranking(asked) => {
            let places = asked.top.map_or(asked.choices.len(), usize::from);
            ranking(sheet, id, it, &asked.choices, places)
        }
        Asks::Matrix(asked) => matrix(sheet, id, it, &asked.rows, &asked.columns),
        Asks::Photos(most) => photos(sheet, id, it, usize::from(most.max)),
    }
}

fn label(it: &Question) -> String {
    let label = words::say(&it.label);
    if it.required { label } else { format!("{label} ({})", w!(app_optional)) }
}

fn hint(it: &Question) -> String {
    it.hint.as_ref().map(words::say).unwrap_or_default()
}

/// A text, a number or a day: what is typed is kept as the answer whenever it is one.
fn typed(sheet: Sheet, id: &'static str, it: &Question) -> AnyView {
    let before = match sheet.answer(it) {
        Some(Answer::Text(text)) => text.to_string(),
        Some(Answer::Number(number)) => number.to_string(),
        Some(Answer::Date(day)) => day.to_string(),
        _ => String::new(),
    };
    let value = RwSignal::new(before);
    let asked = it.clone();
    effect(move |first| {
        let text = value.get();
        if first {
            return;
        }
        let text = text.trim();
        let answer = match &asked.asks {
            _ if text.is_empty() => Ok(None),
            Asks::Number(_) => {
                // As people write them here: a comma, and spaces between thousands.
                let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
                plain.replace(',', ".").parse().map(|number| Some(Answer::Number(number))).map_err(drop)
            }
            Asks::Date(_) => text.parse().map(|day| Some(Answer::Date(day))).map_err(drop),
            _ => text.parse().map(|text| Some(Answer::Text(text))).map_err(drop),
        };
        sheet.unread(id, answer.is_err());
        sheet.put(&asked, answer.unwrap_or(None));
    });
    let (lines, kind, max) = match &it.asks {
        Asks::LongText => (true, "", domain::surveys::LONG_TEXT_MAX),
        Asks::Date(_) => (false, "date", 0),
        Asks::Number(_) => (false, "", 0),
        _ => (false, "", domain::text::Label::GRAPHEMES),
    };
    let unit = match &it.asks {
        Asks::Number(range) => range.unit.as_ref().map(words::say),
        _ => None,
    };
    let hint = [hint(it), unit.unwrap_or_default()].into_iter().filter(|text| !text.is_empty());
    let asked = Field {
        id,
        label: label(it),
        hint: hint.collect::<Vec<_>>().join(" · "),
        lines,
        kind,
        max,
        ..Field::default()
    };
    field(asked, value, sheet.errors, Signal::derive(|| false), None)
}

/// A group of fields under one question.
pub fn group(sheet: Sheet, id: &'static str, it: &Question, inside: AnyView) -> AnyView {
    let (hint, errors) = (hint(it), sheet.errors);
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let described = format!("{hint_id} {error_id}");
    view! {
        <fieldset class="field" class:field-bad=move || error_of(errors, id).is_some() aria-describedby=described>
            <legend class="field-label" dir="auto">{label(it)}</legend>
            <p class="field-hint" id=hint_id>{hint}</p>
            {move || error_of(errors, id).map(|text| view! { <p class="field-error" id=error_id.clone()>{text}</p> })}
            {inside}
        </fieldset>
    }
    .into_any()
}

/// The id of a field: the first of a group bears the group's, for the link of the summary.
fn part(id: &'static str, at: usize) -> String {
    if at == 0 { id.to_owned() } else { format!("{id}-{at}") }
}

fn mark(
    kind: &'static str,
    id: String,
    name: &'static str,
    text: AnyView,
    is: impl Fn() -> bool + Send + 'static,
    change: impl FnMut(bool) + 'static,
) -> AnyView {
    boxed_mark(kind, id, name, text, Box::new(is), Box::new(change))
}

fn boxed_mark(
    kind: &'static str,
    id: String,
    name: &'static str,
    text: AnyView,
    is: Box<dyn Fn() -> bool + Send>,
    mut change: Box<dyn FnMut(bool)>,
) -> AnyView {
    view! {
        <label class="choice">
            <input type=kind id=id name=name prop:checked=shared(is)
                on:change=on(move |event| change(event_target_checked(&event))) />
            <span class="choice-text" dir="auto">{text}</span>
        </label>
    }
    .into_any()
}

fn one_choice(sheet: Sheet, id: &'static str, it: &Question, choices: &[Choice], other: bool) -> AnyView {
    let asked = it.clone();
    let now = move |asked: &Question| sheet.answers.with(|answers| answers.get(&asked.id).cloned());
    let mut radios: Vec<AnyView> = choices
        .iter()
        .enumerate()
        .map(|(at, choice)| {
            let (own, chosen, of, to) = (choice.id.clone(), choice.id.clone(), asked.clone(), asked.clone());
            let is = move || is_chosen(now(&of).as_ref(), &own);
            let change = move |_| sheet.put(&to, Some(Answer::Choice(chosen.clone())));
            mark("radio", part(id, at), id, words::say(&choice.label).into_any(), is, change)
        })
        .collect();
    if other {
        radios.push(elsewise(sheet, id, it, choices.len()));
    }
    group(sheet, id, it, view! { <div class="choices choices-rows">{radios}</div> }.into_any())
}

/// Something else, in one's own words.
fn elsewise(sheet: Sheet, id: &'static str, it: &Question, at: usize) -> AnyView {
    let before = match sheet.answer(it) {
        Some(Answer::Other(label)) => Some(label.to_string()),
        _ => None,
    };
    let (open, text) = (RwSignal::new(before.is_some()), RwSignal::new(before.unwrap_or_default()));
    let asked = it.clone();
    effect(move |first| {
        let (open, text) = (open.get(), text.get());
        if first || !open {
            return;
        }
        sheet.put(&asked, text.trim().parse().ok().map(Answer::Other));
    });
    let asked = it.clone();
    let answers = sheet.answers;
    effect(move |_| {
        let chosen = answers.with(|all| matches!(all.get(&asked.id), Some(Answer::Choice(_))));
        if chosen {
            open.set(false);
        }
    });
    let field = shared(move || {
        open.get().then(|| {
            view! {
                <input class="field-input" type="text" aria-label=w!(survey_own_label) dir="auto" autocomplete="off"
                    prop:value=text on:input=on(move |event| text.set(event_target_value(&event))) />
            }
        })
    });
    let radio = mark(
        "radio",
        part(id, at),
        id,
        w!(survey_own).into_any(),
        move || open.get(),
        move |is| open.set(is),
    );
    view! { {radio} {field} }.into_any()
}

fn several(sheet: Sheet, id: &'static str, it: &Question, choices: &[Choice]) -> AnyView {
    let boxes: Vec<AnyView> = choices
        .iter()
        .enumerate()
        .map(|(at, choice)| {
            let (own, chosen, of, to) = (choice.id.clone(), choice.id.clone(), it.clone(), it.clone());
            let is = move || sheet.answers.with(|answers| is_chosen(answers.get(&of.id), &own));
            let change = move |is| sheet.put(&to, Some(toggled(sheet.answer(&to).as_ref(), &chosen, is)));
            mark("checkbox", part(id, at), id, words::say(&choice.label).into_any(), is, change)
        })
        .collect();
    group(sheet, id, it, view! { <div class="choices choices-rows">{boxes}</div> }.into_any())
}

/// What both ends of a scale mean.
pub fn ends(asked: &ScaleBetween) -> String {
    let end = |point: i8, said| words::named(&point.to_string(), &words::say(said));
    [end(asked.from, &asked.low), end(asked.to, &asked.high)].join(" · ")
}

fn scale(sheet: Sheet, id: &'static str, it: &Question, asked: &ScaleBetween) -> AnyView {
    let radios: Vec<AnyView> = (asked.from..=asked.to)
        .enumerate()
        .map(|(at, point)| {
            let (of, to_) = (it.clone(), it.clone());
            let is = move || sheet.answers.with(|answers| answers.get(&of.id) == Some(&Answer::Scale(point)));
            let change = move |_| sheet.put(&to_, Some(Answer::Scale(point)));
            mark("radio", part(id, at), id, point.to_string().into_any(), is, change)
        })
        .collect();
    let inside = view! {
        <p class="small soft">{ends(asked)}</p>
        <div class="choices">{radios}</div>
    };
    group(sheet, id, it, inside.into_any())
}

/// A native choice beside a label.
fn select(
    id: String,
    label: AnyView,
    options: Vec<(String, String)>,
    now: impl Fn() -> String + Send + 'static,
    mut change: impl FnMut(String) + 'static,
) -> AnyView {
    let options: Vec<AnyView> = options
        .into_iter()
        .map(|(value, text)| view! { <option value=value>{text}</option> }.into_any())
        .collect();
    view! {
        <div class="ballot-row">
            <label class="field-label" for=id.clone() dir="auto">{label}</label>
            <select class="field-input" id=id prop:value=shared(now)
                on:change=on(move |event| change(event_target_value(&event)))>{options}</select>
        </div>
    }
    .into_any()
}

fn ranking(sheet: Sheet, id: &'static str, it: &Question, choices: &[Choice], places: usize) -> AnyView {
    let mut options = vec![(String::new(), w!(poll_unranked))];
    options.extend((1..=places).map(|place| (place.to_string(), w!(poll_rank, rank = place.to_string()))));
    let rows: Vec<AnyView> = choices
        .iter()
        .enumerate()
        .map(|(at, choice)| {
            let (own, moved, of, to) = (choice.id.clone(), choice.id.clone(), it.clone(), it.clone());
            let now = move || {
                let place = sheet.answers.with(|answers| rank(answers.get(&of.id), &own));
                place.map(|place| place.to_string()).unwrap_or_default()
            };
            let change = move |value: String| {
                sheet.put(&to, Some(ranked(sheet.answer(&to).as_ref(), &moved, value.parse().ok())));
            };
            select(part(id, at), words::say(&choice.label).into_any(), options.clone(), now, change)
        })
        .collect();
    group(sheet, id, it, view! { <div class="stack-s">{rows}</div> }.into_any())
}

fn matrix(sheet: Sheet, id: &'static str, it: &Question, rows: &[Choice], columns: &[Choice]) -> AnyView {
    let mut options = vec![(String::new(), w!(survey_choose))];
    options.extend(columns.iter().map(|column| (column.id.to_string(), words::say(&column.label))));
    let rows: Vec<AnyView> = rows
        .iter()
        .enumerate()
        .map(|(at, row)| {
            let (own, judged, of, to) = (row.id.clone(), row.id.clone(), it.clone(), it.clone());
            let now = move || {
                sheet.answers.with(|answers| match answers.get(&of.id) {
                    Some(Answer::Matrix(rows)) => rows.get(&own).map(ChoiceId::to_string).unwrap_or_default(),
                    _ => String::new(),
                })
            };
            let change = move |value: String| {
                let mut rows = match sheet.answer(&to) {
                    Some(Answer::Matrix(rows)) => rows,
                    _ => domain::surveys::Rows::default(),
                };
                match value.parse() {
                    Ok(column) => rows.put(judged.clone(), column),
                    Err(_) => rows.remove(&judged),
                }
                sheet.put(&to, Some(Answer::Matrix(rows)));
            };
            select(part(id, at), words::say(&row.label).into_any(), options.clone(), now, change)
        })
        .collect();
    group(sheet, id, it, view! { <div class="stack-s">{rows}</div> }.into_any())
}
