//! What devices offer again after a restore, and waits for a record that another device has. Kept
//! in memory: each is offered again every few minutes while its device is there, so a server that
//! was started anew knows soon.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{CommunityId, Entry};
use domain::ports::Submission;
use tokio::sync::watch;

use crate::Store;

/// By community, the operations that wait.
pub type Waits = BTreeMap<CommunityId, BTreeSet<Entry>>;

pub(crate) struct Waiting(watch::Sender<Waits>);

impl Default for Waiting {
    fn default() -> Self {
        Self(watch::Sender::new(Waits::new()))
    }
}

impl Waiting {
    /// After a commit: of these submissions, some wait, and the others do so no longer.
    pub(crate) fn settle<'s>(
        &self,
        submissions: impl Iterator<Item = &'s Submission>,
        waiting: &BTreeSet<Entry>,
    ) {
        if waiting.is_empty() && self.0.borrow().is_empty() {
            return;
        }
        self.0.send_if_modified(|waits| {
            let mut changed = false;
            for submission in submissions {
                let (community, entry) = (&submission.operation.community, submission.operation.entry);
                if waiting.contains(&entry) {
                    changed |= waits.entry(community.clone()).or_default().insert(entry);
                } else if let Some(there) = waits.get_mut(community) {
                    changed |= there.remove(&entry);
                }
            }
            waits.retain(|_, entries| !entries.is_empty());
            changed
        });
    }
}

impl Store {
    /// What is offered again and waits; tells when it changes.
    pub fn waits(&self) -> watch::Receiver<Waits> {
        self.0.waiting.0.subscribe()
    }
}
