//! Surveys: opened, answered once by each person (a later answer replaces the earlier one), their
//! results published once when they are over. The desk reads the answers without names.

use super::polls::{asked_key, due_key, forget, is_open, remember, took_part, took_part_key};
use super::{Change, Context, Effect, Loaded, Stop, desk_key};
use crate::authority::Actor;
use crate::ids::{CommunityId, RecordId};
use crate::operations::{Kind, OpenSurvey, Operation, PublishResults, Respond};
use crate::receipts::Refusal;
use crate::records::{
    DueAt, Open, Questionnaire, Record, Respondent, Respondents, SurveyResponse, TrailState,
};
use crate::scopes::{Key, Scope};
use crate::surveys::{self, Channel, Response};
use crate::wire::Later;

fn respondents_key(community: &CommunityId, survey: RecordId) -> Key {
    Key { scope: Scope::Sealed(community.clone()), name: format!("respondents-{survey}") }
}

pub(super) fn open(
    operation: &Operation,
    open: &OpenSurvey,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let community = &operation.community;
    let key = Key::consultation(community, open.consultation);
    let grace = loaded.consultation(&key).ok_or(Stop::Wait(open.consultation))?.grace;
    if open.closes_at <= context.now && context.honoured.is_none() {
        return Err(Refusal::ClosesInThePast.into());
    }
    let id = operation.record();
    let when = Open { from: open.opens_at, until: open.closes_at, grace };
    let questionnaire = Questionnaire {
        id,
        consultation: open.consultation,
        title: open.title.clone(),
        survey: open.survey.clone(),
        open: when,
        results: None,
    };
    let at = when.until.plus(when.grace);
    let due = DueAt { act: Kind::PublishResults, consultation: open.consultation, record: id, at };
    let key = asked_key(community, open.consultation, id);
    let changes =
        vec![Change::put(key, Record::Questionnaire(questionnaire)), remember(community, due, loaded)];
    Ok(Effect { changes, creates: true, title: None, state: TrailState::Received })
}

/// The response of a person, once they have one.
fn response_of(operation: &Operation, survey: RecordId, loaded: &Loaded) -> Option<RecordId> {
    let people = &loaded.respondents(&respondents_key(&operation.community, survey))?.people;
    let person = operation.author.person()?;
    people.iter().find(|known| known.person == *person).map(|known| known.response)
}

pub(super) fn respond_reads(operation: &Operation, respond: &Respond, loaded: &Loaded) -> Vec<Key> {
    let community = &operation.community;
    let mut keys = vec![
        asked_key(community, respond.consultation, respond.survey),
        respondents_key(community, respond.survey),
    ];
    keys.extend(operation.author.person().map(|person| took_part_key(person, respond.survey)));
    keys.extend(response_of(operation, respond.survey, loaded).map(|id| desk_key(community, id)));
    keys
}

pub(super) fn respond(
    operation: &Operation,
    respond: &Respond,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let community = &operation.community;
    let it = loaded
        .questionnaire(&asked_key(community, respond.consultation, respond.survey))
        .ok_or(Stop::Wait(respond.survey))?;
    is_open(it.open, context)?;
    // Written anew: the desk learns what was answered, and not in which order or by which app.
    let answers = match (it.survey.read(), respond.answers.read()) {
        (Ok(survey), Ok(answers)) if surveys::check(&survey, &answers).is_empty() => Later::of(&answers).ok(),
        _ => None,
    };
    let answers = answers.ok_or(Stop::Refuse(Refusal::BadAnswers))?;
    let Actor::Person(person) = context.actor else { return Err(Refusal::NotPermitted.into()) };
    let title = it.title.iter().next().map(|(_, title)| title.clone());
    let key = took_part_key(&person.id, respond.survey);
    let older = loaded.took_part(&key).is_some_and(|there| there.at > context.now);
    let mut changes = Vec::new();
    if context.honoured.is_none() || (!older && it.results.is_none()) {
        // The same record for a later answer: how often somebody thought again is not told.
        let known = response_of(operation, respond.survey, loaded);
        let id = known.unwrap_or_else(|| operation.record());
        let before = known.and_then(|id| loaded.survey_response(&desk_key(community, id)));
        let week = before.map_or(context.now.week(), |before| before.week);
        let response = SurveyResponse { survey: respond.survey, answers, week };
        changes
            .push(Change::put(key, took_part(community, respond.consultation, respond.survey, context.now)));
        changes.push(Change::put(desk_key(community, id), Record::SurveyResponse(response)));
        if known.is_none() {
            let key = respondents_key(community, respond.survey);
            let mut people = loaded.respondents(&key).map(|all| all.people.clone()).unwrap_or_default();
            let at = people.partition_point(|known| known.person < person.id);
            people.insert(at, Respondent { person: person.id.clone(), response: id });
            changes
                .push(Change::put(key, Record::Respondents(Respondents { survey: respond.survey, people })));
        }
    }
    Ok(Effect { changes, creates: false, title, state: TrailState::Received })
}

pub(super) fn publish_reads(community: &CommunityId, publish: &PublishResults, loaded: &Loaded) -> Vec<Key> {
    let respondents = respondents_key(community, publish.survey);
    let people = loaded.respondents(&respondents).into_iter().flat_map(|all| &all.people);
    let mut keys: Vec<Key> = people.map(|known| desk_key(community, known.response)).collect();
    keys.extend([
        asked_key(community, publish.consultation, publish.survey),
        respondents,
        due_key(community),
    ]);
    keys
}

pub(super) fn publish(
    community: &CommunityId,
    publish: &PublishResults,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let key = asked_key(community, publish.consultation, publish.survey);
    let it = loaded.questionnaire(&key).ok_or(Stop::Wait(publish.survey))?;
    if it.results.is_some() {
        return Err(Refusal::AlreadyDone.into());
    }
    let ends = it.open.until.plus(it.open.grace);
    // As with counting: nothing is stored too early.
    if context.now < ends {
        return Err(Stop::Wait(publish.survey));
    }
    let people = loaded.respondents(&respondents_key(community, publish.survey));
    let answers = people.iter().flat_map(|all| &all.people).filter_map(|known| {
        let response = loaded.survey_response(&desk_key(community, known.response))?;
        Some(Response { channel: Channel::OwnDevice, answers: response.answers.read().ok()? })
    });
    let survey = it.survey.read().map_err(|_| Stop::Refuse(Refusal::BadAnswers))?;
    let results = surveys::publish(&survey, &answers.collect::<Vec<_>>());
    let results = Some(Later::of(&results).map_err(|_| Stop::Refuse(Refusal::BadAnswers))?);
    let published = Questionnaire { results, ..it.clone() };
    let mut changes = vec![Change::put(key, Record::Questionnaire(published))];
    changes.extend(forget(community, publish.survey, loaded));
    Ok(Effect { changes, creates: false, title: None, state: TrailState::Received })
}
