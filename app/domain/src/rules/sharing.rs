//! Consultations that several communities hold as equals.
//!
//! Each has its own record, its own contributions, ballots and answer; what makes them one is the name, which is the
//! same in all. So nothing of one community ever lies in another's scopes, and what each decides is its own. What is
//! brought from one to the other (an invitation, a poll, a survey) is brought by the passing of time. People support
//! and comment on both shores, and one person's ballot counts once: that they took part lies under the same name too.

use super::{Change, Context, Effect, Loaded, Stop, asked};
use crate::authority::Actor;
use crate::ids::{CommunityId, RecordId};
use crate::operations::{Decline, Join, Kind, Operation, Share};
use crate::receipts::Refusal;
use crate::records::{Consultation, DueAt, Invitation, Record, TrailState};
use crate::scopes::{Key, Scope};

/// Where an invitation lies at the desk.
pub(super) fn invitation_key(community: &CommunityId, consultation: RecordId) -> Key {
    Key { scope: Scope::Desk(community.clone()), name: format!("invitation-{consultation}") }
}

/// With whom a community shares a consultation.
pub(super) fn siblings<'l>(
    community: &CommunityId,
    consultation: RecordId,
    loaded: &'l Loaded,
) -> &'l [CommunityId] {
    loaded.consultation(&Key::consultation(community, consultation)).map_or(&[], |it| &it.shared_with)
}

/// What must be known to let people of the other communities take part.
pub(super) fn across_reads(operation: &Operation, loaded: &Loaded) -> Vec<Key> {
    let (community, kind) = (&operation.community, operation.action.kind());
    let Some(consultation) = operation.action.consultation().filter(|_| kind.crosses()) else {
        return Vec::new();
    };
    let others = siblings(community, consultation, loaded).iter();
    let keys = others.map(|other| Key::consultation(other, consultation));
    keys.chain([Key::consultation(community, consultation)]).collect()
}

/// The community from which somebody takes part in another's consultation, because both hold it.
pub(super) fn home<'l>(operation: &Operation, actor: &Actor, loaded: &'l Loaded) -> Option<&'l CommunityId> {
    let kind = operation.action.kind();
    let consultation = operation.action.consultation().filter(|_| kind.crosses())?;
    siblings(&operation.community, consultation, loaded).iter().find(|other| {
        let joined = loaded.consultation(&Key::consultation(other, consultation)).is_some();
        joined && actor.may_push(kind, other)
    })
}

pub(super) fn share_reads(operation: &Operation, share: &Share) -> Vec<Key> {
    let here = &operation.community;
    let mut keys = vec![
        Key::consultation(&share.from, share.consultation),
        Key::consultation(here, share.consultation),
        invitation_key(here, share.consultation),
        asked::due_key(here),
        asked::remembered_key(here),
    ];
    if share.record != share.consultation {
        keys.push(Key::inside(&share.from, share.consultation, share.record));
        keys.push(Key::inside(here, share.consultation, share.record));
    }
    keys
}

/// The consultation that another community shares with this one.
fn shared<'l>(
    here: &CommunityId,
    from: &CommunityId,
    consultation: RecordId,
    loaded: &'l Loaded,
) -> Result<&'l Consultation, Stop> {
    let it = loaded.consultation(&Key::consultation(from, consultation)).ok_or(Stop::Wait(consultation))?;
    if it.shared_with.contains(here) { Ok(it) } else { Err(Refusal::NotPermitted.into()) }
}

pub(super) fn share(
    operation: &Operation,
    share: &Share,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let (here, consultation) = (&operation.community, share.consultation);
    let theirs = shared(here, &share.from, consultation, loaded)?;
    let joined = loaded.consultation(&Key::consultation(here, consultation)).is_some();
    let changes = if share.record == consultation {
        if joined || loaded.record(&invitation_key(here, consultation)).is_some() {
            return Err(Refusal::AlreadyDone.into());
        }
        let (from, title) = (share.from.clone(), theirs.title.clone());
        let invitation = Invitation { from, consultation, title, at: context.now };
        vec![Change::put(invitation_key(here, consultation), Record::Invitation(invitation))]
    } else {
        // Whoever joins later takes over what is asked by then.
        if !joined {
            return Err(Refusal::NotTaken.into());
        }
        brought(here, &share.from, consultation, &[share.record], loaded)
    };
    Ok(Effect { changes, creates: false, title: None, state: TrailState::Received })
}

/// What is asked there, to be asked here too, under the same name and until the same moment.
fn brought(
    here: &CommunityId,
    from: &CommunityId,
    consultation: RecordId,
    records: &[RecordId],
    loaded: &Loaded,
) -> Vec<Change> {
    let (mut changes, mut dues) = (Vec::new(), Vec::new());
    for record in records {
        let key = Key::inside(here, consultation, *record);
        let told = asked::reached(here, *record, loaded);
        let Some(theirs) = loaded.record(&Key::inside(from, consultation, *record)) else { continue };
        if loaded.record(&key).is_some() || (theirs.told().is_some() && told.is_none()) {
            continue;
        }
        let (act, open) = match theirs {
            Record::Poll(it) => (Kind::Count, it.open),
            Record::Questionnaire(it) => (Kind::PublishResults, it.open),
            _ => continue,
        };
        let copy = match told {
            Some(told) => theirs.clone().with(told),
            None => {
                dues.push(DueAt { act, consultation, record: *record, at: open.ends() });
                theirs.clone()
            }
        };
        changes.push(Change::put(key, copy));
    }
    if !dues.is_empty() {
        changes.push(asked::remember(here, dues, loaded));
    }
    changes
}

/// What is asked there and not over yet, or was over here too before a restore.
fn asked_there(
    here: &CommunityId,
    from: &CommunityId,
    consultation: RecordId,
    loaded: &Loaded,
) -> Vec<RecordId> {
    let all = loaded.due(&asked::due_key(from)).into_iter().flat_map(|due| &due.all);
    let asked = |due: &&DueAt| {
        due.consultation == consultation && matches!(due.act, Kind::Count | Kind::PublishResults)
    };
    let mut records: Vec<RecordId> = all.filter(asked).map(|due| due.record).collect();
    for record in asked::reached_in(here, consultation, loaded) {
        if !records.contains(&record) {
            records.push(record);
        }
    }
    records
}

pub(super) fn join_reads(operation: &Operation, join: &Join, loaded: &Loaded) -> Vec<Key> {
    let (here, from, consultation) = (&operation.community, &join.from, join.consultation);
    let mut keys = vec![
        Key::consultation(from, consultation),
        Key::consultation(here, consultation),
        invitation_key(here, consultation),
        asked::due_key(from),
        asked::due_key(here),
        asked::remembered_key(here),
    ];
    for record in asked_there(here, from, consultation, loaded) {
        keys.push(Key::inside(from, consultation, record));
        keys.push(Key::inside(here, consultation, record));
    }
    keys
}

pub(super) fn join(
    operation: &Operation,
    join: &Join,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let (here, from, consultation) = (&operation.community, &join.from, join.consultation);
    let theirs = shared(here, from, consultation, loaded)?;
    let key = Key::consultation(here, consultation);
    if loaded.consultation(&key).is_some() {
        return Err(Refusal::AlreadyDone.into());
    }
    if !theirs.is_open(context.now) && context.honoured.is_none() {
        return Err(Refusal::Closed { since: theirs.ends_at() }.into());
    }
    let others = theirs.shared_with.iter().filter(|other| *other != here).cloned();
    let ours = Consultation {
        community: here.clone(),
        opened_at: context.now,
        decided_by: join.decided_by.clone(),
        used_for: join.used_for.clone(),
        answer_by: join.answer_by,
        closed_at: None,
        conclusion: None,
        shared_with: [from.clone()].into_iter().chain(others).collect(),
        ..theirs.clone()
    };
    let mut changes = vec![Change::put(key, Record::Consultation(ours))];
    changes.extend(answered(here, consultation, loaded));
    let asked = asked_there(here, from, consultation, loaded);
    changes.extend(brought(here, from, consultation, &asked, loaded));
    Ok(Effect { changes, creates: false, title: None, state: TrailState::Received })
}

/// The invitation has its answer.
fn answered(here: &CommunityId, consultation: RecordId, loaded: &Loaded) -> Option<Change> {
    let key = invitation_key(here, consultation);
    loaded.record(&key).map(|_| Change::remove(key))
}

pub(super) fn decline(here: &CommunityId, decline: &Decline, loaded: &Loaded) -> Result<Effect, Stop> {
    let gone = answered(here, decline.consultation, loaded).ok_or(Refusal::AlreadyDone)?;
    Ok(Effect { changes: vec![gone], creates: false, title: None, state: TrailState::Received })
}
