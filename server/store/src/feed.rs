//! The heads that are known without asking the database: advanced after each commit, so a
//! poll that finds nothing new costs nothing.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use domain::scopes::Scope;

/// The newest sequence number of each scope asked for or written since the start.
#[derive(Default)]
pub(crate) struct KnownHeads(RwLock<HashMap<Scope, u64>>);

impl KnownHeads {
    pub(crate) fn get(&self, scope: &Scope) -> Option<u64> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(scope).copied()
    }

    /// Never goes back: a reader may bring an older value than a commit that passed it.
    pub(crate) fn set(&self, scope: Scope, head: u64) {
        let mut heads = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let known = heads.entry(scope).or_default();
        *known = head.max(*known);
    }
}
