//! The inbox: which items there are, in which order, and how they are found.

use std::collections::HashMap;
use std::sync::{Arc, MutexGuard};

use domain::ids::{RecordId, RuleId};
use domain::operations::Progress;
use domain::order;
use domain::records::{AppealMade, DeskItem, DeskState, FlagGiven, Record, Safekeeping};
use domain::search::{Gradual, Index, Normalize};

use super::wanted::{Shown, Wanted};
use crate::offline::Held;

/// Nobody sees it until the office approves it.
pub fn awaits_approval(item: &DeskItem) -> bool {
    item.state == DeskState::Awaiting
}

/// Nobody of the office has read it.
pub fn is_unread(item: &DeskItem) -> bool {
    item.state == DeskState::New && item.step.is_none()
}

/// It waits for an answer: a proposal or an amendment that stands by itself, has none, was not passed on, and did not end otherwise.
/// A comment needs none.
pub fn waits(item: &DeskItem) -> bool {
    let step = item.step.as_ref().map(|step| &step.progress);
    let ended = matches!(step, Some(Progress::Done | Progress::Declined(_)));
    let it = &item.contribution;
    item.state == DeskState::New
        && it.is_discussed()
        && it.merged_into.is_none()
        && it.forwarded.is_none()
        && !ended
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

/// What its author says to its last hiding.
pub fn appeal_of(item: &DeskItem) -> Option<&AppealMade> {
    item.hidden.as_ref()?.appeal.as_ref()
}

/// Its author waits for a second person's word.
pub fn awaits_verdict(item: &DeskItem) -> bool {
    appeal_of(item).is_some_and(|appeal| appeal.verdict.is_none())
}

/// How many pointed at each rule, the most first.
pub fn by_rule(flags: &[FlagGiven]) -> Vec<(RuleId, usize)> {
    let mut counts: Vec<(RuleId, usize)> = Vec::new();
    for flag in flags {
        match counts.iter_mut().find(|(rule, _)| *rule == flag.rule) {
            Some((_, count)) => *count += 1,
            None => counts.push((flag.rule.clone(), 1)),
        }
    }
    order::by(&mut counts, |(rule, count)| (u64::MAX - *count as u64, rule.to_string()));
    counts
}

/// Where in the list.
#[derive(Clone, Copy)]
enum Group {
    /// First, what appears only once it is approved.
    Awaiting,
    /// Then what nobody has read.
    Unread,
    /// Then what waits for an answer.
    Waiting,
    /// Then everything else.
    Rest,
}

/// The group of an item.
fn group(item: &DeskItem) -> Group {
    match item {
        item if awaits_approval(item) => Group::Awaiting,
        item if is_unread(item) => Group::Unread,
        item if waits(item) => Group::Waiting,
        _ => Group::Rest,
    }
}

/// The items, and the little else that a desk holds: read once per change of the records, and shared with them.
#[derive(Default)]
pub struct Inbox {
    held: Vec<Arc<Held>>,
    places: HashMap<RecordId, usize>,
    ids: Arc<[RecordId]>,
    supports: HashMap<RecordId, u64>,
    flags: HashMap<RecordId, Vec<FlagGiven>>,
    words: Gradual,
    /// What the office committed to, in any of its consultations.
    pub commitments: Vec<Arc<Held>>,
    /// What it is told of the server's backups.
    pub safekeeping: Option<Safekeeping>,
    /// How many wait for approval.
    pub awaiting: usize,
    /// How many nobody has read.
    pub unread: usize,
    /// How many wait for an answer.
    pub to_answer: usize,
    /// How many participants pointed at, and nobody looked at since.
    pub flagged: usize,
    /// How many hidden ones wait for a second person.
    pub appealed: usize,
}

fn item_of(held: &Held) -> Option<&DeskItem> {
    match &held.record {
        Record::DeskItem(item) => Some(item),
        _ => None,
    }
}

impl Inbox {
    /// From the records of a desk's scope: the groups in their order, each newest first.
    pub fn read(records: &[Arc<Held>]) -> Self {
        let mut all = Self::default();
        for held in records {
            match &held.record {
                Record::DeskItem(item) => {
                    all.awaiting += usize::from(awaits_approval(item));
                    all.unread += usize::from(is_unread(item));
                    all.to_answer += usize::from(waits(item));
                    all.appealed += usize::from(awaits_verdict(item));
                    all.held.push(held.clone());
                }
                Record::Supports(it) => {
                    all.supports.insert(it.record, it.count);
                }
                Record::Flags(it) => {
                    let open = it.all.iter().filter(|flag| !flag.kept).cloned();
                    all.flags.insert(it.record, open.collect());
                }
                Record::Commitment(_) => all.commitments.push(held.clone()),
                Record::Safekeeping(it) => all.safekeeping = Some(it.clone()),
                _ => {}
            }
        }
        let latest = |held: &Arc<Held>| item_of(held).map_or(0, |item| order::latest(item.received_at));
        order::by(&mut all.held, |held| (latest(held), String::new()));
        let place = |held: &Arc<Held>| item_of(held).map_or(u64::MAX, |item| group(item) as u64);
        order::by(&mut all.held, |held| (place(held), String::new()));
        all.ids = all.items().map(|item| item.contribution.id).collect();
        all.places = all.ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        all.flagged = all.items().filter(|item| all.is_flagged(item)).count();
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

    /// The item at a place.
    pub fn item_at(&self, place: usize) -> Option<&DeskItem> {
        self.held.get(place).and_then(|held| item_of(held))
    }

    /// The one of that id.
    pub fn get(&self, id: RecordId) -> Option<&DeskItem> {
        self.item_at(*self.places.get(&id)?)
    }

    /// Whether something in it has not left this device.
    pub fn is_pending(&self, id: RecordId) -> bool {
        self.places.get(&id).and_then(|place| self.held.get(*place)).is_some_and(|held| held.pending)
    }

    /// How many support it, exactly.
    pub fn supports(&self, id: RecordId) -> u64 {
        self.supports.get(&id).copied().unwrap_or(0)
    }

    /// What was pointed at in it, and nobody looked at since.
    pub fn flags(&self, id: RecordId) -> &[FlagGiven] {
        self.flags.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Whether there is any, in something that everybody sees.
    pub fn is_flagged(&self, item: &DeskItem) -> bool {
        stands(item) && !self.flags(item.contribution.id).is_empty()
    }

    /// Makes the next piece of what finds them by their words; answers whether that was the last one.
    pub fn prepare(&self, normalize: Normalize) -> bool {
        self.words.prepare(self.len(), |at| self.text_at(at), normalize)
    }

    /// What an item is found by.
    fn text_at(&self, at: usize) -> String {
        let Some(item) = self.item_at(at) else { return String::new() };
        let text = item.contribution.text().map_or("", |text| text.as_str());
        format!("{} {text} {} {}", item.contribution.title(), item.name, item.receipt)
    }

    /// What finds them by their words: what is not made yet is made now.
    pub fn words(&self, normalize: Normalize) -> MutexGuard<'_, Index> {
        self.words.whole(self.len(), |at| self.text_at(at), normalize)
    }

    /// Those that are wanted, in order.
    pub fn find(&self, wanted: &Wanted, normalize: Normalize) -> Arc<[RecordId]> {
        if *wanted == Wanted::default() {
            return self.ids.clone();
        }
        let places = match wanted.query.trim() {
            "" => (0..self.held.len()).collect(),
            _ => self.words(normalize).find(&wanted.query, normalize),
        };
        let flagged = |item| wanted.shown != Shown::Flagged || self.is_flagged(item);
        let items = places.into_iter().filter_map(|at| self.item_at(at));
        let admitted = items.filter(|item| wanted.admits(item) && flagged(item));
        admitted.map(|item| item.contribution.id).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{comment, held, id, proposal, step};
    use super::super::wanted::Sort;
    use super::*;
    use domain::records::{Flags, HiddenBy, Question, Supports};
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
        let inbox = Inbox::read(&all());
        assert_eq!(order_of(&inbox), [5, 2, 7, 3, 6, 4, 1]);
        assert_eq!((inbox.unread, inbox.to_answer), (2, 3), "comments are read, not answered");
        assert_eq!((inbox.supports(id(2)), inbox.supports(id(3))), (3, 0));
        assert_eq!(Inbox::count(all().iter().map(|held| &held.record)), 3);
        assert_eq!(inbox.get(id(7)).map(|item| item.received_at), Some(Millis(7)));
    }

    #[test]
    fn filters_and_words_meet() {
        let inbox = Inbox::read(&all());
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
    fn what_was_pointed_at_is_found_until_the_office_looked_or_hid_it() {
        let flag = |number: u8, rule: &str, kept: bool| FlagGiven {
            flag: id(number),
            rule: rule.parse().unwrap(),
            text: None,
            kept,
        };
        let flags = |record: u8, all: Vec<FlagGiven>| {
            let record = Record::Flags(Flags { record: id(record), all });
            Arc::new(Held { name: String::new(), seq: 9, record, pending: false })
        };
        let mut items = all();
        items.push(flags(2, vec![flag(20, "b", false), flag(21, "a", false), flag(22, "b", false)]));
        items.push(flags(3, vec![flag(30, "a", true)]));
        let mut hidden = proposal(8, "Caché", 8);
        hidden.state = DeskState::Hidden("a".parse().unwrap());
        items.extend([held(hidden), flags(8, vec![flag(80, "a", false)])]);
        let inbox = Inbox::read(&items);
        assert_eq!(inbox.flagged, 1);
        let wanted = Wanted { shown: Shown::Flagged, ..Wanted::default() };
        assert_eq!(*inbox.find(&wanted, str::to_owned), [id(2)]);
        let rules: Vec<_> =
            by_rule(inbox.flags(id(2))).into_iter().map(|(rule, n)| (rule.to_string(), n)).collect();
        assert_eq!(rules, [("b".to_owned(), 2), ("a".to_owned(), 1)]);
    }

    #[test]
    fn an_appeal_waits_until_somebody_decided() {
        let mut item = proposal(1, "Un banc", 1);
        let verdict = domain::records::Verdict { restored: false, text: None, at: Millis(3) };
        let appeal = AppealMade { text: "Si.".parse().unwrap(), at: Millis(2), verdict: None };
        item.hidden = Some(Box::new(HiddenBy { appeal: Some(appeal.clone()), ..HiddenBy::at(Millis(1)) }));
        assert!(awaits_verdict(&item));
        assert_eq!(Inbox::read(&[held(item.clone())]).appealed, 1);
        let appeal = AppealMade { verdict: Some(verdict), ..appeal };
        item.hidden = Some(Box::new(HiddenBy { appeal: Some(appeal), ..HiddenBy::at(Millis(1)) }));
        assert!(!awaits_verdict(&item));
    }

    #[test]
    fn what_another_proposal_stands_for_waits_for_nothing() {
        let mut item = step(proposal(1, "Un banc", 1), Progress::Read);
        item.contribution.merged_into = Some(id(2));
        assert!(!waits(&item));
    }
}
