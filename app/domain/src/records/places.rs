//! Communities, and the lists that are their own.

use serde::Serialize;

use crate::ids::{CommunityId, RuleId, SubjectId};
use crate::sectors::Bounds;
use crate::text::{Label, Lang, Localized, Text};
use crate::time::Millis;

/// What kind of community.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CommunityKind {
    /// A local municipality.
    Municipality,
    /// A territory without a municipality (TNO), administered by the MRC.
    UnorganizedTerritory,
    /// A First Nation.
    FirstNation,
    /// A regional county municipality (MRC): what concerns the whole territory.
    RegionalCounty,
}
crate::variants!(CommunityKind { Municipality "municipality", UnorganizedTerritory "unorganized_territory", FirstNation "first_nation", RegionalCounty "regional_county" });

/// A community in the territory's list: just enough to choose it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Place {
    /// Its id.
    pub id: CommunityId,
    /// The readable part of its address.
    pub slug: String,
    /// Its official name.
    pub name: Label,
    /// Of which kind.
    #[serde(rename = "type")]
    pub sort: CommunityKind,
    /// How it is called in law ("ville", "canton", …), in French.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub designation: Option<Localized<Label>>,
    /// Its languages, its own first.
    pub languages: Vec<Lang>,
    /// Where it lives now, when it merged into another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<CommunityId>,
}
crate::fields!(open Place { id, slug, name, sort "type", languages ; designation, moved_to });

/// A community with the lists that are its own.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Community {
    /// As in the territory's list.
    pub place: Place,
    /// What a proposal can be about; `other` is always among them.
    pub subjects: Vec<Subject>,
    /// The public rules by which something may be hidden.
    pub rules: Vec<Rule>,
    /// When its office last wrote the rules itself, by the server's clock; until then they are those of the
    /// operator's file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_at: Option<Millis>,
    /// The frame of its territory, outside of which no proposal has its place; none: anywhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bounds: Option<Bounds>,
    /// Since when what people write appears only once the office has looked at it (pre-moderation), by the
    /// server's clock; none: it appears at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub premoderated_since: Option<Millis>,
    /// When the office last said so, or that it does no longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub premoderation_settled_at: Option<Millis>,
}
crate::fields!(open Community { place, subjects, rules ; settled_at, bounds, premoderated_since, premoderation_settled_at });

impl Community {
    /// The rule of that id, also one that is no longer applied.
    pub fn rule(&self, id: &RuleId) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == *id)
    }

    /// The rules that are applied.
    pub fn applied(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(|rule| !rule.retired)
    }
}

/// What a proposal can be about.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Subject {
    /// Its id in this community's list.
    pub id: SubjectId,
    /// For a button.
    pub short: Localized<Label>,
    /// In full.
    pub full: Localized<Label>,
}
crate::fields!(open Subject { id, short, full });

/// A rule by which something may be hidden.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Rule {
    /// Its id in this community's list.
    pub id: RuleId,
    /// Its name.
    pub label: Localized<Label>,
    /// What it covers, in one sentence.
    pub explanation: Localized<Text>,
    /// Whether it is no longer applied: kept for what was hidden by it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub retired: bool,
}
crate::fields!(open Rule { id, label, explanation ; retired });
