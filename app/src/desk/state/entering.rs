//! What can be entered for somebody in a consultation, and whether it can be sealed. Decided from records alone.

use std::sync::Arc;

use domain::ids::RecordId;
use domain::operations::{Act, Consent, Way};
use domain::phases::{Form, Intake};
use domain::records::{Consultation, Open, Poll, Questionnaire, Record};
use domain::time::Millis;

use crate::offline::Held;

/// Something that can be entered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// A proposal.
    Propose,
    /// A word on one.
    Comment,
    /// Support for one.
    Support,
    /// Another wording for a paragraph.
    Amend,
    /// A ballot in this poll.
    Poll(RecordId),
    /// Answers to this survey.
    Survey(RecordId),
}

impl What {
    /// Its name in a form.
    pub fn name(self) -> String {
        match self {
            Self::Propose => "propose".to_owned(),
            Self::Comment => "comment".to_owned(),
            Self::Support => "support".to_owned(),
            Self::Amend => "amend".to_owned(),
            Self::Poll(id) => format!("poll {id}"),
            Self::Survey(id) => format!("survey {id}"),
        }
    }

    /// What has this name.
    pub fn named(name: &str) -> Option<Self> {
        match name.split_once(' ') {
            Some(("poll", id)) => id.parse().ok().map(Self::Poll),
            Some(("survey", id)) => id.parse().ok().map(Self::Survey),
            Some(_) => None,
            None => {
                let all = [Self::Propose, Self::Comment, Self::Support, Self::Amend];
                all.into_iter().find(|it| it.name() == name)
            }
        }
    }

    /// What was entered.
    pub fn of(act: &Act) -> Self {
        match act {
            Act::Propose(_) => Self::Propose,
            Act::Comment(_) => Self::Comment,
            Act::Support(_) => Self::Support,
            Act::Amend(_) => Self::Amend,
            Act::Cast(it) => Self::Poll(it.poll),
            Act::Respond(it) => Self::Survey(it.survey),
        }
    }
}

/// What a consultation takes from an office at an instant, each with the last moment: longer than from people who
/// write themselves, because paper arrives later. Ballots and answers until they are counted.
pub fn offered(it: &Consultation, records: &[Arc<Held>], now: Millis) -> Vec<(What, Millis)> {
    let any_text = records.iter().any(|held| matches!(held.record, Record::PublishedText(_)));
    let form = |form: &Form| {
        let what = match form {
            Form::Proposals => What::Propose,
            Form::Comments => What::Comment,
            Form::Support => What::Support,
            Form::Amendments if any_text => What::Amend,
            Form::Amendments => return None,
        };
        let taken = matches!(it.intake_of(*form, now), Intake::Open | Intake::Grace);
        taken.then(|| (what, it.accepts_until(*form)))
    };
    let while_open =
        |what: What, open: Open| (open.from <= now && now < open.ends()).then(|| (what, open.ends()));
    let asked = records.iter().filter_map(|held| match &held.record {
        Record::Poll(poll) => while_open(What::Poll(poll.id), poll.open),
        Record::Questionnaire(survey) => while_open(What::Survey(survey.id), survey.open),
        _ => None,
    });
    Form::ALL.iter().filter_map(form).chain(asked).collect()
}

/// A poll of these records.
pub fn poll(records: &[Arc<Held>], id: RecordId) -> Option<Poll> {
    records.iter().find_map(|held| match &held.record {
        Record::Poll(it) if it.id == id => Some(it.clone()),
        _ => None,
    })
}

/// A survey of these records.
pub fn survey(records: &[Arc<Held>], id: RecordId) -> Option<Questionnaire> {
    records.iter().find_map(|held| match &held.record {
        Record::Questionnaire(it) if it.id == id => Some(it.clone()),
        _ => None,
    })
}

/// The name of a way, for a form.
pub fn name_of(way: Way) -> &'static str {
    match way {
        Way::Visit => "visit",
        Way::Phone => "phone",
        Way::Letter => "letter",
        Way::Paper => "paper",
    }
}

/// The way of this name.
pub fn way(name: &str) -> Option<Way> {
    Way::ALL.into_iter().find(|it| name_of(*it) == name)
}

/// What is missing before something is entered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Missing {
    /// How it came.
    Way,
    /// That the person agrees.
    Consent,
    /// On the telephone, nobody signs.
    Spoken,
}

/// How it came, and how the person agreed; or all that is missing.
pub fn agreed(way_name: &str, consent: &str) -> Result<(Way, Consent), Vec<Missing>> {
    let consent = match consent {
        "spoken" => Some(Consent::Spoken),
        "signed" => Some(Consent::Signed),
        _ => None,
    };
    match (way(way_name), consent) {
        (Some(Way::Phone), Some(Consent::Signed)) => Err(vec![Missing::Spoken]),
        (Some(way), Some(consent)) => Ok((way, consent)),
        (way, consent) => {
            let missing =
                [way.is_none().then_some(Missing::Way), consent.is_none().then_some(Missing::Consent)];
            Err(missing.into_iter().flatten().collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::phases::Phases;
    use domain::time::{DAY, HOUR};

    fn consultation() -> Consultation {
        let json = format!(
            r#"{{"kind":"consultation","id":"{}","community":"laforce","title":{{"fr":"Le lac"}},"summary":{{"fr":"Le lac"}},
               "opened_at":0,"phases":{},"grace":{},"takes":["proposals","support"],"fictitious":false}}"#,
            RecordId([1; 16]),
            serde_json::to_string(&Phases::contribute(Millis(0), Millis(DAY)).unwrap()).unwrap(),
            48 * HOUR
        );
        match Record::read(&json).unwrap() {
            Record::Consultation(it) => it,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_people_could_do_is_offered_as_long_as_it_is_taken() {
        let it = consultation();
        let poll = RecordId([2; 16]);
        let json = format!(
            r#"{{"kind":"poll","id":"{poll}","consultation":"{}","question":{{"fr":"Q"}},"choices":[{{"fr":"a"}},{{"fr":"b"}}],
               "method":"plurality","open":{{"from":5,"until":{DAY},"grace":{HOUR}}}}}"#,
            it.id
        );
        let record = Record::read(&json).unwrap();
        let records = [Arc::new(Held { name: String::new(), seq: 1, record, pending: false })];
        let at =
            |now| offered(&it, &records, Millis(now)).into_iter().map(|(what, _)| what).collect::<Vec<_>>();
        assert_eq!(at(0), [What::Propose, What::Support]);
        assert_eq!(at(DAY + HOUR - 1), [What::Propose, What::Support, What::Poll(poll)]);
        assert_eq!(at(DAY + HOUR), [What::Propose, What::Support], "it is counted");
        assert_eq!(at(DAY + 48 * HOUR), []);
        // Another wording, of something that there is.
        let amended = Consultation { takes: vec![Form::Amendments], ..it };
        let text = format!(
            r#"{{"kind":"published_text","id":"{poll}","consultation":"{poll}","title":{{"fr":"Le lac"}},
               "paragraphs":[],"version":1,"published_at":1,"numbered":0}}"#
        );
        let record = Record::read(&text).unwrap();
        let text = Arc::new(Held { name: String::new(), seq: 2, record, pending: false });
        assert_eq!(offered(&amended, &records, Millis(0)), []);
        assert_eq!(offered(&amended, &[text], Millis(0)), [(What::Amend, Millis(DAY + 48 * HOUR))]);
    }

    #[test]
    fn what_can_be_entered_is_found_by_its_name() {
        for what in [
            What::Propose,
            What::Comment,
            What::Support,
            What::Amend,
            What::Poll(RecordId([1; 16])),
            What::Survey(RecordId([2; 16])),
        ] {
            assert_eq!(What::named(&what.name()), Some(what));
        }
        for other in ["", "poll", "poll x", "dance 1"] {
            assert_eq!(What::named(other), None, "{other}");
        }
    }

    #[test]
    fn nothing_is_entered_without_the_way_it_came_and_the_word_of_the_person() {
        assert_eq!(agreed("", ""), Err(vec![Missing::Way, Missing::Consent]));
        assert_eq!(agreed("visit", ""), Err(vec![Missing::Consent]));
        assert_eq!(agreed("phone", "signed"), Err(vec![Missing::Spoken]));
        assert_eq!(agreed("phone", "spoken"), Ok((Way::Phone, Consent::Spoken)));
        assert_eq!(agreed("paper", "signed"), Ok((Way::Paper, Consent::Signed)));
    }
}
