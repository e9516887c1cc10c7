//! Hiding by a public rule: the text goes, the author is told, and everyone sees which rule
//! was applied in which week.

use super::support::counts;
use super::views::{self, standing};
use super::{Change, Context, Effect, Loaded, Stop, desk_key, hiding_key, trail_key};
use crate::ids::CommunityId;
use crate::operations::Hide;
use crate::receipts::Refusal;
use crate::records::{DeskItem, DeskState, Hiding, Record, TrailState};
use crate::scopes::Key;
use crate::time::Millis;

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
    let title = Some(standing(community, hide.consultation, hide.record, loaded)?.title());
    // A restored list may lack the rule: what was hidden by it stays hidden.
    let lists = loaded.community(&Key::community(community));
    let listed = lists.is_some_and(|lists| lists.rules.iter().any(|rule| rule.id == hide.rule));
    if !listed && context.honoured.is_none() {
        return Err(Refusal::UnknownRule.into());
    }
    let changes = changes(community, hide, loaded, context.now);
    Ok(Effect { changes, creates: false, title, state: TrailState::Received })
}

/// Hides again after a restore, from the log beside the backups: what stands in the restored
/// database, and what devices will offer again later. Nothing when it is hidden already.
pub fn hide_again(community: &CommunityId, hide: &Hide, loaded: &Loaded, at: Millis) -> Vec<Change> {
    let trace = hiding_key(community, hide.consultation, hide.record);
    if loaded.hiding(&trace).is_some() { Vec::new() } else { changes(community, hide, loaded, at) }
}

fn changes(community: &CommunityId, hide: &Hide, loaded: &Loaded, at: Millis) -> Vec<Change> {
    let trace = Hiding { rule: hide.rule.clone(), week: at.week() };
    let mut changes = vec![
        Change::remove(Key::inside(community, hide.consultation, hide.record)),
        Change::remove(counts(community, hide.consultation, hide.record).public),
        Change::put(hiding_key(community, hide.consultation, hide.record), Record::Hiding(trace)),
    ];
    let desk = desk_key(community, hide.record);
    if let Some(item) = loaded.desk_item(&desk) {
        let key = trail_key(&item.person, hide.record);
        if let Some(trail) = loaded.trail(&key) {
            let mut trail = trail.clone();
            trail.state = TrailState::Hidden(hide.rule.clone());
            changes.push(Change::put(key, Record::Trail(trail)));
        }
        let item = DeskItem { state: DeskState::Hidden(hide.rule.clone()), ..item.clone() };
        changes.push(Change::put(desk, Record::DeskItem(item)));
    }
    changes
}
