//! Surveys: one response a person, read without names, published once.

use super::*;
use crate::operations::{OpenSurvey, PublishResults, Respond};
use crate::surveys::{Asks, Count, Page, Question, Survey};
use crate::wire::Later;

pub fn survey(consultation: RecordId) -> Action {
    let asks =
        r#"{"one_choice":{"choices":[{"id":"a","label":{"fr":"Oui"}},{"id":"b","label":{"fr":"Non"}}]}}"#;
    let asks: Asks = serde_json::from_str(asks).unwrap();
    let question = Question {
        id: "q".parse().unwrap(),
        label: super::said("Venez-vous?"),
        hint: None,
        required: true,
        relevant: None,
        asks,
    };
    let pages = vec![Page { title: None, questions: vec![question] }];
    Action::OpenSurvey(OpenSurvey {
        consultation,
        title: super::said("La salle"),
        survey: Later::of(&Survey { intro: None, pages }).unwrap(),
        opens_at: NOW,
        closes_at: NOW.plus(3 * DAY),
    })
}

pub fn respond(consultation: RecordId, survey: RecordId, choice: &str) -> Action {
    // As some app writes it.
    let answers = serde_json::from_str(&format!(r#"{{ "q" : {{"choice":"{choice}"}} }}"#)).unwrap();
    Action::Respond(Respond { consultation, survey, answers })
}

#[test]
fn a_later_answer_replaces_the_earlier_one_and_the_office_reads_no_name() {
    let mut village = Village::new();
    let here = village.opened(1);
    assert_eq!(village.act(&clerk(), 2, &survey(here)), Outcome::Accepted);
    let id = act(&clerk(), 2, &survey(here)).record();
    let key = Key::inside(&laforce(), here, id);
    let before = village.held.questionnaire(&key).unwrap().clone();
    assert_eq!(village.act(&rose(), 3, &respond(here, id, "a")), Outcome::Accepted);
    let response = act(&rose(), 3, &respond(here, id, "a")).record();
    assert_eq!(village.act(&rose(), 4, &respond(here, id, "b")), Outcome::Accepted);
    let second = act(&rose(), 4, &respond(here, id, "b")).record();
    let desk = village.held.survey_response(&desk_key(&laforce(), response)).unwrap();
    let text = serde_json::to_string(desk).unwrap();
    assert!(text.contains(r#""answers":{"q":{"choice":"b"}}"#) && !text.contains("rose"), "{text}");
    assert!(village.held.record(&desk_key(&laforce(), second)).is_none());
    assert_eq!(village.held.questionnaire(&key), Some(&before));
    let bad = Outcome::Refused(Refusal::BadAnswers);
    assert_eq!(village.act(&rose(), 5, &respond(here, id, "c")), bad);
}

#[test]
fn the_results_are_published_once_when_it_is_over() {
    let mut village = Village::new();
    let here = village.opened(1);
    village.act(&clerk(), 2, &survey(here));
    let id = act(&clerk(), 2, &survey(here)).record();
    for number in 0..45 {
        let someone = person(&format!("n{number}"), Role::Participant);
        village.act(&someone, 3, &respond(here, id, if number < 30 { "a" } else { "b" }));
    }
    let publish = Action::PublishResults(PublishResults { consultation: here, survey: id });
    assert_eq!(village.system_waits(4, &publish), id);
    village.now = NOW.plus(3 * DAY + 48 * HOUR);
    assert_eq!(village.system(5, &publish), Outcome::Accepted);
    assert_eq!(village.system(6, &publish), Outcome::Refused(Refusal::AlreadyDone));
    let it = village.held.questionnaire(&Key::inside(&laforce(), here, id)).unwrap();
    let results = it.results.as_ref().unwrap().read().unwrap();
    assert_eq!((&results.respondents, results.tables.len()), (&Count::Exactly(45), 1));
}

#[test]
fn what_some_app_put_between_the_questions_is_not_published() {
    let mut village = Village::new();
    let here = village.opened(1);
    let Action::OpenSurvey(mut open) = survey(here) else { unreachable!() };
    let text = serde_json::to_string(&open.survey).unwrap();
    open.survey = serde_json::from_str(&text.replace(',', ",\n  ")).unwrap();
    let padded = Action::OpenSurvey(open);
    assert_eq!(village.act(&clerk(), 2, &padded), Outcome::Accepted);
    let key = Key::inside(&laforce(), here, act(&clerk(), 2, &padded).record());
    let kept = serde_json::to_string(&village.held.questionnaire(&key).unwrap().survey).unwrap();
    assert_eq!(kept, text);
}
