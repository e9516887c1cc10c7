//! Proposals: made, taken back, answered.

use super::{Change, Context, Effect, Loaded, Stop, contribution_key, desk_key, hiding_key, trail_key};
use crate::authority::Actor;
use crate::envelope::Author;
use crate::ids::{CommunityId, RecordId};
use crate::operations::{Answer, Kind, Operation, Propose, Withdraw};
use crate::phases::Phase;
use crate::receipts::{Outcome, Receipt, Refusal};
use crate::records::{AnswerGiven, DeskItem, DeskState, Proposal, Record, SignedAs, Trail, TrailState};
use crate::scopes::Key;

pub(super) fn propose_reads(operation: &Operation, propose: &Propose) -> Vec<Key> {
    let community = &operation.community;
    vec![
        Key::community(community),
        Key::consultation(community, propose.consultation),
        hiding_key(community, propose.consultation, operation.record()),
    ]
}

pub(super) fn propose(
    operation: &Operation,
    propose: &Propose,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let community = &operation.community;
    let consultation = loaded
        .consultation(&Key::consultation(community, propose.consultation))
        .ok_or(Stop::Wait(propose.consultation))?;
    let imported = matches!(operation.author, Author::Import { .. });
    let late = consultation.phase(context.now) == Phase::Closed;
    if late && context.honoured.is_none() && !imported {
        return Err(Refusal::Closed { since: consultation.accepts_until }.into());
    }
    // A restored list may lack what the lost one had when this was accepted.
    let lists = loaded.community(&Key::community(community));
    let listed = lists.is_some_and(|lists| lists.subjects.iter().any(|it| it.id == propose.subject));
    if !listed && context.honoured.is_none() {
        return Err(Refusal::UnknownSubject.into());
    }
    let id = operation.record();
    let proposal = Proposal {
        id,
        consultation: propose.consultation,
        title: propose.title.clone(),
        text: propose.text.clone(),
        subject: propose.subject.clone(),
        photos: propose.photos.clone(),
        week: if imported { operation.written_at } else { context.now }.week(),
        signed: if imported { SignedAs::Imported } else { SignedAs::Resident },
        answer: None,
    };
    // Hidden already: a restore applied its log of hidings before this came back.
    let hidden = loaded.hiding(&hiding_key(community, propose.consultation, id)).map(|h| h.rule.clone());
    let mut changes = Vec::new();
    if hidden.is_none() {
        let key = contribution_key(community, propose.consultation, id);
        changes.push(Change::put(key, Record::Proposal(proposal.clone())));
    }
    if let Actor::Person(person) = context.actor {
        let item = DeskItem {
            proposal,
            person: person.id.clone(),
            name: person.name.clone(),
            receipt: Receipt::number(&operation.hash),
            received_at: context.now,
            written_at: operation.written_at,
            state: hidden.clone().map_or(DeskState::New, DeskState::Hidden),
        };
        changes.push(Change::put(desk_key(community, id), Record::DeskItem(item)));
    }
    let state = hidden.map_or(TrailState::Received, TrailState::Hidden);
    Ok(Effect { changes, creates: true, title: Some(propose.title.clone()), state })
}

pub(super) fn withdraw_reads(operation: &Operation, withdraw: &Withdraw) -> Vec<Key> {
    let mut keys = vec![
        contribution_key(&operation.community, withdraw.consultation, withdraw.record),
        desk_key(&operation.community, withdraw.record),
    ];
    keys.extend(operation.author.person().map(|person| trail_key(person, withdraw.record)));
    keys
}

pub(super) fn withdraw(operation: &Operation, withdraw: &Withdraw, loaded: &Loaded) -> Result<Effect, Stop> {
    let community = &operation.community;
    let public = contribution_key(community, withdraw.consultation, withdraw.record);
    let own = operation.author.person().map(|person| trail_key(person, withdraw.record));
    let Some((own, trail)) = own.and_then(|key| loaded.trail(&key).map(|trail| (key.clone(), trail))) else {
        // Somebody else's is there for all to see; one's own may still be on its way.
        let theirs = loaded.record(&public).is_some() || loaded.is_gone(&public);
        return Err(if theirs { Refusal::NotYours.into() } else { Stop::Wait(withdraw.record) });
    };
    if !is_proposal_of(trail, operation, withdraw) {
        return Err(Refusal::NotYours.into());
    }
    match trail.state {
        TrailState::Withdrawn => return Err(Refusal::AlreadyWithdrawn.into()),
        TrailState::Hidden(_) => return Err(Refusal::AlreadyHidden.into()),
        TrailState::Received | TrailState::Answered => {}
    }
    let title = trail.title.clone();
    let mut trail = trail.clone();
    trail.state = TrailState::Withdrawn;
    let mut changes = vec![Change::remove(public), Change::put(own, Record::Trail(trail))];
    let desk = desk_key(community, withdraw.record);
    if let Some(item) = loaded.desk_item(&desk) {
        let item = DeskItem { state: DeskState::Withdrawn, ..item.clone() };
        changes.push(Change::put(desk, Record::DeskItem(item)));
    }
    Ok(Effect { changes, creates: false, title, state: TrailState::Received })
}

/// Whether the trail is of the very proposal that is named: a name that fits elsewhere would
/// change the author's and the desk's view, and leave the text in public.
fn is_proposal_of(trail: &Trail, operation: &Operation, withdraw: &Withdraw) -> bool {
    trail.act == Kind::Propose
        && trail.outcome == Outcome::Accepted
        && trail.community == operation.community
        && trail.consultation == withdraw.consultation
}

/// The three views of a proposal that an act of the office changes.
pub(super) fn about_reads(
    community: &CommunityId,
    consultation: RecordId,
    record: RecordId,
    loaded: &Loaded,
) -> Vec<Key> {
    let desk = desk_key(community, record);
    let author = loaded.desk_item(&desk).map(|item| trail_key(&item.person, record));
    let mut keys = vec![contribution_key(community, consultation, record), desk];
    keys.extend(author);
    keys
}

/// What is said of a proposal that is no longer there: why, or that it must come first.
pub(super) fn gone(desk: Option<&DeskItem>, public_gone: bool, record: RecordId) -> Stop {
    match desk.map(|item| &item.state) {
        Some(DeskState::Withdrawn) => Refusal::AlreadyWithdrawn.into(),
        Some(DeskState::Hidden(_)) => Refusal::AlreadyHidden.into(),
        _ if public_gone => Refusal::AlreadyHidden.into(),
        _ => Stop::Wait(record),
    }
}

pub(super) fn answer(
    community: &CommunityId,
    answer: &Answer,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let public = contribution_key(community, answer.consultation, answer.record);
    let desk = desk_key(community, answer.record);
    let item = loaded.desk_item(&desk);
    let proposal =
        loaded.proposal(&public).ok_or_else(|| gone(item, loaded.is_gone(&public), answer.record))?;
    let newer = proposal.answer.as_ref().is_some_and(|there| there.at > context.now);
    if newer && context.honoured.is_some() {
        // It comes back after another was given: the newer one stands.
        let title = Some(proposal.title.clone());
        return Ok(Effect { changes: Vec::new(), creates: false, title, state: TrailState::Received });
    }
    let given = AnswerGiven { text: answer.text.clone(), at: context.now };
    let proposal = Proposal { answer: Some(given.clone()), ..proposal.clone() };
    let title = Some(proposal.title.clone());
    let mut changes = vec![Change::put(public, Record::Proposal(proposal.clone()))];
    if let Some(item) = item {
        let key = trail_key(&item.person, answer.record);
        if let Some(trail) = loaded.trail(&key) {
            let mut trail = trail.clone();
            trail.state = TrailState::Answered;
            trail.answer = Some(given);
            changes.push(Change::put(key, Record::Trail(trail)));
        }
        let item = DeskItem { proposal, state: DeskState::Answered, ..item.clone() };
        changes.push(Change::put(desk, Record::DeskItem(item)));
    }
    Ok(Effect { changes, creates: false, title, state: TrailState::Received })
}
