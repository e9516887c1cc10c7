//! The puller: brings scopes onto the device and keeps them current.
//!
//! A first load goes downwards, so that the newest is there at once; then it follows upwards
//! from the head seen at the start. A row with an older place in the feed never replaces a
//! newer one, so pages may arrive from any cache in any order. When the server's database
//! began a new life, a new copy is pulled beside the old one and takes its place in one
//! transaction.

use std::cell::{Ref, RefCell};
use std::rc::Rc;

use domain::order;
use domain::order::Sorted;
use domain::records::Record;
use domain::scopes::{PAGE_MAX, Scope};
use domain::time::Millis;
use futures_util::lock::Mutex;

use super::mirror::{
    Copy, Kept, Mirror, Rows, ScopeRow, pictures_key, pictures_of, records_of, row_key, row_value, rows_of,
};
use super::session;
use super::store::{DeviceStore, StoreError, Table, Value, Write};
use super::surroundings::Surroundings;
use super::transport::{Pull, PullFrom, RawPage, Transport};
use crate::api::{ApiError, ErrorCode};

/// The most bytes of a scope; a larger one is held as its newest part.
pub const SCOPE_BYTES: u64 = 12 * 1024 * 1024;

/// As long as no more bytes than these are in memory, scopes are read before anybody asks for them.
pub const AHEAD_BYTES: u64 = SCOPE_BYTES;

/// Why a page could not be pulled or kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PullError {
    /// The server did not give it.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The device could not keep it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What one page did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Turn {
    /// There is more to pull.
    pub more: bool,
    /// What screens see is not what it was.
    pub changed: bool,
}

/// The puller of one device.
pub struct Puller<S: ?Sized, T: ?Sized> {
    store: Rc<S>,
    transport: Rc<T>,
    surroundings: Rc<dyn Surroundings>,
    mirrors: RefCell<Sorted<Scope, Mirror>>,
    /// Who reads which scope.
    reading: RefCell<Sorted<Scope, Rc<Mutex<()>>>>,
    limit: u64,
}

impl<S: DeviceStore + ?Sized, T: Transport + ?Sized> Puller<S, T> {
    /// A puller over a store and a line.
    pub fn new(store: Rc<S>, transport: Rc<T>, surroundings: Rc<dyn Surroundings>) -> Self {
        Self {
            store,
            transport,
            surroundings,
            mirrors: RefCell::default(),
            reading: RefCell::default(),
            limit: SCOPE_BYTES,
        }
    }

    /// Another limit of bytes for one scope.
    pub fn with_limit(self, limit: u64) -> Self {
        Self { limit, ..self }
    }

    /// Reads a scope from the store into memory, unless it is there. Several ask for the
    /// same one at once, when a screen is drawn: it is read once. Nobody waits for another one.
    pub async fn load(&self, scope: &Scope) -> Result<(), StoreError> {
        let reading = self.reading.borrow_mut().get_or_insert(scope.clone(), Rc::default()).clone();
        let _turn = reading.lock().await;
        if !self.mirrors.borrow().contains_key(scope) {
            let mirror = Mirror::load(&*self.store, scope).await?;
            self.mirrors.borrow_mut().get_or_insert(scope.clone(), mirror);
        }
        Ok(())
    }

    /// Reads a scope that somebody may ask for next, where that is done in a moment.
    pub async fn read_ahead(&self, scope: &Scope) -> Result<(), StoreError> {
        if self.mirror(scope).is_none() {
            let (_, row) = ScopeRow::load(&*self.store, scope).await?;
            let here: u64 = self.mirrors.borrow().values().map(|mirror| mirror.row.bytes()).sum();
            if here + row.bytes() <= AHEAD_BYTES {
                self.load(scope).await?;
            }
        }
        Ok(())
    }

    /// The mirror of a scope, once loaded.
    pub fn mirror(&self, scope: &Scope) -> Option<Ref<'_, Mirror>> {
        Ref::filter_map(self.mirrors.borrow(), |mirrors| mirrors.get(scope)).ok()
    }

    /// Lets the memory of a scope go: somebody else changed it in the store.
    pub fn unload(&self, scope: &Scope) {
        self.mirrors.borrow_mut().remove(scope);
    }

    /// The scopes in memory.
    pub fn loaded(&self) -> Vec<Scope> {
        self.mirrors.borrow().keys().cloned().collect()
    }

    /// Pulls until a scope is current.
    pub async fn catch_up(&self, scope: &Scope) -> Result<bool, PullError> {
        let mut changed = false;
        loop {
            let turn = self.pull(scope, None).await?;
            changed |= turn.changed;
            if !turn.more {
                return Ok(changed);
            }
        }
    }

    /// Pulls one page of a scope. `head` is what was announced for it.
    pub async fn pull(&self, scope: &Scope, head: Option<u64>) -> Result<Turn, PullError> {
        self.load(scope).await?;
        let signed_in = match scope.is_public() {
            true => None,
            false => Some(session::unchanged(&*self.store).await?),
        };
        let row = self.mirror(scope).map(|mirror| mirror.row.clone()).unwrap_or_default();
        let working = row.next.as_ref().or(row.shown.as_ref());
        let from = match working {
            None => PullFrom::Newest,
            Some(copy) => copy.before.map_or(PullFrom::After(copy.follow), PullFrom::Before),
        };
        let epoch = working.map(|copy| copy.epoch);
        let asked_at = self.surroundings.now();
        let ask = |from, epoch, head| Pull { scope: scope.clone(), epoch, from, limit: PAGE_MAX, head };
        let mut page = self.transport.pull(&ask(from, epoch, head)).await?;
        let other = epoch.is_some_and(|epoch| epoch != page.epoch);
        let anew = page.resync || other;
        if anew {
            // Naming the head passes by what a cache kept of the old life.
            page = self.transport.pull(&ask(PullFrom::Newest, None, Some(page.head))).await?;
            if page.resync || other && epoch == Some(page.epoch) {
                return Err(ApiError::from(ErrorCode::Unavailable).into());
            }
        }
        let from = if anew { PullFrom::Newest } else { from };
        let moved = match from {
            PullFrom::Newest => true,
            PullFrom::Before(before) => page.cursor < before || !page.more,
            PullFrom::After(after) => page.cursor > after || page.cursor == after && !page.more,
        };
        if !moved {
            return Err(ApiError::from(ErrorCode::NotRabaska).into());
        }
        let Some(mut ready) = self.prepare(scope, &row, from, (page, asked_at))? else {
            // Somebody else changed the scope while we waited for the page: theirs counts.
            return Ok(Turn { more: true, changed: false });
        };
        // First the conditions, then what is kept.
        let mut batch: Vec<Write> = signed_in.into_iter().collect();
        batch.append(&mut ready.writes);
        if let Err(error) = self.store.commit(batch).await {
            self.unload(scope);
            return Err(error.into());
        }
        Ok(Turn { more: ready.more, changed: self.adopt(scope, from, ready) })
    }

    /// What a page changes; none when the scope in memory is no longer what was asked for.
    fn prepare(
        &self,
        scope: &Scope,
        row: &ScopeRow,
        from: PullFrom,
        (page, asked_at): (RawPage, Millis),
    ) -> Result<Option<Ready>, StoreError> {
        let Some(mirror) = self.mirror(scope).filter(|mirror| mirror.row == *row) else { return Ok(None) };
        let mut step = Taken::of(&mirror, scope, self.limit);
        let more = step.take(from, page)?;
        if !more || step.row.pulled_at.is_none() {
            step.row.pulled_at = Some(self.surroundings.now());
        }
        if !more {
            step.row.asked_at = Some(asked_at);
        }
        let (first, before) = (mirror.row.shown.is_none(), mirror.text.clone());
        let Taken { row, writes: rows, changes, next, promoted, .. } = step;
        let value = row_value(&row)?;
        let text = value.clone().text();
        let mut writes = vec![Write::Expect(Table::Scopes, row_key(scope), before.clone())];
        writes.extend(rows);
        writes.push(Write::Put(Table::Scopes, row_key(scope), value));
        Ok(Some(Ready { before, text, row, writes, changes, more, first, next, promoted }))
    }

    /// Takes into memory what the store has now; answers whether screens see a difference.
    fn adopt(&self, scope: &Scope, from: PullFrom, ready: Ready) -> bool {
        let changed = ready.first || ready.promoted || !ready.next && !ready.changes.is_empty();
        let mut mirrors = self.mirrors.borrow_mut();
        // Unloaded or read anew while the disk was busy: then it is, or will be, read from there.
        let Some(mirror) = mirrors.get_mut(scope).filter(|mirror| mirror.text == ready.before) else {
            return true;
        };
        let rows = if ready.next { &mut mirror.next } else { &mut mirror.shown };
        if from == PullFrom::Newest {
            rows.clear();
        }
        rows.apply(ready.changes);
        if ready.promoted {
            mirror.shown = std::mem::take(&mut mirror.next);
        }
        (mirror.row, mirror.text) = (ready.row, ready.text);
        changed
    }
}

/// A page on its way into the store, and from there into memory.
struct Ready {
    before: Option<String>,
    text: Option<String>,
    row: ScopeRow,
    writes: Vec<Write>,
    changes: Sorted<String, Option<Kept>>,
    more: bool,
    first: bool,
    next: bool,
    promoted: bool,
}

/// A page being taken into a copy.
struct Taken<'a> {
    mirror: &'a Mirror,
    scope: &'a Scope,
    limit: u64,
    row: ScopeRow,
    writes: Vec<Write>,
    /// The rows that change in memory once the commit is done; none: dropped.
    changes: Sorted<String, Option<Kept>>,
    /// Whether it goes into the copy beside the shown one.
    next: bool,
    /// Whether that copy took the shown one's place.
    promoted: bool,
}

impl<'a> Taken<'a> {
    fn of(mirror: &'a Mirror, scope: &'a Scope, limit: u64) -> Self {
        let (row, next) = (mirror.row.clone(), mirror.row.next.is_some());
        let (writes, changes) = (Vec::new(), Sorted::default());
        Self { mirror, scope, limit, row, writes, changes, next, promoted: false }
    }

    /// Takes a page; answers whether there is more.
    fn take(&mut self, from: PullFrom, page: RawPage) -> Result<bool, StoreError> {
        let nothing = Rows::default();
        let mut copy = match from {
            PullFrom::Newest => self.begin(&page),
            _ => match self.row.next.take().or_else(|| self.row.shown.clone()) {
                Some(copy) => copy,
                None => return Err(StoreError::Damaged),
            },
        };
        let rows = match from {
            PullFrom::Newest => &nothing,
            _ if self.next => &self.mirror.next,
            _ => &self.mirror.shown,
        };
        let (cursor, more) = (page.cursor, page.more);
        copy.backed_up_through = page.backed_up_through.or(copy.backed_up_through);
        self.rows(&mut copy, rows, page)?;
        let more = match from {
            PullFrom::After(_) => {
                copy.follow = cursor;
                self.trim(&mut copy, rows);
                more
            }
            _ => {
                let fits = copy.bytes < self.limit;
                copy.before = (more && fits).then_some(cursor);
                copy.complete = !more || fits;
                // Nothing can have changed meanwhile when one page was all.
                !(copy.before.is_none() && from == PullFrom::Newest)
            }
        };
        if self.next && copy.before.is_some() {
            self.row.next = Some(copy);
        } else {
            self.promoted = self.next;
            if let (true, Some(old)) = (self.next, &self.row.shown) {
                self.writes.push(Write::DeleteAll(Table::Records, rows_of(self.scope, old.generation)));
                self.writes.push(Write::DeleteAll(Table::Files, pictures_of(self.scope)));
                self.writes.push(Write::Delete(Table::Scopes, pictures_key(self.scope)));
            }
            self.row.shown = Some(copy);
        }
        Ok(more)
    }

    /// Begins a copy: the first one is shown at once, a later one only when it is whole.
    fn begin(&mut self, page: &RawPage) -> Copy {
        if let Some(given_up) = self.row.next.take() {
            self.writes.push(Write::DeleteAll(Table::Records, rows_of(self.scope, given_up.generation)));
        }
        self.next = self.row.shown.is_some();
        self.row.generations += 1;
        if !self.next {
            self.writes.push(Write::DeleteAll(Table::Records, records_of(self.scope)));
        }
        Copy {
            generation: self.row.generations,
            epoch: page.epoch,
            follow: page.head,
            before: None,
            complete: false,
            bytes: 0,
            backed_up_through: None,
        }
    }

    fn rows(&mut self, copy: &mut Copy, rows: &Rows, page: RawPage) -> Result<(), StoreError> {
        let prefix = rows_of(self.scope, copy.generation);
        for row in page.rows {
            let held = match self.changes.get(&row.name) {
                Some(changed) => changed.as_ref(),
                None => rows.get(&row.name),
            };
            if held.is_some_and(|held| held.seq >= row.seq) {
                continue;
            }
            let before = held.map_or(0, |held| held.bytes);
            let pictures = held.and_then(|held| held.record().map(Record::blobs)).unwrap_or_default();
            let text = Kept::text(row.seq, row.record.as_ref().map(|record| record.get()));
            let kept = Kept::read(&row.name, &text)?;
            copy.bytes = (copy.bytes + kept.bytes).saturating_sub(before);
            // What was hidden or erased leaves the device with its pictures.
            let named = kept.record().map(Record::blobs).unwrap_or_default();
            for gone in pictures.iter().filter(|picture| !named.contains(picture)) {
                let picture = [pictures_of(self.scope), gone.to_string()].concat();
                self.writes.push(Write::Delete(Table::Files, picture));
            }
            let key = [prefix.as_str(), &row.name].concat();
            self.writes.push(Write::Put(Table::Records, key, Value::Text(text)));
            self.changes.insert(row.name, Some(kept));
        }
        Ok(())
    }

    /// Lets the oldest rows go when following made a scope too large.
    fn trim(&mut self, copy: &mut Copy, rows: &Rows) {
        if copy.bytes <= self.limit {
            return;
        }
        let changed = self.changes.iter().filter_map(|(name, kept)| Some((name, kept.as_ref()?)));
        let untouched = rows.iter().filter(|(name, _)| !self.changes.contains_key(*name));
        let mut oldest: Vec<(u64, String, u64)> =
            untouched.chain(changed).map(|(name, kept)| (kept.seq, name.clone(), kept.bytes)).collect();
        order::by(&mut oldest, |(seq, ..)| (*seq, String::new()));
        for (_, name, bytes) in oldest {
            if copy.bytes <= self.limit {
                break;
            }
            copy.bytes = copy.bytes.saturating_sub(bytes);
            copy.complete = false;
            let key = [rows_of(self.scope, copy.generation).as_str(), &name].concat();
            self.writes.push(Write::Delete(Table::Records, key));
            self.changes.insert(name, None);
        }
    }
}
