//! Hiding by a public rule: the text goes, the author is told, and everyone sees which rule
//! was applied in which week.

use super::proposals::{about_reads, gone};
use super::{Change, Context, Effect, Loaded, Stop, contribution_key, desk_key, hiding_key, trail_key};
use crate::ids::CommunityId;
use crate::operations::Hide;
use crate::receipts::Refusal;
use crate::records::{DeskItem, DeskState, Hiding, Record, TrailState};
use crate::scopes::Key;

pub(super) fn hide_reads(community: &CommunityId, hide: &Hide, loaded: &Loaded) -> Vec<Key> {
    let mut keys = about_reads(community, hide.consultation, hide.record, loaded);
    keys.push(Key::community(community));
    keys
}

pub(super) fn hide(
    community: &CommunityId,
    hide: &Hide,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let public = contribution_key(community, hide.consultation, hide.record);
    let desk = desk_key(community, hide.record);
    let item = loaded.desk_item(&desk);
    let proposal =
        loaded.proposal(&public).ok_or_else(|| gone(item, loaded.is_gone(&public), hide.record))?;
    let lists = loaded.community(&Key::community(community));
    if !lists.is_some_and(|lists| lists.rules.iter().any(|rule| rule.id == hide.rule)) {
        return Err(Refusal::UnknownRule.into());
    }
    let title = Some(proposal.title.clone());
    let trace = Hiding { rule: hide.rule.clone(), week: context.now.week() };
    let mut changes = vec![
        Change::remove(public),
        Change::put(hiding_key(community, hide.consultation, hide.record), Record::Hiding(trace)),
    ];
    if let Some(item) = item {
        let key = trail_key(&item.person, hide.record);
        if let Some(trail) = loaded.trail(&key) {
            let mut trail = trail.clone();
            trail.state = TrailState::Hidden(hide.rule.clone());
            changes.push(Change::put(key, Record::Trail(trail)));
        }
        let item = DeskItem { state: DeskState::Hidden(hide.rule.clone()), ..item.clone() };
        changes.push(Change::put(desk, Record::DeskItem(item)));
    }
    Ok(Effect { changes, creates: false, title, state: TrailState::Received })
}
