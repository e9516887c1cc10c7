use std::collections::BTreeMap;
use std::rc::Rc;

use futures::FutureExt;
use proptest::prelude::*;

use super::memory::{Fault, MemoryStore};
use super::mirror::{Mirror, Rows, pictures_of};
use super::pull::{PullError, Puller, SCOPE_BYTES};
use super::store::{DeviceStore, StoreError, Table};
use super::testing::*;
use super::{evict, session};
use domain::ids::{Hash, RecordId};
use domain::pictures::THUMB_MAX;
use domain::scopes::Scope;
use domain::time::Millis;

fn puller(world: &World) -> Puller<MemoryStore, Server> {
    Puller::new(Rc::new(world.store.clone()), world.server.clone(), world.lab.clone())
}

fn record(number: u64) -> String {
    format!(r#"{{"kind":"motion","number":{number}}}"#)
}

fn scope() -> Scope {
    "public/laforce".parse().unwrap()
}

/// What is held, as name and text.
fn held(rows: &Rows) -> BTreeMap<String, String> {
    let live = rows.iter().filter_map(|(name, kept)| Some((name.clone(), kept.record()?)));
    live.map(|(name, record)| (name, serde_json::to_string(record).unwrap())).collect()
}

fn there(server: &Server) -> BTreeMap<String, String> {
    let feed = server.feed.borrow();
    feed.iter().filter_map(|(name, (_, record))| Some((name.clone(), record.clone()?))).collect()
}

fn shown(world: &World) -> BTreeMap<String, String> {
    held(&block_on(Mirror::load(&world.store, &scope())).unwrap().shown)
}

#[test]
fn the_newest_is_there_after_one_page_and_everything_in_the_end() {
    let world = World::empty();
    (0..25).for_each(|n| world.server.put(&n.to_string(), Some(&record(n))));
    world.server.page.set(10);
    let puller = puller(&world);
    let turn = block_on(puller.pull(&scope(), None)).unwrap();
    assert!(turn.more && turn.changed);
    assert!(shown(&world).contains_key("24") && !shown(&world).contains_key("14"));
    block_on(puller.catch_up(&scope())).unwrap();
    assert_eq!(shown(&world), there(&world.server));
    let row = puller.mirror(&scope()).unwrap().row.clone();
    assert!(row.shown.as_ref().is_some_and(|copy| copy.complete && copy.before.is_none()));
}

#[test]
fn a_larger_scope_is_held_as_its_newest_part_and_followed() {
    let world = World::empty();
    (0..40).for_each(|n| world.server.put(&n.to_string(), Some(&record(n))));
    world.server.page.set(10);
    let puller = puller(&world).with_limit(600);
    block_on(puller.catch_up(&scope())).unwrap();
    assert!(shown(&world).len() < 40);
    (40..60).for_each(|n| world.server.put(&n.to_string(), Some(&record(n))));
    block_on(puller.catch_up(&scope())).unwrap();
    let mirror = puller.mirror(&scope()).unwrap().clone();
    let copy = mirror.row.shown.unwrap();
    assert!(!copy.complete && copy.bytes <= 600);
    assert_eq!(copy.bytes, mirror.shown.values().map(|kept| kept.bytes).sum::<u64>());
    assert!(shown(&world).contains_key("59") && !shown(&world).contains_key("0"));
}

#[test]
fn an_older_page_from_a_cache_brings_nothing_back() {
    let world = World::empty();
    (0..25).for_each(|n| world.server.put(&n.to_string(), Some(&record(n))));
    world.server.page.set(10);
    world.server.remember();
    world.server.put("3", None);
    world.server.put("4", Some(&record(400)));
    block_on(puller(&world).catch_up(&scope())).unwrap();
    assert_eq!(shown(&world), there(&world.server));
}

#[test]
fn in_a_new_life_the_old_copy_shows_until_the_new_one_is_whole() {
    let world = World::empty();
    (0..25).for_each(|n| world.server.put(&n.to_string(), Some(&record(n))));
    world.server.page.set(10);
    let puller = puller(&world);
    block_on(puller.catch_up(&scope())).unwrap();
    let before = shown(&world);
    world.server.epoch.set(1);
    world.server.feed.borrow_mut().retain(|name, _| name.len() == 2);
    for _ in 0..1 {
        assert!(block_on(puller.pull(&scope(), None)).unwrap().more);
        assert_eq!(shown(&world), before);
    }
    block_on(puller.catch_up(&scope())).unwrap();
    assert_eq!(shown(&world), there(&world.server));
    assert_eq!(shown(&world).len(), 15);
    let keys = block_on(super::store::DeviceStore::range(&world.store, super::store::Table::Records, ""));
    assert_eq!(keys.unwrap().len(), 15, "nothing of the old copy stays");
}

#[test]
fn dying_at_any_commit_goes_on_where_it_was() {
    for fault in [Fault::DiesBefore, Fault::DiesAfter, Fault::Fails(StoreError::Full)] {
        for at in 0..5 {
            let world = World::empty();
            (0..25).for_each(|n| world.server.put(&n.to_string(), Some(&record(n))));
            world.server.page.set(10);
            world.store.fail(at, fault);
            let _ = puller(&world).catch_up(&scope()).now_or_never();
            world.store.heal();
            world.server.put("3", None);
            block_on(puller(&world).catch_up(&scope())).unwrap();
            assert_eq!(shown(&world), there(&world.server), "{fault:?} at {at}");
        }
    }
}

#[test]
fn a_page_of_somebody_who_signed_out_meanwhile_is_not_kept() {
    let world = World::of("rose");
    world.server.put("a", Some(&record(1)));
    let store = world.store.clone();
    let signs_out = move || block_on_inner(&store);
    *world.server.meanwhile.borrow_mut() = Some(Box::new(signs_out));
    let kept = block_on(puller(&world).pull(&person_scope("rose"), None));
    assert_eq!(kept, Err(PullError::Store(StoreError::Conflict)));
    assert!(block_on(Mirror::load(&world.store, &person_scope("rose"))).unwrap().row.shown.is_none());
}

/// An executor does not run within itself; nothing here ever has to wait.
fn block_on_inner(store: &MemoryStore) {
    session::change(store, None).now_or_never().unwrap().unwrap();
}

#[test]
fn two_that_pull_the_same_scope_do_each_other_no_harm() {
    let world = World::empty();
    (0..25).for_each(|n| world.server.put(&n.to_string(), Some(&record(n))));
    world.server.page.set(10);
    let (one, two) = (puller(&world), puller(&world));
    block_on(one.pull(&scope(), None)).unwrap();
    block_on(two.load(&scope())).unwrap();
    block_on(one.pull(&scope(), None)).unwrap();
    let late = block_on(two.pull(&scope(), None));
    assert_eq!(late, Err(PullError::Store(StoreError::Conflict)));
    block_on(two.catch_up(&scope())).unwrap();
    assert_eq!(shown(&world), there(&world.server));
}

#[test]
fn the_scope_that_nobody_looked_at_for_longest_goes_first_and_whole() {
    let world = World::empty();
    (0..10).for_each(|n| world.server.put(&n.to_string(), Some(&record(n))));
    let puller = puller(&world);
    let scopes: Vec<Scope> =
        ["public/a", "public/b", "public/c", "territory"].map(|scope| scope.parse().unwrap()).into();
    for (at, scope) in scopes.iter().enumerate() {
        block_on(puller.catch_up(scope)).unwrap();
        block_on(evict::touch(&world.store, scope, Millis(100 - at as i64))).unwrap();
    }
    block_on(evict::keep_picture(&world.store, &scopes[1], "x", vec![0; 50])).unwrap();
    let each = block_on(evict::usage(&world.store)).unwrap();
    assert_eq!(each[1].bytes, each[0].bytes + 50);
    // What calls itself small and is not takes no room.
    block_on(evict::keep_picture(&world.store, &scopes[0], "y", vec![0; 20_481])).unwrap();
    assert_eq!(block_on(evict::usage(&world.store)).unwrap()[0].bytes, each[0].bytes);
    block_on(evict::keep_picture(&world.store, &scopes[2], "z", vec![0; 20_480])).unwrap();
    let full = block_on(evict::usage(&world.store)).unwrap();
    assert_eq!(full[2].bytes, each[2].bytes + 20_480);
    let total: u64 = each.iter().map(|used| used.bytes).sum();
    let keep = [scopes[3].clone()];
    let gone = block_on(evict::evict(&world.store, &keep, total - 1)).unwrap();
    assert_eq!(gone, [scopes[2].clone()]);
    let gone = block_on(evict::evict(&world.store, &keep, 0)).unwrap();
    assert_eq!(gone, [scopes[1].clone(), scopes[0].clone()]);
    let left = block_on(evict::usage(&world.store)).unwrap();
    assert_eq!(left.iter().map(|used| &used.scope).collect::<Vec<_>>(), [&scopes[3]]);
}

#[test]
fn pictures_share_the_room_of_their_scope() {
    let world = World::empty();
    world.server.put("1", Some(&record(1)));
    let puller = puller(&world);
    block_on(puller.catch_up(&scope())).unwrap();
    let used = || block_on(evict::usage(&world.store)).unwrap()[0].bytes;
    let fit = (SCOPE_BYTES - used()) / THUMB_MAX;
    let records = used();
    for number in 0..fit + 3 {
        let picture = vec![0; usize::try_from(THUMB_MAX).unwrap()];
        block_on(evict::keep_picture(&world.store, &scope(), &number.to_string(), picture)).unwrap();
    }
    assert_eq!(used(), records + fit * THUMB_MAX);
    let rest = usize::try_from(SCOPE_BYTES - used()).unwrap();
    block_on(evict::keep_picture(&world.store, &scope(), "last", vec![0; rest])).unwrap();
    assert_eq!(used(), SCOPE_BYTES);
}

#[test]
fn what_goes_takes_its_pictures_along() {
    let world = World::empty();
    let [full, thumb, other] = [1, 2, 3].map(|byte| Hash([byte; 32]));
    let proposal = |thumb: Hash| {
        format!(
            r#"{{"kind":"contribution","id":"{}","consultation":"{}","what":{{"proposal":{{"title":"Un quai",
               "subject":"other","photos":[{{"full":"{full}","thumb":"{thumb}"}}]}}}},"week":1,"signed":"resident"}}"#,
            RecordId([1; 16]),
            RecordId([2; 16]),
        )
    };
    let puller = puller(&world);
    let held = |hash: Hash| {
        let key = [pictures_of(&scope()), hash.to_string()].concat();
        block_on(world.store.get(Table::Files, &key)).unwrap().is_some()
    };
    let keep = |hash: Hash| {
        block_on(evict::keep_picture(&world.store, &scope(), &hash.to_string(), vec![0; 9])).unwrap();
        assert!(held(hash));
    };
    world.server.put("1", Some(&proposal(thumb)));
    block_on(puller.catch_up(&scope())).unwrap();
    keep(thumb);
    world.server.put("1", Some(&proposal(other)));
    block_on(puller.catch_up(&scope())).unwrap();
    assert!(!held(thumb), "another picture took its place");
    keep(other);
    world.server.put("1", None);
    block_on(puller.catch_up(&scope())).unwrap();
    assert!(!held(other), "it was hidden");
}

#[derive(Clone, Debug)]
enum Event {
    Put(u8, bool),
    Pull,
    Restart,
    NewLife,
    CacheOn,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => (0..30u8, prop::bool::weighted(0.7)).prop_map(|(name, live)| Event::Put(name, live)),
        6 => Just(Event::Pull),
        1 => Just(Event::Restart),
        1 => Just(Event::NewLife),
        1 => Just(Event::CacheOn),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400 * scale(), failure_persistence: None, ..ProptestConfig::default() })]
    /// Whatever changes between two pages, in the end exactly what the server has is held.
    #[test]
    fn a_device_ends_with_exactly_what_the_server_has(
        start in 0..40u64,
        page in 1..12usize,
        events in prop::collection::vec(event(), 0..60),
    ) {
        let world = World::empty();
        (0..start).for_each(|n| world.server.put(&(n % 30).to_string(), Some(&record(n))));
        world.server.page.set(page);
        let mut puller = puller(&world);
        for (n, event) in events.into_iter().enumerate() {
            match event {
                Event::Put(name, live) => {
                    let record = record(1_000 + n as u64);
                    world.server.put(&name.to_string(), live.then_some(record.as_str()));
                }
                Event::Pull => drop(block_on(puller.pull(&scope(), None))),
                Event::Restart => puller = self::puller(&world),
                Event::NewLife => world.server.epoch.set(world.server.epoch.get() + 1),
                Event::CacheOn => world.server.remember(),
            }
            if n % 7 == 0 {
                world.server.forget();
            }
        }
        world.server.forget();
        block_on(puller.catch_up(&scope())).unwrap();
        prop_assert_eq!(shown(&world), there(&world.server));
        let mirror = puller.mirror(&scope()).unwrap().clone();
        prop_assert_eq!(held(&mirror.shown), there(&world.server));
        let bytes = mirror.shown.values().map(|kept| kept.bytes).sum::<u64>();
        prop_assert_eq!(mirror.row.shown.unwrap().bytes, bytes);
    }
}
