//! What stands again after a restore, from the log beside the backups, before anybody offers anything: what was
//! hidden, decided and counted, and that the office looks first. It holds names and numbers, and nobody's words.

use super::appeals;
use super::{Change, Loaded, asked, moderation};
use crate::ids::{CommunityId, PersonId};
use crate::operations::Hide;
use crate::records::Reached;
use crate::scopes::Key;
use crate::time::Millis;

pub use super::appeals::Decided;

/// One such thing.
#[derive(Clone, PartialEq, Debug)]
pub enum Again {
    /// Hidden, and by whom: an appeal is decided by somebody else.
    Hidden(Hide, Option<PersonId>),
    /// An appeal was decided.
    Decided(Decided),
    /// The office looks first from then on, or does so no longer.
    LooksFirst(bool),
    /// A poll was counted, or the results of a survey published.
    Reached(Reached),
}

impl Again {
    /// The keys that it needs, as far as they are known.
    pub fn reads(&self, community: &CommunityId, loaded: &Loaded) -> Vec<Key> {
        match self {
            Self::Hidden(hide, _) => moderation::hide_reads(community, hide, loaded),
            Self::Decided(it) => appeals::decided_reads(community, it, loaded),
            Self::LooksFirst(_) => vec![Key::community(community)],
            Self::Reached(it) => asked::reached_reads(community, it),
        }
    }

    /// What it changes; nothing where it stands already. `at`: when it was so first.
    pub fn changes(&self, community: &CommunityId, loaded: &Loaded, at: Millis) -> Vec<Change> {
        match self {
            Self::Hidden(hide, by) => moderation::hide_again(community, hide, by.clone(), loaded, at),
            Self::Decided(it) => appeals::decide_again(community, it, loaded, at),
            Self::LooksFirst(first) => moderation::look_first_again(community, *first, loaded, at),
            Self::Reached(it) => asked::reached_again(community, it, loaded),
        }
    }
}
