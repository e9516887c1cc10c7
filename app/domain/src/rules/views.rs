//! One contribution in its three views, as an act about it changes them: everyone's, the desk's, its
//! author's.

use super::{Change, Loaded, Stop, desk_key, trail_key};
use crate::ids::{CommunityId, RecordId};
use crate::receipts::Refusal;
use crate::records::{Contribution, DeskItem, DeskState, Record, Trail};
use crate::scopes::Key;

/// The keys of the three views, as far as they are known.
pub(super) fn reads(
    community: &CommunityId,
    consultation: RecordId,
    record: RecordId,
    loaded: &Loaded,
) -> Vec<Key> {
    let desk = desk_key(community, record);
    let author = loaded.desk_item(&desk).map(|item| trail_key(&item.person, record));
    let mut keys = vec![Key::inside(community, consultation, record), desk];
    keys.extend(author);
    keys
}

/// The contribution that an act is about, while it stands.
pub(super) fn standing<'l>(
    community: &CommunityId,
    consultation: RecordId,
    record: RecordId,
    loaded: &'l Loaded,
) -> Result<&'l Contribution, Stop> {
    let public = Key::inside(community, consultation, record);
    let desk = loaded.desk_item(&desk_key(community, record));
    loaded.contribution(&public).ok_or_else(|| gone(desk, loaded.is_gone(&public), record))
}

/// The desk's item while it waits for the office's approval, and what everyone will see.
pub(super) fn awaiting<'l>(
    community: &CommunityId,
    consultation: RecordId,
    record: RecordId,
    loaded: &'l Loaded,
) -> Option<(&'l DeskItem, &'l Contribution)> {
    let item = loaded.desk_item(&desk_key(community, record))?;
    let shown = item.hidden.as_ref()?.shown.as_ref()?;
    let waits = item.state == DeskState::Awaiting && shown.consultation == consultation;
    waits.then_some((item, shown))
}

/// What is said of a contribution that is no longer there: why, or that it must come first.
fn gone(desk: Option<&DeskItem>, public_gone: bool, record: RecordId) -> Stop {
    match desk.map(|item| &item.state) {
        Some(DeskState::Awaiting) => Refusal::NotApproved.into(),
        Some(DeskState::Withdrawn) => Refusal::AlreadyWithdrawn.into(),
        Some(DeskState::Hidden(_)) => Refusal::AlreadyHidden.into(),
        _ if public_gone => Refusal::AlreadyHidden.into(),
        _ => Stop::Wait(record),
    }
}

/// The three views, to be changed. Imported ones have the public one only.
pub(super) struct Views {
    keys: [Key; 2],
    before: (Contribution, Option<DeskItem>, Option<(Key, Trail)>),
    /// Everyone's.
    pub public: Contribution,
    /// The desk's.
    pub item: Option<DeskItem>,
    /// The author's.
    pub trail: Option<(Key, Trail)>,
}

impl Views {
    /// Of a contribution that stands.
    pub(super) fn of(
        community: &CommunityId,
        consultation: RecordId,
        record: RecordId,
        loaded: &Loaded,
    ) -> Result<Self, Stop> {
        let public = standing(community, consultation, record, loaded)?.clone();
        let desk = desk_key(community, record);
        let item = loaded.desk_item(&desk).cloned();
        let trail = item.as_ref().and_then(|item| {
            let key = trail_key(&item.person, record);
            loaded.trail(&key).cloned().map(|trail| (key, trail))
        });
        let keys = [Key::inside(community, consultation, record), desk];
        let before = (public.clone(), item.clone(), trail.clone());
        Ok(Self { keys, before, public, item, trail })
    }

    /// Changes the contribution, in public and in the desk's copy.
    pub(super) fn each(&mut self, change: impl Fn(&mut Contribution)) {
        change(&mut self.public);
        if let Some(item) = &mut self.item {
            change(&mut item.contribution);
        }
    }

    /// Changes the author's view.
    pub(super) fn tell(&mut self, change: impl Fn(&mut Trail)) {
        if let Some((_, trail)) = &mut self.trail {
            change(trail);
        }
    }

    /// What differs from before.
    pub(super) fn changes(self) -> Vec<Change> {
        let [public, desk] = self.keys;
        let mut changes = Vec::new();
        if self.public != self.before.0 {
            changes.push(Change::put(public, Record::Contribution(self.public)));
        }
        if self.item != self.before.1 {
            changes.extend(self.item.map(|item| Change::put(desk, Record::DeskItem(item))));
        }
        if self.trail != self.before.2 {
            changes.extend(self.trail.map(|(key, trail)| Change::put(key, Record::Trail(trail))));
        }
        changes
    }
}
