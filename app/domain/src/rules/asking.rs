//! A question to the author, and the reply: in the desk's view and in the author's, nowhere else.

use super::views::{self, Views};
use super::{Change, Context, Effect, Loaded, Stop, desk_key, trail_key};
use crate::ids::CommunityId;
use crate::operations::{Ask, Operation, Reply};
use crate::receipts::Refusal;
use crate::records::{Question, Record, TrailState};
use crate::scopes::Key;

pub(super) fn ask(
    community: &CommunityId,
    ask: &Ask,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let mut views = Views::of(community, ask.consultation, ask.record, loaded)?;
    let title = Some(views.public.title());
    let question = Question { text: ask.text.clone(), at: context.now, reply: None, replied_at: None };
    if let Some(item) = &mut views.item {
        item.questions.push(question.clone());
    }
    views.tell(|trail| trail.questions.push(question.clone()));
    Ok(Effect { changes: views.changes(), creates: false, title, state: TrailState::Received })
}

pub(super) fn reply_reads(operation: &Operation, reply: &Reply, loaded: &Loaded) -> Vec<Key> {
    let mut keys = views::reads(&operation.community, reply.consultation, reply.record, loaded);
    keys.extend(operation.author.person().map(|person| trail_key(person, reply.record)));
    keys
}

pub(super) fn reply(
    operation: &Operation,
    reply: &Reply,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let own = operation.author.person().map(|person| trail_key(person, reply.record));
    let Some((own, trail)) = own.and_then(|key| loaded.trail(&key).map(|trail| (key.clone(), trail))) else {
        return Err(Refusal::NotYours.into());
    };
    if trail.community != operation.community {
        return Err(Refusal::NotYours.into());
    }
    let title = trail.title.clone();
    let mut trail = trail.clone();
    let give = |questions: &mut Vec<Question>| -> bool {
        let Some(question) = questions.iter_mut().rev().find(|question| question.reply.is_none()) else {
            return false;
        };
        question.reply = Some(reply.text.clone());
        question.replied_at = Some(context.now);
        true
    };
    if !give(&mut trail.questions) {
        // After a restore the question may come back later than its reply.
        let later = context.honoured.is_some() && trail.questions.is_empty();
        return Err(if later { Stop::Wait(reply.record) } else { Refusal::NothingAsked.into() });
    }
    let mut changes = vec![Change::put(own, Record::Trail(trail))];
    let desk = desk_key(&operation.community, reply.record);
    if let Some(item) = loaded.desk_item(&desk) {
        let mut item = item.clone();
        give(&mut item.questions);
        changes.push(Change::put(desk, Record::DeskItem(item)));
    }
    Ok(Effect { changes, creates: false, title, state: TrailState::Received })
}
