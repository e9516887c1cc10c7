//! The inbox: which items there are, in which order, and how they are found.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use domain::ids::RecordId;
use domain::operations::Progress;
use domain::order;
use domain::records::{DeskItem, DeskState, Record};
use domain::search::{Index, Normalize};

use super::wanted::Wanted;
use crate::offline::Held;

/// Nobody of the office has read it.
pub fn is_unread(item: &DeskItem) -> bool {
    item.state == DeskState::New && item.step.is_none()
}

/// It waits for an answer: a proposal that stands by itself, has none, and did not end otherwise.
/// A comment needs none.
pub fn waits(item: &DeskItem) -> bool {
    let step = item.step.as_ref().map(|step| &step.progress);
    let ended = matches!(step, Some(Progress::Done | Progress::Declined(_)));
    let it = &item.contribution;
    item.state == DeskState::New && it.proposal().is_some() && it.merged_into.is_none() && !ended
}

/// Its author replied to the office's latest question, and nothing was answered since.
pub fn has_reply(item: &DeskItem) -> bool {
    let last = item.questions.last();
    item.state == DeskState::New && last.is_some_and(|question| question.reply.is_some())
}

/// Something can still be done about it.
pub fn stands(item: &DeskItem) -> bool {
    matches!(item.state, DeskState::New | DeskState::Answered)
}

/// Where in the list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Group {
    /// First, what nobody has read.
    Unread,
    /// Then what waits for an answer.
    Waiting,
    /// Then everything else.
    Rest,
}

/// The group of an item.
pub fn group(item: &DeskItem) -> Group {
    match item {
        item if is_unread(item) => Group::Unread,
        item if waits(item) => Group::Waiting,
        _ => Group::Rest,
    }
}

/// The items: read once per change of the records, and shared with them.
#[derive(Default)]
pub struct Inbox {
    held: Vec<Arc<Held>>,
    places: HashMap<RecordId, usize>,
    supports: HashMap<RecordId, u64>,
    words: OnceLock<Index>,
    /// How many nobody has read.
    pub unread: usize,
    /// How many wait for an answer.
    pub to_answer: usize,
}

fn item_of(held: &Held) -> Option<&DeskItem> {
    match &held.record {
        Record::DeskItem(item) => Some(item),
        _ => None,
    }
}

impl Inbox {
    /// From the records of a desk's scope: the groups in their order, each newest first. What was
    /// opened `before` stays in the group that it was in, so that a list does not move under the hand.
    pub fn read(records: &[Arc<Held>], before: &[(RecordId, Group)]) -> Self {
        let mut all = Self::default();
        for held in records {
            match &held.record {
                Record::DeskItem(item) => {
                    all.unread += usize::from(is_unread(item));
                    all.to_answer += usize::from(waits(item));
                    all.held.push(held.clone());
                }
                Record::Supports(it) => {
                    all.supports.insert(it.record, it.count);
                }
                _ => {}
            }
        }
        let latest = |held: &Arc<Held>| item_of(held).map_or(0, |item| order::latest(item.received_at));
        order::by(&mut all.held, |held| (latest(held), String::new()));
        let place = |held: &Arc<Held>| {
            let Some(item) = item_of(held) else { return 3 };
            let kept = before.iter().find(|(id, _)| *id == item.contribution.id);
            kept.map_or_else(|| group(item), |(_, group)| *group) as u64
        };
        order::by(&mut all.held, |held| (place(held), String::new()));
        for (at, held) in all.held.iter().enumerate() {
            if let Some(item) = item_of(held) {
                all.places.insert(item.contribution.id, at);
            }
        }
        all
    }

    /// How many of these records wait for an answer.
    pub fn count<'a>(records: impl IntoIterator<Item = &'a Record>) -> usize {
        let waiting = |record: &&Record| matches!(record, Record::DeskItem(item) if waits(item));
        records.into_iter().filter(waiting).count()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// All of them, in order.
    pub fn items(&self) -> impl Iterator<Item = &DeskItem> {
        self.held.iter().filter_map(|held| item_of(held))
    }

    /// The one at a place.
    pub fn at(&self, place: usize) -> Option<&Arc<Held>> {
        self.held.get(place)
    }

    /// The item at a place.
    pub fn item_at(&self, place: usize) -> Option<&DeskItem> {
        self.held.get(place).and_then(|held| item_of(held))
    }

    /// The one of that id.
    pub fn get(&self, id: RecordId) -> Option<&DeskItem> {
        self.item_at(*self.places.get(&id)?)
    }

    /// How many support it, exactly.
    pub fn supports(&self, id: RecordId) -> u64 {
        self.supports.get(&id).copied().unwrap_or(0)
    }

    /// What finds them by their words: made when it is first asked for.
    pub fn words(&self, normalize: Normalize) -> &Index {
        self.words.get_or_init(|| {
            let text = |item: &DeskItem| {
                let text = item.contribution.text().map_or("", |text| text.as_str());
                format!("{} {text} {} {}", item.contribution.title(), item.name, item.receipt)
            };
            let texts: Vec<String> = self.items().map(text).collect();
            Index::build(texts.iter().map(String::as_str), normalize)
        })
    }

    /// The places of those that are wanted, in order.
    pub fn find(&self, wanted: &Wanted, normalize: Normalize) -> Vec<usize> {
        let admitted = |at: &usize| self.item_at(*at).is_some_and(|item| wanted.admits(item));
        if wanted.query.trim().is_empty() {
            return (0..self.held.len()).filter(admitted).collect();
        }
        self.words(normalize).find(&wanted.query, normalize).into_iter().filter(admitted).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{comment, held, id, proposal, step};
    use super::super::wanted::{Shown, Sort};
    use super::*;
    use domain::records::{Question, Supports};
    use domain::time::Millis;

    fn answered(mut item: DeskItem) -> DeskItem {
        item.state = DeskState::Answered;
        item
    }

    fn order_of(inbox: &Inbox) -> Vec<u8> {
        inbox.items().map(|item| item.contribution.id.0[0]).collect()
    }

    fn all() -> Vec<Arc<Held>> {
        let supports = Record::Supports(Supports { record: id(2), count: 3 });
        let supports = Held { name: String::new(), seq: 9, record: supports, pending: false };
        let mut items = [
            answered(proposal(1, "Un banc", 1)),
            proposal(2, "Une lampe", 2),
            step(proposal(3, "Un quai", 3), Progress::Read),
            step(comment(4, 3, 4), Progress::Read),
            comment(5, 3, 5),
            step(proposal(6, "Un pont", 6), Progress::Done),
            step(proposal(7, "Un puits", 7), Progress::InDiscussion),
        ]
        .map(held)
        .to_vec();
        items.push(Arc::new(supports));
        items
    }

    #[test]
    fn what_nobody_read_comes_first_then_what_waits_each_newest_first() {
        let inbox = Inbox::read(&all(), &[]);
        assert_eq!(order_of(&inbox), [5, 2, 7, 3, 6, 4, 1]);
        assert_eq!((inbox.unread, inbox.to_answer), (2, 3), "comments are read, not answered");
        assert_eq!((inbox.supports(id(2)), inbox.supports(id(3))), (3, 0));
        assert_eq!(Inbox::count(all().iter().map(|held| &held.record)), 3);
        assert_eq!(inbox.get(id(7)).map(|item| item.received_at), Some(Millis(7)));
    }

    #[test]
    fn what_was_opened_stays_where_it_was() {
        let mut items = all();
        items[1] = held(step(proposal(2, "Une lampe", 2), Progress::Read));
        assert_eq!(order_of(&Inbox::read(&items, &[(id(2), Group::Unread)])), [5, 2, 7, 3, 6, 4, 1]);
        assert_eq!(order_of(&Inbox::read(&items, &[])), [5, 7, 3, 2, 6, 4, 1]);
    }

    #[test]
    fn filters_and_words_meet() {
        let inbox = Inbox::read(&all(), &[]);
        let found = |wanted: Wanted| inbox.find(&wanted, str::to_owned).len();
        let query = |text: &str| Wanted { query: text.to_owned(), ..Wanted::default() };
        assert_eq!(found(Wanted::default()), 7);
        assert_eq!((found(query("aline")), found(query("banc")), found(query("zzz"))), (7, 1, 0));
        assert_eq!(found(Wanted { sort: Sort::Comments, ..Wanted::default() }), 2);
        assert_eq!(found(Wanted { shown: Shown::Answered, ..query("banc") }), 1);
        assert_eq!(found(Wanted { shown: Shown::Answered, ..query("lampe") }), 0);
        assert_eq!(found(Wanted { shown: Shown::Settled, ..Wanted::default() }), 1);
        assert_eq!(found(Wanted { subject: "leisure".parse().ok(), ..Wanted::default() }), 0);
        assert_eq!(found(Wanted { consultation: Some(id(1)), ..Wanted::default() }), 0);
    }

    #[test]
    fn a_reply_shows_until_the_answer() {
        let mut item = step(proposal(1, "Un banc", 1), Progress::Read);
        let question =
            Question { text: "Où?".parse().unwrap(), at: Millis(1), reply: None, replied_at: None };
        item.questions.push(question);
        assert!(!has_reply(&item));
        item.questions[0].reply = Some("Là.".parse().unwrap());
        assert!(has_reply(&item));
        assert!(!has_reply(&answered(item)));
    }

    #[test]
    fn what_another_proposal_stands_for_waits_for_nothing() {
        let mut item = step(proposal(1, "Un banc", 1), Progress::Read);
        item.contribution.merged_into = Some(id(2));
        assert!(!waits(&item));
    }
}
