//! What a list of consultations or contributions shows, decided from records alone.

use std::sync::Arc;

use domain::ids::{RecordId, SubjectId};
use domain::order;
use domain::phases::Intake;
use domain::records::{Community, Consultation, Contribution, Document, HidingState, Record};
use domain::search::{Gradual, Normalize};
use domain::sectors::Sector;
use domain::time::{DAY, Millis};

use crate::maps::state::counted;
use crate::offline::Held;

/// The community's own record among those of its scope.
pub fn community<'a>(records: impl IntoIterator<Item = &'a Record>) -> Option<Community> {
    records.into_iter().find_map(|record| match record {
        Record::Community(community) => Some(community.clone()),
        _ => None,
    })
}

/// The consultation of that id.
pub fn consultation<'a>(records: impl IntoIterator<Item = &'a Record>, id: RecordId) -> Option<Consultation> {
    records.into_iter().find_map(|record| match record {
        Record::Consultation(it) if it.id == id => Some(it.clone()),
        _ => None,
    })
}

/// The documents of a consultation, the first to be attached first.
pub fn documents(records: &[Arc<Held>]) -> Vec<Document> {
    let all = records.iter().filter_map(|held| match &held.record {
        Record::Document(it) => Some(it.clone()),
        _ => None,
    });
    let mut all: Vec<Document> = all.collect();
    order::by(&mut all, |it| (order::earliest(it.added_at), it.id.to_string()));
    all
}

/// Open ones first to close first; then those that closed, the latest first.
pub fn by_phase<'a>(
    records: impl IntoIterator<Item = &'a Record>,
    now: Millis,
) -> (Vec<Consultation>, Vec<Consultation>) {
    let all = records.into_iter().filter_map(|record| match record {
        Record::Consultation(it) => Some(it.clone()),
        _ => None,
    });
    let (mut open, mut closed): (Vec<_>, Vec<_>) = all.partition(|it| it.is_open(now));
    order::by(&mut open, |it| (order::earliest(it.ends_at()), String::new()));
    order::by(&mut closed, |it| (order::latest(it.ends_at()), String::new()));
    (open, closed)
}

/// How close the end is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Left {
    /// Less than a day.
    LastDay,
    /// Whole days, at most ten: beyond, the date says more.
    Days(u32),
    /// Longer.
    Long,
    /// It has no end.
    Always,
    /// Nothing new is proposed; it is still discussed.
    Discussed,
    /// It begins later.
    Soon(Millis),
    /// It closed.
    Closed,
}

/// How long a consultation stays open.
pub fn left(consultation: &Consultation, now: Millis) -> Left {
    let intake = consultation.intake(now);
    let left = consultation.closes_at().since(now);
    match (left, left / DAY) {
        _ if consultation.is_letterbox() => Left::Always,
        _ if !consultation.is_open(now) => Left::Closed,
        _ if let Intake::NotYet(from) = intake => Left::Soon(from),
        _ if intake != Intake::Open => Left::Discussed,
        (_, 0) => Left::LastDay,
        (_, days @ 1..=10) => Left::Days(u32::try_from(days).unwrap_or(10)),
        _ => Left::Long,
    }
}

/// What a proposal is found by.
fn text(it: &Contribution) -> String {
    let text = it.text().map_or("", |text| text.as_str());
    let answer = it.answer.iter().flat_map(|a| a.text.iter()).map(|(_, text)| text.as_str());
    std::iter::once(it.title().as_str()).chain([text]).chain(answer).collect::<Vec<_>>().join(" ")
}

/// The sector in which a proposal is.
pub fn sector_of(it: &Contribution) -> Option<Sector> {
    it.place()?.sector
}

/// What is asked of the list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Wanted {
    /// Words.
    pub query: String,
    /// About this only.
    pub subject: Option<SubjectId>,
    /// With an answer only.
    pub answered: bool,
    /// In this sector only.
    pub sector: Option<Sector>,
}

impl Wanted {
    /// Whether anything is asked at all.
    pub fn any(&self) -> bool {
        !self.query.trim().is_empty() || self.subject.is_some() || self.answered || self.sector.is_some()
    }

    fn admits(&self, entry: &Record) -> bool {
        match entry {
            Record::Contribution(it) => {
                self.subject.as_ref().is_none_or(|subject| Some(subject) == it.subject())
                    && (!self.answered || it.answer.is_some())
                    && self.sector.is_none_or(|sector| sector_of(it) == Some(sector))
            }
            _ => false,
        }
    }
}

/// The contributions, and what finds them: read once per change of the records.
#[derive(Default)]
pub struct Contributions {
    /// Newest first, the traces of what was hidden last.
    pub entries: Vec<Arc<Held>>,
    /// How many of them are proposals.
    pub proposals: usize,
    /// How many of them are in which sectors.
    pub sectors: Vec<(Sector, usize)>,
    places: Arc<[usize]>,
    index: Gradual,
}

impl Contributions {
    /// From records, newest first.
    pub fn read(records: &[Arc<Held>]) -> Self {
        let those = |admit: fn(&Record) -> bool| records.iter().filter(move |it| admit(&it.record)).cloned();
        let mut entries: Vec<_> =
            those(|record| matches!(record, Record::Contribution(it) if it.proposal().is_some())).collect();
        let of = |record: &Record| match record {
            Record::Contribution(it) => Some((it.id, it.merged_into)),
            _ => None,
        };
        let here: Vec<RecordId> =
            entries.iter().filter_map(|held| of(&held.record)).map(|(id, _)| id).collect();
        // One that another stands for is found with that one, as long as it is here.
        entries.retain(|held| {
            of(&held.record).and_then(|(_, into)| into).is_none_or(|into| !here.contains(&into))
        });
        let proposals = entries.len();
        let hidden = |it: &Record| matches!(it, Record::Hiding(it) if it.state != HidingState::Restored);
        entries.extend(those(hidden));
        let sector = |held: &Arc<Held>| match &held.record {
            Record::Contribution(it) => sector_of(it),
            _ => None,
        };
        let sectors = counted(entries.iter().filter_map(sector));
        let places = (0..entries.len()).collect();
        Self { entries, proposals, sectors, places, index: Gradual::default() }
    }

    /// What a proposal is found by. The traces of what was hidden stand behind them all, and have no words.
    fn text_at(&self, at: usize) -> String {
        match &self.entries[at].record {
            Record::Contribution(it) => text(it),
            _ => String::new(),
        }
    }

    /// Makes the next piece of what finds them by their words; answers whether that was the last one.
    pub fn prepare(&self, normalize: Normalize) -> bool {
        self.index.prepare(self.proposals, |at| self.text_at(at), normalize)
    }

    /// The places of those that are wanted, in order.
    pub fn find(&self, wanted: &Wanted, normalize: Normalize) -> Arc<[usize]> {
        if !wanted.any() {
            return self.places.clone();
        }
        let admitted = |at: &usize| self.entries.get(*at).is_some_and(|entry| wanted.admits(&entry.record));
        if wanted.query.trim().is_empty() {
            return (0..self.entries.len()).filter(admitted).collect();
        }
        let index = self.index.whole(self.proposals, |at| self.text_at(at), normalize);
        let found = index.find(&wanted.query, normalize);
        found.into_iter().filter(admitted).collect()
    }
}

/// How many rows are drawn at first, and at each step of the way down: more than fit on a
/// phone, and few enough to be there at once.
pub const WINDOW: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;
    use domain::operations::Kind;
    use domain::phases::Phases;
    use domain::records::{AnswerGiven, Hiding, Proposal, SignedAs, What};
    use domain::text::Localized;

    fn proposal(title: &str, subject: &str, answer: Option<&str>) -> Record {
        let answer = answer.map(|text| AnswerGiven {
            text: Localized::new([("fr".parse().unwrap(), text.parse().unwrap())]).unwrap(),
            at: Millis(0),
        });
        let proposal = Proposal {
            title: title.parse().unwrap(),
            text: None,
            subject: subject.parse().unwrap(),
            photos: vec![],
            place: None,
            photos_out: 0,
            photos_covered: 0,
        };
        Record::Contribution(Contribution {
            id: RecordId([1; 16]),
            consultation: RecordId([2; 16]),
            what: What::Proposal(proposal),
            week: Millis(0).week(),
            signed: SignedAs::Resident,
            answer,
            step: None,
            merged: vec![],
            merged_into: None,
            home: None,
            forwarded: None,
            forwarded_from: None,
        })
    }

    fn contributions() -> Contributions {
        let (rule, week) = ("off-topic".parse().unwrap(), Millis(0).week());
        let state = HidingState::Hidden;
        let hiding = Hiding { rule, week, act: Some(Kind::Propose), state, consultation: None };
        let shown = Hiding { state: HidingState::Restored, ..hiding.clone() };
        let records = [
            Record::Hiding(hiding),
            Record::Hiding(shown),
            proposal("Un banc face au lac", "leisure", None),
            proposal("Une lampe", "roads", Some("Posée avant Noël")),
        ];
        let held = |record| Arc::new(Held { name: String::new(), seq: 1, record, pending: false });
        Contributions::read(&records.map(held))
    }

    fn found(wanted: Wanted) -> Vec<usize> {
        contributions().find(&wanted, str::to_owned).to_vec()
    }

    #[test]
    fn everything_is_listed_with_what_was_hidden_last() {
        assert_eq!(found(Wanted::default()), [0, 1, 2]);
        assert!(matches!(contributions().entries[2].record, Record::Hiding(_)));
        assert_eq!(contributions().proposals, 2);
    }

    #[test]
    fn one_that_another_stands_for_is_listed_when_that_one_is_gone() {
        let merged = |into: u8| {
            let Record::Contribution(it) = proposal("Un banc", "leisure", None) else { unreachable!() };
            let record = Record::Contribution(Contribution { merged_into: Some(RecordId([into; 16])), ..it });
            Arc::new(Held { name: String::new(), seq: 1, record, pending: false })
        };
        assert_eq!(Contributions::read(&[merged(1)]).proposals, 0);
        assert_eq!(Contributions::read(&[merged(7)]).proposals, 1);
    }

    #[test]
    fn answers_are_searched_too_and_filters_meet() {
        let query = |text: &str| Wanted { query: text.to_owned(), ..Wanted::default() };
        assert_eq!(found(query("noël")), [1]);
        assert_eq!(found(Wanted { subject: "leisure".parse().ok(), ..Wanted::default() }), [0]);
        assert_eq!(found(Wanted { answered: true, ..query("banc") }), [0usize; 0]);
    }

    #[test]
    fn the_end_is_said_in_days_when_it_is_near() {
        let text = |text: &str| Localized::new([("fr".parse().unwrap(), text.parse().unwrap())]).unwrap();
        let consultation = Consultation {
            id: RecordId([1; 16]),
            community: "laforce".parse().unwrap(),
            title: text("Q"),
            summary: Localized::new([("fr".parse().unwrap(), "S".parse().unwrap())]).unwrap(),
            opened_at: Millis(0),
            phases: Phases::contribute(Millis(0), Millis(20 * DAY)).unwrap(),
            grace: 2 * DAY,
            takes: vec![domain::phases::Form::Proposals],
            closed_at: None,
            decided_by: None,
            used_for: None,
            answer_by: None,
            conclusion: None,
            source: None,
            adapted_from: None,
            shared_with: Vec::new(),
            fictitious: true,
        };
        let at = |days: i64| left(&consultation, Millis(days * DAY + 1));
        assert_eq!([at(0), at(17), at(19), at(20)], [Left::Long, Left::Days(2), Left::LastDay, Left::Closed]);
    }
}
