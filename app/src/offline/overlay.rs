//! What screens see: held records, and over them the effects that the rules foresee for
//! what has not left the device yet.

use std::sync::Arc;

use domain::authority::{Actor, Membership, Person, Role};
use domain::ids::{CommunityId, OpId, PersonId};
use domain::operations::{Act, Action, Kind, Kinds, Operation};
use domain::order::{self, Sorted};
use domain::outbox::{Item, State};
use domain::receipts::{Outcome, Refusal, SignedReceipt};
use domain::records::{DeskState, Record};
use domain::rules::{Context, Decision, Loaded, Rules, Slot};
use domain::scopes::{Key, Scope};
use domain::time::{DAY, Millis};

use super::mirror::{Kept, Rows};
use super::view::{Held, UNPLACED};

/// How long what the server has accepted is foreseen at most, where its effect cannot be pulled.
const UNPULLED: i64 = DAY;

/// What is held, as it is looked up.
#[derive(Clone, Copy)]
pub struct Look<'f, 'a> {
    /// The record of a key.
    pub find: &'f dyn Fn(&Key) -> Option<&'a Kept>,
    /// When what is held of a scope was asked for, by the device's clock; none where nothing is held.
    pub asked_at: &'f dyn Fn(&Scope) -> Option<Millis>,
    /// The device's clock, by which items and pulls are dated.
    pub clock: Millis,
}

/// What is foreseen for the items of this device: those that are unsent, and those that the server has
/// accepted, where what is held was asked for before.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Foreseen {
    changes: Sorted<Key, Change>,
    /// Why the rules would refuse one.
    pub refused: Sorted<OpId, Refusal>,
}

/// What becomes of a record.
#[derive(Clone, PartialEq, Debug)]
struct Change {
    record: Option<Record>,
    /// Whether the server has it already.
    sent: bool,
}

impl Foreseen {
    /// The scopes in which something shows that the server has and that is still to be pulled.
    pub fn unpulled(&self) -> impl Iterator<Item = &Scope> {
        self.changes.iter().filter(|(_, change)| change.sent).map(|(key, _)| &key.scope)
    }

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
pub fn foresee(
    items: &[Item],
    rules: Option<Rules>,
    me: Option<&Person>,
    now: Millis,
    look: Look<'_, '_>,
) -> Foreseen {
    let mut foreseen = Foreseen::default();
    let mut loaded = Loaded::default();
    let rules = rules.unwrap_or(Rules::PARTICIPANTS);
    for item in items {
        let receipt = match (&item.state, item.receipt.as_ref().and_then(SignedReceipt::read)) {
            (State::Sealed | State::Sending | State::Waiting(_), None) => None,
            (State::Accepted, Some(receipt)) if unpulled(item, rules, look) => Some(receipt),
            _ => continue,
        };
        let Ok(operation) = item.operation_of(rules.kinds) else { continue };
        // What has no author has no record id that anything could depend on.
        if item.author.is_none() && !operation.action.kind().contributes() {
            continue;
        }
        if is_unseen(&operation.action) {
            continue;
        }
        load(rules, &operation, &mut loaded, look.find);
        let actor = Actor::Person(actor(item.author.as_ref(), me, &item.community));
        let now = receipt.as_ref().map_or(now, |receipt| receipt.received_at);
        // What the server has not numbered comes after everything.
        let context = Context { now, position: u64::MAX, actor: &actor, honoured: receipt.as_ref() };
        let Decision::Decided { outcome, changes, .. } = rules.decide(&operation, &loaded, context) else {
            continue;
        };
        match outcome {
            Outcome::Refused(refusal) => {
                foreseen.refused.insert(item.op, refusal);
            }
            Outcome::Accepted => {
                let (sent, mut changes) = (receipt.is_some(), changes);
                changes.retain(|change| !sent || !is_pulled(item, &change.key.scope, look));
                loaded.apply(&changes);
                // Its trail says that the server decided, which it has not: the outbox itself is shown.
                let own = Scope::Person(actor.person().map(|p| p.id.clone()).unwrap_or(nobody()));
                let name = operation.record().to_string();
                let shown = changes.into_iter().filter(|c| c.key.scope != own || c.key.name != name);
                shown.for_each(|it| foreseen.changes.insert(it.key, Change { record: it.record, sent }));
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
            matches!(
                kind,
                Kind::Cast | Kind::Respond | Kind::Flag | Kind::Appeal | Kind::TakeBack | Kind::AppealFor
            )
        }
    }
}

/// Whether what is held of a scope was asked for once the server had accepted an item.
fn is_pulled(item: &Item, scope: &Scope, look: Look<'_, '_>) -> bool {
    // Where nothing is held, nothing is missed.
    (look.asked_at)(scope).is_none_or(|asked| item.receipted_at.is_none_or(|at| asked >= at))
}

/// Whether the effect of an item that was accepted lately is not here yet.
fn unpulled(item: &Item, rules: Rules, look: Look<'_, '_>) -> bool {
    let lately = item.receipted_at.is_some_and(|at| look.clock.since(at) < UNPULLED);
    lately && !scopes_of(item, rules.kinds).iter().all(|scope| is_pulled(item, scope, look))
}

fn load<'a>(
    rules: Rules,
    operation: &Operation,
    loaded: &mut Loaded,
    held: &dyn Fn(&Key) -> Option<&'a Kept>,
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
fn of_desk<'a>(key: &Key, held: &dyn Fn(&Key) -> Option<&'a Kept>) -> Slot {
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
        .filter_map(|(key, change)| {
            let seq = rows.get(&key.name).map_or(UNPLACED, |kept| kept.seq);
            let record = change.record.clone()?;
            Some(Arc::new(Held { name: key.name.clone(), seq, record, pending: !change.sent }))
        })
        .collect();
    let untouched = rows.iter().filter(|(name, _)| !covered.contains(&name.as_str()));
    view.extend(untouched.filter_map(|(_, kept)| kept.held.clone()));
    // Those without a place in the feed yet are in the order of their names already.
    order::by(&mut view, |held| (!held.seq, String::new()));
    view
}
