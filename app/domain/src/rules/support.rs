//! Supporting a proposal: each person once, as long as they wish. Who does lies in a scope that
//! nobody pulls; how many is the office's to see, and everyone's from [`SHOWN_FROM`] on.
//!
//! Nothing public changes below that, so that no feed tells how near it is; and a number that was
//! once public stays at [`SHOWN_FROM`] at least, because 5 followed by nothing would say 4.

use super::contributions::{standing, takes};
use super::{Change, Context, Effect, Loaded, Stop, contribution_key, desk_key};
use crate::authority::Actor;
use crate::ids::{CommunityId, PersonId, RecordId};
use crate::operations::{Operation, Support};
use crate::phases::Form;
use crate::receipts::Refusal;
use crate::records::{self as said, Record, Supporters, Supports, TrailState};
use crate::scopes::{Key, Scope};

/// The smallest number that is shown in public ("fewer than 5" below).
pub const SHOWN_FROM: u64 = 5;

/// Where it is counted how many support a proposal.
pub struct Counts {
    /// From [`SHOWN_FROM`] on.
    pub public: Key,
    /// Exactly.
    pub desk: Key,
}

/// The keys of the two numbers.
pub fn counts(community: &CommunityId, consultation: RecordId, record: RecordId) -> Counts {
    let name = format!("supports-{record}");
    Counts {
        public: Key { scope: Scope::Consultation(community.clone(), consultation), name: name.clone() },
        desk: Key { scope: Scope::Desk(community.clone()), name },
    }
}

/// Where it lies whether a person supports a proposal.
pub fn claim_key(person: &PersonId, record: RecordId) -> Key {
    Key { scope: Scope::Person(person.clone()), name: format!("support-{record}") }
}

fn supporters_key(community: &CommunityId, record: RecordId) -> Key {
    Key { scope: Scope::Sealed(community.clone()), name: format!("supporters-{record}") }
}

pub(super) fn reads(operation: &Operation, support: &Support) -> Vec<Key> {
    let community = &operation.community;
    let Counts { public, desk } = counts(community, support.consultation, support.record);
    let mut keys = vec![
        Key::consultation(community, support.consultation),
        contribution_key(community, support.consultation, support.record),
        desk_key(community, support.record),
        supporters_key(community, support.record),
        public,
        desk,
    ];
    keys.extend(operation.author.person().map(|person| claim_key(person, support.record)));
    keys
}

pub(super) fn support(
    operation: &Operation,
    support: &Support,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    takes(operation, support.consultation, Form::Support, loaded, context)?;
    let community = &operation.community;
    let proposal = standing(community, support.consultation, support.record, loaded)?;
    if proposal.proposal().is_none() {
        return Err(Refusal::NotAProposal.into());
    }
    let title = Some(proposal.title());
    let Actor::Person(person) = context.actor else { return Err(Refusal::NotPermitted.into()) };
    let key = claim_key(&person.id, support.record);
    let before = loaded.support(&key);
    // One that comes back after a restore may be older than what the person said since.
    let newer = context.honoured.is_some() && before.is_some_and(|before| before.at > context.now);
    let mut changes = Vec::new();
    if !newer && before.is_some_and(|before| before.given) != support.given {
        let claim = said::Support {
            community: community.clone(),
            consultation: support.consultation,
            record: support.record,
            given: support.given,
            at: context.now,
        };
        changes.push(Change::put(key, Record::Support(claim)));
        changes.extend(count(community, support, &person.id, loaded));
    }
    Ok(Effect { changes, creates: false, title, state: TrailState::Received })
}

/// The numbers after one more, or one less. A device does not see who supports: it counts on from
/// the numbers that it sees.
fn count(community: &CommunityId, support: &Support, person: &PersonId, loaded: &Loaded) -> Vec<Change> {
    let Support { consultation, record, given } = *support;
    let key = supporters_key(community, record);
    let known = loaded.supporters(&key);
    let mut people = known.map(|known| known.people.clone()).unwrap_or_default();
    match (people.binary_search(person), given) {
        (Err(at), true) => people.insert(at, person.clone()),
        (Ok(at), false) => drop(people.remove(at)),
        _ => {}
    }
    let next = |before: u64| match known {
        Some(_) => people.len() as u64,
        None if given => before.saturating_add(1),
        None => before.saturating_sub(1),
    };
    let Counts { public, desk } = counts(community, consultation, record);
    let number = |count| Record::Supports(Supports { record, count });
    let exact = next(loaded.supports(&desk).map_or(0, |it| it.count));
    let shown = match loaded.supports(&public) {
        Some(before) => Some(next(before.count).max(SHOWN_FROM)),
        None => Some(exact).filter(|exact| *exact >= SHOWN_FROM),
    };
    let mut changes = vec![Change::put(desk, number(exact))];
    changes.extend(shown.map(|shown| Change::put(public, number(shown))));
    changes.push(Change::put(key, Record::Supporters(Supporters { record, people })));
    changes
}
