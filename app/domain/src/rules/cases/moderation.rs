//! Flags, hidings, appeals: what each view says of them, and who may not.

use super::*;
use crate::authority::may_pull;
use crate::operations::{
    Appeal, Blot, Comment, DecideAppeal, Flag, Hide, Keep, RuleText, SettleRules, Stance,
};
use crate::records::{Contribution, DeskItem, Flags, HidingState, Trail};
use crate::rules::flags::flags_key;
use crate::rules::moderation::{hide_again, log_key};
use crate::rules::support::counts;

pub(super) fn neighbour(number: usize) -> Person {
    person(&format!("neighbour-{number}"), Role::Participant)
}

pub(super) fn colleague() -> Person {
    person("colleague", Role::Clerk)
}

fn flag(consultation: RecordId, record: RecordId, rule: &str, text: Option<&str>) -> Action {
    let text = text.map(|text| text.parse().unwrap());
    Action::Flag(Flag { consultation, record, rule: rule.parse().unwrap(), text })
}

pub(super) fn hide(consultation: RecordId, record: RecordId) -> Action {
    Action::Hide(Hide { consultation, record, rule: "insult".parse().unwrap() })
}

pub(super) fn appeal(consultation: RecordId, record: RecordId) -> Action {
    Action::Appeal(Appeal { consultation, record, text: "Je parlais de mon chien.".parse().unwrap() })
}

pub(super) fn verdict(consultation: RecordId, record: RecordId, restored: bool) -> Action {
    Action::DecideAppeal(DecideAppeal { consultation, record, restored, text: said("C’était son chien.") })
}

pub(super) fn refused(refusal: Refusal) -> Outcome {
    Outcome::Refused(refusal)
}

/// A proposal of Rose in a community with two rules.
pub(super) fn begun() -> (Village, RecordId, RecordId) {
    let mut village = Village::new();
    village.rules(&["insult", "privacy"]);
    let here = village.opened(1);
    let record = village.proposed(2, here);
    (village, here, record)
}

impl Village {
    pub(super) fn ok(&mut self, person: &Person, number: u8, action: &Action) {
        assert_eq!(self.act(person, number, action), Outcome::Accepted, "{action:?}");
    }

    pub(super) fn pointed_at(&self, record: RecordId) -> Option<&Flags> {
        self.held.flags(&flags_key(&laforce(), record))
    }

    pub(super) fn shown(&self, here: RecordId, record: RecordId) -> Option<&Contribution> {
        self.held.contribution(&Key::inside(&laforce(), here, record))
    }

    pub(super) fn item(&self, record: RecordId) -> &DeskItem {
        self.held.desk_item(&desk_key(&laforce(), record)).unwrap()
    }

    pub(super) fn trail_of(&self, record: RecordId) -> &Trail {
        self.held.trail(&trail_key(&rose().id, record)).unwrap()
    }

    /// What both public traces say became of the hiding.
    pub(super) fn traces(&self, here: RecordId, record: RecordId) -> HidingState {
        let [beside, logged] = [hiding_key(&laforce(), here, record), log_key(&laforce(), record)]
            .map(|key| self.held.hiding(&key).unwrap().clone());
        assert_eq!((beside.rule, beside.week, beside.act), (logged.rule, logged.week, logged.act));
        assert_eq!((beside.consultation, logged.consultation), (None, Some(here)));
        assert_eq!(beside.state, logged.state);
        logged.state
    }

    /// Everything that changes, by the scopes that a person may pull.
    pub(super) fn pulled(&mut self, viewer: &Person, actor: &Person, number: u8, action: &Action) -> String {
        let Decision::Decided { changes, outcome, .. } = self.decision(actor, number, action, None) else {
            panic!("it waits");
        };
        assert_eq!(outcome, Outcome::Accepted);
        self.held.apply(&changes);
        let seen = changes.iter().filter(|change| may_pull(Some(viewer), &change.key.scope));
        seen.map(|it| format!("{} {}\n", it.key.name, serde_json::to_string(&it.record).unwrap())).collect()
    }
}

#[test]
fn the_office_learns_what_is_pointed_at_and_nobody_who_did() {
    let (mut village, here, record) = begun();
    let scene = flag(here, record, "insult", Some("Deuxième ligne."));
    // Neither the office nor the author nor anybody else.
    for (number, viewer) in [(3, clerk()), (4, rose()), (5, neighbour(9))] {
        let who = neighbour(number);
        let seen = village.pulled(&viewer, &who, u8::try_from(number).unwrap(), &scene);
        assert!(!seen.contains(who.id.as_str()), "{seen}");
        assert_eq!(seen.is_empty(), viewer.id != clerk().id, "nothing at all changes for others: {seen}");
    }
    let flags = village.pointed_at(record).unwrap();
    assert_eq!(flags.all.len(), 3);
    assert!(flags.all.is_sorted_by_key(|flag| flag.flag), "not in the order in which they came");
    assert_eq!(flags.all[0].text.as_ref().unwrap().as_str(), "Deuxième ligne.");
    let own = village.held.trail(&trail_key(&neighbour(3).id, act(&neighbour(3), 3, &scene).record()));
    assert_eq!((own.unwrap().record, &own.unwrap().title), (record, &None));
}

#[test]
fn a_person_counts_once_however_often_they_point() {
    let (mut village, here, record) = begun();
    village.ok(&neighbour(1), 3, &flag(here, record, "insult", None));
    village.ok(&neighbour(1), 4, &flag(here, record, "privacy", Some("Et ceci.")));
    let flags = &village.pointed_at(record).unwrap().all;
    assert_eq!((flags.len(), flags[0].rule.as_str(), &flags[0].text), (1, "insult", &None));
    // After a restore too.
    village.again(&neighbour(1), 3, &flag(here, record, "insult", None), NOW);
    assert_eq!(village.pointed_at(record).unwrap().all.len(), 1);
}

#[test]
fn what_is_gone_or_breaks_no_rule_of_the_list_is_not_pointed_at() {
    let (mut village, here, record) = begun();
    let unlisted = flag(here, record, "boring", None);
    assert_eq!(village.act(&neighbour(1), 3, &unlisted), refused(Refusal::UnknownRule));
    village.ok(&clerk(), 4, &hide(here, record));
    let late = flag(here, record, "insult", None);
    assert_eq!(village.act(&neighbour(1), 5, &late), refused(Refusal::AlreadyHidden));
    let other = village.proposed(6, here);
    village.ok(&rose(), 7, &withdraw(here, other));
    assert_eq!(
        village.act(&neighbour(1), 8, &flag(here, other, "insult", None)),
        refused(Refusal::AlreadyWithdrawn)
    );
    assert_eq!(village.act(&clerk(), 9, &flag(here, record, "insult", None)), refused(Refusal::NotPermitted));
    assert!(village.pointed_at(record).is_none() && village.pointed_at(other).is_none());
    let nowhere = RecordId([7; 16]);
    assert_eq!(village.wait(&neighbour(1), 10, &flag(here, nowhere, "insult", None)), nowhere);
}

#[test]
fn what_the_office_lets_stand_is_what_it_looked_at() {
    let (mut village, here, record) = begun();
    village.ok(&neighbour(1), 3, &flag(here, record, "insult", None));
    let looked: Vec<RecordId> = village.pointed_at(record).unwrap().all.iter().map(|it| it.flag).collect();
    village.ok(&neighbour(2), 4, &flag(here, record, "privacy", None));
    let before = village.shown(here, record).cloned();
    let keep = Action::Keep(Keep { consultation: here, record, flags: looked });
    village.ok(&clerk(), 5, &keep);
    let kept: Vec<_> =
        village.pointed_at(record).unwrap().all.iter().map(|it| (it.rule.as_str(), it.kept)).collect();
    assert!(kept.contains(&("insult", true)) && kept.contains(&("privacy", false)), "{kept:?}");
    assert_eq!(village.shown(here, record).cloned(), before);
    assert_eq!(village.act(&neighbour(1), 6, &keep), refused(Refusal::NotPermitted));
}

#[test]
fn erasing_takes_the_words_of_a_flag_and_the_flags_of_what_is_erased() {
    let (mut village, here, record) = begun();
    let scene = flag(here, record, "insult", Some("Mon voisin."));
    village.ok(&neighbour(1), 3, &scene);
    let key = flags_key(&laforce(), record);
    let flags = Record::Flags(village.pointed_at(record).unwrap().clone());
    let own = act(&neighbour(1), 3, &scene).record();
    assert!(erasure::concerns(own, &key, &flags) && erasure::concerns(record, &key, &flags));
    let Some(Change { record: Some(Record::Flags(left)), .. }) = erasure::erase(own, &key, &flags) else {
        panic!("it stays without the words");
    };
    assert!(left.all.is_empty());
    assert_eq!(erasure::erase(record, &key, &flags), Some(Change::remove(key)));
}

#[test]
fn an_appeal_is_decided_by_a_second_person_and_what_is_restored_is_as_it_was() {
    let (mut village, here, record) = begun();
    for number in 0..5 {
        village.ok(&neighbour(number), 3, &super::support::given(here, record, true));
    }
    let blot = Action::Blot(Blot {
        consultation: here,
        record,
        words: vec!["banc".parse().unwrap()],
        photos: vec![],
        covers: vec![],
    });
    village.ok(&clerk(), 4, &blot);
    let (before, item) = (village.shown(here, record).cloned().unwrap(), village.item(record).clone());
    let number = counts(&laforce(), here, record).public;
    let supports = village.held.supports(&number).cloned();
    village.ok(&clerk(), 5, &hide(here, record));
    assert_eq!(village.traces(here, record), HidingState::Hidden);
    village.ok(&rose(), 6, &appeal(here, record));
    assert_eq!(village.traces(here, record), HidingState::Appealed);
    assert_eq!(village.act(&clerk(), 7, &verdict(here, record, true)), refused(Refusal::SecondPerson));
    assert!(village.shown(here, record).is_none());
    village.ok(&colleague(), 8, &verdict(here, record, true));
    assert_eq!(village.traces(here, record), HidingState::Restored);
    assert_eq!(village.shown(here, record), Some(&before), "with what was blotted out");
    assert_eq!(village.held.supports(&number).cloned(), supports);
    assert_eq!(
        (&village.item(record).state, &village.item(record).contribution),
        (&item.state, &item.contribution)
    );
    let told = village.trail_of(record);
    assert_eq!(told.state, TrailState::Received);
    assert!(told.appeal.as_ref().unwrap().verdict.as_ref().unwrap().restored);
    // Decided once; and not hidden by the same rule again.
    assert_eq!(village.act(&colleague(), 9, &verdict(here, record, false)), refused(Refusal::AlreadyDone));
    assert_eq!(village.act(&clerk(), 10, &hide(here, record)), refused(Refusal::AlreadyDone));
    assert_eq!(village.shown(here, record), Some(&before));
    // By another it is, and that can be appealed too.
    let other = Action::Hide(Hide { consultation: here, record, rule: "privacy".parse().unwrap() });
    village.ok(&clerk(), 11, &other);
    village.ok(&rose(), 12, &appeal(here, record));
    assert_eq!(village.traces(here, record), HidingState::Appealed);
}

#[test]
fn what_is_upheld_stays_hidden_and_its_author_reads_why() {
    let (mut village, here, record) = begun();
    village.ok(&clerk(), 3, &hide(here, record));
    village.ok(&rose(), 4, &appeal(here, record));
    village.ok(&colleague(), 5, &verdict(here, record, false));
    assert!(village.shown(here, record).is_none());
    assert_eq!(village.traces(here, record), HidingState::Upheld);
    let told = village.trail_of(record);
    assert_eq!(told.state, TrailState::Hidden("insult".parse().unwrap()));
    let appeal_made = told.appeal.clone().unwrap();
    assert_eq!(appeal_made.verdict.as_ref().unwrap().text, Some(said("C’était son chien.")));
    assert_eq!(village.item(record).hidden.as_ref().unwrap().appeal, Some(appeal_made));
    assert_eq!(village.act(&rose(), 6, &appeal(here, record)), refused(Refusal::AlreadyDone));
}

#[test]
fn an_appeal_is_its_authors_and_made_once_against_something_hidden() {
    let (mut village, here, record) = begun();
    assert_eq!(village.act(&rose(), 3, &appeal(here, record)), refused(Refusal::NotHidden));
    village.ok(&clerk(), 4, &hide(here, record));
    assert_eq!(village.act(&neighbour(1), 5, &appeal(here, record)), refused(Refusal::NotYours));
    assert_eq!(village.act(&colleague(), 6, &verdict(here, record, true)), refused(Refusal::NothingAppealed));
    village.ok(&rose(), 7, &appeal(here, record));
    assert_eq!(village.act(&rose(), 8, &appeal(here, record)), refused(Refusal::AlreadyDone));
    assert_eq!(village.act(&rose(), 9, &verdict(here, record, true)), refused(Refusal::NotPermitted));
    // The trail of another act of one's own about it is no contribution.
    let own = act(&rose(), 7, &appeal(here, record)).record();
    assert_eq!(village.act(&rose(), 10, &appeal(here, own)), refused(Refusal::NotYours));
    let other = village.proposed(11, here);
    assert_eq!(village.act(&colleague(), 12, &verdict(here, other, true)), refused(Refusal::NotHidden));
}

#[test]
fn whoever_wrote_it_decides_nothing_at_the_desk_either() {
    let (mut village, here, on) = begun();
    // Somebody of the office who lives here, and comments as anybody.
    let mut both = colleague();
    both.memberships.push(Membership { community: laforce(), role: Role::Participant });
    let text = "Pas d’accord.".parse().unwrap();
    let comment = Action::Comment(Comment { consultation: here, on, stance: Stance::Against, text });
    village.ok(&both, 3, &comment);
    let record = act(&both, 3, &comment).record();
    village.ok(&clerk(), 4, &hide(here, record));
    village.ok(&both, 5, &appeal(here, record));
    assert_eq!(village.act(&both, 6, &verdict(here, record, true)), refused(Refusal::SecondPerson));
    assert_eq!(
        village.held.hiding(&log_key(&laforce(), record)).unwrap().act,
        Some(crate::operations::Kind::Comment)
    );
}

#[test]
fn the_log_tells_neither_the_words_nor_their_author_nor_the_day() {
    let (mut village, here, record) = begun();
    village.now = NOW.plus(2 * DAY + HOUR);
    let mut seen = String::new();
    for (number, actor, action) in [
        (3, clerk(), hide(here, record)),
        (4, rose(), appeal(here, record)),
        (5, colleague(), verdict(here, record, false)),
    ] {
        seen += &village.pulled(&neighbour(1), &actor, number, &action);
    }
    for told in ["rose", "banc", "chien", "clerk", "colleague", &village.now.0.to_string()] {
        assert!(!seen.contains(told), "{told}: {seen}");
    }
    assert!(seen.contains(&NOW.0.to_string()), "the week: {seen}");
}

#[test]
fn words_are_blotted_out_of_what_is_hidden_before_it_is_shown_again() {
    let (mut village, here, record) = begun();
    village.ok(&clerk(), 3, &hide(here, record));
    let blot = Action::Blot(Blot {
        consultation: here,
        record,
        words: vec!["banc".parse().unwrap()],
        photos: vec![],
        covers: vec![],
    });
    village.ok(&clerk(), 4, &blot);
    village.ok(&rose(), 5, &appeal(here, record));
    village.ok(&colleague(), 6, &verdict(here, record, true));
    assert_eq!(village.shown(here, record).unwrap().title().as_str(), "Un ▒▒▒");
    assert_eq!(village.item(record).contribution.title().as_str(), "Un banc");
}

#[test]
fn what_comes_back_after_a_restore_ends_as_it_did_in_whatever_order() {
    // The restored database holds the proposal alone; the log beside it hides it again.
    let (mut village, here, record) = begun();
    let it = Hide { consultation: here, record, rule: "insult".parse().unwrap() };
    let changes = hide_again(&laforce(), &it, Some(clerk().id), &village.held, NOW);
    assert!(!changes.is_empty());
    village.held.apply(&changes);
    let waits = |village: &mut Village, who: &Person, number, action: &Action| {
        let receipt = accepted(who, number, action, NOW);
        let decision = village.decision(who, number, action, Some(&receipt));
        assert_eq!(decision, Decision::Waiting(Missing::Record(record)));
    };
    waits(&mut village, &colleague(), 5, &verdict(here, record, true));
    assert_eq!(village.act(&clerk(), 9, &verdict(here, record, true)), refused(Refusal::NothingAppealed));
    village.again(&rose(), 4, &appeal(here, record), NOW);
    assert_eq!(village.act(&clerk(), 9, &verdict(here, record, true)), refused(Refusal::SecondPerson));
    village.again(&colleague(), 5, &verdict(here, record, true), NOW);
    // The first hiding comes last, and takes nothing back.
    village.again(&clerk(), 3, &hide(here, record), NOW);
    assert!(village.shown(here, record).is_some());
    assert!(hide_again(&laforce(), &it, None, &village.held, NOW).is_empty());

    // Nothing but the log: not even the proposal. It is hidden when it comes, and nobody knows by whom until
    // the hiding comes too.
    let mut village = Village::new();
    village.rules(&["insult"]);
    let here = village.opened(1);
    village.held.apply(&hide_again(&laforce(), &it, None, &village.held, NOW));
    waits(&mut village, &rose(), 4, &appeal(here, record));
    village.again(&rose(), 2, &propose(here), NOW);
    assert_eq!(village.desk(record), &DeskState::Hidden("insult".parse().unwrap()));
    village.again(&clerk(), 3, &hide(here, record), NOW);
    assert_eq!(village.item(record).hidden.as_ref().unwrap().person, Some(clerk().id));
    village.again(&rose(), 4, &appeal(here, record), NOW);
    assert_eq!(village.act(&clerk(), 7, &verdict(here, record, true)), refused(Refusal::SecondPerson));
}

fn settle(rules: &[(&str, &str)]) -> Action {
    settled(rules, false)
}

pub(super) fn settled(rules: &[(&str, &str)], premoderated: bool) -> Action {
    let rule = |(id, name): &(&str, &str)| RuleText {
        id: id.parse().unwrap(),
        label: said(name),
        explanation: said("Voir le règlement."),
    };
    Action::SettleRules(SettleRules {
        rules: rules.iter().map(rule).collect(),
        premoderated: Some(premoderated),
    })
}

#[test]
fn the_office_writes_its_rules_and_what_was_hidden_keeps_the_name_of_its_own() {
    let (mut village, here, record) = begun();
    village.ok(&clerk(), 3, &hide(here, record));
    village.ok(&colleague(), 4, &settle(&[("privacy", "Vie privée"), ("publicity", "Publicité")]));
    let lists = village.held.community(&Key::community(&laforce())).unwrap().clone();
    let applied: Vec<&str> = lists.applied().map(|rule| rule.id.as_str()).collect();
    assert_eq!(applied, ["privacy", "publicity"]);
    assert!(lists.rule(&"insult".parse().unwrap()).unwrap().retired);
    assert_eq!(lists.rule(&"privacy".parse().unwrap()).unwrap().label, said("Vie privée"));
    assert_eq!(lists.subjects.len(), 1);
    let other = village.proposed(5, here);
    assert_eq!(village.act(&clerk(), 6, &hide(here, other)), refused(Refusal::UnknownRule));
    assert_eq!(
        village.act(&neighbour(1), 7, &flag(here, other, "insult", None)),
        refused(Refusal::UnknownRule)
    );
    // Taken up again.
    village.ok(&clerk(), 8, &settle(&[("insult", "Insulte")]));
    village.ok(&clerk(), 9, &hide(here, other));
    assert_eq!(village.act(&rose(), 10, &settle(&[("insult", "x")])), refused(Refusal::NotPermitted));
}

#[test]
fn older_rules_that_come_back_after_a_restore_do_not_replace_newer_ones() {
    let (mut village, ..) = begun();
    village.now = NOW.plus(2 * HOUR);
    village.ok(&clerk(), 3, &settle(&[("insult", "Nouvelle")]));
    village.again(&clerk(), 4, &settle(&[("insult", "Ancienne")]), NOW.plus(HOUR));
    let name = |village: &Village| {
        let lists = village.held.community(&Key::community(&laforce())).unwrap();
        lists.rule(&"insult".parse().unwrap()).unwrap().label.clone()
    };
    assert_eq!(name(&village), said("Nouvelle"));
    village.again(&clerk(), 5, &settle(&[("insult", "Dernière")]), NOW.plus(3 * HOUR));
    assert_eq!(name(&village), said("Dernière"));
}
