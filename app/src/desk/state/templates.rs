//! What a consultation can start from: a template of the product, or an earlier one; and what it can ask people.

use domain::operations::Model;
use domain::phases::{Form, Phase};
use domain::records::Consultation;
use domain::surveys::Survey;
use domain::tallies::Method;
use domain::text::{Label, Localized, Text, Title};
use domain::time::{DAY, Millis};

use super::texts::{Texts, texts};

/// Where the templates lie: fetched when the page opens, and kept for offline.
pub const FILE: &str = "/templates/consultations.json";

/// A template.
#[derive(Clone, PartialEq, Debug)]
pub struct Template {
    /// Its name in a choice.
    pub id: String,
    /// Its name, as people say it.
    pub name: Localized<Label>,
    /// What is asked.
    pub title: Localized<Title>,
    /// What it is about, with places to fill in.
    pub summary: Localized<Text>,
    /// Who decides.
    pub decided_by: Localized<Text>,
    /// What is done with the contributions.
    pub used_for: Localized<Text>,
    /// What people may do.
    pub takes: Vec<Form>,
    /// How many days each phase has, in their order; none: it is left out.
    pub days: Vec<u32>,
    /// How many days after contributions close the answer is promised.
    pub answer_in_days: u32,
    /// A poll that goes with it.
    pub poll: Option<PollAsked>,
    /// A survey that goes with it.
    pub survey: Option<SurveyAsked>,
}
domain::fields!(open Template {
    id, name, title, summary, decided_by, used_for, takes, days, answer_in_days ; poll, survey
});

/// The poll of a template.
#[derive(Clone, PartialEq, Debug)]
pub struct PollAsked {
    /// What is asked.
    pub question: Localized<Title>,
    /// What one should know.
    pub text: Localized<Text>,
    /// What can be chosen.
    pub choices: Vec<Localized<Label>>,
    /// How it is counted.
    pub method: Method,
}
domain::fields!(open PollAsked { question, text, choices, method });

/// The survey of a template.
#[derive(Clone, PartialEq, Debug)]
pub struct SurveyAsked {
    /// Its title.
    pub title: Localized<Title>,
    /// Its questions.
    pub survey: Survey,
}
domain::fields!(open SurveyAsked { title, survey });

/// Reads the file.
pub fn read(text: &str) -> Option<Vec<Template>> {
    serde_json::from_str(text).ok()
}

/// What is filled into the form.
#[derive(Clone, PartialEq, Debug)]
pub struct Start {
    /// What is asked, by language.
    pub title: Texts,
    /// What it is about.
    pub summary: Texts,
    /// Who decides.
    pub decided_by: Texts,
    /// What is done with the contributions.
    pub used_for: Texts,
    /// What people may do.
    pub takes: Vec<Form>,
    /// The first and the last day of each phase, as days from today.
    pub phases: Vec<(Phase, i64, i64)>,
    /// The day of the answer, from today.
    pub answer_day: Option<i64>,
    /// The consultation of another community that this is.
    pub adapted_from: Option<Model>,
}

fn course(days: impl Iterator<Item = (Phase, i64)>) -> Vec<(Phase, i64, i64)> {
    let mut next = 0;
    let mut course = Vec::new();
    for (phase, days) in days.filter(|(_, days)| *days > 0) {
        course.push((phase, next, next + days - 1));
        next += days;
    }
    course
}

impl Template {
    /// What it fills in.
    pub fn start(&self) -> Start {
        let phases = course(Phase::ALL.into_iter().zip(self.days.iter().map(|days| i64::from(*days))));
        let closes = phases.iter().find(|(phase, ..)| *phase == Phase::Contribute);
        let answer_day = closes.map(|(_, _, last)| last + i64::from(self.answer_in_days));
        Start {
            title: texts(&self.title),
            summary: texts(&self.summary),
            decided_by: texts(&self.decided_by),
            used_for: texts(&self.used_for),
            takes: self.takes.clone(),
            phases,
            answer_day,
            adapted_from: None,
        }
    }
}

/// What a consultation of another community fills in, which is named for it.
pub fn elsewhere(it: &Consultation) -> Start {
    let model = Model { community: it.community.clone(), consultation: it.id };
    Start { adapted_from: Some(model), ..again(it) }
}

/// How one of another community went, the best first: answered by the promised day, answered, not answered.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Went {
    /// By the day that was promised, or nothing was.
    OnTime,
    /// After it.
    Late,
    /// No answer so far.
    Unanswered,
}

/// How one went.
pub fn went(it: &Consultation) -> Went {
    match (&it.conclusion, it.answer_by) {
        (None, _) => Went::Unanswered,
        (Some(conclusion), Some(by)) if conclusion.at > by => Went::Late,
        (Some(_), _) => Went::OnTime,
    }
}

/// What an earlier consultation fills in: its words, and phases as long as its own.
pub fn again(it: &Consultation) -> Start {
    let days = |from: Millis, until: Millis| (until.since(from) + DAY / 2) / DAY;
    let phases = course(it.phases.iter().map(|one| (one.phase, days(one.from, one.until).max(1))));
    let closes = it.phases.period(Phase::Contribute).map(|period| period.until);
    let last = phases.iter().find(|(phase, ..)| *phase == Phase::Contribute).map(|(_, _, last)| *last);
    let answer_day = match (it.answer_by, closes, last) {
        (Some(by), Some(closes), Some(last)) => Some(last + days(closes, by).max(0)),
        _ => None,
    };
    Start {
        title: texts(&it.title),
        summary: texts(&it.summary),
        decided_by: it.decided_by.as_ref().map(texts).unwrap_or_default(),
        used_for: it.used_for.as_ref().map(texts).unwrap_or_default(),
        takes: if it.takes.is_empty() { Form::USUAL.to_vec() } else { it.takes.clone() },
        phases,
        answer_day,
        adapted_from: None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::answers::open_place;
    use super::super::opening::{LONG, reading};
    use super::super::testing::{conclusion, id, lang};
    use super::*;
    use domain::phases::{Period, Phases};

    const TEMPLATES: &str = include_str!("../../../../public/templates/consultations.json");

    #[test]
    fn every_template_is_whole_in_both_languages_and_short_enough_to_read() {
        let all = read(TEMPLATES).unwrap();
        assert_eq!(all.len(), 7);
        for template in &all {
            let start = template.start();
            for texts in [&start.title, &start.summary, &start.decided_by, &start.used_for] {
                let langs: Vec<_> = texts.iter().map(|(lang, _)| lang.as_str()).collect();
                assert_eq!(langs, ["en", "fr"], "{}", template.id);
            }
            for (_, summary) in &start.summary {
                let (minutes, long) = reading(summary).unwrap();
                assert!(minutes <= 2 && !long, "{}: over {LONG} words", template.id);
                assert!(open_place(summary).is_some(), "{} says where to fill in", template.id);
            }
            assert!(start.takes.contains(&Form::Proposals), "{}", template.id);
            let periods = start.phases.iter().map(|(phase, first, last)| Period {
                phase: *phase,
                from: Millis(first * DAY),
                until: Millis((last + 1) * DAY),
            });
            let phases = Phases::new(periods.collect()).unwrap();
            let closes = phases.open_for(Form::Proposals).1;
            assert!(start.answer_day.unwrap() * DAY >= closes.0 - DAY, "{}", template.id);
        }
    }

    #[test]
    fn what_a_template_asks_opens_as_it_stands_in_both_languages() {
        use super::super::asking_again::{poll_of, survey_of};
        use super::super::polling::{PollForm, open};
        use super::super::surveying::{SurveyForm, open as open_survey, rows};
        let now = Millis(0);
        for template in read(TEMPLATES).unwrap() {
            assert!(template.poll.is_some() != template.survey.is_some(), "{}", template.id);
            let values = template.poll.as_ref().map(poll_of);
            let values = values.or_else(|| survey_of(template.survey.as_ref()?)).unwrap();
            let texts = |what: &str| -> Texts {
                let of = |(name, text): &(String, String)| {
                    Some((name.strip_prefix(what)?.parse().ok()?, text.clone()))
                };
                values.iter().filter_map(of).collect()
            };
            let langs = |texts: &Texts| texts.iter().map(|(lang, _)| lang.to_string()).collect::<Vec<_>>();
            if template.poll.is_some() {
                let method = values.iter().find(|(name, _)| name == "method").unwrap().1.clone();
                let form = PollForm {
                    questions: texts("question "),
                    texts: texts("about "),
                    choices: texts("choices "),
                    method,
                    grades: Texts::new(),
                    closes_at: Some(Millis(DAY)),
                };
                assert_eq!(langs(&form.choices), ["en", "fr"], "{}", template.id);
                open(&form, id(1), now).unwrap();
            } else {
                let list = &values.iter().find(|(name, _)| name == "list").unwrap().1;
                let (titles, intros) = (texts("title "), texts("intro "));
                assert_eq!(
                    (langs(&titles), langs(&intros)),
                    (langs(&intros), vec!["en".into(), "fr".into()])
                );
                let form = SurveyForm { titles, intros, rows: rows(list), closes_at: Some(Millis(DAY)) };
                open_survey(&form, id(1), now).unwrap();
                let asked = form.rows;
                for row in &asked {
                    assert_eq!(row.question.label.iter().count(), 2, "{}", template.id);
                }
                assert!((3..=6).contains(&asked.len()), "{}", template.id);
            }
        }
    }

    #[test]
    fn an_earlier_one_lends_its_words_and_the_length_of_its_phases() {
        let said = |text: &str| Localized::new([(lang("fr"), text.parse().unwrap())]).unwrap();
        let period =
            |phase, from, until| Period { phase, from: Millis(from * DAY), until: Millis(until * DAY) };
        let periods = vec![period(Phase::Contribute, 100, 121), period(Phase::Discuss, 125, 132)];
        let it = Consultation {
            id: id(1),
            community: "laforce".parse().unwrap(),
            title: said("Le quai"),
            summary: Localized::new([(lang("fr"), "S".parse().unwrap())]).unwrap(),
            opened_at: Millis(0),
            phases: Phases::new(periods).unwrap(),
            grace: 0,
            takes: vec![Form::Proposals],
            closed_at: None,
            decided_by: None,
            used_for: None,
            answer_by: Some(Millis(130 * DAY)),
            conclusion: None,
            source: None,
            adapted_from: None,
            shared_with: Vec::new(),
            fictitious: false,
        };
        let start = again(&it);
        assert_eq!(start.adapted_from, None, "one's own needs no credit");
        let model = Model { community: it.community.clone(), consultation: it.id };
        assert_eq!(elsewhere(&it), Start { adapted_from: Some(model), ..start.clone() });
        assert_eq!(start.phases, [(Phase::Contribute, 0, 20), (Phase::Discuss, 21, 27)]);
        assert_eq!((start.answer_day, start.takes), (Some(29), vec![Form::Proposals]));
        assert_eq!(start.title, [(lang("fr"), "Le quai".to_owned())]);
        let answered = |day: i64, answer_by| {
            let conclusion = Some(conclusion(Millis(day * DAY)));
            went(&Consultation { conclusion, answer_by, ..it.clone() })
        };
        assert_eq!(answered(130, it.answer_by), Went::OnTime);
        assert_eq!(answered(131, it.answer_by), Went::Late);
        assert_eq!((answered(131, None), went(&it)), (Went::OnTime, Went::Unanswered));
    }
}
