//! The rules: `reads(op) → keys` and `decide(op, loaded, context) → changes or refusal`.
//!
//! Pure: no clock, no random source, no I/O. The server runs them to decide; a device runs
//! them over what it holds to show what is not yet sent, and to explain.

pub mod again;
mod appeals;
pub mod asked;
mod asking;
#[cfg(test)]
mod cases;
mod commitments;
mod consultations;
mod contributions;
mod documents;
pub mod entering;
pub mod erasure;
pub mod flags;
pub mod forwarding;
mod merging;
pub mod moderation;
mod office;
mod polls;
mod sharing;
pub mod support;
mod surveys;
mod table;
mod templates;
mod texts;
mod views;

use std::sync::Arc;

use crate::authority::Actor;
use crate::ids::{CommunityId, Hash, PersonId, RecordId};
use crate::operations::Operation;
use crate::order::Sorted;
use crate::receipts::{Missing, Outcome, Receipt, Refusal};
use crate::records::{Record, Trail, TrailState};
use crate::scopes::{Key, Scope};
use crate::text::Title;
use crate::time::Millis;

pub use table::Rules;

/// What a key was found to hold.
#[derive(Clone, PartialEq, Debug)]
pub enum Slot {
    /// Nothing was ever there.
    Absent,
    /// Something was, and is gone.
    Gone,
    /// The state of now.
    Held(Arc<Record>),
}

/// What has been loaded for a decision; a group of decisions shares one.
#[derive(Clone, Default, Debug)]
pub struct Loaded(Sorted<Key, Slot>);

impl Loaded {
    /// Puts what was found under a key.
    pub fn insert(&mut self, key: Key, slot: Slot) {
        self.0.insert(key, slot);
    }

    /// Whether a key was looked up.
    pub fn has(&self, key: &Key) -> bool {
        self.0.contains_key(key)
    }

    /// The record under a key, when it is there.
    pub fn record(&self, key: &Key) -> Option<&Record> {
        match self.0.get(key) {
            Some(Slot::Held(record)) => Some(record),
            _ => None,
        }
    }

    /// Whether something was there and is gone.
    pub fn is_gone(&self, key: &Key) -> bool {
        matches!(self.0.get(key), Some(Slot::Gone))
    }

    /// Makes a decision's changes visible to the next one.
    pub fn apply(&mut self, changes: &[Change]) {
        for change in changes {
            let slot = change.record.clone().map_or(Slot::Gone, |record| Slot::Held(Arc::new(record)));
            self.0.insert(change.key.clone(), slot);
        }
    }
}

/// Reads one kind of record from what was loaded.
macro_rules! read {
    ($name:ident, $kind:ident) => {
        impl Loaded {
            #[doc = concat!("The ", stringify!($name), " under a key.")]
            pub fn $name(&self, key: &Key) -> Option<&crate::records::$kind> {
                match self.record(key) {
                    Some(Record::$kind(record)) => Some(record),
                    _ => None,
                }
            }
        }
    };
}
read!(place, Place);
read!(community, Community);
read!(consultation, Consultation);
read!(contribution, Contribution);
read!(support, Support);
read!(supports, Supports);
read!(supporters, Supporters);
read!(poll, Poll);
read!(ballot_box, BallotBox);
read!(questionnaire, Questionnaire);
read!(survey_response, SurveyResponse);
read!(respondents, Respondents);
read!(took_part, TookPart);
read!(due, Due);
read!(remembered, Remembered);
read!(commitment, Commitment);
read!(document, Document);
read!(attached, Attached);
read!(published_text, PublishedText);
read!(entered, Entered);
read!(hiding, Hiding);
read!(flags, Flags);
read!(flaggers, Flaggers);
read!(desk_item, DeskItem);
read!(answer_template, AnswerTemplate);
read!(trail, Trail);

/// One record's new state; none when it goes.
#[derive(Clone, PartialEq, Debug)]
pub struct Change {
    /// Which record.
    pub key: Key,
    /// Its state of now.
    pub record: Option<Record>,
}

impl Change {
    pub(crate) fn put(key: Key, record: Record) -> Self {
        Self { key, record: Some(record) }
    }

    pub(crate) fn remove(key: Key) -> Self {
        Self { key, record: None }
    }
}

impl Record {
    /// The files that it names: they are served while a live record does so.
    pub fn blobs(&self) -> Vec<Hash> {
        let photos = match self {
            Self::Contribution(contribution) => contribution.photos(),
            // What is hidden is shown as the public saw it, should it be shown again.
            Self::DeskItem(item) => {
                let hidden = item.hidden.as_ref().and_then(|hidden| hidden.shown.as_ref());
                let all = hidden.into_iter().chain([&item.contribution]).flat_map(|it| it.photos());
                let mut files: Vec<Hash> = all.flat_map(|photo| [photo.full, photo.thumb]).collect();
                crate::order::by(&mut files, |hash| (0, hash.to_string()));
                files.dedup();
                return files;
            }
            Self::SurveyResponse(it) => {
                let answers = it.answers.read().unwrap_or_default();
                return answers.photos().flat_map(|photo| [photo.full, photo.thumb]).collect();
            }
            // What was taken away is served no longer.
            Self::Document(it) if it.removed_at.is_none() => return vec![it.file],
            _ => return Vec::new(),
        };
        photos.iter().flat_map(|photo| [photo.full, photo.thumb]).collect()
    }
}

/// What a decision may know besides the records.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The server's clock; for an honoured receipt, the time it was first received.
    pub now: Millis,
    /// The place in the journal that it takes when it is stored.
    pub position: u64,
    /// Who acts.
    pub actor: &'a Actor,
    /// The server's own receipt from a life of the database that was lost: then the
    /// operation is never refused (protocol §6.4).
    pub honoured: Option<&'a Receipt>,
}

/// What is decided.
#[derive(Clone, PartialEq, Debug)]
pub enum Decision {
    /// To be stored, with its receipt.
    Decided {
        /// Accepted or refused.
        outcome: Outcome,
        /// What changes, in order.
        changes: Vec<Change>,
        /// The records that it created.
        records: Vec<RecordId>,
    },
    /// Nothing is stored: something must come first.
    Waiting(Missing),
}

/// What a kind's rule yields.
struct Effect {
    changes: Vec<Change>,
    creates: bool,
    /// In one line, for the trail.
    title: Option<Title>,
    state: TrailState,
}

/// Why a kind's rule yields nothing.
enum Stop {
    Refuse(Refusal),
    Wait(RecordId),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refuse(refusal)
    }
}

/// The keys that a decision needs, as far as they are known from what is loaded. Load them
/// and ask again until nothing new is named.
pub fn reads(operation: &Operation, loaded: &Loaded) -> Vec<Key> {
    Rules::ALL.reads(operation, loaded)
}

/// Decides one operation.
pub fn decide(operation: &Operation, loaded: &Loaded, context: Context<'_>) -> Decision {
    Rules::ALL.decide(operation, loaded, context)
}

impl Rules {
    /// See [`reads`].
    pub fn reads(&self, operation: &Operation, loaded: &Loaded) -> Vec<Key> {
        let keys = (self.reads)(operation, loaded).into_iter();
        keys.chain(sharing::across_reads(operation, loaded)).filter(|key| !loaded.has(key)).collect()
    }

    /// See [`decide`].
    pub fn decide(&self, operation: &Operation, loaded: &Loaded, context: Context<'_>) -> Decision {
        decide_by(*self, operation, loaded, context)
    }
}

fn decide_by(rules: Rules, operation: &Operation, loaded: &Loaded, context: Context<'_>) -> Decision {
    let refused_before = context.honoured.and_then(|receipt| match &receipt.outcome {
        Outcome::Refused(refusal) => Some(refusal.clone()),
        Outcome::Accepted => None,
    });
    let effect = match refused_before {
        Some(refusal) => Err(Stop::Refuse(refusal)),
        None => effect(rules, operation, loaded, context),
    };
    let (outcome, effect) = match effect {
        Err(Stop::Wait(record)) => return Decision::Waiting(Missing::Record(record)),
        // After a restore the approval of what this is about may come back later.
        Err(Stop::Refuse(Refusal::NotApproved)) if context.honoured.is_some() => {
            let record = operation.action.about().unwrap_or_else(|| operation.record());
            return Decision::Waiting(Missing::Record(record));
        }
        Ok(effect) => (Outcome::Accepted, Some(effect)),
        // What the server once accepted stays accepted, even where nothing is left to change.
        Err(Stop::Refuse(_)) if context.honoured.is_some_and(|r| r.outcome == Outcome::Accepted) => {
            (Outcome::Accepted, None)
        }
        Err(Stop::Refuse(refusal)) => (Outcome::Refused(refusal), None),
    };
    let creates = effect.as_ref().is_some_and(|effect| effect.creates);
    let (mut changes, title, state) = match effect {
        Some(effect) => (effect.changes, effect.title, effect.state),
        None => (Vec::new(), operation.action.title(), TrailState::Received),
    };
    if let Some(person) = operation.author.person() {
        changes.push(trail(operation, person, &outcome, title, state, context));
    }
    let records = if creates { vec![operation.record()] } else { Vec::new() };
    Decision::Decided { outcome, changes, records }
}

/// What the kind's rule yields. What was refused before never comes here: a receipt that is
/// honoured here is one of an acceptance.
fn effect(
    rules: Rules,
    operation: &Operation,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let kind = operation.action.kind();
    let may = || {
        let here = context.actor.may_push(kind, &operation.community);
        here || sharing::home(operation, context.actor, loaded).is_some()
    };
    if context.honoured.is_none() && !may() {
        return Err(Refusal::NotPermitted.into());
    }
    (rules.effect)(operation, loaded, context)
}

/// Each decision leaves a trail for its author: another device of theirs shows it, and after
/// a restore it tells what was lost.
fn trail(
    operation: &Operation,
    person: &PersonId,
    outcome: &Outcome,
    title: Option<Title>,
    state: TrailState,
    context: Context<'_>,
) -> Change {
    let record = operation.action.about().unwrap_or_else(|| operation.record());
    Change::put(
        trail_key(person, operation.record()),
        Record::Trail(Trail {
            op: operation.op,
            act: operation.action.kind(),
            community: operation.community.clone(),
            consultation: operation.action.consultation().unwrap_or(record),
            record,
            title,
            outcome: outcome.clone(),
            receipt: Receipt::number(&operation.hash),
            hash: operation.hash,
            received_at: context.now,
            stored_at: context.position,
            state,
            answer: None,
            step: None,
            questions: Vec::new(),
            used: false,
            merged_into: None,
            forwarded: None,
            forwarded_from: None,
            appeal: None,
        }),
    )
}

fn trail_key(person: &PersonId, record: RecordId) -> Key {
    Key::record(Scope::Person(person.clone()), record)
}

fn desk_key(community: &CommunityId, record: RecordId) -> Key {
    Key::record(Scope::Desk(community.clone()), record)
}

/// The name of the public trace of a hiding: beside the place where the text was.
pub fn hiding_key(community: &CommunityId, consultation: RecordId, record: RecordId) -> Key {
    let scope = Scope::Consultation(community.clone(), consultation);
    Key { scope, name: format!("hiding-{record}") }
}
