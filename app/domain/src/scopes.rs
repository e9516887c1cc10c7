//! Scopes: the units in which records are pulled, held, evicted and authorised.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::{CommunityId, Epoch, InvalidId, PersonId, RecordId, serde_as_text};

/// Where a record lies. Each record lies in exactly one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scope {
    /// The communities there are.
    Territory,
    /// A community's own record and its consultations.
    Community(CommunityId),
    /// The contributions to one consultation.
    Consultation(CommunityId, RecordId),
    /// What the municipal office sees.
    Desk(CommunityId),
    /// One person's trail.
    Person(PersonId),
    /// What the rules of a community must know and nobody may see: who supports what.
    Sealed(CommunityId),
}

impl Scope {
    /// Whether anyone may pull it, without a session.
    pub fn is_public(&self) -> bool {
        matches!(self, Self::Territory | Self::Community(_) | Self::Consultation(..))
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Territory => f.write_str("territory"),
            Self::Community(community) => write!(f, "public/{community}"),
            Self::Consultation(community, id) => write!(f, "public/{community}/{id}"),
            Self::Desk(community) => write!(f, "desk/{community}"),
            Self::Person(person) => write!(f, "person/{person}"),
            Self::Sealed(community) => write!(f, "sealed/{community}"),
        }
    }
}

impl FromStr for Scope {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let parts: Vec<_> = text.split('/').collect();
        match parts[..] {
            ["territory"] => Ok(Self::Territory),
            ["public", community] => Ok(Self::Community(community.parse()?)),
            ["public", community, id] => Ok(Self::Consultation(community.parse()?, id.parse()?)),
            ["desk", community] => Ok(Self::Desk(community.parse()?)),
            ["person", person] => Ok(Self::Person(person.parse()?)),
            ["sealed", community] => Ok(Self::Sealed(community.parse()?)),
            _ => Err(InvalidId("Scope")),
        }
    }
}

serde_as_text!(Scope);

/// A record's name in its scope.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key {
    /// Where it lies.
    pub scope: Scope,
    /// Its name there: a record id, or a community's id.
    pub name: String,
}

impl Key {
    /// A record named by its id.
    pub fn record(scope: Scope, id: RecordId) -> Self {
        Self { scope, name: id.to_string() }
    }

    /// A community's own record, in its public scope.
    pub fn community(community: &CommunityId) -> Self {
        Self { scope: Scope::Community(community.clone()), name: community.to_string() }
    }

    /// What lies in a consultation: a contribution, a poll, a survey.
    pub fn inside(community: &CommunityId, consultation: RecordId, id: RecordId) -> Self {
        Self::record(Scope::Consultation(community.clone(), consultation), id)
    }

    /// A consultation's record, in its community's public scope.
    pub fn consultation(community: &CommunityId, id: RecordId) -> Self {
        Self::record(Scope::Community(community.clone()), id)
    }
}

/// One answer to a pull. `T` is the record: JSON as it lies on the server, decoded on the
/// device.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Page<T> {
    /// The life of the database that the cursors belong to.
    pub epoch: Epoch,
    /// The scope's newest sequence number.
    pub head: u64,
    /// The cursor to go on from: upwards (`cursor=`) or downwards (`before=`).
    pub cursor: u64,
    /// Whether there is more in that direction.
    pub more: bool,
    /// Oldest first when pulled upwards, newest first when pulled downwards.
    pub rows: Vec<Row<T>>,
    /// In a person's scope: everything up to this journal position is in a backup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backed_up_through: Option<u64>,
    /// The cursor is of another life of the database, or beyond the horizon: begin anew.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub resync: bool,
}

/// One record in a page.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Row<T> {
    /// Its name in the scope.
    pub name: String,
    /// Its place in the feed.
    pub seq: u64,
    /// Its state of now; none when it is gone.
    pub record: Option<T>,
}

/// The most records in a page.
pub const PAGE_MAX: u32 = 500;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_read_back_as_written() {
        let all = [
            "territory",
            "public/laforce",
            "public/laforce/000102030405060708090a0b0c0d0e0f",
            "desk/laforce",
            "person/p1",
            "sealed/laforce",
        ];
        for text in all {
            assert_eq!(text.parse::<Scope>().unwrap().to_string(), text);
        }
        for bad in ["", "public", "public/", "public/../desk", "desk/a/b", "person/"] {
            assert!(bad.parse::<Scope>().is_err(), "{bad}");
        }
    }
}
