//! A poll and a survey of an office: ballots and answers, some of which it enters for somebody. Each person has one of
//! each, their last word, until it is taken back by its code; and the public sees nothing of it.

use std::collections::BTreeMap;

use domain::channels::Channel;
use domain::ids::{PersonId, QuestionId, RecordId};
use domain::operations::{Cast, Respond};
use domain::records::{CastBallot, Record, Respondent};
use domain::rules::asked::took_part_key;
use domain::surveys::{Answer, Answers, Asks, Page, Question, Survey};
use domain::tallies::Ballot;
use domain::wire::Later;

use crate::ledger::Ledger;
use crate::line::Net;
use crate::reading::Told;
use crate::story::Story;
use crate::traces::same;
use crate::village::{Village, laforce, localized};

/// How many choices a poll has.
const CHOICES: u64 = 2;

fn question() -> QuestionId {
    "why".parse().unwrap()
}

/// The one question of the survey has to be answered.
pub fn survey() -> Survey {
    let (id, label, asks) = (question(), localized("Pourquoi?"), Asks::ShortText);
    let question = Question { id, label, hint: None, required: true, relevant: None, asks };
    Survey { intro: None, pages: vec![Page { title: None, questions: vec![question] }] }
}

/// The part of the book that says who took part.
#[derive(Default)]
pub struct Asked {
    ballots: BTreeMap<PersonId, Ballot>,
    /// The name of a person's first answers, and their last ones.
    answers: BTreeMap<PersonId, (RecordId, Answers)>,
    /// How what the office entered came.
    pub ways: BTreeMap<PersonId, Channel>,
}

impl Asked {
    pub fn cast(&mut self, person: &PersonId, cast: &Cast) -> bool {
        let is_one = matches!(cast.ballot, Ballot::Choice(choice) if u64::from(choice) < CHOICES);
        if is_one {
            self.ballots.insert(person.clone(), cast.ballot.clone());
        }
        is_one
    }

    pub fn answered(&mut self, record: RecordId, person: &PersonId, respond: &Respond) -> bool {
        let answers = respond.answers.read().unwrap();
        let is_whole = answers.get(&question()).is_some();
        if is_whole {
            let first = self.answers.get(person).map_or(record, |(first, _)| *first);
            self.answers.insert(person.clone(), (first, answers));
        }
        is_whole
    }

    pub fn taken_out(&mut self, person: &PersonId) -> bool {
        self.ballots.remove(person).is_some() || self.answers.remove(person).is_some()
    }

    fn way(&self, person: &PersonId) -> Channel {
        self.ways.get(person).copied().unwrap_or_default()
    }
}

impl Story {
    /// Of either choice, and sometimes of none.
    pub fn ballot(&self, net: &Net) -> Cast {
        let dice = &net.world.dice;
        let choice = if dice.once_in(8) { CHOICES } else { dice.roll(CHOICES) };
        let (consultation, poll) = (net.setting.consultation, net.setting.poll.unwrap());
        Cast { consultation, poll, ballot: Ballot::Choice(choice as u8) }
    }

    /// Sometimes none are given.
    pub fn answers(&self, net: &Net) -> Respond {
        let mut answers = Answers::default();
        if !net.world.dice.once_in(8) {
            answers.put(question(), Answer::Text(self.words(net)));
        }
        let (consultation, survey) = (net.setting.consultation, net.setting.survey.unwrap());
        Respond { consultation, survey, answers: Later::of(&answers).unwrap() }
    }
}

/// The box holds the last ballot of each, and the desk the last answers of each, without a name.
pub async fn judge_asked(
    net: &Net,
    village: &Village,
    ledger: &Ledger,
    public: &Told,
    desk: &Told,
) -> Result<(), String> {
    let (poll, survey) = (net.setting.poll.unwrap(), net.setting.survey.unwrap());
    let Some(asked) = &ledger.asked else { return Ok(()) };
    let ballots = asked.ballots.iter().map(|(person, ballot)| {
        let (person, channel) = (person.clone(), asked.way(person));
        CastBallot { person, ballot: ballot.clone(), channel }
    });
    same("the box", poll, village.ballots(&laforce(), poll).await, ballots.collect())?;
    let people = asked.answers.iter().map(|(person, (response, _))| {
        let (person, channel) = (person.clone(), asked.way(person));
        Respondent { person, response: *response, channel }
    });
    same("who answered", survey, village.respondents(survey).await, people.collect())?;
    let responses = desk.records.iter().filter_map(|(name, record)| match record {
        Record::SurveyResponse(it) if it.survey == survey => Some((name.clone(), it.answers.read().unwrap())),
        _ => None,
    });
    let expected = asked.answers.values().map(|(first, answers)| (first.to_string(), answers.clone()));
    let expected: BTreeMap<String, Answers> = expected.collect();
    for answer in expected.values().flat_map(Answers::iter) {
        let (_, Answer::Text(words)) = answer else { continue };
        same("what is told", words, public.text.contains(words.as_str()), false)?;
    }
    same("the answers", survey, responses.collect(), expected)?;
    for guest in asked.ways.keys() {
        for (about, held) in
            [(poll, asked.ballots.contains_key(guest)), (survey, asked.answers.contains_key(guest))]
        {
            let there = village.record(&took_part_key(guest, about)).await.is_some();
            same("that they took part", guest, there, held)?;
        }
    }
    Ok(())
}
