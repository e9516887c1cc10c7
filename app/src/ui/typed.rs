//! What is typed into forms and not sealed yet (proposals aside, which are drafts): kept on the device while typing, by
//! person and form, so that a redraw, an update or a killed tab takes no word away.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use domain::ids::{CommunityId, RecordId};
use domain::operations::Action;
use domain::order::Sorted;
use domain::outbox::Item;
use leptos::prelude::*;

use crate::offline::{SealError, StoreError, sleep};
use crate::ui::App;
use crate::ui::live::effect;

/// The form that opens a consultation.
pub const OPENING: &str = "opening";
/// How long nobody types before it is written to the disk.
const PAUSE_MS: u32 = 400;

/// A form's fields by their names, with what is in them.
pub type Values = Vec<(String, String)>;

/// The form that answers a contribution.
pub fn answer_to(record: RecordId) -> String {
    ["answer ", &record.to_string()].concat()
}

/// The form that comments on a proposal.
pub fn comment_on(record: RecordId) -> String {
    ["comment ", &record.to_string()].concat()
}

/// The form that proposes another wording for a paragraph.
pub fn amend_of(text: RecordId, paragraph: u32) -> String {
    ["amend ", &text.to_string(), " ", &paragraph.to_string()].concat()
}

/// The form that publishes a text in a consultation, or a new version of one.
pub fn text_in(consultation: RecordId, text: Option<RecordId>) -> String {
    ["text ", &consultation.to_string(), " ", &text.map(|id| id.to_string()).unwrap_or_default()].concat()
}

/// The form that replies to a question about one's own.
pub fn reply_to(record: RecordId) -> String {
    ["reply ", &record.to_string()].concat()
}

/// The form that opens a poll in a consultation.
pub fn poll_in(consultation: RecordId) -> String {
    ["poll ", &consultation.to_string()].concat()
}

/// The form that opens a survey in a consultation.
pub fn survey_in(consultation: RecordId) -> String {
    ["survey ", &consultation.to_string()].concat()
}

/// The form that appeals against the hiding of one's own.
pub fn appeal_for(record: RecordId) -> String {
    ["appeal ", &record.to_string()].concat()
}

/// The form of a survey.
pub fn answers_to(record: RecordId) -> String {
    ["answers ", &record.to_string()].concat()
}

thread_local! {
    /// As typed a moment ago: the disk is a pause behind.
    static TYPED: RefCell<Sorted<String, Values>> = RefCell::default();
}

/// Somebody else at the same device does not find it.
fn key(app: App, form: &str) -> String {
    let person = app.me().get_untracked().map(|person| person.id.to_string());
    ["typed ", &person.unwrap_or_default(), " ", form].concat()
}

/// Fills the fields with what was typed into them before, and keeps what is typed from now on.
pub fn keep(app: App, form: &str, fields: Vec<(String, RwSignal<String>)>) {
    let key = key(app, form);
    let read = |fields: &[(String, RwSignal<String>)]| -> Values {
        fields.iter().map(|(name, field)| (name.clone(), field.get())).collect()
    };
    let given = untrack(|| read(&fields));
    if let Some(typed) = TYPED.with_borrow(|all| all.get(&key).cloned()) {
        fill(&fields, &typed);
    } else {
        let (key, fields, given) = (key.clone(), fields.clone(), given.clone());
        app.spawn(async move {
            let Some(typed) = kept(app, &key).await else { return };
            // Unless somebody was faster.
            let untouched = fields
                .iter()
                .zip(&given)
                .all(|((_, field), (_, given))| field.try_get_untracked().as_ref() == Some(given));
            if untouched {
                fill(&fields, &typed);
            }
        });
    }
    let turn = Rc::new(Cell::new(0_u32));
    effect(move |first| {
        let now = read(&fields);
        if first {
            return;
        }
        turn.set(turn.get().wrapping_add(1));
        let mine = turn.get();
        let (turn, key) = (turn.clone(), key.clone());
        TYPED.with_borrow_mut(|all| match now != given {
            true => all.insert(key.clone(), now),
            false => drop(all.remove(&key)),
        });
        app.spawn(async move {
            sleep(PAUSE_MS).await;
            if turn.get() == mine {
                // What stands there by now: it may have been sealed during the pause.
                let typed = TYPED.with_borrow(|all| all.get(&key).cloned());
                // What the disk does not take stays typed as long as the page lives.
                let _ = write(app, &key, typed.as_ref()).await;
            }
        });
    });
}

fn fill(fields: &[(String, RwSignal<String>)], typed: &Values) {
    for (name, field) in fields {
        if let Some((_, text)) = typed.iter().find(|(known, _)| known == name) {
            let _ = field.try_set(text.clone());
        }
    }
}

/// Puts words into a form that is not open: they are there when it opens, below what was typed
/// there meanwhile. Fails when the disk does not take them.
pub async fn put(app: App, form: &str, mut values: Values) -> Result<(), StoreError> {
    let key = key(app, form);
    for (name, text) in held(app, form).await {
        let Some((_, words)) = values.iter_mut().find(|(known, _)| *known == name) else {
            values.push((name, text));
            continue;
        };
        if !text.is_empty() && *words != text {
            *words = if words.is_empty() { text } else { [text.as_str(), "\n\n", words].concat() };
        }
    }
    write(app, &key, Some(&values)).await?;
    TYPED.with_borrow_mut(|all| all.insert(key, values));
    Ok(())
}

/// Chooses in a form that is not open: of choices there is one at a time, so whatever stood there is no more.
pub async fn choose(app: App, form: &str, values: Values) -> Result<(), StoreError> {
    let mut all = held(app, form).await;
    all.retain(|(name, _)| !values.iter().any(|(chosen, _)| chosen == name));
    all.extend(values);
    let key = key(app, form);
    write(app, &key, Some(&all)).await?;
    TYPED.with_borrow_mut(|typed| typed.insert(key, all));
    Ok(())
}

/// Whether a field of a form that is not open holds these words.
pub async fn holds(app: App, form: &str, name: &str, words: &str) -> bool {
    held(app, form).await.iter().any(|(known, text)| known == name && text.contains(words))
}

/// What a form that is not open holds.
pub async fn held(app: App, form: &str) -> Values {
    let key = key(app, form);
    match TYPED.with_borrow(|all| all.get(&key).cloned()) {
        Some(typed) => typed,
        None => kept(app, &key).await.unwrap_or_default(),
    }
}

/// Seals an act, and puts what tells of it into a form that is not open, in place of whatever was there: both are
/// kept, or neither.
pub async fn seal_into(
    app: App,
    community: &CommunityId,
    action: Action,
    form: &str,
    values: impl FnOnce(&Item) -> Values,
) -> Result<(), SealError> {
    let key = key(app, form);
    let mut told = Values::new();
    let keep = |item: &Item| {
        told = values(item);
        Ok((key.clone(), text_of(&told)?))
    };
    app.device().act_and_keep(community, action, keep).await?;
    TYPED.with_borrow_mut(|all| all.insert(key, told));
    Ok(())
}

async fn kept(app: App, key: &str) -> Option<Values> {
    serde_json::from_str(&app.device().preference(key).await?).ok()
}

/// It is sealed: the outbox keeps it now.
pub async fn forget(app: App, form: &str) {
    let key = key(app, form);
    TYPED.with_borrow_mut(|all| all.remove(&key));
    let _ = write(app, &key, None).await;
}

async fn write(app: App, key: &str, typed: Option<&Values>) -> Result<(), StoreError> {
    let Some(typed) = typed else { return app.device().forget_preference(key).await };
    app.device().set_preference(key, &text_of(typed)?).await
}

fn text_of(typed: &Values) -> Result<String, StoreError> {
    serde_json::to_string(typed).map_err(|_| StoreError::Damaged)
}
