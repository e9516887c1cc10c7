//! Contributions: made, and taken back.

use super::support::counts;
use super::views::standing;
use super::{Change, Context, Effect, Loaded, Stop, desk_key, hiding_key, sharing, trail_key};
use crate::envelope::Author;
use crate::ids::{CommunityId, RecordId};
use crate::operations::{Comment, Operation, Propose, Withdraw};
use crate::phases::{Form, Intake};
use crate::receipts::{Outcome, Receipt, Refusal};
use crate::records::{
    self as said, Contribution, DeskItem, DeskState, HiddenBy, HidingState, Proposal, Record, SignedAs,
    Trail, TrailState, What,
};
use crate::scopes::Key;

pub(super) fn propose_reads(operation: &Operation, propose: &Propose) -> Vec<Key> {
    made_reads(operation, propose.consultation)
}

pub(super) fn propose(
    operation: &Operation,
    propose: &Propose,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    takes(operation, propose.consultation, Form::Proposals, loaded, context)?;
    // A restored list may lack what the lost one had when this was accepted.
    let lists = loaded.community(&Key::community(&operation.community));
    let listed = lists.is_some_and(|lists| lists.subjects.iter().any(|it| it.id == propose.subject));
    if !listed && context.honoured.is_none() {
        return Err(Refusal::UnknownSubject.into());
    }
    let bounds = lists.and_then(|lists| lists.bounds);
    let outside = bounds.zip(propose.place.as_ref().and_then(|it| it.sector));
    if outside.is_some_and(|(bounds, sector)| !bounds.hold(sector)) && context.honoured.is_none() {
        return Err(Refusal::OutsideTerritory.into());
    }
    let what = What::Proposal(Proposal {
        title: propose.title.clone(),
        text: propose.text.clone(),
        subject: propose.subject.clone(),
        photos: propose.photos.clone(),
        place: propose.place.clone(),
        photos_out: 0,
        photos_covered: 0,
    });
    Ok(made(operation, propose.consultation, what, loaded, context))
}

pub(super) fn comment_reads(operation: &Operation, comment: &Comment) -> Vec<Key> {
    let mut keys = made_reads(operation, comment.consultation);
    keys.push(Key::inside(&operation.community, comment.consultation, comment.on));
    keys.push(desk_key(&operation.community, comment.on));
    keys
}

pub(super) fn comment(
    operation: &Operation,
    comment: &Comment,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    takes(operation, comment.consultation, Form::Comments, loaded, context)?;
    let on = standing(&operation.community, comment.consultation, comment.on, loaded)?;
    if !on.is_discussed() {
        return Err(Refusal::NotAProposal.into());
    }
    let what =
        What::Comment(said::Comment { on: comment.on, stance: comment.stance, text: comment.text.clone() });
    Ok(made(operation, comment.consultation, what, loaded, context))
}

/// Whether a consultation takes what this says.
pub(super) fn takes(
    operation: &Operation,
    consultation: RecordId,
    form: Form,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<(), Stop> {
    let key = Key::consultation(&operation.community, consultation);
    let it = loaded.consultation(&key).ok_or(Stop::Wait(consultation))?;
    let imported = matches!(operation.author, Author::Import { .. });
    if context.honoured.is_some() || imported {
        return Ok(());
    }
    match it.intake_of(form, context.now) {
        Intake::Open | Intake::Grace => Ok(()),
        Intake::NotYet(from) => Err(Refusal::NotYetOpen { from }.into()),
        Intake::Closed => Err(Refusal::Closed { since: it.accepts_until(form) }.into()),
        Intake::Never => Err(Refusal::NotTaken.into()),
    }
}

pub(super) fn made_reads(operation: &Operation, consultation: RecordId) -> Vec<Key> {
    let community = &operation.community;
    let hiding = hiding_key(community, consultation, operation.record());
    vec![Key::community(community), Key::consultation(community, consultation), hiding]
}

/// A contribution in its three views: everyone's, the desk's, its author's.
pub(super) fn made(
    operation: &Operation,
    consultation: RecordId,
    what: What,
    loaded: &Loaded,
    context: Context<'_>,
) -> Effect {
    let imported = matches!(operation.author, Author::Import { .. });
    let contribution = Contribution {
        id: operation.record(),
        consultation,
        what,
        week: if imported { operation.written_at } else { context.now }.week(),
        signed: if imported { SignedAs::Imported } else { context.actor.channel().into() },
        home: from_elsewhere(operation, loaded, context),
        answer: None,
        step: None,
        merged: Vec::new(),
        merged_into: None,
        forwarded: None,
        forwarded_from: None,
    };
    placed(operation, contribution, loaded, context)
}

/// The community of somebody who takes part here because theirs shares the consultation.
fn from_elsewhere(operation: &Operation, loaded: &Loaded, context: Context<'_>) -> Option<CommunityId> {
    let kind = operation.action.kind();
    if context.actor.may_push(kind, &operation.community) {
        return None;
    }
    sharing::home(operation, context.actor, loaded).cloned()
}

/// A contribution where it is seen.
pub(super) fn placed(
    operation: &Operation,
    contribution: Contribution,
    loaded: &Loaded,
    context: Context<'_>,
) -> Effect {
    let (community, id, consultation) = (&operation.community, contribution.id, contribution.consultation);
    let title = Some(contribution.title());
    // Hidden already: a restore applied its log of hidings before this came back.
    let trace = loaded.hiding(&hiding_key(community, consultation, id));
    let hidden = trace.filter(|it| it.state != HidingState::Restored).map(|it| it.rule.clone());
    let person = context.actor.person();
    // What had appeared when that began, and comes back after a restore, appears again.
    let since = loaded.community(&Key::community(community)).and_then(|it| it.premoderated_since);
    let first_looked_at = since.is_some_and(|since| context.now >= since);
    let (at_desk, state) = match hidden {
        Some(rule) => (DeskState::Hidden(rule.clone()), TrailState::Hidden(rule)),
        None if first_looked_at && person.is_some() && trace.is_none() => {
            (DeskState::Awaiting, TrailState::Awaiting)
        }
        None => (DeskState::New, TrailState::Received),
    };
    let mut changes = Vec::new();
    if state == TrailState::Received {
        let key = Key::inside(community, consultation, id);
        changes.push(Change::put(key, Record::Contribution(contribution.clone())));
    }
    if let Some(person) = person {
        // By whom something is hidden, the hiding tells when it comes back too.
        let shown = (at_desk != DeskState::New).then(|| contribution.clone());
        let by = HiddenBy { shown, ..HiddenBy::at(context.now) };
        let item = DeskItem {
            contribution,
            person: person.id.clone(),
            name: person.name.clone(),
            receipt: Receipt::number(&operation.hash),
            received_at: context.now,
            written_at: operation.written_at,
            hidden: (at_desk != DeskState::New || trace.is_some()).then(|| Box::new(by)),
            state: at_desk,
            step: None,
            notes: Vec::new(),
            questions: Vec::new(),
            cover: None,
        };
        changes.push(Change::put(desk_key(community, id), Record::DeskItem(item)));
    }
    Effect { changes, creates: true, title, state }
}

pub(super) fn withdraw_reads(operation: &Operation, withdraw: &Withdraw) -> Vec<Key> {
    let mut keys = vec![
        Key::inside(&operation.community, withdraw.consultation, withdraw.record),
        desk_key(&operation.community, withdraw.record),
    ];
    keys.extend(operation.author.person().map(|person| trail_key(person, withdraw.record)));
    keys
}

pub(super) fn withdraw(operation: &Operation, withdraw: &Withdraw, loaded: &Loaded) -> Result<Effect, Stop> {
    let community = &operation.community;
    let public = Key::inside(community, withdraw.consultation, withdraw.record);
    let own = operation.author.person().map(|person| trail_key(person, withdraw.record));
    let Some((own, trail)) = own.and_then(|key| loaded.trail(&key).map(|trail| (key.clone(), trail))) else {
        // Somebody else's is there for all to see; one's own may still be on its way.
        let theirs = loaded.record(&public).is_some() || loaded.is_gone(&public);
        return Err(if theirs { Refusal::NotYours.into() } else { Stop::Wait(withdraw.record) });
    };
    if !is_contribution_of(trail, operation, withdraw) {
        return Err(Refusal::NotYours.into());
    }
    match trail.state {
        TrailState::Withdrawn => return Err(Refusal::AlreadyWithdrawn.into()),
        TrailState::Hidden(_) => return Err(Refusal::AlreadyHidden.into()),
        TrailState::Awaiting | TrailState::Received | TrailState::Answered => {}
    }
    let title = trail.title.clone();
    let mut trail = trail.clone();
    trail.state = TrailState::Withdrawn;
    let count = counts(community, withdraw.consultation, withdraw.record).public;
    let mut changes =
        vec![Change::remove(public), Change::remove(count), Change::put(own, Record::Trail(trail))];
    let desk = desk_key(community, withdraw.record);
    if let Some(item) = loaded.desk_item(&desk) {
        let hidden = item.hidden.clone().filter(|_| item.state != DeskState::Awaiting);
        let item = DeskItem { state: DeskState::Withdrawn, hidden, ..item.clone() };
        changes.push(Change::put(desk, Record::DeskItem(item)));
    }
    Ok(Effect { changes, creates: false, title, state: TrailState::Received })
}

/// Whether the trail is of the very contribution that is named: a name that fits elsewhere would
/// change the author's and the desk's view, and leave the text in public.
fn is_contribution_of(trail: &Trail, operation: &Operation, withdraw: &Withdraw) -> bool {
    trail.act.contributes()
        && trail.outcome == Outcome::Accepted
        && trail.community == operation.community
        && trail.consultation == withdraw.consultation
}
