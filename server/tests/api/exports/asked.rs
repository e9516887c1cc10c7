//! What the office says and asks: steps, merged proposals, conclusions, polls and surveys; and that
//! nothing of a ballot or of an answer is in any file.

use domain::authority::Role;
use domain::ids::RecordId;
use domain::operations::{
    Action, Cast, CloseConsultation, Conclude, Mark, Merge, OpenPoll, OpenSurvey, Progress, Respond,
};
use domain::ports::Clock;
use domain::tallies::{Ballot, Method};
use domain::time::{DAY, HOUR};
use rabaska::export::times;
use rabaska::passing::settle;
use rabaska::system::SystemClock;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Village;
use crate::site::{Someone, proposal};

/// What nobody may find.
const SECRET: &str = "Réponse secrète";

fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

impl Village {
    fn poll(&self, method: Method) -> Action {
        let graded = method == Method::MajorityJudgment;
        let grades = if graded {
            json!([{ "fr": "Non" }, { "fr": "Peut-être" }, { "fr": "Oui" }])
        } else {
            json!([])
        };
        Action::OpenPoll(OpenPoll {
            consultation: self.consultation,
            question: read(json!({ "fr": "Quand ouvrir?", "de": "Wann?" })),
            text: Some(read(json!({ "fr": "Une seule clé." }))),
            choices: read(json!([{ "fr": "Le matin" }, { "fr": "Le midi" }, { "fr": "Le soir" }])),
            method,
            grades: read(grades),
            opens_at: SystemClock.now(),
            closes_at: SystemClock.now().plus(DAY),
        })
    }

    fn survey(&self) -> Action {
        let choices = json!([
            { "id": "daily", "label": { "fr": "Chaque jour" } },
            { "id": "weekly", "label": { "fr": "Chaque semaine" } },
            { "id": "never", "label": { "fr": "Jamais" } },
        ]);
        let pages = json!([{ "questions": [
            { "id": "often", "label": { "fr": "Souvent?" }, "asks": { "one_choice": { "choices": choices } } },
            { "id": "why", "label": { "fr": "Pourquoi?" }, "asks": "short_text" },
        ] }]);
        Action::OpenSurvey(OpenSurvey {
            consultation: self.consultation,
            title: read(json!({ "fr": "Le quai" })),
            survey: read(json!({ "intro": { "fr": "Une minute." }, "pages": pages })),
            opens_at: SystemClock.now(),
            closes_at: SystemClock.now().plus(DAY),
        })
    }

    fn cast(&self, poll: RecordId, ballot: Ballot) -> Action {
        Action::Cast(Cast { consultation: self.consultation, poll, ballot })
    }

    fn respond(&self, survey: RecordId, often: &str) -> Action {
        let answers = json!({ "often": { "choice": often }, "why": { "text": SECRET } });
        Action::Respond(Respond { consultation: self.consultation, survey, answers: read(answers) })
    }

    async fn people(&self, count: usize) -> Vec<Someone> {
        let mut people = Vec::new();
        for _ in 0..count {
            people.push(self.citizen().await);
        }
        people
    }

    async fn ends(&self) {
        self.site.clock.set(SystemClock.now().plus(2 * DAY));
        settle(&self.site.store, &*self.site.clock).await.unwrap();
    }
}

#[tokio::test]
async fn steps_merged_proposals_and_conclusions_are_told_and_reading_is_not() {
    let village = Village::new().await;
    let (author, clerk) = (village.citizen().await, village.site.someone(Role::Clerk).await);
    let consultation = village.consultation;
    let mut said = Vec::new();
    for op in 0..6 {
        said.push(village.act(&author, op, &proposal(consultation, &format!("Banc {op}"))).await);
    }
    let agenda = SystemClock.now().plus(9 * DAY);
    let before = village.all().await;
    let mark = |record, progress| Action::Mark(Mark { consultation, record, progress });
    village.act(&clerk, 10, &mark(said[0], Progress::Read)).await;
    assert!(village.all().await == before, "that something was read is told");
    village.act(&clerk, 11, &mark(said[1], Progress::InDiscussion)).await;
    village.act(&clerk, 12, &mark(said[2], Progress::OnAgenda(agenda))).await;
    let why = json!({ "fr": "=Trop cher", "es": "Demasiado caro" });
    village.act(&clerk, 13, &mark(said[3], Progress::Declined(read(why)))).await;
    village.act(&clerk, 14, &Action::Merge(Merge { consultation, record: said[4], into: said[5] })).await;
    let text = read(json!({ "fr": "Le quai sera refait.", "en": "The wharf will be redone." }));
    let uses = vec![said[1], said[5]];
    village.act(&clerk, 15, &Action::Conclude(Conclude { consultation, text, uses: uses.clone() })).await;

    let rows = village.rows("contributions.csv").await;
    let cells = |id: RecordId, names: &[&str]| {
        let row = rows.iter().find(|row| row["id"] == id.to_string()).unwrap();
        names.iter().map(|name| row[*name].clone()).collect::<Vec<_>>()
    };
    let (today, names) = (times::day(SystemClock.now()), ["step", "step_on", "agenda_on"]);
    assert_eq!(cells(said[0], &names), ["", "", ""]);
    assert_eq!(cells(said[1], &names), ["in_discussion", &today, ""]);
    assert_eq!(cells(said[2], &names), ["on_agenda", &today, &times::day(agenda)]);
    assert_eq!(cells(said[3], &names), ["declined", &today, ""]);
    assert_eq!(cells(said[3], &["declined_fr", "declined_es"]), ["'=Trop cher", "Demasiado caro"]);
    assert_eq!(cells(said[4], &["merged_into"]), [said[5].to_string()]);
    assert_eq!(cells(said[5], &["merged_into"]), [""]);

    let conclusions = village.rows("conclusions.csv").await;
    let texts: Vec<_> = conclusions.iter().map(|row| (&*row["language"], &*row["text"])).collect();
    assert_eq!(texts, [("en", "The wharf will be redone."), ("fr", "Le quai sera refait.")]);
    let used = village.rows("conclusion_uses.csv").await;
    let used: Vec<_> = used.iter().map(|row| row["contribution"].clone()).collect();
    assert_eq!(used, uses.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert!(village.text("feed.atom").await.contains("term=\"conclusion\""));
    let document: Value = serde_json::from_str(&village.text("export.json").await).unwrap();
    assert_eq!(document["consultations"][0]["conclusion"]["uses"], json!(uses));
    let of = document["consultations"][0]["contributions"].as_array().unwrap();
    let declined = of.iter().find(|it| it["id"] == said[3].to_string()).unwrap();
    assert_eq!(
        declined["step"],
        json!({ "progress": "declined", "on": today, "declined": { "fr": "=Trop cher", "es": "Demasiado caro" } })
    );
}

#[tokio::test]
async fn a_ballot_changes_no_byte_and_a_result_is_told_whole_or_not_at_all() {
    let village = Village::new().await;
    let clerk = village.site.someone(Role::Clerk).await;
    let methods = [Method::Plurality, Method::Approval, Method::MajorityJudgment, Method::Schulze];
    let mut polls = Vec::new();
    for (op, method) in (0..).zip(methods) {
        polls.push(village.act(&clerk, op, &village.poll(method)).await);
    }
    let lonely = village.act(&clerk, 9, &village.poll(Method::Plurality)).await;
    let before = village.all().await;
    let people = village.people(10).await;
    for (at, person) in people.iter().enumerate() {
        let last = at == 9;
        let ballots = [
            Ballot::Choice(u8::from(last)),
            Ballot::Approved(if last { vec![1] } else { vec![0, 2] }),
            Ballot::Grades(if last { vec![0, 0, 2] } else { vec![2, 1, 0] }),
            Ballot::Ranking(if last { vec![vec![2]] } else { vec![vec![0], vec![1, 2]] }),
        ];
        for ((op, poll), ballot) in (20..).zip(&polls).zip(ballots) {
            village.act(person, op, &village.cast(*poll, ballot)).await;
        }
        if !last {
            village.act(person, 30, &village.cast(lonely, Ballot::Choice(2))).await;
        }
    }
    assert!(village.all().await == before, "a ballot is told before all are counted");
    for row in village.rows("poll_choices.csv").await {
        assert_eq!([&*row["count"], &*row["majority_grade"], &*row["place"]], ["", "", ""]);
    }
    assert!(village.rows("poll_grades.csv").await.iter().all(|row| row["count"].is_empty()));
    assert!(village.rows("poll_pairs.csv").await.is_empty());
    let feed = village.text("feed.atom").await;
    assert_eq!((feed.matches("term=\"poll\"").count(), feed.contains("poll-result")), (5, false));
    village.ends().await;

    let told = village.rows("polls.csv").await;
    for poll in &polls {
        let row = told.iter().find(|row| row["id"] == poll.to_string()).unwrap();
        assert_eq!((&*row["result"], &*row["ballots"]), ("counted", "10"));
        assert_eq!((&*row["question_fr"], &*row["question_de"]), ("Quand ouvrir?", "Wann?"));
    }
    let few = told.iter().find(|row| row["id"] == lonely.to_string()).unwrap();
    assert_eq!((&*few["result"], &*few["ballots"]), ("too_few", ""));
    let choices = village.rows("poll_choices.csv").await;
    let of = |poll: RecordId, name: &str| {
        let rows = choices.iter().filter(|row| row["poll"] == poll.to_string());
        rows.map(|row| row[name].clone()).collect::<Vec<_>>()
    };
    assert_eq!(of(polls[0], "count"), ["9", "1", "0"]);
    assert_eq!(
        (of(polls[1], "count"), of(polls[1], "place")),
        (vec!["9".into(), "1".into(), "9".into()], vec!["1".into(), "2".into(), "1".into()])
    );
    assert_eq!(of(polls[2], "majority_grade"), ["2", "1", "0"]);
    assert_eq!(of(polls[3], "place"), ["1", "3", "2"]);
    assert_eq!(of(lonely, "count"), ["", "", ""]);
    let grades = village.rows("poll_grades.csv").await;
    let counts: Vec<_> = grades.iter().map(|row| row["count"].as_str()).collect();
    assert_eq!(counts, ["1", "0", "9", "1", "9", "0", "9", "0", "1"]);
    assert!(grades.iter().all(|row| row["poll"] == polls[2].to_string()));
    let pairs = village.rows("poll_pairs.csv").await;
    let counts: Vec<_> = pairs.iter().map(|row| row["count"].as_str()).collect();
    assert_eq!(counts, ["9", "9", "0", "0", "1", "1"]);
    let feed = village.text("feed.atom").await;
    assert_eq!(feed.matches("term=\"poll-result\"").count(), 5);
    assert!(feed.contains("moins de 10"), "{feed}");
    for (address, _, bytes) in village.all().await {
        let text = String::from_utf8(bytes).unwrap();
        for person in &people {
            assert!(!text.contains(&person.person.id.to_string()), "{address} names a voter");
        }
        assert!(!text.contains("ballot_box") && !text.contains("took_part"), "{address}");
    }
}

#[tokio::test]
async fn of_a_survey_stands_exactly_what_is_published() {
    let village = Village::new().await;
    let clerk = village.site.someone(Role::Clerk).await;
    let survey = village.act(&clerk, 1, &village.survey()).await;
    let small = village.act(&clerk, 2, &village.survey()).await;
    let before = village.all().await;
    let people = village.people(42).await;
    let mut responses = Vec::new();
    for (at, person) in people.iter().enumerate() {
        let often = ["never", "weekly", "daily"][usize::from(at >= 3) + usize::from(at >= 15)];
        responses.push(village.act(person, 3, &village.respond(survey, often)).await);
    }
    responses.push(village.act(&people[0], 4, &village.respond(small, "daily")).await);
    assert!(village.all().await == before, "an answer is told before the results are");
    village.ends().await;
    let told = village.rows("surveys.csv").await;
    let of = |id: RecordId| told.iter().find(|row| row["id"] == id.to_string()).unwrap();
    assert_eq!((&*of(survey)["respondents"], &*of(small)["respondents"]), ("42", "few"));
    assert_eq!((&*of(survey)["own_device"], &*of(small)["own_device"]), ("42", ""));
    let results = village.rows("survey_results.csv").await;
    let cells = results.iter().map(|row| (&*row["question"], &*row["what"], &*row["value"], &*row["count"]));
    assert_eq!(
        cells.collect::<Vec<_>>(),
        [
            ("often", "choice", "daily", "most"),
            ("often", "choice", "weekly", "12"),
            ("often", "choice", "never", "few"),
            ("often", "no_answer", "", "few"),
        ]
    );
    assert!(results.iter().all(|row| row["survey"] == survey.to_string() && row["asked"] == "42"));
    let words = village.rows("survey_choices.csv").await;
    assert_eq!((words.len(), &*words[0]["label_fr"]), (6, "Chaque jour"));
    assert_eq!(village.rows("survey_questions.csv").await.len(), 4);
    let feed = village.text("feed.atom").await;
    assert_eq!(feed.matches("term=\"survey-results\"").count(), 2);
    for (address, _, bytes) in village.all().await {
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains("secr"), "{address} holds what somebody wrote");
        assert!(!text.contains("respondents-") && !text.contains("survey_response\""), "{address}");
        for (person, response) in people.iter().zip(&responses) {
            assert!(!text.contains(&person.person.id.to_string()), "{address} names who answered");
            assert!(!text.contains(&response.to_string()), "{address} names an answer");
        }
    }
}

#[tokio::test]
async fn polls_and_surveys_stand_in_the_calendar_whatever_becomes_of_the_consultation() {
    let village = Village::new().await;
    let clerk = village.site.someone(Role::Clerk).await;
    let poll = village.act(&clerk, 1, &village.poll(Method::Plurality)).await;
    let survey = village.act(&clerk, 2, &village.survey()).await;
    let document: Value = serde_json::from_str(&village.text("export.json").await).unwrap();
    let compact = |said: &Value| said.as_str().unwrap().replace(['-', ':'], "");
    let check = |calendar: &str, kind: &str, id: RecordId, title: &str| {
        let of = &document["consultations"][0][format!("{kind}s")][0];
        let events = calendar
            .split("BEGIN:VEVENT")
            .filter(|event| event.contains(&format!("UID:{id}-{kind}@rabaska")));
        let events: Vec<&str> = events.collect();
        assert_eq!(events.len(), 1, "{calendar}");
        for line in [
            format!("DTSTART:{}\r\n", compact(&of["opens_at"])),
            format!("DTEND:{}\r\n", compact(&of["closes_at"])),
            format!("SUMMARY:{title}\r\n"),
            "STATUS:CONFIRMED\r\n".to_owned(),
        ] {
            assert!(events[0].contains(&line), "{line} in {}", events[0]);
        }
    };
    let before = village.text("calendar.ics").await;
    check(&before, "poll", poll, "Choix à faire : Quand ouvrir?");
    check(&before, "survey", survey, "Sondage : Le quai");
    let close = CloseConsultation { consultation: village.consultation, grace: HOUR };
    village.act(&clerk, 3, &Action::CloseConsultation(close)).await;
    let after = village.text("calendar.ics").await;
    let own = |text: &str| text.split("BEGIN:VEVENT").find(|it| it.contains("-poll@")).map(str::to_owned);
    assert_eq!(own(&before), own(&after));
}
