//! Forwarding a proposal to the community that it is for.
//!
//! Three operations, because each writes in one community only: the office's `forward`, then by the passing of time
//! `deliver` where it goes and `confirm_delivery` where it came from. What arrives is a proposal of the same author's,
//! with a trail of its own; the other office learns their community, not their name.

use super::contributions::{made_reads, placed};
use super::views::{self, Views};
use super::{Change, Context, Effect, Loaded, Stop, asked, consultations, desk_key, trail};
use crate::authority::{Actor, Person};
use crate::channels::Channel;
use crate::envelope::Author;
use crate::ids::{CommunityId, Hash, RecordId};
use crate::operations::{
    Action, ConfirmDelivery, Deliver, Forward, Kind, OpenConsultation, Operation, Propose,
};
use crate::phases::{Form, Phases};
use crate::receipts::{Outcome, Refusal};
use crate::records::{
    Consultation, Contribution, DeskItem, DueAt, Forwarded, ForwardedFrom, NoteKept, Record, TrailState, What,
};
use crate::scopes::{Key, Scope};
use crate::time::Millis;

/// The name of a community's place for what others forwarded to it.
pub fn letterbox(community: &CommunityId) -> RecordId {
    let mut id = [0; 16];
    id.copy_from_slice(&Hash::tagged("rabaska/letterbox", community.as_str().as_bytes()).0[..16]);
    RecordId(id)
}

/// A letterbox has no end: 1 January 3000.
const NEVER: Millis = Millis(32_503_680_000_000);

impl Consultation {
    /// Whether it is the community's place for what others forwarded to it: no dates are told of it.
    pub fn is_letterbox(&self) -> bool {
        self.id == letterbox(&self.community)
    }
}

fn place_key(community: &CommunityId) -> Key {
    Key { scope: Scope::Territory, name: community.to_string() }
}

pub(super) fn forward_reads(community: &CommunityId, forward: &Forward, loaded: &Loaded) -> Vec<Key> {
    let mut keys = views::reads(community, forward.consultation, forward.record, loaded);
    keys.extend([place_key(&forward.to), asked::due_key(community)]);
    keys
}

pub(super) fn forward(
    community: &CommunityId,
    forward: &Forward,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let mut views = Views::of(community, forward.consultation, forward.record, loaded)?;
    let title = Some(views.public.title());
    let came_from = views.public.forwarded_from.as_ref().map(|from| &from.community);
    let there = loaded.place(&place_key(&forward.to)).filter(|place| place.moved_to.is_none());
    if views.public.proposal().is_none() {
        return Err(Refusal::NotAProposal.into());
    }
    // Of what was imported nobody waits for an answer.
    let Some(item) = &mut views.item else { return Err(Refusal::NotYours.into()) };
    if views.public.forwarded.is_some() || came_from == Some(&forward.to) {
        return Err(Refusal::AlreadyForwarded.into());
    }
    if forward.to == *community || (there.is_none() && context.honoured.is_none()) {
        return Err(Refusal::NoSuchCommunity.into());
    }
    item.cover.clone_from(&forward.note);
    let forwarded = Some(Forwarded { to: forward.to.clone(), at: context.now, arrived: None });
    views.each(|it| it.forwarded.clone_from(&forwarded));
    views.tell(|trail| trail.forwarded.clone_from(&forwarded));
    let (consultation, record) = (forward.consultation, forward.record);
    let due = DueAt { act: Kind::Deliver, consultation, record, at: context.now };
    let mut changes = views.changes();
    changes.push(asked::remember(community, vec![due], loaded));
    Ok(Effect { changes, creates: false, title, state: TrailState::Received })
}

pub(super) fn deliver_reads(operation: &Operation, deliver: &Deliver, loaded: &Loaded) -> Vec<Key> {
    let mut keys = views::reads(&deliver.from, deliver.consultation, deliver.record, loaded);
    keys.extend(made_reads(operation, letterbox(&operation.community)));
    keys.extend([place_key(&deliver.from), Key::consultation(&deliver.from, deliver.consultation)]);
    keys
}

pub(super) fn deliver(
    operation: &Operation,
    deliver: &Deliver,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let here = &operation.community;
    let standing = views::standing(&deliver.from, deliver.consultation, deliver.record, loaded)?;
    let item = loaded.desk_item(&desk_key(&deliver.from, deliver.record));
    let sent = standing.forwarded.as_ref().is_some_and(|sent| sent.to == *here);
    let (Some(item), Some(proposal)) = (item.filter(|_| sent), standing.proposal()) else {
        return Err(Refusal::NotPermitted.into());
    };
    let mut proposal = proposal.clone();
    if let Some(lists) = loaded.community(&Key::community(here)) {
        if !lists.subjects.iter().any(|it| it.id == proposal.subject) {
            proposal.subject = "other".parse().map_err(|_| Refusal::UnknownSubject)?;
        }
        if let (Some(bounds), Some(place)) = (lists.bounds, &mut proposal.place) {
            place.sector = place.sector.filter(|sector| bounds.hold(*sector));
        }
    }
    let box_id = letterbox(here);
    let from = Some(ForwardedFrom {
        community: deliver.from.clone(),
        consultation: deliver.consultation,
        record: deliver.record,
    });
    let arrived = Contribution {
        id: operation.record(),
        consultation: box_id,
        what: What::Proposal(proposal.clone()),
        week: context.now.week(),
        signed: standing.signed,
        home: None,
        answer: None,
        step: None,
        merged: Vec::new(),
        merged_into: None,
        forwarded: None,
        forwarded_from: from.clone(),
    };
    // The other office learns the community's name and never the author's: without the list it waits.
    let place = loaded.place(&place_key(&deliver.from)).ok_or(Stop::Wait(deliver.record))?;
    let name = place.name.clone();
    let author = Person { id: item.person.clone(), name: name.clone(), memberships: Vec::new() };
    let actor = Actor::Guest(author, Channel::OwnDevice);
    let own = Context { actor: &actor, ..context };
    let theirs = Operation {
        author: Author::Person(item.person.clone()),
        action: Action::Propose(Propose {
            consultation: box_id,
            title: proposal.title,
            text: proposal.text,
            subject: proposal.subject,
            photos: proposal.photos,
            place: proposal.place,
        }),
        ..operation.clone()
    };
    let mut effect = placed(&theirs, arrived, loaded, own);
    let cover = item.cover.clone().map(|text| NoteKept { name, text, at: context.now });
    for change in &mut effect.changes {
        if let Some(Record::DeskItem(DeskItem { notes, written_at, .. })) = &mut change.record {
            notes.extend(cover.clone());
            *written_at = item.written_at;
        }
    }
    let (title, state) = (effect.title.take(), effect.state.clone());
    let mut told = trail(&theirs, &item.person, &Outcome::Accepted, title, state, own);
    if let Some(Record::Trail(trail)) = &mut told.record {
        trail.forwarded_from = from;
    }
    effect.changes.push(told);
    effect.changes.extend(opened(here, box_id, deliver, loaded, context));
    Ok(effect)
}

/// The letterbox, when this is the first that arrives: it takes comments and support of what lies in it.
fn opened(
    here: &CommunityId,
    id: RecordId,
    deliver: &Deliver,
    loaded: &Loaded,
    context: Context<'_>,
) -> Option<Change> {
    let key = Key::consultation(here, id);
    if loaded.consultation(&key).is_some() {
        return None;
    }
    let phases = Phases::contribute(context.now, NEVER).ok()?;
    let theirs = loaded.consultation(&Key::consultation(&deliver.from, deliver.consultation));
    let open = OpenConsultation {
        grace: 0,
        // In a demonstration, as what it begins with.
        fictitious: theirs.is_some_and(|it| it.fictitious),
        takes: vec![Form::Comments, Form::Support],
        ..OpenConsultation::new(deliver.title.clone(), deliver.summary.clone(), phases)
    };
    let letterbox = consultations::opened(here, id, &open, context.now);
    Some(Change::put(key, Record::Consultation(letterbox)))
}

pub(super) fn confirm_reads(community: &CommunityId, it: &ConfirmDelivery, loaded: &Loaded) -> Vec<Key> {
    let mut keys = views::reads(community, it.consultation, it.record, loaded);
    keys.push(asked::due_key(community));
    keys
}

pub(super) fn confirm(
    community: &CommunityId,
    it: &ConfirmDelivery,
    loaded: &Loaded,
) -> Result<Effect, Stop> {
    let mut changes: Vec<Change> =
        asked::forget(community, it.record, &[Kind::Deliver, Kind::Share], loaded).into_iter().collect();
    // What was taken back or hidden on the way has nothing to tell any more.
    if let Ok(mut views) = Views::of(community, it.consultation, it.record, loaded) {
        let arrive = |forwarded: &mut Option<Forwarded>| {
            forwarded.iter_mut().for_each(|forwarded| forwarded.arrived = it.arrived);
        };
        views.each(|contribution| arrive(&mut contribution.forwarded));
        views.tell(|trail| arrive(&mut trail.forwarded));
        changes.extend(views.changes());
    }
    Ok(Effect { changes, creates: false, title: None, state: TrailState::Received })
}
