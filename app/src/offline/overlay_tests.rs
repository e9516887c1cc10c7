use std::collections::BTreeMap;

use super::mirror::{Kept, Rows};
use super::overlay::{Look, foresee, view};
use super::testing::*;
use domain::authority::{Membership, Person, Role};
use domain::ids::{CommunityId, RecordId};
use domain::operations::{Action, Answer};
use domain::outbox::Item;
use domain::receipts::{Outcome, Refusal};
use domain::records::{DeskState, Record};
use domain::rules::Rules;
use domain::scopes::{Key, Scope};
use domain::text::Localized;
use domain::time::{DAY, Millis};

const CLOSES: i64 = 1_000_000;

const NOTHING: Look<'_, '_> = Look { find: &|_| None, asked_at: &|_| None, clock: Millis(0) };

fn community() -> CommunityId {
    "laforce".parse().unwrap()
}

fn kept(name: &str, seq: u64, json: &str) -> (String, Kept) {
    (name.to_owned(), Kept::read(name, &Kept::text(seq, Some(json))).unwrap())
}

fn rows<const N: usize>(all: [(String, Kept); N]) -> Rows {
    let mut rows = Rows::default();
    all.into_iter().for_each(|(name, kept)| rows.insert(name, kept));
    rows
}

fn held() -> BTreeMap<Scope, Rows> {
    let lists = r#"{"kind":"community","place":{"id":"laforce","slug":"laforce","name":"Laforce","type":"municipality","languages":["fr"]},"subjects":[{"id":"other","short":{"fr":"Autre"},"full":{"fr":"Autre"}}],"rules":[]}"#;
    let consultation = format!(
        r#"{{"kind":"consultation","id":"{CONSULTATION}","community":"laforce","title":{{"fr":"Le quai"}},"summary":{{"fr":"Quoi"}},"opened_at":0,"phases":[{{"phase":"contribute","from":0,"until":{CLOSES}}}],"grace":{CLOSES},"takes":["proposals"]}}"#
    );
    let public = rows([kept("laforce", 1, lists), kept(&CONSULTATION.to_string(), 2, &consultation)]);
    BTreeMap::from([(Scope::Community(community()), public)])
}

fn look(
    items: &[Item],
    me: Option<&Person>,
    now: i64,
    held: &BTreeMap<Scope, Rows>,
) -> (Vec<(bool, String)>, Option<Refusal>) {
    look_at(items, me, now, held, &|_| None)
}

/// The same, with when what is held of a scope was asked for.
fn look_at(
    items: &[Item],
    me: Option<&Person>,
    now: i64,
    held: &BTreeMap<Scope, Rows>,
    asked_at: &dyn Fn(&Scope) -> Option<Millis>,
) -> (Vec<(bool, String)>, Option<Refusal>) {
    let find = |key: &Key| held.get(&key.scope)?.get(&key.name);
    let foreseen = foresee(items, None, me, Millis(now), Look { find: &find, asked_at, clock: Millis(now) });
    let scope = Scope::Consultation(community(), CONSULTATION);
    let empty = Rows::default();
    let shown = view(&scope, held.get(&scope).unwrap_or(&empty), &foreseen);
    let titles = shown.iter().filter_map(|held| match &held.record {
        Record::Contribution(it) => Some((held.pending, it.title().to_string())),
        _ => None,
    });
    (titles.collect(), foreseen.refused.values().next().cloned())
}

#[test]
fn what_has_not_left_shows_as_pending_above_what_is_held() {
    let world = World::of("rose");
    let items = [world.seal(proposal("Un banc"))];
    let (shown, refused) = look(&items, Some(&person("rose")), 0, &held());
    assert_eq!((shown, refused), (vec![(true, "Un banc".to_owned())], None));
}

#[test]
fn what_was_written_before_signing_in_shows_as_it_will_be() {
    let world = World::empty();
    let items = [world.seal(proposal("Un banc"))];
    assert_eq!(look(&items, None, 0, &held()).0.len(), 1);
}

#[test]
fn the_device_says_why_it_will_be_refused() {
    let world = World::of("rose");
    let items = [world.seal(proposal("Un banc"))];
    let (shown, refused) = look(&items, Some(&person("rose")), CLOSES * 3, &held());
    assert!(shown.is_empty());
    assert_eq!(refused, Some(Refusal::Closed { since: Millis(CLOSES * 2) }));

    let mut stranger = person("rose");
    stranger.memberships.clear();
    assert_eq!(look(&items, Some(&stranger), 0, &held()).1, Some(Refusal::NotPermitted));
}

#[test]
fn what_was_taken_back_before_it_left_shows_nowhere() {
    let world = World::of("rose");
    let first = world.seal(proposal("Un banc"));
    let second = world.seal(withdrawal(first.entry().unwrap().record()));
    let (shown, refused) = look(&[first, second], Some(&person("rose")), 0, &held());
    assert_eq!((shown, refused), (vec![], None));
}

#[test]
fn what_was_accepted_stands_until_it_is_pulled_and_is_the_servers_from_then_on() {
    let world = World::of("rose");
    let item = world.seal(proposal("Un banc"));
    world.settle(&world.sender(), 5);
    let item = [world.item(item.op)];
    assert!(matches!(item[0].receipt.as_ref().unwrap().read().unwrap().outcome, Outcome::Accepted));
    let at = item[0].receipted_at.unwrap();
    let here = Scope::Consultation(community(), CONSULTATION);
    let shown = |now: Millis, asked: Millis| {
        let asked_at = |scope: &Scope| (*scope == here).then_some(asked);
        look_at(&item, Some(&person("rose")), now.0, &held(), &asked_at).0
    };
    // The consultation is over long since: that is no longer asked.
    assert_eq!(shown(at, at.plus(-1)), [(false, "Un banc".to_owned())], "sent, and not pulled");
    assert!(shown(at, at).is_empty(), "what is held was asked for afterwards");
    assert!(shown(at.plus(2 * DAY), at.plus(-1)).is_empty(), "it cannot be pulled");
    assert!(look(&item, Some(&person("rose")), at.0, &held()).0.is_empty(), "nothing is held");
}

#[test]
fn without_the_consultation_nothing_is_guessed() {
    let world = World::of("rose");
    let items = [world.seal(proposal("Un banc"))];
    assert_eq!(look(&items, Some(&person("rose")), 0, &BTreeMap::new()), (vec![], None));
}

#[test]
fn the_newest_come_first_and_what_is_gone_does_not_come() {
    let scope = Scope::Consultation(community(), CONSULTATION);
    let row = |name, seq| kept(name, seq, r#"{"kind":"motion"}"#);
    let gone = ("c".to_owned(), Kept::read("c", &Kept::text(9, None)).unwrap());
    let rows = rows([row("a", 1), row("b", 3), gone, row("d", 2)]);
    let shown = view(&scope, &rows, &foresee(&[], None, None, Millis(0), NOTHING));
    assert_eq!(shown.iter().map(|held| held.name.as_str()).collect::<Vec<_>>(), ["b", "d", "a"]);
}

#[test]
fn an_office_that_holds_only_its_desk_sees_its_answers_before_they_leave() {
    let world = World::of("clerk");
    let record = RecordId([1; 16]);
    let item = format!(
        r#"{{"kind":"desk_item","contribution":{{"id":"{record}","consultation":"{CONSULTATION}","what":{{"proposal":{{"title":"Un banc","subject":"other"}}}},"week":0,"signed":"resident"}},"person":"rose","name":"Rose","receipt":"ABC","received_at":1,"written_at":1,"state":"new"}}"#
    );
    let mut held = held();
    let desk = Scope::Desk(community());
    held.insert(desk.clone(), rows([kept(&record.to_string(), 1, &item)]));
    let text = Localized::new([("fr".parse().unwrap(), "Oui.".parse().unwrap())]).unwrap();
    let answer = world.seal(Action::Answer(Answer { consultation: CONSULTATION, record, text }));
    let clerk = Membership { community: community(), role: Role::Clerk };
    let clerk = Person { memberships: vec![clerk], ..person("clerk") };
    let find = |key: &Key| held.get(&key.scope)?.get(&key.name);
    let foreseen =
        foresee(&[answer], Some(Rules::ALL), Some(&clerk), Millis(5), Look { find: &find, ..NOTHING });
    let shown = view(&desk, &held[&desk], &foreseen);
    let Record::DeskItem(item) = &shown[0].record else { panic!("{shown:?}") };
    assert!(shown[0].pending && item.state == DeskState::Answered && item.contribution.answer.is_some());
}
