//! Surveys: opened, answered once by each person (a later answer replaces the earlier one), their
//! results published once when they are over. The desk reads the answers without names.

use super::{Change, Context, Effect, Loaded, Stop, asked, desk_key, sharing};
use crate::ids::{CommunityId, PersonId, RecordId};
use crate::operations::{Kind, OpenSurvey, Operation, PublishResults, Respond};
use crate::receipts::Refusal;
use crate::records::{Entry, Questionnaire, Record, Respondent, Respondents, SurveyResponse, TrailState};
use crate::scopes::{Key, Scope};
use crate::surveys::{self, Response};
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
    let dates = (open.opens_at, open.closes_at);
    let when = asked::when(operation, open.consultation, dates, loaded, context)?;
    // Written anew: what some app put between the questions is not published. It was read when it
    // was checked.
    let survey = open.survey.read().and_then(|survey| Later::of(&survey));
    let survey = survey.unwrap_or_else(|_| open.survey.clone());
    let questionnaire = Questionnaire {
        id: operation.record(),
        consultation: open.consultation,
        title: open.title.clone(),
        survey,
        open: when,
        results: None,
    };
    let record = Record::Questionnaire(questionnaire);
    Ok(asked::opened(operation, open.consultation, Kind::PublishResults, when, record, loaded, context.now))
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
        Key::inside(community, respond.consultation, respond.survey),
        respondents_key(community, respond.survey),
    ];
    keys.extend(operation.author.person().map(|person| asked::took_part_key(person, respond.survey)));
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
        .questionnaire(&Key::inside(community, respond.consultation, respond.survey))
        .ok_or(Stop::Wait(respond.survey))?;
    asked::is_open(it.open, context)?;
    // Written anew: the desk learns what was answered, and not in which order or by which app.
    let answers = match (it.survey.read(), respond.answers.read()) {
        (Ok(survey), Ok(answers)) if surveys::check(&survey, &answers).is_empty() => Later::of(&answers).ok(),
        _ => None,
    };
    let answers = answers.ok_or(Stop::Refuse(Refusal::BadAnswers))?;
    let person = context.actor.person().ok_or(Refusal::NotPermitted)?;
    asked::not_elsewhere(operation, &person.id, respond.survey, loaded, context)?;
    let title = it.title.iter().next().map(|(_, title)| title.clone());
    let mut changes = Vec::new();
    if asked::counts((community, &person.id), respond.survey, it.results.is_some(), loaded, context) {
        // The same record for a later answer: how often somebody thought again is not told.
        let known = response_of(operation, respond.survey, loaded);
        let id = known.unwrap_or_else(|| operation.record());
        let before = known.and_then(|id| loaded.survey_response(&desk_key(community, id)));
        let week = before.map_or(context.now.week(), |before| before.week);
        let response = SurveyResponse { survey: respond.survey, answers, week };
        let (consultation, survey) = (respond.consultation, respond.survey);
        changes.push(asked::took_part(operation, &person.id, consultation, survey, context));
        changes.push(Change::put(desk_key(community, id), Record::SurveyResponse(response)));
        if known.is_none() {
            let key = respondents_key(community, respond.survey);
            let mut people = loaded.respondents(&key).map(|all| all.people.clone()).unwrap_or_default();
            let at = people.partition_point(|known| known.person < person.id);
            people.insert(
                at,
                Respondent { person: person.id.clone(), response: id, channel: context.actor.channel() },
            );
            changes
                .push(Change::put(key, Record::Respondents(Respondents { survey: respond.survey, people })));
        }
    }
    Ok(Effect { changes, creates: false, title, state: TrailState::Received })
}

pub(super) fn take_out_reads(community: &CommunityId, entry: &Entry) -> Vec<Key> {
    let guest = PersonId::guest(entry.record);
    vec![
        Key::inside(community, entry.consultation, entry.about),
        respondents_key(community, entry.about),
        asked::took_part_key(&guest, entry.about),
        desk_key(community, entry.record),
    ]
}

/// The answers of an entry go, while nothing is published.
pub(super) fn take_out(community: &CommunityId, entry: &Entry, loaded: &Loaded) -> Result<Vec<Change>, Stop> {
    let survey = Key::inside(community, entry.consultation, entry.about);
    if loaded.questionnaire(&survey).ok_or(Stop::Wait(entry.about))?.results.is_some() {
        return Err(Refusal::AlreadyCounted.into());
    }
    let guest = PersonId::guest(entry.record);
    let key = respondents_key(community, entry.about);
    let mut all = loaded.respondents(&key).cloned();
    all.iter_mut().for_each(|all| all.people.retain(|known| known.person != guest));
    let all = all.map(|all| Change::put(key, Record::Respondents(all)));
    let gone = [desk_key(community, entry.record), asked::took_part_key(&guest, entry.about)];
    Ok(all.into_iter().chain(gone.map(Change::remove)).collect())
}

pub(super) fn publish_reads(community: &CommunityId, publish: &PublishResults, loaded: &Loaded) -> Vec<Key> {
    let (consultation, survey) = (publish.consultation, publish.survey);
    let mut keys = vec![Key::consultation(community, consultation), asked::due_key(community)];
    for each in [community].into_iter().chain(sharing::siblings(community, consultation, loaded)) {
        let respondents = respondents_key(each, survey);
        let people = loaded.respondents(&respondents).into_iter().flat_map(|all| &all.people);
        keys.extend(people.map(|known| desk_key(each, known.response)));
        keys.extend([Key::inside(each, consultation, survey), respondents, asked::remembered_key(each)]);
    }
    keys
}

pub(super) fn publish(
    community: &CommunityId,
    publish: &PublishResults,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let key = Key::inside(community, publish.consultation, publish.survey);
    let it = loaded.questionnaire(&key).ok_or(Stop::Wait(publish.survey))?;
    asked::is_due(publish.survey, it.open, it.results.is_some(), context)?;
    let siblings = sharing::siblings(community, publish.consultation, loaded);
    let done = siblings.iter().find_map(|each| {
        let theirs = loaded.questionnaire(&Key::inside(each, publish.consultation, publish.survey));
        // After a restore theirs may not be back.
        let lost = || asked::reached(each, publish.survey, loaded)?.survey().cloned();
        theirs.and_then(|theirs| theirs.results.clone()).or_else(lost)
    });
    // Of several communities all that was answered, counted once; in the order of their names, so that it is the
    // same for each. Whoever was invited and holds no such survey is no part of it.
    let all = || {
        let holds = |each: &&CommunityId| {
            loaded.questionnaire(&Key::inside(each, publish.consultation, publish.survey)).is_some()
        };
        let mut held: Vec<&CommunityId> = [community].into_iter().chain(siblings).filter(holds).collect();
        held.sort_unstable();
        let answered = |each: &CommunityId| {
            let people = loaded.respondents(&respondents_key(each, publish.survey));
            let response = |known: &Respondent| {
                let response = loaded.survey_response(&desk_key(each, known.response))?;
                Some(Response { channel: known.channel, answers: response.answers.read().ok()? })
            };
            people.iter().flat_map(|all| &all.people).filter_map(response).collect::<Vec<Response>>()
        };
        let held: Vec<_> = held.into_iter().map(|each| (each.clone(), answered(each))).collect();
        let survey = it.survey.read().ok()?;
        Later::of(&surveys::publish_shared(&survey, &held)).ok()
    };
    let results = Some(done.or_else(all).ok_or(Stop::Refuse(Refusal::BadAnswers))?);
    let published = Questionnaire { results, ..it.clone() };
    let mut changes = vec![Change::put(key, Record::Questionnaire(published))];
    changes.extend(asked::forget(community, publish.survey, &[Kind::PublishResults], loaded));
    Ok(Effect { changes, creates: false, title: None, state: TrailState::Received })
}
