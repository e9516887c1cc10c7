//! What is news, decided from records and from when somebody was last here.

use std::sync::Arc;

use domain::ids::RecordId;
use domain::operations::{Delivery, Progress};
use domain::order;
use domain::records::Record;
use domain::time::Millis;

use super::followed::Followed;
use crate::offline::{Held, UNPLACED};

/// When somebody was last here, and how far each scope had come then.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Seen {
    /// By the server's clock.
    pub at: Millis,
    /// The place in the feed up to which each scope was seen.
    pub scopes: Vec<(String, u64)>,
}

impl Seen {
    /// From the text that it is kept as.
    pub fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let at = Millis(lines.next()?.parse().ok()?);
        let scopes = lines.filter_map(|line| {
            let (scope, seq) = line.rsplit_once(' ')?;
            Some((scope.to_owned(), seq.parse().ok()?))
        });
        Some(Self { at, scopes: scopes.collect() })
    }

    /// The text that it is kept as.
    pub fn text(&self) -> String {
        let mut text = self.at.0.to_string();
        for (scope, seq) in &self.scopes {
            text.push_str(&["\n", scope, " ", &seq.to_string()].concat());
        }
        text
    }

    /// How far a scope was seen; a scope that was not, not at all.
    fn of(&self, scope: &str) -> Option<u64> {
        self.scopes.iter().find(|(known, _)| known == scope).map(|(_, seq)| *seq)
    }

    /// Whether a record came after it. A scope that was never looked at is no news as a whole.
    fn is_before(&self, scope: &str, held: &Held) -> bool {
        let known = self.of(scope).is_some_and(|seq| held.seq > seq);
        known && !held.pending && held.seq != UNPLACED
    }

    /// Whether any of these records came after it.
    pub fn is_behind(&self, scope: &str, records: &[Arc<Held>]) -> bool {
        records.iter().any(|held| self.is_before(scope, held))
    }

    /// The same after a look at these records.
    #[must_use]
    pub fn after(mut self, scope: &str, records: &[Arc<Held>]) -> Self {
        let newest = records.iter().map(|held| held.seq).filter(|seq| *seq != UNPLACED).max();
        self.scopes.retain(|(known, _)| known != scope);
        self.scopes.extend(newest.map(|seq| (scope.to_owned(), seq)));
        self
    }
}

/// What happened.
#[derive(Clone, PartialEq, Debug)]
pub enum What {
    /// A consultation was opened.
    Opened,
    /// It was answered as a whole.
    Concluded,
    /// A poll or a survey was opened.
    Asked,
    /// Its result is there.
    Told,
    /// A text was published, or a new version of one.
    Published,
    /// Something was proposed, or a text amended.
    Proposed,
    /// A contribution was answered.
    Answered,
    /// The office came further with it.
    Moved(Progress),
    /// The office committed to something.
    Committed,
    /// It reported on that.
    Reported(Delivery),
}

/// One piece of news.
#[derive(Clone, PartialEq, Debug)]
pub struct News {
    /// What happened.
    pub what: What,
    /// To what.
    pub held: Arc<Held>,
    /// Its consultation.
    pub consultation: RecordId,
}

/// The most that is told at once.
pub const MOST: usize = 8;

/// What a scope has for somebody who was last here then, the newest first.
pub fn news(scope: &str, records: &[Arc<Held>], seen: &Seen) -> Vec<News> {
    let mut all: Vec<News> = records.iter().filter_map(|held| one(scope, held, seen)).collect();
    order::by(&mut all, |it| (u64::MAX - it.held.seq, String::new()));
    all
}

fn one(scope: &str, held: &Arc<Held>, seen: &Seen) -> Option<News> {
    if !seen.is_before(scope, held) {
        return None;
    }
    let newer = |at: Millis| at > seen.at;
    let (what, consultation) = match &held.record {
        Record::Consultation(it) => {
            let what = match &it.conclusion {
                Some(conclusion) if newer(conclusion.at) => What::Concluded,
                _ if newer(it.opened_at) => What::Opened,
                _ => return None,
            };
            (what, it.id)
        }
        Record::Contribution(it) if it.is_discussed() => {
            let what = match (&it.answer, &it.step) {
                (Some(answer), _) if newer(answer.at) => What::Answered,
                (_, Some(step)) if newer(step.at) => What::Moved(step.progress.clone()),
                // What was there before changed in some small way.
                _ if it.week < seen.at.week() => return None,
                _ => What::Proposed,
            };
            (what, it.consultation)
        }
        Record::Poll(it) => (if it.result.is_some() { What::Told } else { What::Asked }, it.consultation),
        Record::PublishedText(it) if newer(it.published_at) => (What::Published, it.consultation),
        Record::Commitment(it) if newer(it.changed_at()) => {
            (it.state().map_or(What::Committed, What::Reported), it.consultation)
        }
        Record::Questionnaire(it) => {
            (if it.results.is_some() { What::Told } else { What::Asked }, it.consultation)
        }
        _ => return None,
    };
    Some(News { what, held: held.clone(), consultation })
}

/// Whether a piece of news of that consultation is about something followed.
pub fn concerns(follows: &[Followed], it: &News) -> bool {
    let Record::Contribution(said) = &it.held.record else {
        return follows.contains(&Followed::Consultation(it.consultation));
    };
    let sector = said.place().and_then(|place| place.sector);
    follows.iter().any(|followed| match followed {
        Followed::Consultation(id) => *id == it.consultation,
        Followed::Subject(id) => said.subject() == Some(id),
        Followed::Near(here) => sector.is_some_and(|sector| here.is_near(sector)),
    })
}

#[cfg(test)]
mod tests {
    use super::super::followed::followed;
    use super::*;

    const SCOPE: &str = "public/laforce/x";

    fn held(seq: u64, pending: bool, more: &str) -> Arc<Held> {
        let id = RecordId([1; 16]);
        let json = format!(
            r#"{{"kind":"contribution","id":"{id}","consultation":"{id}","week":1795392000000,"signed":"resident",
               "what":{{"proposal":{{"title":"Un banc","subject":"other"}}}}{more}}}"#
        );
        Arc::new(Held { name: String::new(), seq, record: Record::read(&json).unwrap(), pending })
    }

    fn seen(seq: u64) -> Seen {
        Seen { at: Millis(1_795_400_000_000), scopes: vec![(SCOPE.to_owned(), seq)] }
    }

    #[test]
    fn news_is_what_came_since_and_what_it_was() {
        let answer = r#","answer":{"text":{"fr":"Oui."},"at":1795400000001}"#;
        let old = r#","answer":{"text":{"fr":"Oui."},"at":1}"#;
        let records = [held(9, false, answer), held(8, false, old), held(7, false, ""), held(99, true, "")];
        let told = news(SCOPE, &records, &seen(7));
        assert_eq!(
            told.iter().map(|it| it.what.clone()).collect::<Vec<_>>(),
            [What::Answered, What::Proposed]
        );
        assert!(news("another", &records, &seen(7)).is_empty(), "never looked at");
        assert!(news(SCOPE, &records, &seen(7).after(SCOPE, &records)).is_empty());
    }

    #[test]
    fn a_commitment_is_news_when_it_is_made_and_when_it_is_reported_on() {
        let commitment = |seq: u64, made_at: i64, log: &str| {
            let id = RecordId([1; 16]);
            let json = format!(
                r#"{{"kind":"commitment","id":"{id}","consultation":"{id}","text":{{"fr":"Une lampe"}},
                   "owner":{{"fr":"La voirie"}},"made_at":{made_at},"promised":1795500000000,"log":[{log}]}}"#
            );
            Arc::new(Held { name: String::new(), seq, record: Record::read(&json).unwrap(), pending: false })
        };
        let report = |at: i64| format!(r#"{{"text":{{"fr":"Fait."}},"state":"done","at":{at}}}"#);
        let (before, since) = (1_795_300_000_000, 1_795_400_000_001);
        let records = [
            commitment(10, since, ""),
            commitment(9, before, &report(since)),
            commitment(8, before, &report(before)),
            commitment(7, since, ""),
        ];
        let told = news(SCOPE, &records, &seen(7));
        let told: Vec<What> = told.into_iter().map(|it| it.what).collect();
        assert_eq!(told, [What::Committed, What::Reported(Delivery::Done)]);
    }

    #[test]
    fn a_text_is_news_when_it_is_published_and_when_it_is_published_anew() {
        let text = |seq: u64, published_at: i64| {
            let id = RecordId([1; 16]);
            let json = format!(
                r#"{{"kind":"published_text","id":"{id}","consultation":"{id}","title":{{"fr":"Zonage"}},"paragraphs":[],
                   "version":2,"published_at":{published_at},"numbered":0}}"#
            );
            Arc::new(Held { name: String::new(), seq, record: Record::read(&json).unwrap(), pending: false })
        };
        let records = [text(9, 1_795_400_000_001), text(8, 1_795_300_000_000)];
        let told: Vec<What> = news(SCOPE, &records, &seen(7)).into_iter().map(|it| it.what).collect();
        assert_eq!(told, [What::Published]);
    }

    #[test]
    fn what_is_kept_is_read_back() {
        let seen = seen(7);
        assert_eq!(Seen::read(&seen.text()), Some(seen));
        assert_eq!(Seen::read("x"), None);
    }

    #[test]
    fn a_proposal_concerns_who_follows_its_consultation_its_subject_or_its_surroundings() {
        let place = r#""subject":"other","place":{"sector":"47.3350,-79.4325"}"#;
        let id = RecordId([1; 16]);
        let json = format!(
            r#"{{"kind":"contribution","id":"{id}","consultation":"{id}","week":0,"signed":"resident",
               "what":{{"proposal":{{"title":"Un banc",{place}}}}}}}"#
        );
        let record = Record::read(&json).unwrap();
        let held = Arc::new(Held { name: String::new(), seq: 1, record, pending: false });
        let it = News { what: What::Proposed, held, consultation: id };
        let concerned = |line: &str| concerns(&followed(line), &it);
        assert!(concerned(&id.to_string()) && concerned("subject other"));
        assert!(concerned("near 47.3350,-79.4325") && concerned("near 47.3400,-79.4250"));
        assert!(!concerned("near 47.3450,-79.4325") && !concerned("subject environment") && !concerned(""));
    }
}
