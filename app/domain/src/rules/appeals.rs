//! Appealing against a hiding: the author once, and a second person of the office decides.

use super::moderation::{log_key, retrace};
use super::support::{restored, restored_reads};
use super::{Change, Context, Effect, Loaded, Stop, desk_key, hiding_key, trail_key};
use crate::authority::Actor;
use crate::ids::CommunityId;
use crate::operations::{Appeal, DecideAppeal, Operation};
use crate::receipts::Refusal;
use crate::records::{AppealMade, DeskState, HidingState, Record, TrailState, Verdict};
use crate::scopes::Key;

pub(super) fn appeal_reads(operation: &Operation, appeal: &Appeal) -> Vec<Key> {
    let (community, record) = (&operation.community, appeal.record);
    let mut keys = vec![
        desk_key(community, record),
        hiding_key(community, appeal.consultation, record),
        log_key(community, record),
    ];
    keys.extend(operation.author.person().map(|person| trail_key(person, record)));
    keys
}

pub(super) fn appeal(
    operation: &Operation,
    appeal: &Appeal,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let community = &operation.community;
    let own = operation.author.person().map(|person| trail_key(person, appeal.record));
    let Some((own, trail)) = own.and_then(|key| loaded.trail(&key).map(|trail| (key.clone(), trail))) else {
        // After a restore one's own may come back later.
        let later = context.honoured.is_some();
        return Err(if later { Stop::Wait(appeal.record) } else { Refusal::NotYours.into() });
    };
    if !trail.act.contributes() || trail.consultation != appeal.consultation || trail.community != *community
    {
        return Err(Refusal::NotYours.into());
    }
    if trail.appeal.is_some() {
        return Err(Refusal::AlreadyDone.into());
    }
    if !matches!(trail.state, TrailState::Hidden(_)) {
        // After a restore the hiding may come back later than what is said to it.
        let later = context.honoured.is_some() && trail.state != TrailState::Withdrawn;
        return Err(if later { Stop::Wait(appeal.record) } else { Refusal::NotHidden.into() });
    }
    let title = trail.title.clone();
    let made = AppealMade { text: appeal.text.clone(), at: context.now, verdict: None };
    let mut trail = trail.clone();
    trail.appeal = Some(made.clone());
    let mut changes = vec![Change::put(own, Record::Trail(trail))];
    let desk = desk_key(community, appeal.record);
    if let Some(mut item) = loaded.desk_item(&desk).cloned() {
        if let Some(hidden) = &mut item.hidden {
            hidden.appeal = Some(made);
        }
        changes.push(Change::put(desk, Record::DeskItem(item)));
    }
    changes.extend(retrace(community, appeal.consultation, appeal.record, HidingState::Appealed, loaded));
    Ok(Effect { changes, creates: false, title, state: TrailState::Received })
}

pub(super) fn decide_reads(community: &CommunityId, it: &DecideAppeal, loaded: &Loaded) -> Vec<Key> {
    let desk = desk_key(community, it.record);
    let mut keys = vec![
        Key::inside(community, it.consultation, it.record),
        hiding_key(community, it.consultation, it.record),
        log_key(community, it.record),
    ];
    if let Some(item) = loaded.desk_item(&desk) {
        keys.push(trail_key(&item.person, it.record));
        keys.extend(restored_reads(community, &item.contribution));
    }
    keys.push(desk);
    keys
}

pub(super) fn decide(
    community: &CommunityId,
    it: &DecideAppeal,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let desk = desk_key(community, it.record);
    let mut item = loaded.desk_item(&desk).cloned().ok_or(Stop::Wait(it.record))?;
    // After a restore the hiding and what was said to it may come back later than this.
    let lacks = |refusal: Refusal| match context.honoured {
        Some(_) => Stop::Wait(it.record),
        None => refusal.into(),
    };
    let Some(hidden) = &mut item.hidden else { return Err(lacks(Refusal::NotHidden)) };
    let Some(appeal) = &mut hidden.appeal else { return Err(lacks(Refusal::NothingAppealed)) };
    if appeal.verdict.is_some() {
        return Err(Refusal::AlreadyDone.into());
    }
    let Actor::Person(judge) = context.actor else { return Err(Refusal::NotPermitted.into()) };
    if hidden.person.as_ref() == Some(&judge.id) || item.person == judge.id {
        return Err(Refusal::SecondPerson.into());
    }
    let verdict = Verdict { restored: it.restored, text: it.text.clone(), at: context.now };
    appeal.verdict = Some(verdict);
    let (made, state) =
        (appeal.clone(), if it.restored { HidingState::Restored } else { HidingState::Upheld });
    let mut changes = retrace(community, it.consultation, it.record, state, loaded);
    let shown = if it.restored { hidden.shown.take() } else { None };
    let answered = item.contribution.answer.is_some();
    if it.restored {
        item.state = if answered { DeskState::Answered } else { DeskState::New };
        let shown = shown.unwrap_or_else(|| item.contribution.clone());
        changes.extend(restored(community, &shown, loaded));
        let key = Key::inside(community, it.consultation, it.record);
        changes.push(Change::put(key, Record::Contribution(shown)));
    }
    let own = trail_key(&item.person, it.record);
    if let Some(mut trail) = loaded.trail(&own).cloned() {
        trail.appeal = Some(made);
        if it.restored {
            trail.state = if answered { TrailState::Answered } else { TrailState::Received };
        }
        changes.push(Change::put(own, Record::Trail(trail)));
    }
    let title = Some(item.contribution.title());
    changes.push(Change::put(desk, Record::DeskItem(item)));
    Ok(Effect { changes, creates: false, title, state: TrailState::Received })
}
