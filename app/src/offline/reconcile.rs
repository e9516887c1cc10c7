//! After a completed pull of a person's own scope: what the server lost is offered again, what a
//! backup holds may be forgotten (protocol §6.3), and what went from the trail is asked about
//! (§6.6): the answer is that it was erased. Nothing else forgets an item.

use domain::ids::{OpId, PersonId};
use domain::outbox::Item;
use domain::records::{Record, Trail};
use domain::time::Millis;

use super::mirror::{Copy, Mirror};
use super::outbox::{Edit, edit, items};
use super::store::{DeviceStore, StoreError};

/// What was done.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reconciled {
    /// Offered again.
    pub lost: Vec<OpId>,
    /// Forgotten: a backup holds them.
    pub forgotten: Vec<OpId>,
    /// Gone from the trail: pushed again to hear that they were erased.
    pub gone: Vec<OpId>,
}

/// Compares the outbox of a person with their trail, as far as it was just pulled to its end.
pub async fn reconcile<S: DeviceStore + ?Sized>(
    store: &S,
    person: &PersonId,
    trail: &Mirror,
    now: Millis,
) -> Result<Reconciled, StoreError> {
    let mut done = Reconciled::default();
    // A copy without its oldest part cannot tell what was lost.
    let whole = |copy: &&Copy| copy.complete && copy.before.is_none();
    let Some(copy) = trail.row.shown.as_ref().filter(whole) else { return Ok(done) };
    if trail.row.next.is_some() {
        return Ok(done);
    }
    for item in items(store).await? {
        if item.author.as_ref() != Some(person) || !item.is_stored() {
            continue;
        }
        let own = item.entry().and_then(|entry| trail.shown.get(&entry.record().to_string()));
        match own.and_then(|kept| kept.record()) {
            Some(Record::Trail(own)) if item.may_be_forgotten(now, is_backed_up(own, copy)) => {
                let forget = |item: &mut Item| if item.is_stored() { Edit::Delete } else { Edit::Keep };
                edit(store, item.op, forget).await?;
                done.forgotten.push(item.op);
            }
            Some(Record::Trail(_)) => {}
            // A trail is only ever replaced: where one was and is not, its operation was erased.
            _ if own.is_some_and(|kept| kept.record().is_none()) => {
                edit(store, item.op, again).await?;
                done.gone.push(item.op);
            }
            _ if is_of_another_life(&item, copy) => {
                edit(store, item.op, again).await?;
                done.lost.push(item.op);
            }
            // Taken after this pull began, or of a kind that leaves no trail.
            _ => {}
        }
    }
    Ok(done)
}

fn again(item: &mut Item) -> Edit {
    item.offer_again();
    Edit::Store
}

fn is_backed_up(own: &Trail, copy: &Copy) -> bool {
    copy.backed_up_through.is_some_and(|through| own.stored_at <= through)
}

/// Whether its receipt was given in another life of the database than the one pulled from.
fn is_of_another_life(item: &Item, copy: &Copy) -> bool {
    let receipt = item.receipt.as_ref().and_then(|receipt| receipt.read());
    receipt.is_some_and(|receipt| receipt.epoch != copy.epoch)
}
