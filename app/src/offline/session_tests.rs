use futures::FutureExt;

use super::session::{self, SignedIn};
use super::testing::*;

fn ask(world: &World, before: &SignedIn) -> Option<Option<domain::authority::Person>> {
    block_on(session::ask(&world.store, &*world.server, before)).unwrap()
}

#[test]
fn an_answer_from_before_signing_out_signs_nobody_in_again() {
    let world = World::of("rose");
    *world.server.signed_in.borrow_mut() = Some(person("rose"));
    let before = block_on(session::read(&world.store)).unwrap();
    assert_eq!(ask(&world, &before), Some(Some(person("rose"))));
    let store = world.store.clone();
    *world.server.meanwhile.borrow_mut() = Some(Box::new(move || {
        session::change(&store, None).now_or_never().unwrap().unwrap();
    }));
    assert_eq!(ask(&world, &before), None, "she signed out while it was under way");
}

#[test]
fn an_answer_from_before_signing_in_again_is_dropped() {
    let world = World::of("rose");
    block_on(session::change(&world.store, None)).unwrap();
    *world.server.signed_in.borrow_mut() = Some(person("rose"));
    let before = block_on(session::read(&world.store)).unwrap();
    assert_eq!(before.left, Some(person("rose").id));
    let store = world.store.clone();
    *world.server.meanwhile.borrow_mut() = Some(Box::new(move || {
        session::change(&store, Some(&person("rose"))).now_or_never().unwrap().unwrap();
    }));
    assert_eq!(ask(&world, &before), None, "her new session is not the one that she left");
}
