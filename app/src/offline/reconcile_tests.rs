use std::rc::Rc;

use super::memory::MemoryStore;
use super::pull::Puller;
use super::reconcile::{Reconciled, reconcile};
use super::store::{DeviceStore, Table};
use super::testing::*;
use domain::ids::OpId;
use domain::operations::Kind;
use domain::outbox::{Item, State};
use domain::receipts::{Outcome, Receipt};
use domain::records::{Record, Trail, TrailState};
use domain::scopes::Scope;
use domain::time::{DAY, Millis};

fn leave_trail(world: &World, item: &Item, stored_at: u64) {
    let record = item.entry().unwrap().record();
    let trail = Record::Trail(Trail {
        op: item.op,
        act: Kind::Propose,
        community: item.community.clone(),
        consultation: CONSULTATION,
        record,
        title: None,
        outcome: Outcome::Accepted,
        receipt: Receipt::number(&item.hash()),
        hash: item.hash(),
        received_at: Millis(7),
        stored_at,
        state: TrailState::Received,
        answer: None,
        step: None,
        questions: vec![],
        used: false,
        merged_into: None,
        forwarded: None,
        forwarded_from: None,
        appeal: None,
    });
    world.server.put(&record.to_string(), Some(&serde_json::to_string(&trail).unwrap()));
}

fn pulled(world: &World, limit: u64) -> Reconciled {
    let puller: Puller<MemoryStore, Server> =
        Puller::new(Rc::new(world.store.clone()), world.server.clone(), world.lab.clone()).with_limit(limit);
    let scope: Scope = person_scope("rose");
    block_on(puller.catch_up(&scope)).unwrap();
    let mirror = puller.mirror(&scope).unwrap().clone();
    let now = Millis(world.lab.now.get());
    block_on(reconcile(&world.store, &person("rose").id, &mirror, now)).unwrap()
}

fn accepted(world: &World, title: &str) -> Item {
    let item = world.seal(proposal(title));
    world.settle(&world.sender(), 5);
    assert_eq!(world.item(item.op).state, State::Accepted);
    world.item(item.op)
}

#[test]
fn what_a_restored_server_lost_is_offered_again_with_its_receipt() {
    let world = World::of("rose");
    let (kept, lost) = (accepted(&world, "Un banc"), accepted(&world, "Un quai"));
    leave_trail(&world, &kept, 1);
    leave_trail(&world, &lost, 2);
    assert_eq!(pulled(&world, 1 << 20), Reconciled::default());

    world.server.epoch.set(1);
    world.server.journal.borrow_mut().remove(&lost.entry().unwrap());
    world.server.feed.borrow_mut().remove(&lost.entry().unwrap().record().to_string());
    assert_eq!(pulled(&world, 1 << 20).lost, [lost.op]);
    world.settle(&world.sender(), 5);
    let again = world.item(lost.op);
    assert_eq!((again.state, again.receipt), (State::Accepted, lost.receipt.clone()), "byte for byte");
    leave_trail(&world, &lost, 3);
    assert_eq!(pulled(&world, 1 << 20), Reconciled::default());
}

#[test]
fn what_was_taken_in_this_life_is_not_lost_because_its_trail_is_not_there_yet() {
    let world = World::of("rose");
    accepted(&world, "Un banc");
    assert_eq!(pulled(&world, 1 << 20), Reconciled::default());
}

#[test]
fn what_was_erased_goes_from_the_device_too() {
    let world = World::of("rose");
    let (kept, erased) = (accepted(&world, "Un banc"), accepted(&world, "Un quai"));
    leave_trail(&world, &kept, 1);
    leave_trail(&world, &erased, 2);
    assert_eq!(pulled(&world, 1 << 20), Reconciled::default());
    world.server.erased.borrow_mut().insert(erased.entry().unwrap());
    world.server.put(&erased.entry().unwrap().record().to_string(), None);
    assert_eq!(pulled(&world, 1 << 20).gone, [erased.op]);
    assert_eq!(world.item(erased.op).body, erased.body, "it is the server's word that deletes it");
    world.settle(&world.sender(), 5);
    let left = block_on(super::outbox::items(&world.store)).unwrap();
    assert_eq!(left.iter().map(|item| item.op).collect::<Vec<_>>(), [kept.op]);
    assert_eq!(pulled(&world, 1 << 20), Reconciled::default());
}

#[test]
fn a_trail_that_is_not_whole_proves_no_loss() {
    let world = World::of("rose");
    let item = accepted(&world, "Un banc");
    world.server.epoch.set(1);
    world.server.page.set(1);
    let other = accepted(&world, "Un quai");
    leave_trail(&world, &other, 1);
    let (first, second) = (fake(1, &other), fake(2, &other));
    leave_trail(&world, &first, 2);
    leave_trail(&world, &second, 3);
    assert_eq!(pulled(&world, 10), Reconciled::default());
    assert_eq!(world.item(item.op).state, State::Accepted);
}

fn fake(n: u8, like: &Item) -> Item {
    Item { op: OpId([n; 16]), ..like.clone() }
}

#[test]
fn an_item_is_forgotten_only_when_it_is_backed_up_and_old() {
    let world = World::of("rose");
    let item = accepted(&world, "Un banc");
    leave_trail(&world, &item, 5);
    world.server.backed_up.set(Some(5));
    assert_eq!(pulled(&world, 1 << 20), Reconciled::default(), "too young");
    world.lab.pass(31 * DAY);
    world.server.backed_up.set(Some(4));
    assert_eq!(pulled(&world, 1 << 20), Reconciled::default(), "not backed up");
    world.server.backed_up.set(Some(5));
    // The number comes with the next answer.
    assert_eq!(pulled(&world, 1 << 20).forgotten, [item.op]);
    assert!(block_on(world.store.range(Table::Outbox, "")).unwrap().is_empty());
}

#[test]
fn another_persons_items_are_not_judged_by_this_trail() {
    let world = World::of("rose");
    let item = accepted(&world, "Un banc");
    world.server.epoch.set(1);
    let puller: Puller<MemoryStore, Server> =
        Puller::new(Rc::new(world.store.clone()), world.server.clone(), world.lab.clone());
    block_on(puller.catch_up(&person_scope("paul"))).unwrap();
    let mirror = puller.mirror(&person_scope("paul")).unwrap().clone();
    let done = block_on(reconcile(&world.store, &person("paul").id, &mirror, Millis(0))).unwrap();
    assert_eq!(done, Reconciled::default());
    assert_eq!(world.item(item.op).state, State::Accepted);
}
