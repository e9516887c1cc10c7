//! Texts and amendments to them. The office publishes at any time, one version after the other; an
//! amendment is taken while the words that it quotes stand.

use super::contributions::{made, made_reads, takes};
use super::{Change, Context, Effect, Loaded, Stop};
use crate::ids::{CommunityId, RecordId};
use crate::operations::{Amend, Operation, PublishText, Replaces, TEXTS_MAX};
use crate::phases::Form;
use crate::receipts::Refusal;
use crate::records::{Amendment, Attached, Paragraph, PublishedText, Record, TrailState, What};
use crate::scopes::{Key, Scope};

fn texts_key(community: &CommunityId, consultation: RecordId) -> Key {
    Key { scope: Scope::Sealed(community.clone()), name: format!("texts-{consultation}") }
}

pub(super) fn publish_reads(community: &CommunityId, publish: &PublishText) -> Vec<Key> {
    let consultation = publish.consultation;
    match publish.replaces {
        Some(it) => vec![Key::inside(community, consultation, it.text)],
        None => vec![Key::consultation(community, consultation), texts_key(community, consultation)],
    }
}

pub(super) fn publish(
    operation: &Operation,
    publish: &PublishText,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let (community, consultation) = (&operation.community, publish.consultation);
    let mut changes = Vec::new();
    let before = match publish.replaces {
        Some(Replaces { text, version }) => {
            let key = Key::inside(community, consultation, text);
            let before = loaded.published_text(&key).ok_or(Stop::Wait(text))?;
            // What comes back after a restore may be older than what stands, or follow one that does not
            // come back.
            let newer = context.honoured.is_some() && version > before.version;
            if version != before.version && !newer {
                return Err(Refusal::TextChanged.into());
            }
            Some(before)
        }
        None => {
            let key = Key::consultation(community, consultation);
            loaded.consultation(&key).ok_or(Stop::Wait(consultation))?;
            let key = texts_key(community, consultation);
            let mut all = loaded.attached(&key).map(|texts| texts.all.clone()).unwrap_or_default();
            if all.len() >= TEXTS_MAX && context.honoured.is_none() {
                return Err(Refusal::TooManyTexts.into());
            }
            all.push(operation.record());
            changes.push(Change::put(key, Record::Attached(Attached { all })));
            None
        }
    };
    let id = before.map_or(operation.record(), |text| text.id);
    let (paragraphs, numbered) = numbered(publish, before, context)?;
    let text = PublishedText {
        id,
        consultation,
        title: publish.title.clone(),
        paragraphs,
        version: publish.replaces.map_or(1, |it| it.version.saturating_add(1)),
        published_at: context.now,
        numbered,
    };
    changes.push(Change::put(Key::inside(community, consultation, id), Record::PublishedText(text)));
    let title = operation.action.title();
    Ok(Effect { changes, creates: publish.replaces.is_none(), title, state: TrailState::Received })
}

/// The paragraphs with their numbers: those of the version before keep theirs, new ones get one that none
/// ever had.
fn numbered(
    publish: &PublishText,
    before: Option<&PublishedText>,
    context: Context<'_>,
) -> Result<(Vec<Paragraph>, u32), Stop> {
    let known = |id: u32| before.is_some_and(|text| text.paragraph(id).is_some());
    let kept = publish.paragraphs.iter().filter_map(|paragraph| paragraph.was);
    // Of a version that follows one that was lost, the numbers are known from here alone.
    if context.honoured.is_none() && !kept.clone().all(known) {
        return Err(Refusal::TextChanged.into());
    }
    let mut last = before.map_or(0, |text| text.numbered).max(kept.max().unwrap_or(0));
    let mut all = Vec::new();
    for paragraph in &publish.paragraphs {
        let id = match paragraph.was {
            Some(id) => id,
            None => {
                last = last.saturating_add(1);
                last
            }
        };
        all.push(Paragraph { id, words: paragraph.words.clone() });
    }
    Ok((all, last))
}

pub(super) fn amend_reads(operation: &Operation, amend: &Amend) -> Vec<Key> {
    let mut keys = made_reads(operation, amend.consultation);
    keys.push(Key::inside(&operation.community, amend.consultation, amend.text));
    keys
}

pub(super) fn amend(
    operation: &Operation,
    amend: &Amend,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    takes(operation, amend.consultation, Form::Amendments, loaded, context)?;
    // It says itself what it changes: what was accepted once stands also before a text of another version.
    if context.honoured.is_none() {
        let key = Key::inside(&operation.community, amend.consultation, amend.text);
        let text = loaded.published_text(&key).ok_or(Stop::Wait(amend.text))?;
        if !text.says(amend.paragraph, &amend.lang, &amend.quote) {
            return Err(Refusal::TextChanged.into());
        }
    }
    let what = What::Amendment(Amendment {
        text: amend.text,
        paragraph: amend.paragraph,
        lang: amend.lang.clone(),
        quote: amend.quote.clone(),
        wording: amend.wording.clone(),
        reason: amend.reason.clone(),
    });
    Ok(made(operation, amend.consultation, what, loaded, context))
}
