//! Appealing against a hiding: the author once, and a second person of the office decides.

use super::moderation::{log_key, retrace};
use super::support::{restored, restored_reads};
use super::{Change, Context, Effect, Loaded, Stop, desk_key, hiding_key, trail_key};
use crate::authority::Actor;
use crate::ids::{CommunityId, RecordId, RuleId};
use crate::operations::{Appeal, DecideAppeal, Operation};
use crate::receipts::Refusal;
use crate::records::{AppealMade, DeskItem, DeskState, HidingState, Record, Trail, TrailState, Verdict};
use crate::scopes::Key;
use crate::time::Millis;

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
    let later = context.honoured.is_some() && trail.state != TrailState::Withdrawn;
    // After a restore the log beside the backups may have said already what was decided.
    let trace = loaded.hiding(&hiding_key(community, appeal.consultation, appeal.record));
    let decided = trace.map(|it| it.state).filter(|state| later && state.is_decided());
    if !matches!(trail.state, TrailState::Hidden(_)) && decided.is_none() {
        // Or the hiding may come back later than what is said to it.
        return Err(if later { Stop::Wait(appeal.record) } else { Refusal::NotHidden.into() });
    }
    let title = trail.title.clone();
    let verdict = decided.map(|state| Verdict {
        restored: state == HidingState::Restored,
        text: None,
        at: context.now,
    });
    let made = AppealMade { text: appeal.text.clone(), at: context.now, verdict };
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
    if decided.is_none() {
        changes.extend(retrace(community, appeal.consultation, appeal.record, HidingState::Appealed, loaded));
    }
    Ok(Effect { changes, creates: false, title, state: TrailState::Received })
}

pub(super) fn decide_reads(community: &CommunityId, it: &DecideAppeal, loaded: &Loaded) -> Vec<Key> {
    decided_keys(community, (it.consultation, it.record), loaded)
}

fn decided_keys(
    community: &CommunityId,
    (consultation, record): (RecordId, RecordId),
    loaded: &Loaded,
) -> Vec<Key> {
    let desk = desk_key(community, record);
    let mut keys = vec![
        Key::inside(community, consultation, record),
        hiding_key(community, consultation, record),
        log_key(community, record),
    ];
    if let Some(item) = loaded.desk_item(&desk) {
        keys.push(trail_key(&item.person, record));
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
    let before = appeal.verdict.as_ref();
    if before.is_some_and(|before| before.text.is_some() || context.honoured.is_none()) {
        return Err(Refusal::AlreadyDone.into());
    }
    // What the log beside the backups said is what was decided: its words come back here.
    let was = before.map(|before| before.restored);
    let Actor::Person(judge) = context.actor else { return Err(Refusal::NotPermitted.into()) };
    if hidden.person.as_ref() == Some(&judge.id) || item.person == judge.id {
        return Err(Refusal::SecondPerson.into());
    }
    let title = Some(item.contribution.title());
    let effect = |changes| Effect { changes, creates: false, title, state: TrailState::Received };
    let verdict =
        Verdict { restored: was.unwrap_or(it.restored), text: Some(it.text.clone()), at: context.now };
    Ok(effect(match was {
        Some(_) => told(community, item, verdict, loaded),
        None => decided(community, (it.consultation, it.record), Some(item), verdict, loaded),
    }))
}

/// Both who wrote it and the office see what was decided.
fn told(community: &CommunityId, mut item: DeskItem, verdict: Verdict, loaded: &Loaded) -> Vec<Change> {
    let record = item.contribution.id;
    let appeal = item.hidden.as_mut().and_then(|hidden| {
        hidden.appeal.iter_mut().for_each(|appeal| appeal.verdict = Some(verdict.clone()));
        hidden.appeal.clone()
    });
    let own = trail_key(&item.person, record);
    let trail = loaded.trail(&own).cloned().map(|trail| Trail { appeal, ..trail });
    let trail = trail.map(|trail| Change::put(own, Record::Trail(trail)));
    let item = Change::put(desk_key(community, record), Record::DeskItem(item));
    trail.into_iter().chain([item]).collect()
}

/// What a decision changes: of what a restored database does not hold, the public traces alone.
fn decided(
    community: &CommunityId,
    (consultation, record): (RecordId, RecordId),
    item: Option<DeskItem>,
    verdict: Verdict,
    loaded: &Loaded,
) -> Vec<Change> {
    let again = verdict.restored;
    let state = if again { HidingState::Restored } else { HidingState::Upheld };
    let mut changes = retrace(community, consultation, record, state, loaded);
    let Some(mut item) = item else { return changes };
    let shown = item.hidden.as_mut().filter(|_| again).and_then(|hidden| hidden.shown.take());
    let answered = item.contribution.answer.is_some();
    if again {
        item.state = if answered { DeskState::Answered } else { DeskState::New };
        let shown = shown.unwrap_or_else(|| item.contribution.clone());
        changes.extend(restored(community, &shown, loaded));
        let key = Key::inside(community, consultation, record);
        changes.push(Change::put(key, Record::Contribution(shown)));
    }
    let mut views = told(community, item, verdict, loaded);
    for change in &mut views {
        if let Some(Record::Trail(trail)) = change.record.as_mut().filter(|_| again) {
            trail.state = if answered { TrailState::Answered } else { TrailState::Received };
        }
    }
    changes.extend(views);
    changes
}

/// That an appeal was decided, as the log beside the backups holds it.
#[derive(Clone, PartialEq, Debug)]
pub struct Decided {
    /// Its consultation.
    pub consultation: RecordId,
    /// The contribution.
    pub record: RecordId,
    /// By which it had been hidden.
    pub rule: RuleId,
    /// Whether it is shown again.
    pub restored: bool,
}

pub(super) fn decided_reads(community: &CommunityId, it: &Decided, loaded: &Loaded) -> Vec<Key> {
    decided_keys(community, (it.consultation, it.record), loaded)
}

/// Decides again after a restore as it was decided, from the log beside the backups. Nothing where another hiding
/// stands, or a later one.
pub(super) fn decide_again(
    community: &CommunityId,
    it: &Decided,
    loaded: &Loaded,
    at: Millis,
) -> Vec<Change> {
    let trace = loaded.hiding(&hiding_key(community, it.consultation, it.record));
    let item = loaded.desk_item(&desk_key(community, it.record)).cloned();
    let later = item.as_ref().and_then(|item| item.hidden.as_ref()).is_some_and(|hidden| hidden.at > at);
    if later || !trace.is_some_and(|trace| trace.rule == it.rule && !trace.state.is_decided()) {
        return Vec::new();
    }
    let verdict = Verdict { restored: it.restored, text: None, at };
    decided(community, (it.consultation, it.record), item, verdict, loaded)
}
