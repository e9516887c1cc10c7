//! Hiding by a public rule: the text goes, the author is told, and everyone sees which rule
//! was applied in which week.

use super::support::counts;
use super::views::{self, standing};
use super::{Change, Context, Effect, Loaded, Stop, desk_key, hiding_key, trail_key};
use crate::authority::Person;
use crate::ids::{CommunityId, PersonId, RecordId, RuleId};
use crate::operations::{Approve, Hide, Kind, RuleText, SettleRules};
use crate::receipts::Refusal;
use crate::records::{
    Community, Contribution, DeskItem, DeskState, HiddenBy, Hiding, HidingState, Record, Rule, Trail,
    TrailState, What,
};
use crate::scopes::{Key, Scope};
use crate::time::Millis;

/// Where a hiding stands in the community's public log.
pub fn log_key(community: &CommunityId, record: RecordId) -> Key {
    Key { scope: Scope::Community(community.clone()), name: format!("hiding-{record}") }
}

/// Whether a rule is one of the community's.
pub(super) fn is_listed(community: &CommunityId, rule: &RuleId, loaded: &Loaded) -> bool {
    let lists = loaded.community(&Key::community(community));
    lists.is_some_and(|lists| lists.applied().any(|known| known.id == *rule))
}

/// The office writes its rules. One that it leaves out stays known, and is no longer applied.
pub(super) fn settle(
    community: &CommunityId,
    settle: &SettleRules,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let key = Key::community(community);
    let mut lists = loaded.community(&key).cloned().ok_or(Stop::Refuse(Refusal::NotPermitted))?;
    let mut changes = Vec::new();
    let before = lists.clone();
    // What comes back after a restore may be older than what stands.
    let older = |at: Option<Millis>| context.honoured.is_some() && at.is_some_and(|at| at > context.now);
    if !settle.rules.is_empty() && !older(lists.settled_at) {
        let known = |rule: &&Rule| !settle.rules.iter().any(|new| new.id == rule.id);
        let left_out: Vec<Rule> =
            lists.rules.iter().filter(known).map(|rule| Rule { retired: true, ..rule.clone() }).collect();
        let written = settle.rules.iter().map(|RuleText { id, label, explanation }| Rule {
            id: id.clone(),
            label: label.clone(),
            explanation: explanation.clone(),
            retired: false,
        });
        lists.rules = written.chain(left_out).collect();
        lists.settled_at = Some(context.now);
    }
    if let Some(first) = settle.premoderated.filter(|_| !older(lists.premoderation_settled_at)) {
        look_first(&mut lists, first, context.now);
    }
    if lists != before {
        changes.push(Change::put(key, Record::Community(lists)));
    }
    Ok(Effect { changes, creates: false, title: None, state: TrailState::Received })
}

fn look_first(lists: &mut Community, first: bool, at: Millis) {
    lists.premoderated_since = first.then(|| lists.premoderated_since.unwrap_or(at));
    lists.premoderation_settled_at = Some(at);
}

/// That the office looks first, or does so no longer, said again after a restore from the log beside the backups:
/// before what people wrote comes back.
pub(super) fn look_first_again(
    community: &CommunityId,
    first: bool,
    loaded: &Loaded,
    at: Millis,
) -> Vec<Change> {
    let key = Key::community(community);
    let lists = loaded.community(&key).filter(|it| it.premoderation_settled_at.is_none_or(|said| said < at));
    let Some(mut lists) = lists.cloned() else { return Vec::new() };
    look_first(&mut lists, first, at);
    vec![Change::put(key, Record::Community(lists))]
}

/// What waits for the office appears for everyone.
pub(super) fn approve(community: &CommunityId, it: &Approve, loaded: &Loaded) -> Result<Effect, Stop> {
    let Some((item, shown)) = views::awaiting(community, it.consultation, it.record, loaded) else {
        return match standing(community, it.consultation, it.record, loaded) {
            Ok(_) => Err(Refusal::AlreadyDone.into()),
            Err(stop) => Err(stop),
        };
    };
    let public = Key::inside(community, shown.consultation, it.record);
    let approved = DeskItem { state: DeskState::New, hidden: None, ..item.clone() };
    let mut changes = vec![
        Change::put(public, Record::Contribution(shown.clone())),
        Change::put(desk_key(community, it.record), Record::DeskItem(approved)),
    ];
    let key = trail_key(&item.person, it.record);
    changes.extend(
        loaded
            .trail(&key)
            .cloned()
            .map(|trail| Change::put(key, Record::Trail(Trail { state: TrailState::Received, ..trail }))),
    );
    let title = Some(item.contribution.title());
    Ok(Effect { changes, creates: false, title, state: TrailState::Received })
}

/// The keys that hiding needs, as far as they are known.
pub fn hide_reads(community: &CommunityId, hide: &Hide, loaded: &Loaded) -> Vec<Key> {
    let mut keys = views::reads(community, hide.consultation, hide.record, loaded);
    keys.push(hiding_key(community, hide.consultation, hide.record));
    keys.push(Key::community(community));
    keys
}

pub(super) fn hide(
    community: &CommunityId,
    hide: &Hide,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let by = context.actor.person();
    let effect = |title, changes| Effect { changes, creates: false, title, state: TrailState::Received };
    // What a second person has shown again is not hidden by the same rule once more; nor does it go when
    // the first hiding comes back after a restore.
    let trace = loaded.hiding(&hiding_key(community, hide.consultation, hide.record));
    if trace.is_some_and(|trace| trace.state == HidingState::Restored && trace.rule == hide.rule) {
        return match context.honoured {
            Some(_) => Ok(effect(None, Vec::new())),
            None => Err(Refusal::AlreadyDone.into()),
        };
    }
    let awaiting = views::awaiting(community, hide.consultation, hide.record, loaded).map(|(_, shown)| shown);
    let title = match awaiting.map_or_else(|| standing(community, hide.consultation, hide.record, loaded), Ok)
    {
        Ok(it) => it.title(),
        Err(stop) => {
            return match known_by(community, hide, by, loaded, context) {
                Some(change) => Ok(effect(None, vec![change])),
                None => Err(stop),
            };
        }
    };
    // A restored list may lack the rule: what was hidden by it stays hidden.
    if !is_listed(community, &hide.rule, loaded) && context.honoured.is_none() {
        return Err(Refusal::UnknownRule.into());
    }
    let person = by.map(|person| person.id.clone());
    let by = HiddenBy { person, name: by.map(|person| person.name.clone()), ..HiddenBy::at(context.now) };
    Ok(effect(Some(title), changes(community, hide, loaded, by)))
}

/// A hiding that comes back after a restore tells who hid what the log of hidings hid meanwhile.
fn known_by(
    community: &CommunityId,
    hide: &Hide,
    by: Option<&Person>,
    loaded: &Loaded,
    context: Context<'_>,
) -> Option<Change> {
    let (by, key) = (by?, desk_key(community, hide.record));
    let mut item = loaded.desk_item(&key).filter(|_| context.honoured.is_some())?.clone();
    let hidden = item.hidden.as_mut().filter(|hidden| hidden.name.is_none())?;
    (hidden.person, hidden.name) = (Some(by.id.clone()), Some(by.name.clone()));
    Some(Change::put(key, Record::DeskItem(item)))
}

/// Hides again after a restore, from the log beside the backups: what stands in the restored
/// database, and what devices will offer again later. Nothing when it is hidden already, or was by the
/// same rule and is shown again.
pub(super) fn hide_again(
    community: &CommunityId,
    hide: &Hide,
    by: Option<PersonId>,
    loaded: &Loaded,
    at: Millis,
) -> Vec<Change> {
    let trace = loaded.hiding(&hiding_key(community, hide.consultation, hide.record));
    let stands = trace.is_some_and(|trace| trace.state != HidingState::Restored || trace.rule == hide.rule);
    let by = HiddenBy { person: by, ..HiddenBy::at(at) };
    if stands { Vec::new() } else { changes(community, hide, loaded, by) }
}

fn made_by(it: &Contribution) -> Kind {
    match it.what {
        What::Proposal(_) => Kind::Propose,
        What::Comment(_) => Kind::Comment,
        What::Amendment(_) => Kind::Amend,
    }
}

/// What hiding changes. What the office of a community hides stands in its log; what was hidden where a
/// conversation was imported from does not.
fn changes(community: &CommunityId, hide: &Hide, loaded: &Loaded, by: HiddenBy) -> Vec<Change> {
    let public = Key::inside(community, hide.consultation, hide.record);
    let desk = desk_key(community, hide.record);
    let item = loaded.desk_item(&desk);
    let awaiting = views::awaiting(community, hide.consultation, hide.record, loaded).map(|(_, shown)| shown);
    let stood = loaded.contribution(&public).or(awaiting);
    let trace = Hiding {
        rule: hide.rule.clone(),
        week: by.at.week(),
        act: stood.or(item.map(|item| &item.contribution)).map(made_by),
        state: HidingState::Hidden,
        consultation: None,
    };
    let logged = Hiding { consultation: Some(hide.consultation), ..trace.clone() };
    let mut changes = vec![
        Change::remove(public),
        Change::remove(counts(community, hide.consultation, hide.record).public),
        Change::put(hiding_key(community, hide.consultation, hide.record), Record::Hiding(trace)),
    ];
    if by.person.is_some() {
        changes.push(Change::put(log_key(community, hide.record), Record::Hiding(logged)));
    }
    if let Some(item) = item {
        let key = trail_key(&item.person, hide.record);
        if let Some(trail) = loaded.trail(&key) {
            let mut trail = trail.clone();
            trail.state = TrailState::Hidden(hide.rule.clone());
            trail.appeal = None;
            changes.push(Change::put(key, Record::Trail(trail)));
        }
        let hidden = HiddenBy { shown: stood.cloned(), ..by };
        let state = DeskState::Hidden(hide.rule.clone());
        let item = DeskItem { state, hidden: Some(Box::new(hidden)), ..item.clone() };
        changes.push(Change::put(desk, Record::DeskItem(item)));
    }
    changes
}

/// Says in public what became of a hiding: beside the place where the text was, and in the log.
pub(super) fn retrace(
    community: &CommunityId,
    consultation: RecordId,
    record: RecordId,
    state: HidingState,
    loaded: &Loaded,
) -> Vec<Change> {
    let traces = [hiding_key(community, consultation, record), log_key(community, record)];
    let one = |key: Key| {
        let trace = Hiding { state, ..loaded.hiding(&key)?.clone() };
        Some(Change::put(key, Record::Hiding(trace)))
    };
    traces.into_iter().filter_map(one).collect()
}
