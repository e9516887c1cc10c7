//! What the list of the inbox draws. What is on screen stays where it is, whatever becomes of it: a row that moves
//! under a finger is another one when the finger comes down. What came since waits until somebody asks for it; what
//! belongs further down than anything drawn is put there at once, for nothing moves (the older pages of a first pull).

use std::collections::HashMap;
use std::sync::Arc;

use domain::ids::RecordId;
use domain::order;
use domain::search::Normalize;

use super::list::Inbox;
use super::wanted::Wanted;

/// What is asked of the list. When it changes, all is shown.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Asked {
    /// Which items.
    pub wanted: Wanted,
    /// How often what came since was asked for.
    pub times: u32,
}

/// The list as it is on screen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    asked: Asked,
    /// Its rows, from the first to the last.
    pub rows: Arc<[RecordId]>,
    /// How many more there are by now.
    pub waiting: usize,
}

impl Listed {
    /// All that is asked for.
    pub fn all(inbox: &Inbox, asked: Asked, normalize: Normalize) -> Self {
        Self { rows: inbox.find(&asked.wanted, normalize), asked, waiting: 0 }
    }

    /// The list once the inbox changed, when it stood `before` and so many of its rows were `drawn`.
    pub fn after(before: &Self, drawn: usize, inbox: &Inbox, asked: Asked, normalize: Normalize) -> Self {
        if before.asked != asked || before.rows.is_empty() {
            return Self::all(inbox, asked, normalize);
        }
        let stay: Vec<RecordId> = before.rows.iter().copied().filter(|id| inbox.get(*id).is_some()).collect();
        let places: HashMap<RecordId, usize> = stay.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        let (mut waiting, mut at, mut new) = (0, 0, Vec::new());
        for &id in inbox.find(&asked.wanted, normalize).iter() {
            match places.get(&id) {
                Some(place) => at = place + 1,
                // By an act of this device: whoever acts expects it.
                None if inbox.is_pending(id) || at >= drawn => new.push((at, id)),
                None => waiting += 1,
            }
        }
        order::by(&mut new, |(at, _)| (*at as u64, String::new()));
        let mut new = new.into_iter().peekable();
        let mut rows = Vec::with_capacity(stay.len() + new.len());
        for (at, id) in stay.iter().enumerate() {
            while let Some((_, earlier)) = new.next_if(|(place, _)| *place <= at) {
                rows.push(earlier);
            }
            rows.push(*id);
        }
        rows.extend(new.map(|(_, id)| id));
        Self { asked, rows: rows.into(), waiting }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{held, proposal, step};
    use super::super::wanted::Shown;
    use super::*;
    use crate::offline::Held;
    use domain::operations::Progress;
    use domain::records::DeskItem;

    const DRAWN: usize = 12;

    fn inbox(items: &[DeskItem]) -> Inbox {
        Inbox::read(&items.iter().cloned().map(held).collect::<Vec<_>>())
    }

    fn of(shown: Shown) -> Asked {
        Asked { wanted: Wanted { shown, ..Wanted::default() }, times: 0 }
    }

    fn seen(listed: &Listed) -> (Vec<u8>, usize) {
        (listed.rows.iter().map(|id| id.0[0]).collect(), listed.waiting)
    }

    fn after(before: &Listed, items: &[DeskItem]) -> Listed {
        Listed::after(before, DRAWN, &inbox(items), before.asked.clone(), str::to_owned)
    }

    #[test]
    fn what_came_since_waits_until_it_is_asked_for_or_something_else_is() {
        let mut items = vec![proposal(1, "Un banc", 1), proposal(2, "Une lampe", 2)];
        let first = Listed::all(&inbox(&items), of(Shown::All), str::to_owned);
        assert_eq!(seen(&first), (vec![2, 1], 0));
        items.extend([proposal(3, "Un quai", 3), proposal(4, "Un pont", 0)]);
        let later = after(&first, &items);
        assert_eq!(seen(&later), (vec![2, 1], 2));
        let again = Asked { times: 1, ..later.asked.clone() };
        let again = Listed::after(&later, DRAWN, &inbox(&items), again, str::to_owned);
        assert_eq!(seen(&again), (vec![3, 2, 1, 4], 0));
        let unread = Listed::after(&later, DRAWN, &inbox(&items), of(Shown::Unread), str::to_owned);
        assert_eq!(seen(&unread), (vec![3, 2, 1, 4], 0));
    }

    #[test]
    fn what_is_on_screen_stays_where_it_is_also_when_it_is_read_or_no_longer_what_is_asked_for() {
        let mut items =
            vec![proposal(1, "Un banc", 1), proposal(2, "Une lampe", 2), proposal(3, "Un quai", 3)];
        let all = Listed::all(&inbox(&items), of(Shown::All), str::to_owned);
        let unread = Listed::all(&inbox(&items), of(Shown::Unread), str::to_owned);
        items[2] = step(proposal(3, "Un quai", 3), Progress::Read);
        assert_eq!(seen(&after(&all, &items)), (vec![3, 2, 1], 0));
        assert_eq!(seen(&after(&unread, &items)), (vec![3, 2, 1], 0));
        assert_eq!(
            seen(&Listed::all(&inbox(&items), of(Shown::Unread), str::to_owned)),
            (vec![2, 1], 0),
            "until it is shown anew"
        );
        items.remove(1);
        assert_eq!(seen(&after(&all, &items)), (vec![3, 1], 0), "what is gone is gone");
    }

    #[test]
    fn what_this_device_itself_does_is_drawn_at_once_where_it_belongs() {
        let items = [proposal(1, "Un banc", 1), proposal(2, "Une lampe", 3)];
        let first = Listed::all(&inbox(&items), of(Shown::All), str::to_owned);
        let entered = Held { pending: true, ..(*held(proposal(3, "Un quai", 2))).clone() };
        let mut records: Vec<_> = items.into_iter().map(held).collect();
        records.extend([Arc::new(entered), held(proposal(4, "Un pont", 4))]);
        let next = Listed::after(&first, DRAWN, &Inbox::read(&records), of(Shown::All), str::to_owned);
        assert_eq!(seen(&next), (vec![2, 3, 1], 1));
    }

    #[test]
    fn a_list_without_rows_has_nothing_to_keep_in_place() {
        let none = Listed::all(&Inbox::default(), of(Shown::All), str::to_owned);
        assert_eq!(seen(&after(&none, &[proposal(1, "Un banc", 1)])), (vec![1], 0));
    }

    #[test]
    fn what_belongs_further_down_than_anything_drawn_is_put_there_at_once() {
        let newest: Vec<_> = (31..=60).map(|number| proposal(number, "Un banc", number.into())).collect();
        let first = Listed::all(&inbox(&newest), of(Shown::All), str::to_owned);
        let mut all: Vec<_> = (1..=60).map(|number| proposal(number, "Un banc", number.into())).collect();
        all.push(proposal(61, "Un quai", 61));
        let later = after(&first, &all);
        assert_eq!(seen(&later), ((1..=60).rev().collect(), 1), "what is new at the top waits");
        // Among what is drawn nothing is put, further down it is where it belongs.
        let odd: Vec<_> = (1..=60).filter(|n| n % 2 == 1).map(|n| proposal(n, "Un banc", n.into())).collect();
        let first = Listed::all(&inbox(&odd), of(Shown::All), str::to_owned);
        let (rows, waiting) = seen(&after(&first, &all));
        assert_eq!(rows[..12], (37..=59).rev().step_by(2).collect::<Vec<_>>());
        assert_eq!(rows[12..], (1..=36).rev().collect::<Vec<_>>());
        assert_eq!(waiting, 61 - rows.len());
    }
}
