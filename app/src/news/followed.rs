//! What somebody follows in a community, as their device keeps it.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use domain::ids::{InvalidId, RecordId, SubjectId};
use domain::order;
use domain::records::{Contribution, Record};
use domain::sectors::Sector;

use crate::offline::Held;

/// What somebody follows in a community.
#[derive(Clone, PartialEq, Debug)]
pub enum Followed {
    /// Everything in a consultation.
    Consultation(RecordId),
    /// What is proposed about a subject.
    Subject(SubjectId),
    /// What is proposed in a sector or next to it.
    Near(Sector),
}

impl fmt::Display for Followed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Consultation(id) => write!(f, "{id}"),
            Self::Subject(id) => write!(f, "subject {id}"),
            Self::Near(sector) => write!(f, "near {sector}"),
        }
    }
}

impl FromStr for Followed {
    type Err = InvalidId;

    fn from_str(line: &str) -> Result<Self, InvalidId> {
        match line.split_once(' ') {
            Some(("subject", id)) => id.parse().map(Self::Subject),
            Some(("near", sector)) => sector.parse().map(Self::Near),
            _ => line.parse().map(Self::Consultation),
        }
    }
}

/// From the text that it is kept as, a line for each.
pub fn followed(text: &str) -> Vec<Followed> {
    text.lines().filter_map(|line| line.parse().ok()).collect()
}

/// The text with one more, or without it.
pub fn toggled(text: &str, one: &Followed) -> String {
    let mut all = followed(text);
    match all.iter().position(|known| known == one) {
        Some(at) => drop(all.remove(at)),
        None => all.push(one.clone()),
    }
    all.iter().map(Followed::to_string).collect::<Vec<_>>().join("\n")
}

/// What is proposed about a subject, the newest first. One that another stands for is found with that one.
pub fn about_subject<'a>(
    records: impl IntoIterator<Item = &'a Arc<Held>>,
    subject: &SubjectId,
) -> Vec<Arc<Held>> {
    let is_about = |held: &&Arc<Held>| match &held.record {
        Record::Contribution(it) => it.subject() == Some(subject) && it.merged_into.is_none(),
        _ => false,
    };
    let mut all: Vec<Arc<Held>> = records.into_iter().filter(is_about).cloned().collect();
    order::by(&mut all, |it| (u64::MAX - it.seq, String::new()));
    all
}

/// A proposal by which a place can be named and found again: of those about this very sector the newest, and
/// rather one that says in words where it is.
pub fn about_sector<'a>(
    records: impl IntoIterator<Item = &'a Arc<Held>>,
    sector: Sector,
) -> Option<&'a Contribution> {
    let mut silent = None;
    for held in records {
        let Record::Contribution(it) = &held.record else { continue };
        let Some(place) = it.place().filter(|place| place.sector == Some(sector)) else { continue };
        if place.words.is_some() {
            return Some(it);
        }
        silent = silent.or(Some(it));
    }
    silent
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_back() {
        let one = Followed::Consultation(RecordId([1; 16]));
        let two = Followed::Subject("environment".parse().unwrap());
        let three = Followed::Near("47.3350,-79.4325".parse().unwrap());
        let all = toggled(&toggled(&toggled("", &one), &two), &three);
        assert_eq!(followed(&all), [one.clone(), two.clone(), three.clone()]);
        assert_eq!(followed(&toggled(&all, &two)), [one, three]);
        assert_eq!(followed("near 47.3334,-79.4325\nsubject \nx"), []);
    }

    #[test]
    fn what_is_about_a_subject_comes_from_every_list_the_newest_first_and_once() {
        let said = |number: u8, seq: u64, subject: &str, more: &str| {
            let id = RecordId([number; 16]);
            let json = format!(
                r#"{{"kind":"contribution","id":"{id}","consultation":"{id}","week":0,"signed":"resident",
                   "what":{{"proposal":{{"title":"Un banc","subject":"{subject}"}}}}{more}}}"#
            );
            Arc::new(Held { name: String::new(), seq, record: Record::read(&json).unwrap(), pending: false })
        };
        let merged = format!(r#","merged_into":"{}""#, RecordId([1; 16]));
        let one = [said(1, 4, "roads", ""), said(2, 9, "parks", ""), said(3, 8, "roads", &merged)];
        let other = [said(4, 7, "roads", "")];
        let found = about_subject(one.iter().chain(&other), &"roads".parse().unwrap());
        let ids: Vec<u8> = found
            .iter()
            .map(|held| match &held.record {
                Record::Contribution(it) => it.id.0[0],
                _ => 0,
            })
            .collect();
        assert_eq!(ids, [4, 1]);
    }

    #[test]
    fn a_place_is_named_by_what_is_about_it_rather_in_words() {
        let here: Sector = "47.3350,-79.4325".parse().unwrap();
        let about = |number: u8, place: &str| {
            let id = RecordId([number; 16]);
            let json = format!(
                r#"{{"kind":"contribution","id":"{id}","consultation":"{id}","week":0,"signed":"resident",
                   "what":{{"proposal":{{"title":"Un banc","subject":"other","place":{{{place}}}}}}}}}"#
            );
            let record = Record::read(&json).unwrap();
            Arc::new(Held { name: String::new(), seq: 1, record, pending: false })
        };
        let beside = about(1, r#""sector":"47.3400,-79.4325","words":"À côté""#);
        let silent = about(2, r#""sector":"47.3350,-79.4325""#);
        let said = about(3, r#""sector":"47.3350,-79.4325","words":"Au quai""#);
        let named = |all: &[Arc<Held>]| about_sector(all, here).map(|it| it.id.0[0]);
        assert_eq!(named(&[beside.clone(), silent.clone(), said]), Some(3));
        assert_eq!(named(&[beside.clone(), silent]), Some(2));
        assert_eq!(named(&[beside]), None);
    }
}
