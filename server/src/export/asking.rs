//! What a consultation asks beside contributions, with what came out of it: polls and surveys, as
//! far as their results are published, and what the office committed to.

use std::collections::BTreeSet;

use domain::ids::RecordId;
use domain::operations::Progress;
use domain::ports::{Journal, PortError};
use domain::records::{Commitment, Contribution, Poll, PollResult, Questionnaire, Record, Step};
use domain::surveys::{Asks, Choice, Results, Survey};
use domain::tallies::Tally;
use domain::text::{Lang, Localized};

use super::read::{self, Public};

/// A poll.
pub struct Polled {
    /// As it was asked.
    pub poll: Poll,
    /// What it came to, once that is public.
    pub result: Option<PollResult>,
}

/// A survey.
pub struct Surveyed {
    /// As it was asked.
    pub it: Questionnaire,
    /// Its questions.
    pub survey: Survey,
    /// What was answered, once that is public.
    pub results: Option<Results>,
}

/// All of it, each in the order in which it begins.
#[derive(Default)]
pub struct Asking {
    /// The polls.
    pub polls: Vec<Polled>,
    /// The surveys.
    pub surveys: Vec<Surveyed>,
    /// The commitments, each in the order in which it was made.
    pub commitments: Vec<Commitment>,
    /// In what it is said, and in what the office said why it declined something.
    said: BTreeSet<Lang>,
}

enum Found {
    Poll(Box<Polled>),
    Survey(Box<Surveyed>),
    Commitment(Box<Commitment>),
    Declined(Vec<Lang>),
}

impl Polled {
    /// A result of a shape that this build does not know is as none.
    pub fn of(poll: &Poll) -> Self {
        let result = poll.result.as_ref().and_then(|result| result.read().ok());
        Self { poll: poll.clone(), result }
    }

    /// Its totals, when they are published.
    pub fn tally(&self) -> Option<&Tally> {
        match &self.result {
            Some(PollResult::Counted(tally)) => Some(tally),
            Some(PollResult::Shared(told)) => Some(&told.together),
            Some(PollResult::TooFew) | None => None,
        }
    }

    fn said(&self, into: &mut BTreeSet<Lang>) {
        let poll = &self.poll;
        spoken(&poll.question, into);
        poll.text.iter().for_each(|text| spoken(text, into));
        poll.choices.iter().chain(&poll.grades).for_each(|label| spoken(label, into));
    }
}

impl Surveyed {
    /// None when this build cannot read what it asks.
    pub fn of(it: &Questionnaire) -> Option<Self> {
        let survey = it.survey.read().ok()?;
        let results = it.results.as_ref().and_then(|results| results.read().ok());
        Some(Self { it: it.clone(), survey, results })
    }

    fn said(&self, into: &mut BTreeSet<Lang>) {
        spoken(&self.it.title, into);
        self.survey.intro.iter().for_each(|text| spoken(text, into));
        for question in self.survey.questions() {
            spoken(&question.label, into);
            question.hint.iter().for_each(|text| spoken(text, into));
            choices(&question.asks).iter().for_each(|(_, choice)| spoken(&choice.label, into));
        }
    }
}

/// What can be chosen in a question, with the part of it that it belongs to.
pub fn choices(asks: &Asks) -> Vec<(&'static str, &Choice)> {
    let list: [(&'static str, &[Choice]); 2] = match asks {
        Asks::OneChoice(it) => [("choice", &it.choices), ("", &[])],
        Asks::Several(it) => [("choice", &it.choices), ("", &[])],
        Asks::Ranking(it) => [("choice", &it.choices), ("", &[])],
        Asks::Matrix(it) => [("row", &it.rows), ("column", &it.columns)],
        _ => [("", &[]), ("", &[])],
    };
    list.into_iter().flat_map(|(part, all)| all.iter().map(move |choice| (part, choice))).collect()
}

fn spoken<T>(text: &Localized<T>, into: &mut BTreeSet<Lang>) {
    into.extend(text.iter().map(|(lang, _)| lang.clone()));
}

/// How far the office is with a contribution, as far as that is public.
pub fn step(it: &Contribution) -> Option<&Step> {
    it.step.as_ref().filter(|step| step.progress != Progress::Read)
}

/// Reads it.
pub async fn read(journal: &dyn Journal, public: &Public) -> Result<Asking, PortError> {
    let mut all = Asking::default();
    for consultation in &public.consultations {
        let scope = public.scope(consultation);
        let found = read::gather(journal, &scope, |_, record| match record {
            Record::Poll(poll) => Some((poll.open.from.0, Found::Poll(Box::new(Polled::of(poll))))),
            Record::Questionnaire(it) => Some((it.open.from.0, Found::Survey(Box::new(Surveyed::of(it)?)))),
            Record::Commitment(it) => Some((it.made_at.0, Found::Commitment(Box::new(it.clone())))),
            Record::Contribution(it) => match &step(it)?.progress {
                Progress::Declined(why) => {
                    Some((0, Found::Declined(why.iter().map(|(lang, _)| lang.clone()).collect())))
                }
                _ => None,
            },
            _ => None,
        });
        for one in found.await? {
            match one {
                Found::Poll(one) => {
                    one.said(&mut all.said);
                    all.polls.push(*one);
                }
                Found::Survey(one) => {
                    one.said(&mut all.said);
                    all.surveys.push(*one);
                }
                Found::Commitment(one) => {
                    spoken(&one.text, &mut all.said);
                    spoken(&one.owner, &mut all.said);
                    one.log.iter().for_each(|report| spoken(&report.text, &mut all.said));
                    all.commitments.push(*one);
                }
                Found::Declined(langs) => all.said.extend(langs),
            }
        }
    }
    Ok(all)
}

impl Asking {
    /// The languages of a table in which some of it stands.
    pub fn languages(&self, public: &Public) -> Vec<Lang> {
        let mut all = public.languages();
        let more: Vec<Lang> = self.said.iter().filter(|lang| !all.contains(lang)).cloned().collect();
        all.extend(more);
        all
    }

    /// The polls of one consultation.
    pub fn polls_of(&self, consultation: RecordId) -> impl Iterator<Item = &Polled> {
        self.polls.iter().filter(move |it| it.poll.consultation == consultation)
    }

    /// Its surveys.
    pub fn surveys_of(&self, consultation: RecordId) -> impl Iterator<Item = &Surveyed> {
        self.surveys.iter().filter(move |it| it.it.consultation == consultation)
    }

    /// What was committed to in it.
    pub fn commitments_of(&self, consultation: RecordId) -> impl Iterator<Item = &Commitment> {
        self.commitments.iter().filter(move |it| it.consultation == consultation)
    }
}
