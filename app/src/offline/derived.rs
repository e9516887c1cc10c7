//! What screens make of a scope's records (lists in order, counts, what is searched): made once for the same
//! records, however many screens ask for it one after the other.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::sync::Arc;

use super::view::{Held, Shown};

/// One of each type: its records, and what was made of them.
type Last = (TypeId, Shown, Arc<dyn Any + Send + Sync>);

thread_local! {
    static LAST: RefCell<Vec<Last>> = const { RefCell::new(Vec::new()) };
}

/// What `make` makes of these records: the last that it made, when they are the same ones.
pub fn derived<T: Send + Sync + 'static>(records: &Shown, make: fn(&[Arc<Held>]) -> T) -> Arc<T> {
    let id = TypeId::of::<T>();
    let known = LAST.with_borrow(|all| {
        let last = all.iter().find(|(known, of, _)| *known == id && Arc::ptr_eq(of, records));
        last.and_then(|(.., made)| made.clone().downcast::<T>().ok())
    });
    known.unwrap_or_else(|| {
        let made = Arc::new(make(records));
        LAST.with_borrow_mut(|all| {
            all.retain(|(known, ..)| *known != id);
            all.push((id, records.clone(), made.clone()));
        });
        made
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Count(usize);

    #[test]
    fn the_same_records_are_read_once_and_others_anew() {
        let (one, other): (Shown, Shown) = (Arc::default(), Arc::default());
        let count = |records: &[Arc<Held>]| Count(records.len());
        let first = derived(&one, count);
        assert!(Arc::ptr_eq(&first, &derived(&one, count)));
        let next = derived(&other, count);
        assert!(!Arc::ptr_eq(&first, &next), "equal records are not the same ones");
        assert_eq!((first.0, next.0, Arc::strong_count(&first)), (0, 0, 1), "only the last one is kept");
    }
}
