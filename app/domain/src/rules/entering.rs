//! What an office enters for somebody: the rule of what they would have done decides, for a guest who has a name of
//! this entry's own. And taking it back, or appealing against its hiding, by the code on the slip.
//!
//! What was taken back before it came (devices offer again what a restore lost, in any order) stays taken back.

use super::{Change, Context, Effect, Loaded, Stop, appeals, contributions, polls, support, surveys, trail};
use crate::authority::{Actor, Membership, Person, Role};
use crate::channels::Channel;
use crate::envelope::Author;
use crate::ids::{CommunityId, Hash, PersonId};
use crate::operations::{Appeal, AppealFor, Enter, Kind, Operation, Support, TakeBack, Withdraw};
use crate::receipts::{Outcome, Refusal};
use crate::records::{Entered, Entry, Record, TrailState};
use crate::scopes::{Key, Scope};

/// The rules by which what was entered is decided: those of what participants do, as far as they are met here.
pub(super) type Reads = fn(&Operation, &Loaded) -> Vec<Key>;
/// See [`Reads`].
pub(super) type Decides = fn(&Operation, &Loaded, Context<'_>) -> Result<Effect, Stop>;

/// Where it lies what a code takes back.
pub fn slip_key(community: &CommunityId, slip: Hash) -> Key {
    Key { scope: Scope::Sealed(community.clone()), name: format!("slip-{slip}") }
}

/// An operation as if the guest had made it.
fn of_guest(operation: &Operation, guest: &PersonId) -> Operation {
    Operation { author: Author::Person(guest.clone()), ..operation.clone() }
}

/// The guest as an actor; at the desk they bear the name of who acts for them.
fn acting(
    operation: &Operation,
    guest: &PersonId,
    channel: Channel,
    context: Context<'_>,
) -> Result<Actor, Stop> {
    let name = context.actor.person().ok_or(Refusal::NotPermitted)?.name.clone();
    let memberships = vec![Membership { community: operation.community.clone(), role: Role::Participant }];
    Ok(Actor::Guest(Person { id: guest.clone(), name, memberships }, channel))
}

/// What the guest does.
fn theirs(operation: &Operation, guest: &PersonId, enter: &Enter) -> Operation {
    Operation { action: enter.act.action(), ..of_guest(operation, guest) }
}

pub(super) fn enter_reads(operation: &Operation, enter: &Enter, loaded: &Loaded, rules: Reads) -> Vec<Key> {
    let guest = PersonId::guest(operation.record());
    let mut keys = rules(&theirs(operation, &guest, enter), loaded);
    keys.push(slip_key(&operation.community, enter.slip));
    keys
}

pub(super) fn enter(
    operation: &Operation,
    enter: &Enter,
    loaded: &Loaded,
    context: Context<'_>,
    rules: Decides,
) -> Result<Effect, Stop> {
    let slip = slip_key(&operation.community, enter.slip);
    let record = operation.record();
    let guest = PersonId::guest(record);
    let theirs = theirs(operation, &guest, enter);
    if let Some(there) = loaded.entered(&slip) {
        let consultation = theirs.action.consultation().filter(|_| theirs.action.kind().contributes());
        let Some(consultation) = consultation.filter(|_| there.entry.is_none() && context.honoured.is_some())
        else {
            return Err(Refusal::AlreadyDone.into());
        };
        // Taken back before it came, after a restore: it is gone, and what is said of it waits no longer.
        let gone = Change::remove(Key::inside(&operation.community, consultation, record));
        let title = operation.action.title();
        return Ok(Effect { changes: vec![gone], creates: false, title, state: TrailState::Received });
    }
    let actor = acting(operation, &guest, enter.way.channel(), context)?;
    let own = Context { actor: &actor, ..context };
    let mut effect = rules(&theirs, loaded, own)?;
    let (act, about) = (theirs.action.kind(), theirs.action.about().unwrap_or(record));
    if act.contributes() {
        // As any author has one: the office's acts about it go there, and so does its being taken back.
        let (title, state) = (effect.title.clone(), effect.state.clone());
        effect.changes.push(trail(&theirs, &guest, &Outcome::Accepted, title, state, own));
    } else {
        // Whoever's words it is about may have them erased: the office's trail quotes what it entered alone.
        effect.title = None;
    }
    let consultation = theirs.action.consultation().unwrap_or(record);
    let entry = Some(Entry { record, act, consultation, about });
    effect.changes.push(Change::put(slip, Record::Entered(Entered { entry })));
    Ok(effect)
}

pub(super) fn take_back_reads(operation: &Operation, take_back: &TakeBack, loaded: &Loaded) -> Vec<Key> {
    let key = slip_key(&operation.community, take_back.code.hash());
    let entry = loaded.entered(&key).and_then(|it| it.entry.as_ref());
    let mut keys = entry.map(|entry| undo_reads(operation, entry, loaded)).unwrap_or_default();
    keys.push(key);
    keys
}

/// That the guest supports it no longer.
fn no_support(entry: &Entry) -> Support {
    Support { consultation: entry.consultation, record: entry.about, given: false }
}

/// That the guest takes their contribution back.
fn withdrawal(entry: &Entry) -> Withdraw {
    Withdraw { consultation: entry.consultation, record: entry.record }
}

fn undo_reads(operation: &Operation, entry: &Entry, loaded: &Loaded) -> Vec<Key> {
    let theirs = of_guest(operation, &PersonId::guest(entry.record));
    match entry.act {
        Kind::Cast => polls::take_out_reads(&operation.community, entry),
        Kind::Respond => surveys::take_out_reads(&operation.community, entry),
        Kind::Support => support::reads(&theirs, &no_support(entry), loaded),
        _ => contributions::withdraw_reads(&theirs, &withdrawal(entry)),
    }
}

/// What the entry did is no more.
fn undo(
    operation: &Operation,
    entry: &Entry,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Vec<Change>, Stop> {
    let guest = PersonId::guest(entry.record);
    let theirs = of_guest(operation, &guest);
    match entry.act {
        Kind::Cast => polls::take_out(&operation.community, entry, loaded),
        Kind::Respond => surveys::take_out(&operation.community, entry, loaded),
        Kind::Support => {
            let actor = acting(operation, &guest, Channel::OnBehalf, context)?;
            let own = Context { actor: &actor, ..context };
            support::support(&theirs, &no_support(entry), loaded, own).map(|effect| effect.changes)
        }
        _ => contributions::withdraw(&theirs, &withdrawal(entry), loaded).map(|effect| effect.changes),
    }
}

pub(super) fn take_back(
    operation: &Operation,
    take_back: &TakeBack,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let community = &operation.community;
    let slip = slip_key(community, take_back.code.hash());
    let mut changes = match loaded.entered(&slip).map(|it| &it.entry) {
        Some(Some(entry)) => undo(operation, entry, loaded, context)?,
        Some(None) => return Err(Refusal::AlreadyWithdrawn.into()),
        // What it takes back may still come.
        None if context.honoured.is_some() => Vec::new(),
        None => return Err(Refusal::NoSuchCode.into()),
    };
    changes.push(Change::put(slip, Record::Entered(Entered { entry: None })));
    Ok(Effect { changes, creates: false, title: None, state: TrailState::Received })
}

/// What the guest would say to the hiding of their words.
fn their_appeal(entry: &Entry, it: &AppealFor) -> Appeal {
    Appeal { consultation: entry.consultation, record: entry.record, text: it.text.clone() }
}

pub(super) fn appeal_reads(operation: &Operation, it: &AppealFor, loaded: &Loaded) -> Vec<Key> {
    let key = slip_key(&operation.community, it.slip);
    let reads = |entry: &Entry| {
        let theirs = of_guest(operation, &PersonId::guest(entry.record));
        appeals::appeal_reads(&theirs, &their_appeal(entry, it))
    };
    let entry = loaded.entered(&key).and_then(|held| held.entry.as_ref());
    entry.map(reads).unwrap_or_default().into_iter().chain([key]).collect()
}

/// The guest appeals, as any author does.
pub(super) fn appeal(
    operation: &Operation,
    it: &AppealFor,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    match loaded.entered(&slip_key(&operation.community, it.slip)).map(|held| &held.entry) {
        Some(Some(entry)) if entry.act.contributes() => {
            let theirs = of_guest(operation, &PersonId::guest(entry.record));
            let effect = appeals::appeal(&theirs, &their_appeal(entry, it), loaded, context)?;
            // Whoever's words it is about may have them erased: the office's trail quotes nothing.
            Ok(Effect { title: None, ..effect })
        }
        Some(Some(_)) => Err(Refusal::NotHidden.into()),
        Some(None) => Err(Refusal::AlreadyWithdrawn.into()),
        // What it is about may still come.
        None if context.honoured.is_some() => Err(Stop::Wait(operation.record())),
        None => Err(Refusal::NoSuchCode.into()),
    }
}
