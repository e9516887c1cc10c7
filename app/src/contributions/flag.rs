//! Pointing the office at a contribution that breaks a rule: one quiet button, one dialog for a page.

use crate::ui::live::{live, memo};
use domain::ids::RecordId;
use domain::operations::{Action, Flag, Kind, Kinds};
use domain::receipts::Outcome;
use domain::records::{Community, Contribution, Record, Rule, SignedAs};
use domain::scopes::Scope;
use domain::text::Label;
use leptos::prelude::*;

use super::entry::Around;
use crate::ui::dialog::{Asked, dialog};
use crate::ui::field::{Choice, Errors, Field, choices, field};
use crate::ui::routes::Route;
use crate::ui::{App, parts, words};
use crate::{proposals, w};

/// What a page needs to point at what stands on it.
#[derive(Clone, Copy)]
pub struct Flagging {
    open: RwSignal<bool>,
    /// In which consultation, and what.
    at: RwSignal<Option<(RecordId, RecordId)>>,
    meant: Memo<bool>,
    /// What this person pointed at, as far as it is known here.
    done: Memo<Vec<RecordId>>,
}

impl Flagging {
    /// Of the person who is signed in.
    pub fn new(app: App) -> Self {
        let at = RwSignal::new(None);
        let meant = memo(move || at.with(Option::is_some));
        Self { open: RwSignal::new(false), at, meant, done: memo(move || done(app)) }
    }

    /// Whether somebody pressed a button.
    pub fn is_meant(self) -> bool {
        self.meant.get()
    }
}

/// What arrived, by one's own trail; and what has not left, by the outbox.
fn done(app: App) -> Vec<RecordId> {
    let Some(person) = app.me().get() else { return Vec::new() };
    let mut all: Vec<RecordId> = app.records(&Scope::Person(person.id)).with(|held| {
        let flagged = held.iter().filter_map(|held| match &held.record {
            Record::Trail(it) if it.act == Kind::Flag && it.outcome == Outcome::Accepted => Some(it.record),
            _ => None,
        });
        flagged.collect()
    });
    all.extend(app.device().outbox().get().iter().filter_map(|item| {
        let operation = item.operation_of(Kinds::PARTICIPANTS).ok()?;
        match operation.action {
            Action::Flag(flag) => Some(flag.record),
            _ => None,
        }
    }));
    all
}

/// The button; nothing for what has not arrived, or was imported: no office reads that one by one.
pub fn button(around: Around, flagging: Flagging, it: &Contribution, pending: bool) -> Option<AnyView> {
    if pending || it.signed == SignedAs::Imported {
        return None;
    }
    let (app, place) = (around.app, (it.consultation, it.id));
    Some(live(move || {
        if around.app.me().with(Option::is_none) {
            return parts::link("btn btn-plain small", app.link(&Route::SignIn), w!(flag_button));
        }
        if flagging.done.with(|done| done.contains(&place.1)) {
            return view! { <span class="small soft">{w!(flag_done)}</span> }.into_any();
        }
        parts::button("btn btn-plain small", w!(flag_button), move || {
            flagging.at.set(Some(place));
            flagging.open.set(true);
        })
    }))
}

/// The dialog.
pub fn asked(around: Around, flagging: Flagging) -> AnyView {
    let app = around.app;
    let (rule, text) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let errors: Errors = RwSignal::new(Vec::new());
    let rules = live(move || {
        let options: Vec<Choice> = around.lists.with(|lists| {
            let rules = lists.iter().flat_map(Community::applied);
            let choice = |rule: &Rule| Choice {
                value: rule.id.to_string(),
                text: words::say(&rule.label),
                hint: words::say(&rule.explanation),
            };
            rules.map(choice).collect()
        });
        choices("flag", w!(flag_rule), String::new(), true, options, rule, errors)
    });
    let more = Field {
        id: "flag-text",
        label: w!(flag_text),
        hint: w!(flag_text_hint),
        max: Label::GRAPHEMES,
        ..Field::default()
    };
    let asked = Asked { title: w!(flag_title), text: w!(flag_help), yes: w!(flag_send), class: "btn" };
    let send = move || {
        let Some((consultation, record)) = flagging.at.get_untracked() else { return true };
        let Ok(chosen) = rule.get_untracked().parse() else {
            errors.set(vec![("flag", w!(desk_hide_error_rule))]);
            return false;
        };
        let written = text.get_untracked();
        let text_ = match written.trim() {
            "" => None,
            said => match said.parse::<Label>() {
                Ok(said) => Some(said),
                Err(wrong) => {
                    errors.set(vec![("flag-text", super::comments::wrong_words(wrong, Label::GRAPHEMES))]);
                    return false;
                }
            },
        };
        let community = around.place.with_value(|place| place.id.clone());
        app.spawn(async move {
            let act = Action::Flag(Flag { consultation, record, rule: chosen, text: text_ });
            match app.device().act(&community, act).await {
                Ok(_) => {
                    let _ = (rule.try_set(String::new()), text.try_set(String::new()));
                    app.say(w!(flag_kept));
                }
                Err(error) => app.fail(proposals::say(error)),
            }
        });
        errors.set(Vec::new());
        true
    };
    let more = view! { {rules} {field(more, text, errors, Signal::derive(|| false), None)} };
    dialog(flagging.open, asked, Some(more.into_any()), send)
}
