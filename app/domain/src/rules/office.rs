//! What the office does with one contribution: it answers, says where it stands, files it, notes
//! something, blots out private information.

use super::views::Views;
use super::{Change, Context, Effect, Loaded, Stop, desk_key};
use crate::authority::Actor;
use crate::blots;
use crate::ids::{CommunityId, Hash};
use crate::operations::{Answer, Blot, File, Mark, Note, Photo, Progress};
use crate::receipts::Refusal;
use crate::records::{
    AnswerGiven, Contribution, DeskState, NoteKept, Proposal, Record, Step, TrailState, What,
};
use crate::scopes::Key;
use crate::text::{Label, Text, Title};
use crate::time::Millis;

/// Whether what comes back after a restore is older than what stands.
fn is_older(stands: Option<Millis>, context: Context<'_>) -> bool {
    context.honoured.is_some() && stands.is_some_and(|at| at > context.now)
}

/// An act about a contribution leaves nothing but its changes.
fn effect(title: Title, changes: Vec<Change>) -> Effect {
    Effect { changes, creates: false, title: Some(title), state: TrailState::Received }
}

pub(super) fn answer(
    community: &CommunityId,
    answer: &Answer,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let mut views = Views::of(community, answer.consultation, answer.record, loaded)?;
    let title = views.public.title();
    if is_older(views.public.answer.as_ref().map(|there| there.at), context) {
        return Ok(effect(title, Vec::new()));
    }
    let given = AnswerGiven { text: answer.text.clone(), at: context.now };
    views.each(|it| it.answer = Some(given.clone()));
    views.tell(|trail| {
        trail.state = TrailState::Answered;
        trail.answer = Some(given.clone());
    });
    if let Some(item) = &mut views.item {
        item.state = DeskState::Answered;
    }
    Ok(effect(title, views.changes()))
}

pub(super) fn mark(
    community: &CommunityId,
    mark: &Mark,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let mut views = Views::of(community, mark.consultation, mark.record, loaded)?;
    let title = views.public.title();
    let stands = views.item.as_ref().and_then(|item| item.step.clone()).or(views.public.step.clone());
    // Reading it again is nothing new.
    let again =
        stands.as_ref().is_some_and(|it| mark.progress == Progress::Read || it.progress == mark.progress);
    if again || is_older(stands.map(|it| it.at), context) {
        return Ok(effect(title, Vec::new()));
    }
    let step = Some(Step { progress: mark.progress.clone(), at: context.now });
    if mark.progress != Progress::Read {
        views.each(|it| it.step.clone_from(&step));
    }
    if let Some(item) = &mut views.item {
        item.step.clone_from(&step);
    }
    views.tell(|trail| trail.step.clone_from(&step));
    Ok(effect(title, views.changes()))
}

pub(super) fn file(
    community: &CommunityId,
    file: &File,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let mut views = Views::of(community, file.consultation, file.record, loaded)?;
    let title = views.public.title();
    if views.public.proposal().is_none() {
        return Err(Refusal::NotAProposal.into());
    }
    let lists = loaded.community(&Key::community(community));
    let listed = lists.is_some_and(|lists| lists.subjects.iter().any(|it| it.id == file.subject));
    if !listed && context.honoured.is_none() {
        return Err(Refusal::UnknownSubject.into());
    }
    views.each(|it| {
        if let What::Proposal(proposal) = &mut it.what {
            proposal.subject = file.subject.clone();
        }
    });
    Ok(effect(title, views.changes()))
}

pub(super) fn note(
    community: &CommunityId,
    note: &Note,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let key = desk_key(community, note.record);
    let mut item = loaded.desk_item(&key).cloned().ok_or(Stop::Wait(note.record))?;
    let Actor::Person(person) = context.actor else { return Err(Refusal::NotPermitted.into()) };
    item.notes.push(NoteKept { name: person.name.clone(), text: note.text.clone(), at: context.now });
    let title = item.contribution.title();
    Ok(effect(title, vec![Change::put(key, Record::DeskItem(item))]))
}

pub(super) fn blot(community: &CommunityId, blot: &Blot, loaded: &Loaded) -> Result<Effect, Stop> {
    let desk = desk_key(community, blot.record);
    let hidden = loaded.desk_item(&desk).and_then(|item| Some((item, item.hidden.as_ref()?.shown.clone()?)));
    // What is hidden may be shown again one day: then without these words.
    if let Some((item, mut shown)) = hidden {
        blot_out(&mut shown, Some(&item.contribution), blot)?;
        let mut item = item.clone();
        let title = shown.title();
        item.hidden.iter_mut().for_each(|hidden| hidden.shown = Some(shown.clone()));
        return Ok(effect(title, vec![Change::put(desk, Record::DeskItem(item))]));
    }
    let mut views = Views::of(community, blot.consultation, blot.record, loaded)?;
    blot_out(&mut views.public, views.item.as_ref().map(|item| &item.contribution), blot)?;
    let title = views.public.title();
    Ok(effect(title, views.changes()))
}

/// Out of what is shown; the words and photos stand there, or stood in what was written.
fn blot_out(shown: &mut Contribution, written: Option<&Contribution>, blot: &Blot) -> Result<(), Stop> {
    if let What::Proposal(proposal) = &mut shown.what {
        let sent = written.map_or(&[][..], Contribution::photos);
        blot_photos(proposal, sent, blot)?;
    } else if !blot.photos.is_empty() || !blot.covers.is_empty() {
        return Err(Refusal::NoSuchWords.into());
    }
    for word in &blot.words {
        let stands = |it: &Contribution| said(it).iter().any(|text| text.contains(word.as_str()));
        // Blotted out by somebody else in the meantime.
        if !stands(shown) && !written.is_some_and(stands) {
            return Err(Refusal::NoSuchWords.into());
        }
        strike(shown, written, word.as_str());
    }
    Ok(())
}

/// Takes photos out, and puts covered ones in the place of others. `sent` are those that came.
fn blot_photos(shown: &mut Proposal, sent: &[Photo], blot: &Blot) -> Result<(), Stop> {
    let stands = |photos: &[Photo], full: Hash| photos.iter().any(|it| it.full == full);
    for photo in &blot.photos {
        // Taken out by somebody else in the meantime: done. What they covered is looked at anew.
        let is_out = stands(sent, *photo) && shown.photos.iter().all(|it| stands(sent, it.full));
        if !stands(&shown.photos, *photo) && !is_out {
            return Err(Refusal::NoSuchWords.into());
        }
    }
    let before = shown.photos.len();
    shown.photos.retain(|photo| !blot.photos.contains(&photo.full));
    let out = u8::try_from(before - shown.photos.len()).unwrap_or(u8::MAX);
    shown.photos_out = shown.photos_out.saturating_add(out);
    for cover in &blot.covers {
        if !stands(&shown.photos, cover.photo) && !stands(&shown.photos, cover.full) {
            return Err(Refusal::NoSuchWords.into());
        }
        for photo in shown.photos.iter_mut().filter(|it| it.full == cover.photo) {
            (photo.full, photo.thumb) = (cover.full, cover.thumb);
        }
    }
    let covered = shown.photos.iter().filter(|it| !stands(sent, it.full)).count();
    shown.photos_covered = u8::try_from(covered).unwrap_or(u8::MAX);
    Ok(())
}

fn said(it: &Contribution) -> Vec<&str> {
    let texts = match &it.what {
        What::Proposal(proposal) => {
            let mut texts = vec![proposal.title.as_str()];
            texts.extend(proposal.place.iter().filter_map(|it| it.words.as_ref().map(Label::as_str)));
            texts.extend(
                proposal.photos.iter().filter_map(|photo| photo.alt.as_ref().map(|alt| alt.as_str())),
            );
            texts
        }
        What::Comment(_) => Vec::new(),
        What::Amendment(it) => vec![it.proposed()],
    };
    it.text().map(Text::as_str).into_iter().chain(texts).collect()
}

/// Without the word, wherever it was written.
fn strike(it: &mut Contribution, written: Option<&Contribution>, word: &str) {
    let struck = |text: &str, original: Option<&str>| blots::without(original, text, word);
    match &mut it.what {
        What::Amendment(it) => {
            let original = written.and_then(Contribution::amendment);
            let (wording, reason) =
                original.map_or((None, None), |it| (it.wording.as_ref(), it.reason.as_ref()));
            for (text, original) in [(&mut it.wording, wording), (&mut it.reason, reason)] {
                *text =
                    text.take().map(|text| struck(text.as_str(), original.map(Text::as_str)).unwrap_or(text));
            }
        }
        What::Comment(comment) => {
            let original = written.and_then(|it| it.text()).map(Text::as_str);
            if let Some(text) = blots::without(original, comment.text.as_str(), word) {
                comment.text = text;
            }
        }
        What::Proposal(proposal) => {
            let original = written.and_then(Contribution::proposal);
            let title = original.map(|it| it.title.as_str());
            if let Some(title) = blots::without(title, proposal.title.as_str(), word) {
                proposal.title = title;
            }
            if let Some(text) = &mut proposal.text {
                let written = original.and_then(|it| it.text.as_ref()).map(Text::as_str);
                if let Some(struck) = struck(text.as_str(), written) {
                    *text = struck;
                }
            }
            if let Some(place) = &mut proposal.place {
                let written = original.and_then(|it| it.place.as_ref()?.words.as_ref()).map(Label::as_str);
                let struck = |words: Label| blots::without(written, words.as_str(), word);
                place.words = place.words.take().and_then(struck);
            }
            for photo in &mut proposal.photos {
                // Of one that was covered, the description is known as it stands alone.
                let sent = original.and_then(|it| it.photos.iter().find(|sent| sent.full == photo.full));
                let written = sent.and_then(|sent| sent.alt.as_ref()).map(|alt| alt.as_str());
                photo.alt = photo.alt.take().and_then(|alt| blots::without(written, alt.as_str(), word));
            }
        }
    }
}
