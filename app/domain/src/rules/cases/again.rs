//! What the log beside the backups says again after a restore, and what devices offer again on top of it.

use super::moderation::{appeal, begun, colleague, hide, refused, settled, verdict};
use super::polls::{cast, neighbour, poll};
use super::surveys::{respond, survey};
use super::*;
use crate::operations::{Count, Hide, PublishResults};
use crate::records::{HidingState, Reached, Told};
use crate::rules::again::{Again, Decided};
use crate::rules::asked::due_key;

impl Village {
    /// What changed, as the log says it.
    pub(super) fn stands_again(&mut self, again: &Again, at: Millis) -> usize {
        self.stands_again_in(&laforce(), again, at)
    }

    pub(super) fn stands_again_in(&mut self, community: &CommunityId, again: &Again, at: Millis) -> usize {
        let changes = again.changes(community, &self.loaded(|loaded| again.reads(community, loaded)), at);
        self.held.apply(&changes);
        changes.len()
    }

    fn dues(&self) -> usize {
        self.held.due(&due_key(&laforce())).map_or(0, |due| due.all.len())
    }

    fn came_to(&self, consultation: RecordId, record: RecordId) -> Option<Told> {
        self.held.record(&Key::inside(&laforce(), consultation, record))?.told()
    }
}

/// What somebody says in a poll or a survey.
type Saying = fn(RecordId, RecordId, u8) -> Action;

/// Both a poll and a survey that are over: what opens, fills and ends each, and what it came to.
fn over() -> Vec<(Action, Saying, Action, Reached)> {
    let mut village = Village::new();
    let here = village.opened(1);
    let mut all = Vec::new();
    let answer: Saying = |here, id, choice| respond(here, id, if choice == 0 { "a" } else { "b" });
    for (opening, saying) in [(poll(here), cast as Saying), (survey(here), answer)] {
        let number = 2 + all.len() as u8;
        village.now = NOW;
        village.ok(&clerk(), number, &opening);
        let record = act(&clerk(), number, &opening).record();
        for voter in 0..45 {
            village.ok(&neighbour(voter), number, &saying(here, record, voter % 2));
        }
        village.now = NOW.plus(3 * DAY + 48 * HOUR);
        let ending = match opening {
            Action::OpenPoll(_) => Action::Count(Count { consultation: here, poll: record }),
            _ => Action::PublishResults(PublishResults { consultation: here, survey: record }),
        };
        assert_eq!(village.system(number, &ending), Outcome::Accepted);
        let result = village.came_to(here, record).unwrap();
        all.push((opening, saying, ending, Reached { consultation: here, record, result }));
    }
    all
}

#[test]
fn what_was_counted_is_not_counted_anew_from_what_happens_to_come_back() {
    for (at, (opening, saying, ending, reached)) in over().into_iter().enumerate() {
        let Reached { consultation, record, result } = reached.clone();
        let again = Again::Reached(reached);
        let number = 2 + at as u8;
        let later = NOW.plus(30 * DAY);
        // It stands in the restored database, as it was while people took part; or comes back later.
        for held in [true, false] {
            let mut village = Village::new();
            village.opened(1);
            if held {
                village.ok(&clerk(), number, &opening);
                village.again(&neighbour(0), 5, &saying(consultation, record, 0), NOW);
            }
            assert!(village.stands_again(&again, later) > 0);
            assert_eq!(village.stands_again(&again, later), 0, "once");
            if !held {
                assert_eq!(village.came_to(consultation, record), None);
                village.again(&clerk(), number, &opening, NOW);
            }
            for voter in 1..20 {
                village.again(&neighbour(voter), 5, &saying(consultation, record, 1), NOW);
            }
            assert_eq!(village.came_to(consultation, record), Some(result.clone()));
            assert_eq!(village.dues(), 0, "nobody counts it again");
            village.now = later;
            assert_eq!(village.system(6, &ending), refused(Refusal::AlreadyDone));
        }
    }
}

#[test]
fn an_appeal_that_was_decided_is_decided_the_same_and_its_words_come_back() {
    let first = |here, record| {
        let rule = "insult".parse().unwrap();
        Again::Hidden(Hide { consultation: here, record, rule }, Some(clerk().id))
    };
    let third = person("third", Role::Clerk);
    // What the restored database holds: all but the decision, the proposal alone, or nothing of it.
    for (holds, restored) in [(2, true), (2, false), (1, true), (1, false), (0, true), (0, false)] {
        let mut village = Village::new();
        village.rules(&["insult", "privacy"]);
        let here = village.opened(1);
        let record = act(&rose(), 2, &propose(here)).record();
        if holds > 0 {
            village.proposed(2, here);
        }
        if holds > 1 {
            village.ok(&clerk(), 3, &hide(here, record));
            village.ok(&rose(), 4, &appeal(here, record));
        }
        let at = NOW.plus(HOUR);
        village.stands_again(&first(here, record), NOW);
        let it = Decided { consultation: here, record, rule: "insult".parse().unwrap(), restored };
        assert!(village.stands_again(&Again::Decided(it.clone()), at) > 0);
        assert_eq!(village.stands_again(&first(here, record), NOW), 0, "it takes nothing back");
        assert_eq!(village.stands_again(&Again::Decided(it), at), 0);
        let state = if restored { HidingState::Restored } else { HidingState::Upheld };
        assert_eq!(village.traces(here, record), state);
        if holds == 0 {
            village.again(&rose(), 2, &propose(here), NOW);
        }
        assert_eq!(village.shown(here, record).is_some(), restored, "{holds}");
        if holds < 2 {
            village.again(&rose(), 4, &appeal(here, record), NOW);
        }
        // Whatever somebody else thinks of it now.
        let other = verdict(here, record, !restored);
        assert_eq!(village.act(&third, 6, &other), refused(Refusal::AlreadyDone));
        let told = |village: &Village| {
            let trail = village.trail_of(record).appeal.clone().unwrap();
            assert_eq!(village.item(record).hidden.as_ref().unwrap().appeal, Some(trail.clone()));
            trail.verdict.unwrap()
        };
        assert_eq!((told(&village).restored, told(&village).text), (restored, None));
        village.again(&colleague(), 5, &verdict(here, record, restored), at);
        assert_eq!(told(&village).text, Some(said("C’était son chien.")));
        village.again(&clerk(), 3, &hide(here, record), NOW);
        assert_eq!(village.traces(here, record), state);
        assert_eq!(village.shown(here, record).is_some(), restored);
        let hidden = matches!(village.trail_of(record).state, TrailState::Hidden(_));
        assert_eq!((hidden, village.trail_of(record).appeal.is_some()), (!restored, true));
    }
}

#[test]
fn a_decision_about_one_hiding_shows_nothing_that_another_hid() {
    let (mut village, here, record) = begun();
    let rule = |id: &str| id.parse().unwrap();
    let hide = Hide { consultation: here, record, rule: rule("privacy") };
    village.ok(&clerk(), 3, &Action::Hide(hide));
    let it = |id| Decided { consultation: here, record, rule: rule(id), restored: true };
    assert_eq!(village.stands_again(&Again::Decided(it("insult")), NOW.plus(HOUR)), 0);
    assert_eq!(village.stands_again(&Again::Decided(it("privacy")), NOW.plus(-HOUR)), 0, "before it");
    assert!(village.shown(here, record).is_none());
    assert!(village.stands_again(&Again::Decided(it("privacy")), NOW.plus(HOUR)) > 0);
}

#[test]
fn that_the_office_looks_first_stands_before_what_waited_for_it_comes_back() {
    let rules = &[("insult", "Insulte")];
    for (first, state) in [(true, DeskState::Awaiting), (false, DeskState::New)] {
        let mut village = Village::new();
        let here = village.opened(1);
        village.stands_again(&Again::LooksFirst(true), NOW.plus(HOUR));
        if !first {
            village.stands_again(&Again::LooksFirst(false), NOW.plus(2 * HOUR));
        }
        village.again(&rose(), 2, &propose(here), NOW.plus(3 * HOUR));
        let record = act(&rose(), 2, &propose(here)).record();
        assert_eq!((village.desk(record), village.shown(here, record).is_some()), (&state, !first));
        // What had appeared before that appears again.
        village.again(&rose(), 3, &propose(here), NOW);
        assert!(village.shown(here, act(&rose(), 3, &propose(here)).record()).is_some());
        // The office's words come back, and an older line says nothing any more.
        village.again(&clerk(), 4, &settled(rules, true), NOW.plus(HOUR));
        assert_eq!(village.stands_again(&Again::LooksFirst(!first), NOW.plus(HOUR)), 0);
        let lists = village.held.community(&Key::community(&laforce())).unwrap();
        assert_eq!(lists.premoderated_since, first.then(|| NOW.plus(HOUR)));
        assert_eq!(lists.rules.len(), 1);
    }
}

#[test]
fn what_was_shown_again_appears_also_where_the_office_looks_first() {
    let mut village = Village::new();
    let here = village.opened(1);
    let record = act(&rose(), 2, &propose(here)).record();
    let rule: crate::ids::RuleId = "insult".parse().unwrap();
    village.stands_again(&Again::LooksFirst(true), NOW.plus(-HOUR));
    let hide = Hide { consultation: here, record, rule: rule.clone() };
    village.stands_again(&Again::Hidden(hide, Some(clerk().id)), NOW);
    let it = Decided { consultation: here, record, rule, restored: true };
    village.stands_again(&Again::Decided(it), NOW.plus(HOUR));
    village.again(&rose(), 2, &propose(here), NOW);
    assert!(village.shown(here, record).is_some());
}
