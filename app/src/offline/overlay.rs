//! What screens see: held records, and over them the effects that the rules foresee for
//! what has not left the device yet.

use std::sync::Arc;

use domain::authority::{Actor, Membership, Person, Role};
use domain::ids::{CommunityId, OpId, PersonId};
use domain::operations::{Act, Action, Kind, Kinds, Operation};
use domain::order::{self, Sorted};
use domain::outbox::{Item, State};
use domain::receipts::{Outcome, Refusal};
use domain::records::{DeskState, Record};
use domain::rules::{Context, Decision, Loaded, Rules, Slot};
use domain::scopes::{Key, Scope};
use domain::time::Millis;

use super::mirror::{Kept, Rows};
use super::view::Held;

/// What is foreseen for the unsent items of this device.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Foreseen {
    changes: Sorted<Key, Option<Record>>,
    /// Why the rules would refuse one.
    pub refused: Sorted<OpId, Refusal>,
}

impl Foreseen {
    /// The scopes in which something shows.
    pub fn scopes(&self) -> impl Iterator<Item = Scope> {
        self.changes.keys().map(|key| key.scope.clone())
    }
}

/// The scopes whose records the rules want to see for an item.
pub fn scopes_of(item: &Item, kinds: Kinds) -> Vec<Scope> {
    let mut scopes = vec![Scope::Community(item.community.clone()), Scope::Desk(item.community.clone())];
    let consultation = item.operation_of(kinds).ok().and_then(|operation| operation.action.consultation());
    scopes.extend(consultation.map(|id| Scope::Consultation(item.community.clone(), id)));
    scopes.extend(item.author.clone().map(Scope::Person));
    scopes
}

/// Runs the rules over what is held, in the order of sealing: those of participants, unless others
/// are given.
pub fn foresee<'a>(
    items: &[Item],
    rules: Option<Rules>,
    me: Option<&Person>,
    now: Millis,
    held: impl Fn(&Key) -> Option<&'a Kept>,
) -> Foreseen {
    let mut foreseen = Foreseen::default();
    let mut loaded = Loaded::default();
    let rules = rules.unwrap_or(Rules::PARTICIPANTS);
    for item in items {
        if !matches!(item.state, State::Sealed | State::Sending | State::Waiting(_)) || item.receipt.is_some()
        {
            continue;
        }
        let Ok(operation) = item.operation_of(rules.kinds) else { continue };
        // What has no author has no record id that anything could depend on.
        if item.author.is_none() && !operation.action.kind().contributes() {
            continue;
        }
        if is_unseen(&operation.action) {
            continue;
        }
        load(rules, &operation, &mut loaded, &held);
        let actor = Actor::Person(actor(item.author.as_ref(), me, &item.community));
        // What the server has not numbered comes after everything.
        let context = Context { now, position: u64::MAX, actor: &actor, honoured: None };
        let Decision::Decided { outcome, changes, .. } = rules.decide(&operation, &loaded, context) else {
            continue;
        };
        match outcome {
            Outcome::Refused(refusal) => {
                foreseen.refused.insert(item.op, refusal);
            }
            Outcome::Accepted => {
                loaded.apply(&changes);
                // Its trail says that the server decided, which it has not: the outbox itself is shown.
                let own = Scope::Person(actor.person().map(|p| p.id.clone()).unwrap_or(nobody()));
                let name = operation.record().to_string();
                let shown = changes.into_iter().filter(|c| c.key.scope != own || c.key.name != name);
                shown.for_each(|change| foreseen.changes.insert(change.key, change.record));
            }
        }
    }
    foreseen
}

/// Whether it changes nothing that anybody sees, or waits for others.
fn is_unseen(action: &Action) -> bool {
    match action {
        Action::Enter(enter) => matches!(enter.act, Act::Cast(_) | Act::Respond(_)),
        other => {
            let kind = other.kind();
            matches!(kind, Kind::Cast | Kind::Respond | Kind::Flag | Kind::Appeal | Kind::TakeBack)
        }
    }
}

fn load<'a>(
    rules: Rules,
    operation: &Operation,
    loaded: &mut Loaded,
    held: &impl Fn(&Key) -> Option<&'a Kept>,
) {
    loop {
        let keys = rules.reads(operation, loaded);
        if keys.is_empty() {
            return;
        }
        for key in keys {
            let slot = match held(&key) {
                None => of_desk(&key, held),
                Some(kept) => kept.record().map_or(Slot::Gone, |record| Slot::Held(Arc::new(record.clone()))),
            };
            loaded.insert(key, slot);
        }
    }
}

/// An office holds its desk and not every consultation: there, the public proposal is the one
/// in the desk's item, as long as it stands.
fn of_desk<'a>(key: &Key, held: &impl Fn(&Key) -> Option<&'a Kept>) -> Slot {
    let Scope::Consultation(community, _) = &key.scope else { return Slot::Absent };
    let desk = Key { scope: Scope::Desk(community.clone()), name: key.name.clone() };
    match held(&desk).and_then(Kept::record) {
        Some(Record::DeskItem(item)) if matches!(item.state, DeskState::New | DeskState::Answered) => {
            Slot::Held(Arc::new(Record::Contribution(item.contribution.clone())))
        }
        _ => Slot::Absent,
    }
}

/// Who acts, as far as the device knows: the person signed in, else a participant, so that
/// what was written before signing in shows as it will be.
fn actor(author: Option<&PersonId>, me: Option<&Person>, community: &CommunityId) -> Person {
    if let Some(me) = me.filter(|me| author.is_none_or(|author| *author == me.id)) {
        return me.clone();
    }
    let membership = Membership { community: community.clone(), role: Role::Participant };
    let name = "—".parse().unwrap_or_else(|_| unreachable!("a constant word"));
    Person { id: author.cloned().unwrap_or(nobody()), name, memberships: vec![membership] }
}

fn nobody() -> PersonId {
    "nobody".parse().unwrap_or_else(|_| unreachable!("a constant word"))
}

/// A scope as screens see it, the newest first.
pub fn view(scope: &Scope, rows: &Rows, foreseen: &Foreseen) -> Vec<Arc<Held>> {
    let here = || foreseen.changes.iter().filter(|(key, _)| key.scope == *scope);
    let covered: Vec<&str> = here().map(|(key, _)| key.name.as_str()).collect();
    let mut view: Vec<Arc<Held>> = here()
        .filter_map(|(key, record)| {
            let seq = rows.get(&key.name).map_or(u64::MAX, |kept| kept.seq);
            let record = record.clone()?;
            Some(Arc::new(Held { name: key.name.clone(), seq, record, pending: true }))
        })
        .collect();
    let untouched = rows.iter().filter(|(name, _)| !covered.contains(&name.as_str()));
    view.extend(untouched.filter_map(|(_, kept)| kept.held.clone()));
    // Those without a place in the feed yet are in the order of their names already.
    order::by(&mut view, |held| (!held.seq, String::new()));
    view
}
