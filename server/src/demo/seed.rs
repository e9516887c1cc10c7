//! Writes the demonstration's past: each act sealed by its person and decided by the rules,
//! at a time of its own.

use std::collections::HashMap;

use domain::authority::{Actor, Membership, Person as Signed, Role};
use domain::envelope::{Author, Envelope, Proof};
use domain::ids::{CommunityId, Hash, OpId, RecordId, Salt};
use domain::operations::{
    Action, Answer, BlobRef, Comment, Conclude, Forward, Hide, Join, OpenConsultation, Operation, Photo,
    Propose, Source, Support, Withdraw, seal,
};
use domain::phases::{Form, Period, Phase, Phases};
use domain::ports::{Blobs, Clock, Journal, Submission};
use domain::receipts::{Outcome, PushResult};
use domain::text::Localized;
use domain::time::{DAY, HOUR, Millis};
use store::Store;

use super::files::{self, damaged};
use super::{Person, asked, texts};
use crate::failure::Failure;
use crate::import::people::Added;
use crate::import::{people, statements, territory};
use crate::system::SetClock;
use crate::{passing, places};

/// Something that somebody did.
pub(super) struct Act {
    pub at: Millis,
    /// Makes operation and salt the same each time, for the same person.
    pub key: String,
    pub who: Signed,
    pub community: CommunityId,
    pub blobs: Vec<BlobRef>,
    pub action: Action,
}

/// Writes everything, and returns whom one can sign in as.
pub async fn seed(store: &Store, clock: &SetClock, key: &[u8; 32]) -> Result<Vec<Person>, Failure> {
    territory::load(store, territory::read(files::TERRITORY)?).await?;
    let newcomers = people::read(files::PEOPLE, &places::communities(store).await?)?;
    let people::Adding { added, stopped } = people::add(store, newcomers).await;
    stopped.map_or(Ok(()), Err)?;
    let (mut acts, opened) = openings(&added, clock.now())?;
    proposals(store, &added, &opened, clock.now(), &mut acts).await?;
    conclusions(&added, &opened, clock.now(), &mut acts)?;
    asked::asked(&added, &opened, clock.now(), &mut acts)?;
    texts::texts(&added, &opened, clock.now(), &mut acts)?;
    acts.sort_by_key(|act| act.at);
    for act in acts {
        clock.set(act.at);
        let brings = matches!(
            &act.action,
            Action::Forward(_) | Action::Join(_) | Action::OpenPoll(_) | Action::OpenSurvey(_)
        );
        write(store, act).await?;
        // What goes to another community arrives then.
        if brings {
            passing::settle(store, clock).await?;
        }
    }
    clock.release();
    for consultation in files::consultations()?.iter().filter(|consultation| consultation.demonstration) {
        let community = consultation.community.parse().map_err(damaged)?;
        let source = consultation.key.parse().map_err(damaged)?;
        let (_, id) = known(&opened, &consultation.key)?;
        let target = statements::Target { community, consultation: id, source };
        statements::load(store, clock, key, &target, files::STATEMENTS).await?;
    }
    // What is over by now is counted.
    passing::settle(store, clock).await?;
    Ok(added.iter().map(shown).collect())
}

fn shown(added: &Added) -> Person {
    Person {
        role: added.person.role.name().to_owned(),
        community: added.person.community.to_string(),
        name: added.person.name.to_string(),
        code: added.code.to_string(),
    }
}

fn signed(added: &Added) -> Signed {
    let membership = Membership { community: added.person.community.clone(), role: added.person.role };
    Signed { id: added.id.clone(), name: added.person.name.clone(), memberships: vec![membership] }
}

/// Whoever is at this position in the list of people.
pub(super) fn somebody(added: &[Added], position: usize) -> Result<Signed, Failure> {
    added.get(position).map(signed).ok_or_else(|| damaged("an unknown person"))
}

pub(super) fn clerk(added: &[Added], community: &CommunityId) -> Result<Signed, Failure> {
    let clerk = added.iter().find(|a| a.person.role == Role::Clerk && a.person.community == *community);
    clerk.map(signed).ok_or_else(|| damaged(format!("{community} has no clerk")))
}

/// Consultations by their key in the files.
pub(super) type Opened = HashMap<String, (CommunityId, RecordId)>;

pub(super) fn known(opened: &Opened, key: &str) -> Result<(CommunityId, RecordId), Failure> {
    opened.get(key).cloned().ok_or_else(|| damaged(format!("no consultation {key}")))
}

fn openings(added: &[Added], now: Millis) -> Result<(Vec<Act>, Opened), Failure> {
    let (proposals, asked, texts) = (files::proposals()?, files::asked()?, files::texts()?);
    let (mut acts, mut opened) = (Vec::new(), HashMap::new());
    for it in files::consultations()? {
        let community: CommunityId = it.community.parse().map_err(damaged)?;
        let who = clerk(added, &community)?;
        // Open before its first proposal was written, and for two weeks at least.
        let written = proposals.iter().map(|it| (&it.consultation, it.written_days_ago));
        let written = written.chain(asked.iter().map(|it| (&it.consultation, it.written_days_ago)));
        let first = written.filter(|(of, _)| **of == it.key).map(|(_, days)| days).max();
        let days = first.unwrap_or_default().max(2).max(14 - it.closes_in_days) + 1;
        let closes_at = now.plus(it.closes_in_days * DAY);
        let phases = course(&it, now.plus(-days * DAY), closes_at)?;
        let takes = match texts.iter().any(|text| text.consultation == it.key) {
            true => Form::ALL.to_vec(),
            false => Form::USUAL.to_vec(),
        };
        let open = OpenConsultation {
            takes,
            decided_by: it.decided_by,
            used_for: it.used_for,
            answer_by: it.answer_promised_in_days.map(|days| now.plus(days * DAY)),
            source: it.source.map(|s| Source { attribution: s.text, licence: s.licence, url: s.url }),
            adapted_from: None,
            shared_with: it.joined_by.iter().map(|joined| joined.community.clone()).collect(),
            fictitious: it.fictitious,
            ..OpenConsultation::new(it.title, it.summary, phases)
        };
        let action = Action::OpenConsultation(open);
        let key = format!("consultation/{}", it.key);
        let act =
            Act { at: now.plus(-days * DAY), key, who, community: community.clone(), blobs: vec![], action };
        let consultation = record(&act);
        for joined in it.joined_by {
            let answer_by = joined.answer_promised_in_days.map(|days| now.plus(days * DAY));
            let files::Joined { decided_by, used_for, .. } = joined;
            let from = community.clone();
            acts.push(Act {
                at: act.at.plus(DAY / 2),
                key: format!("{}/{}", act.key, joined.community),
                who: clerk(added, &joined.community)?,
                community: joined.community,
                blobs: vec![],
                action: Action::Join(Join { from, consultation, decided_by, used_for, answer_by }),
            });
        }
        opened.insert(it.key, (community, consultation));
        acts.push(act);
    }
    Ok((acts, opened))
}

/// The answers to whole consultations.
fn conclusions(added: &[Added], opened: &Opened, now: Millis, acts: &mut Vec<Act>) -> Result<(), Failure> {
    for it in files::consultations()? {
        let Some(answered) = it.answered else { continue };
        let (community, consultation) = known(opened, &it.key)?;
        let answer = |act: &Act| match &act.action {
            Action::Answer(answer) if answer.consultation == consultation => Some(answer.record),
            _ => None,
        };
        let uses = acts.iter().filter_map(answer).collect();
        let conclude = Conclude { consultation, text: answered.text, uses };
        acts.push(Act {
            at: now.plus(-answered.days_ago * DAY),
            key: format!("conclusion/{}", it.key),
            who: clerk(added, &community)?,
            community,
            blobs: vec![],
            action: Action::Conclude(conclude),
        });
    }
    Ok(())
}

fn course(it: &files::Consultation, from: Millis, closes_at: Millis) -> Result<Phases, Failure> {
    let mut periods = vec![Period { phase: Phase::Contribute, from, until: closes_at }];
    let more = [(Phase::Discuss, it.discussed_for_days), (Phase::Decide, it.decided_for_days)];
    let mut from = closes_at;
    for (phase, days) in more {
        let Some(days) = days else { continue };
        let until = from.plus(days * DAY);
        periods.push(Period { phase, from, until });
        from = until;
    }
    Phases::new(periods).map_err(damaged)
}

async fn proposals(
    store: &Store,
    added: &[Added],
    opened: &Opened,
    now: Millis,
    acts: &mut Vec<Act>,
) -> Result<(), Failure> {
    for (number, it) in files::proposals()?.into_iter().enumerate() {
        let (first_of, consultation) = known(opened, &it.consultation)?;
        let community = it.community.clone().unwrap_or(first_of);
        let person = added.get(it.person).ok_or_else(|| damaged("an unknown person"))?;
        let clerk = clerk(added, &community)?;
        let pictures = pictures(store, person, &it).await?;
        let blobs = pictures.iter().flat_map(|(_, blobs)| blobs.clone()).collect();
        let photos = pictures.into_iter().map(|(photo, _)| photo).collect();
        // At different hours, as people write.
        let at = now.plus(-it.written_days_ago * DAY + (number as i64 % 9) * HOUR / 2);
        let files::Proposal { title, text, subject, place, .. } = it;
        let propose = Propose { consultation, title, text, subject, photos, place };
        let action = Action::Propose(propose);
        let who = signed(person);
        let first = Act { at, key: format!("proposal/{number}"), who, community, blobs, action };
        let record = record(&first);
        // Answered, hidden or taken back a day or two later, and not in the future.
        let later = |days: i64| at.plus(days * DAY).min(now.plus(-HOUR)).max(at.plus(1));
        let after = |days, act: &str, who: Signed, action| Act {
            at: later(days),
            key: format!("{act}/{number}"),
            who,
            community: first.community.clone(),
            blobs: vec![],
            action,
        };
        if let Some(answer) = it.answer {
            let text = Localized::new(answer).map_err(damaged)?;
            let answer = Answer { consultation, record, text };
            acts.push(after(2, "answer", clerk.clone(), Action::Answer(answer)));
        }
        if let Some(files::Forwarded { community: to, note }) = it.forwarded_to {
            let forward = Action::Forward(Forward { consultation, record, to, note: Some(note) });
            acts.push(after(2, "forward", clerk.clone(), forward));
        }
        if let Some(rule) = it.hidden_by_rule {
            acts.push(after(1, "hide", clerk, Action::Hide(Hide { consultation, record, rule })));
        }
        if it.withdrawn {
            let withdraw = Action::Withdraw(Withdraw { consultation, record });
            acts.push(after(1, "withdraw", first.who.clone(), withdraw));
        }
        for (place, comment) in it.comments.into_iter().enumerate() {
            let who = somebody(added, comment.person)?;
            let files::Comment { stance, text, days_after, .. } = comment;
            let said = Action::Comment(Comment { consultation, on: record, stance, text });
            acts.push(after(days_after, &format!("comment {place}"), who, said));
        }
        for (place, person) in it.supported_by.into_iter().enumerate() {
            let who = somebody(added, person)?;
            let support = Action::Support(Support { consultation, record, given: true });
            acts.push(after(1, &format!("support {place}"), who, support));
        }
        acts.push(first);
    }
    Ok(())
}

async fn pictures(
    store: &Store,
    person: &Added,
    proposal: &files::Proposal,
) -> Result<Vec<(Photo, Vec<BlobRef>)>, Failure> {
    let mut photos = Vec::new();
    for (name, alt) in proposal.photos.iter().zip(&proposal.photo_alts) {
        let picture = files::PICTURES.iter().find(|picture| picture.name == name);
        let picture = picture.ok_or_else(|| damaged(format!("no picture {name}")))?;
        let mut blobs = Vec::new();
        for bytes in [picture.full, picture.thumb] {
            let (sha256, size) = (Hash::of(bytes), bytes.len() as u64);
            store.write(&person.id, &sha256, size, 0, bytes).await.map_err(damaged)?;
            blobs.push(BlobRef { sha256, size });
        }
        let photo = Photo { full: blobs[0].sha256, thumb: blobs[1].sha256, alt: Some(alt.clone()) };
        photos.push((photo, blobs));
    }
    Ok(photos)
}

fn op(key: &str) -> OpId {
    let mut op = [0; 16];
    op.copy_from_slice(&Hash::tagged("rabaska/demo/op", key.as_bytes()).0[..16]);
    OpId(op)
}

fn author(who: &Signed) -> Author {
    Author::Person(who.id.clone())
}

/// The record that an act creates.
pub(super) fn record(act: &Act) -> RecordId {
    domain::ids::Entry::of(&author(&act.who), op(&act.key)).record()
}

async fn write(store: &Store, act: Act) -> Result<(), Failure> {
    let salt = Salt(Hash::tagged("rabaska/demo/salt", act.key.as_bytes()).0);
    let body = seal(salt, act.at, act.blobs, &act.action).map_err(damaged)?;
    let (op, author, proof) = (op(&act.key), author(&act.who), Proof::Session);
    let envelope = Envelope { op, author, community: act.community, stream: None, proof, body };
    let operation = Operation::decode(&envelope).map_err(damaged)?;
    let submission = Submission { envelope, operation, actor: Actor::Person(act.who), receipt: None };
    let results = store.append(vec![submission]).await?;
    let accepted = results.iter().all(|result| match result {
        PushResult::Receipt(signed) => signed.read().is_some_and(|r| r.outcome == Outcome::Accepted),
        _ => false,
    });
    if accepted { Ok(()) } else { Err(damaged(format!("{} was not accepted: {results:?}", act.key))) }
}
