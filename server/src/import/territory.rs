//! Loading a territory: its communities, each with its subjects and rules.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use domain::ids::CommunityId;
use domain::ports::Journal;
use domain::records::{Community, CommunityKind, Place, Record, Rule, Subject};
use domain::rules::Change;
use domain::scopes::{Key, Scope};
use domain::sectors::Bounds;
use domain::text::{Label, Lang, Localized};
use serde::Deserialize;

use crate::export::read::Public;
use crate::failure::Failure;

/// The file. Notes and sources in it are for its readers.
#[derive(Deserialize)]
pub struct Territory {
    format: u32,
    #[serde(default)]
    territory: Described,
    communities: Vec<Listed>,
    /// What a designation in law is called, by that designation.
    designation_labels: BTreeMap<String, Localized<Label>>,
    subject_lists: Vec<SubjectList>,
    rules: Vec<Rule>,
}

#[derive(Deserialize, Default)]
struct Described {
    bounds: Option<Bounds>,
}

#[derive(Deserialize)]
struct Listed {
    id: CommunityId,
    slug: String,
    name: Label,
    kind: CommunityKind,
    designation: Option<String>,
    languages: Vec<Lang>,
    subjects: String,
    moved_to: Option<CommunityId>,
}

#[derive(Deserialize)]
struct SubjectList {
    id: String,
    items: Vec<SubjectItem>,
}

#[derive(Deserialize)]
struct SubjectItem {
    id: domain::ids::SubjectId,
    label: Localized<Label>,
    full: Localized<Label>,
}

/// What was done.
#[derive(Debug, PartialEq, Eq)]
pub struct Summary {
    /// Communities in the file.
    pub read: usize,
    /// Those that were not there.
    pub added: usize,
    /// Those that changed.
    pub changed: usize,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let same = self.read - self.added - self.changed;
        write!(
            f,
            "{} communities read: {} new, {} changed, {same} as they were.",
            self.read, self.added, self.changed
        )
    }
}

fn wrong(what: impl fmt::Display) -> Failure {
    Failure::new(
        format!("The territory cannot be loaded: {what}."),
        "Nothing of the file was loaded.",
        "Correct the file, then run the command again.",
    )
}

/// Reads and checks a file.
pub fn read(bytes: &[u8]) -> Result<Vec<Community>, Failure> {
    let territory: Territory = serde_json::from_slice(bytes).map_err(wrong)?;
    if territory.format != 1 {
        return Err(wrong(format!("its format is {}, and this program reads format 1", territory.format)));
    }
    let communities = &territory.communities;
    once("the id of a community", communities.iter().map(|listed| listed.id.as_str()))?;
    once("the slug", communities.iter().map(|listed| listed.slug.as_str()))?;
    once("the list of subjects", territory.subject_lists.iter().map(|list| list.id.as_str()))?;
    for list in &territory.subject_lists {
        once("the id of a subject", list.items.iter().map(|item| item.id.as_str()))?;
    }
    once("the id of a rule", territory.rules.iter().map(|rule| rule.id.as_str()))?;
    communities.iter().map(|listed| community(listed, &territory)).collect()
}

/// Names are looked up: of two that are the same, one would never be found.
fn once<'a>(what: &str, names: impl Iterator<Item = &'a str>) -> Result<(), Failure> {
    let mut seen = BTreeSet::new();
    let doubled = names.into_iter().find(|name| !seen.insert(*name));
    doubled.map_or(Ok(()), |name| Err(wrong(format!("{what} `{name}` stands in it twice"))))
}

fn community(listed: &Listed, territory: &Territory) -> Result<Community, Failure> {
    let plain = |slug: &str| {
        !slug.is_empty()
            && slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    let of = &listed.id;
    if !plain(&listed.slug) {
        return Err(wrong(format!("the slug of {of} is not made of small letters, digits and dashes")));
    }
    let list = territory.subject_lists.iter().find(|list| list.id == listed.subjects);
    let list = list.ok_or_else(|| wrong(format!("{of} names a list of subjects that is not in the file")))?;
    if !list.items.iter().any(|item| item.id.as_str() == "other") {
        return Err(wrong(format!("the list of subjects of {of} lacks `other`")));
    }
    let labels = &territory.designation_labels;
    let called = |designation: &String| {
        let lacking = || wrong(format!("the designation of {of} has no label in the file"));
        labels.get(designation).cloned().ok_or_else(lacking)
    };
    let subject = |item: &SubjectItem| Subject {
        id: item.id.clone(),
        short: item.label.clone(),
        full: item.full.clone(),
    };
    Ok(Community {
        place: Place {
            id: listed.id.clone(),
            slug: listed.slug.clone(),
            name: listed.name.clone(),
            sort: listed.kind,
            designation: listed.designation.as_ref().map(called).transpose()?,
            languages: listed.languages.clone(),
            moved_to: listed.moved_to.clone(),
        },
        subjects: list.items.iter().map(subject).collect(),
        rules: territory.rules.clone(),
        settled_at: None,
        bounds: territory.territory.bounds,
        premoderated_since: None,
        premoderation_settled_at: None,
    })
}

/// Writes communities: a place in the territory's list, and each with its own lists. Rules that an office
/// has written itself since stay as they are.
pub async fn load(journal: &dyn Journal, mut communities: Vec<Community>) -> Result<Summary, Failure> {
    for community in &mut communities {
        let id = community.place.id.clone();
        let own = Public::read(journal, &id, None).await?.map(|public| public.own);
        if let Some(own) = &own {
            community.premoderated_since = own.premoderated_since;
            community.premoderation_settled_at = own.premoderation_settled_at;
        }
        if let Some(own) = own.filter(|own| own.settled_at.is_some()) {
            (community.rules, community.settled_at) = (own.rules, own.settled_at);
        }
    }
    let scopes: Vec<_> = communities.iter().map(|c| Scope::Community(c.place.id.clone())).collect();
    let before = heads(journal, &scopes).await?;
    let changes = communities.into_iter().flat_map(|community| {
        let place = Key { scope: Scope::Territory, name: community.place.id.to_string() };
        let own = Key::community(&community.place.id);
        [
            Change { key: place, record: Some(Record::Place(community.place.clone())) },
            Change { key: own, record: Some(Record::Community(community)) },
        ]
    });
    journal.put(changes.collect()).await?;
    let after = heads(journal, &scopes).await?;
    let moved = || before.iter().zip(&after).filter(|(before, after)| before != after);
    let added = moved().filter(|(before, _)| **before == 0).count();
    Ok(Summary { read: scopes.len(), added, changed: moved().count() - added })
}

async fn heads(journal: &dyn Journal, scopes: &[Scope]) -> Result<Vec<u64>, Failure> {
    let mut heads = Vec::with_capacity(scopes.len());
    for scope in scopes {
        heads.push(journal.head(scope).await?);
    }
    Ok(heads)
}
