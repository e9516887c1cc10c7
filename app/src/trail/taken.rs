//! The polls and surveys that a person took part in, and how far each of these is: what they said in them is told to
//! nobody, themselves included; that they did, and what came of it, is.

use domain::ids::{CommunityId, RecordId};
use domain::operations::{Kind, Kinds};
use domain::order;
use domain::outbox::Item;
use domain::records::TookPart;
use domain::time::Millis;

use super::state::{Section, Standing, Step, Thing};

/// One of them.
#[derive(Clone, PartialEq, Debug)]
pub struct Taken {
    /// Whose poll or survey it is.
    pub community: CommunityId,
    /// Its consultation.
    pub consultation: RecordId,
    /// The poll or survey.
    pub record: RecordId,
    /// Where what was said last stands.
    pub standing: Standing,
    /// When they last did: by the server's clock when it is there, else by the device's.
    pub at: Option<Millis>,
}

impl Taken {
    fn of_item(item: &Item, signed_in: bool) -> Option<Self> {
        let thing = Thing::of_item(item, Kinds::PARTICIPANTS, signed_in);
        let leaves = matches!(thing.kind, Kind::Cast | Kind::Respond) && thing.section() == Section::ToSend;
        let (consultation, record) = (thing.consultation?, thing.record?);
        let Thing { community, standing, written_at, .. } = thing;
        leaves.then_some(Self { community, consultation, record, standing, at: written_at })
    }

    fn of_record(it: &TookPart) -> Self {
        Self {
            community: it.community.clone(),
            consultation: it.consultation,
            record: it.record,
            standing: Standing::Received,
            at: Some(it.at),
        }
    }

    /// Kept, on its way, received, its result told, its consultation answered.
    pub fn way(&self, told: bool, answered: bool) -> [Step; 5] {
        let [kept, leaves, received, _] = self.standing.steps();
        let behind = |it: bool| if it { Step::Done } else { Step::Todo };
        let received = if told || answered { received.passed() } else { received };
        [kept, leaves, received, behind(told), behind(answered)]
    }
}

/// Each once, the latest first: what waits here says more than what the server has of before.
pub fn taken<'a>(
    items: impl IntoIterator<Item = &'a Item>,
    own: impl IntoIterator<Item = &'a TookPart>,
    signed_in: bool,
) -> Vec<Taken> {
    let mut all: Vec<Taken> = items.into_iter().filter_map(|item| Taken::of_item(item, signed_in)).collect();
    all.reverse();
    for it in own.into_iter().map(Taken::of_record) {
        all.push(it);
    }
    let mut once: Vec<Taken> = Vec::new();
    for it in all {
        if !once.iter().any(|known| known.record == it.record) {
            once.push(it);
        }
    }
    order::by(&mut once, |it| (it.at.map_or(u64::MAX, order::latest), it.record.to_string()));
    once
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trail::state::tests::item;
    use domain::operations::{Action, Cast, Withdraw};
    use domain::outbox::State;
    use domain::tallies::Ballot;

    fn cast(poll: u8) -> Action {
        let ballot = Ballot::Choice(1);
        Action::Cast(Cast { consultation: RecordId([9; 16]), poll: RecordId([poll; 16]), ballot })
    }

    fn took(record: u8, at: i64) -> TookPart {
        TookPart {
            community: "laforce".parse().unwrap(),
            consultation: RecordId([9; 16]),
            record: RecordId([record; 16]),
            at: Millis(at),
        }
    }

    #[test]
    fn what_waits_here_says_more_than_what_the_server_has_of_before() {
        let withdrawn =
            Action::Withdraw(Withdraw { consultation: RecordId([9; 16]), record: RecordId([3; 16]) });
        let items = [
            item(4, &cast(1), State::Sealed, Some("a")),
            item(5, &cast(1), State::Sealed, Some("a")),
            item(6, &cast(2), State::Accepted, Some("a")),
            item(7, &withdrawn, State::Sealed, Some("a")),
        ];
        let own = [took(1, 2), took(2, 8)];
        let all = taken(&items, &own, true);
        let told: Vec<_> = all.iter().map(|it| (it.record.0[0], it.standing.clone(), it.at)).collect();
        let expected = [(2, Standing::Received, Some(Millis(8))), (1, Standing::Kept, Some(Millis(5)))];
        assert_eq!(told, expected);
        assert_eq!(taken(&items, &own, false)[1].standing, Standing::NeedsSignIn);
    }

    #[test]
    fn its_way_ends_in_the_answer_to_its_consultation() {
        use Step::{Done, Here, Todo};
        let received = Taken::of_record(&took(1, 2));
        assert_eq!(received.way(false, false), [Done, Done, Here, Todo, Todo]);
        assert_eq!(received.way(true, false), [Done, Done, Done, Done, Todo]);
        assert_eq!(received.way(true, true), [Done; 5]);
        let kept = Taken { standing: Standing::Kept, ..received };
        assert_eq!(kept.way(false, false), [Here, Todo, Todo, Todo, Todo]);
    }
}
