//! The form of an amendment that is entered for somebody: the text, the paragraph, then its words to change.

use domain::operations::{Act, Amend};
use domain::records::PublishedText;
use domain::text::Text;
use leptos::prelude::*;

use super::entering::{Entering, Written};
use super::entries::Wrong;
use super::inputs::select;
use super::state::amending::{At, Stands, paragraphs, versions};
use crate::offline::Shown;
use crate::texts::state::{texts, written};
use crate::texts::{self as public, Fields};
use crate::ui::field::Choice;
use crate::ui::live::{live, memo};
use crate::ui::{parts, words};
use crate::w;

/// The name of the form that keeps what is chosen; the words are kept by paragraph.
pub const CHOICES: &str = "amend";

/// What is typed to one paragraph.
#[derive(Clone, Copy)]
struct Typed {
    wording: RwSignal<String>,
    reason: RwSignal<String>,
    /// The words from which it began.
    quote: RwSignal<String>,
}

impl Typed {
    fn fields(self) -> [(&'static str, RwSignal<String>); 3] {
        [("wording", self.wording), ("reason", self.reason), ("quote", self.quote)]
    }
}

/// The words of an amendment by the fields of its form.
pub fn values(it: &Amend) -> Vec<(String, String)> {
    let text = |text: Option<&Text>| text.map(ToString::to_string).unwrap_or_default();
    [
        ("wording", text(it.wording.as_ref())),
        ("reason", text(it.reason.as_ref())),
        ("quote", it.quote.to_string()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

/// What it asks for, and why, as somebody reads it.
pub fn said(it: &Amend) -> Vec<String> {
    let wording = it.wording.as_ref().map_or_else(|| w!(amend_goes), ToString::to_string);
    [Some(wording), why(it)].into_iter().flatten().collect()
}

fn why(it: &Amend) -> Option<String> {
    it.reason.as_ref().map(|reason| [&w!(amend_reason), crate::ui::words::colon(), reason.as_str()].concat())
}

/// What changes, to be read out.
pub fn read_out(it: &Amend) -> AnyView {
    let after = it.wording.as_ref().map_or("", Text::as_str);
    let why = why(it).map(|why| view! { <p dir="auto">{why}</p> });
    view! { {public::changes(it.quote.as_str(), after, it.lang.as_str())} {why} }.into_any()
}

/// The form.
pub fn form(entering: Entering, records: Signal<Shown>) -> AnyView {
    let all = memo(move || records.with(|all| texts(all)));
    let [text, paragraph, wording, reason, quote] = [(); 5].map(|()| RwSignal::new(String::new()));
    let typed = Typed { wording, reason, quote };
    // Where there is one text, it is meant.
    all.with_untracked(|all| {
        if let ([_], [(name, _), ..]) = (&all[..], &versions(all, &words::order())[..]) {
            text.set(name.clone());
        }
    });
    entering.keep(CHOICES, &[("text", text), ("paragraph", paragraph)]);
    let at = memo(move || At::chosen(&text.get(), &paragraph.get()));
    let stands = memo(move || at.with(|at| all.with(|all| at.as_ref().and_then(|at| at.stands(all)))));
    let read = move || {
        let Some(at) = at.get_untracked() else {
            let wrong = match text.with_untracked(String::is_empty) {
                true => ("text", w!(desk_enter_error_text)),
                false => ("paragraph", w!(desk_enter_error_paragraph)),
            };
            return Err(vec![wrong]);
        };
        match stands.get_untracked() {
            Some(it) => entered(entering, at, it, typed),
            None => Err(vec![("paragraph", w!(desk_enter_paragraph_gone))]),
        }
    };
    let words = live(move || {
        let at = at.get()?;
        Some(match stands.get() {
            Some(it) => changing(entering, &at, &it, typed),
            None => gone(entering, &at, typed),
        })
    });
    let inside = view! {
        {which(entering, all, text)}
        {which_paragraph(entering, all, text, paragraph)}
        {words}
    };
    entering.asks(inside.into_any(), read)
}

fn entered(entering: Entering, at: At, it: Stands, typed: Typed) -> Result<Written, Wrong> {
    let read = written(&it.quote, &typed.wording.get_untracked(), &typed.reason.get_untracked());
    let (wording, reason) =
        read.map_err(|wrong| wrong.into_iter().map(public::problem).collect::<Wrong>())?;
    let kept_as = entering.kept_as(&at.form());
    let At { text, lang, paragraph } = at;
    let consultation = entering.consultation;
    let amend = Amend { consultation, text, paragraph, lang, quote: it.quote, wording, reason };
    let title = w!(desk_enter_amended, title = it.title, number = it.number.to_string());
    let text = said(&amend).join("\n\n");
    Ok(Written { act: Act::Amend(amend), title, text, aloud: Vec::new(), at: None, kept_as })
}

fn choose(text: String) -> Choice {
    Choice { value: String::new(), text, hint: String::new() }
}

/// Which text, in which language.
fn which(entering: Entering, all: Memo<Vec<PublishedText>>, text: RwSignal<String>) -> AnyView {
    let options = move || {
        let versions = all.with(|all| versions(all, &words::order()));
        let option = |(value, text)| Choice { value, text, hint: String::new() };
        let first = [choose(w!(desk_enter_choose_text))];
        first.into_iter().chain(versions.into_iter().map(option)).collect()
    };
    select("text", w!(desk_enter_which_text), options, text, entering.errors)
}

fn which_paragraph(
    entering: Entering,
    all: Memo<Vec<PublishedText>>,
    text: RwSignal<String>,
    paragraph: RwSignal<String>,
) -> AnyView {
    let options = move || {
        let those = all.with(|all| text.with(|text| paragraphs(all, text)));
        let option = |(value, number, words): (String, usize, String)| Choice {
            value,
            text: [&number.to_string(), ". ", &words].concat(),
            hint: String::new(),
        };
        let first = [choose(w!(desk_enter_choose_paragraph))];
        first.into_iter().chain(those.into_iter().map(option)).collect()
    };
    select("paragraph", w!(desk_enter_which_paragraph), options, paragraph, entering.errors)
}

/// The paragraph, its words to change, and what changes.
fn changing(entering: Entering, at: &At, it: &Stands, typed: Typed) -> AnyView {
    let before = it.quote.to_string();
    for (field, given) in [(typed.wording, &before), (typed.quote, &before), (typed.reason, &String::new())] {
        field.set(given.clone());
    }
    entering.keep(&at.form(), &typed.fields());
    let now = before.clone();
    let changed = live(move || {
        let since = typed.quote.with(|quote| *quote != now) && typed.wording.with(|wording| *wording != now);
        since.then(|| parts::notice("warn", String::new(), w!(desk_enter_changed_since), None))
    });
    let fields = Fields {
        wording: (w!(desk_enter_wording), typed.wording),
        reason: (w!(desk_enter_own_words), typed.reason),
        errors: entering.errors,
        readonly: Signal::derive(|| false),
    };
    view! {
        <div class="stack">
            {parts::words_of("motion", before.clone(), None)}
            {changed}
            {public::fields(fields, before, at.lang.to_string())}
        </div>
    }
    .into_any()
}

/// The paragraph is in the text no more: what was written to it is there to be read and copied.
fn gone(entering: Entering, at: &At, typed: Typed) -> AnyView {
    typed.fields().into_iter().for_each(|(_, field)| field.set(String::new()));
    entering.keep(&at.form(), &typed.fields());
    let own = live(move || {
        let text = typed.wording.get();
        (!text.is_empty()).then(|| parts::words_of("person", text, None))
    });
    view! { {parts::notice("warn", String::new(), w!(desk_enter_paragraph_gone), None)} {own} }.into_any()
}
