//! Scopes are read in pieces: whole, although others write meanwhile, and without anybody waiting for
//! another scope.

use std::cell::Cell;
use std::rc::Rc;

use async_trait::async_trait;
use domain::scopes::Scope;
use futures::FutureExt;

use super::memory::MemoryStore;
use super::mirror::{Copy, Mirror, PIECE, ScopeRow, row_key, row_value};
use super::pull::{AHEAD_BYTES, Puller};
use super::store::{DeviceStore, StoreError, Table, Value, Write};
use super::testing::*;

/// A store in which something happens once a first piece was read, and that never gives the rows of one
/// scope.
struct Busy {
    inner: MemoryStore,
    then: Cell<Option<Box<dyn FnOnce()>>>,
    never: Option<Scope>,
}

impl Busy {
    fn over(inner: &MemoryStore) -> Self {
        Self { inner: inner.clone(), then: Cell::default(), never: None }
    }
}

#[async_trait(?Send)]
impl DeviceStore for Busy {
    async fn get(&self, table: Table, key: &str) -> Result<Option<Value>, StoreError> {
        self.inner.get(table, key).await
    }

    async fn piece(
        &self,
        table: Table,
        prefix: &str,
        after: &str,
        most: u32,
    ) -> Result<Vec<(String, Value)>, StoreError> {
        if self.never.as_ref().is_some_and(|scope| prefix.starts_with(&format!("{scope} "))) {
            std::future::pending::<()>().await;
        }
        let piece = self.inner.piece(table, prefix, after, most).await;
        if let Some(then) = self.then.take() {
            then();
        }
        piece
    }

    async fn commit(&self, batch: Vec<Write>) -> Result<(), StoreError> {
        self.inner.commit(batch).await
    }
}

fn scope(text: &str) -> Scope {
    text.parse().unwrap()
}

fn puller<S: DeviceStore>(store: S, world: &World) -> Puller<S, Server> {
    Puller::new(Rc::new(store), world.server.clone(), world.lab.clone())
}

/// A device that holds so many records of the community.
fn holding(count: u32) -> World {
    let world = World::empty();
    world.server.page.set(500);
    put(&world, 0..count);
    world
}

fn put(world: &World, numbers: std::ops::Range<u32>) {
    for number in numbers {
        let record = format!(r#"{{"kind":"motion","number":{number}}}"#);
        world.server.put(&format!("{number:05}"), Some(&record));
    }
    block_on(puller(world.store.clone(), world).catch_up(&scope("public/laforce"))).unwrap();
}

#[test]
fn a_scope_of_several_pieces_is_read_whole() {
    for count in [PIECE - 1, PIECE, PIECE + 1, 2 * PIECE + 7] {
        let world = holding(count);
        let mirror = block_on(Mirror::load(&world.store, &scope("public/laforce"))).unwrap();
        let names: Vec<String> = mirror.shown.keys().cloned().collect();
        assert_eq!(names, (0..count).map(|number| format!("{number:05}")).collect::<Vec<_>>());
    }
}

#[test]
fn what_another_tab_writes_meanwhile_is_read_with_its_cursor() {
    let world = Rc::new(holding(PIECE + 1));
    let store = Busy::over(&world.store);
    let writing = world.clone();
    // The first is changed, which was read already, and one is added.
    store.then.set(Some(Box::new(move || {
        writing.server.put("00000", Some(r#"{"kind":"motion","number":7}"#));
        put(&writing, PIECE + 1..PIECE + 2);
    })));
    let mirror = Mirror::load(&store, &scope("public/laforce")).now_or_never().unwrap().unwrap();
    let as_it_is = block_on(Mirror::load(&world.store, &scope("public/laforce"))).unwrap();
    assert_eq!(mirror, as_it_is);
    assert_eq!(mirror.shown.keys().count(), PIECE as usize + 2);
}

#[test]
fn nobody_waits_for_another_scope() {
    let world = holding(3);
    let slow = scope("public/moffet");
    let row = ScopeRow { shown: Some(copy(9)), ..ScopeRow::default() };
    let write = Write::Put(Table::Scopes, row_key(&slow), row_value(&row).unwrap());
    block_on(world.store.commit(vec![write])).unwrap();
    let puller = puller(Busy { never: Some(slow.clone()), ..Busy::over(&world.store) }, &world);
    let mut waiting = Box::pin(puller.load(&slow));
    assert_eq!((&mut waiting).now_or_never(), None, "it takes long");
    assert_eq!(puller.load(&scope("public/laforce")).now_or_never(), Some(Ok(())));
    assert_eq!(puller.load(&slow).now_or_never(), None, "it is read once");
}

#[test]
fn scopes_are_read_ahead_as_far_as_memory_is_meant_for_it() {
    let world = holding(3);
    let (small, large) = (scope("public/laforce"), scope("public/moffet"));
    let held = |bytes: u64| {
        let row = ScopeRow { shown: Some(copy(bytes)), ..ScopeRow::default() };
        let write = Write::Put(Table::Scopes, row_key(&large), row_value(&row).unwrap());
        block_on(world.store.commit(vec![write])).unwrap();
        let puller = puller(world.store.clone(), &world);
        block_on(puller.read_ahead(&small)).unwrap();
        block_on(puller.read_ahead(&large)).unwrap();
        (puller.mirror(&small).is_some(), puller.mirror(&large).is_some())
    };
    assert_eq!(held(AHEAD_BYTES - 1), (true, false), "with the first it is too much");
    assert_eq!(held(AHEAD_BYTES / 2), (true, true));
}

fn copy(bytes: u64) -> Copy {
    let epoch = domain::ids::Epoch([0; 16]);
    Copy { generation: 1, epoch, follow: 1, before: None, complete: true, bytes, backed_up_through: None }
}
