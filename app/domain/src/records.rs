//! Records: what people see. Public, desk and person views of one thing are separate
//! records written by the same rule. Unknown fields are ignored and unknown kinds kept, so
//! that an older app survives a newer server.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::ids::{CommunityId, Hash, OpId, PersonId, RecordId, RuleId, SubjectId};
use crate::operations::{Kind, Photo, Source};
use crate::receipts::Outcome;
use crate::text::{Label, Lang, Localized, Text, Title};
use crate::time::{Millis, Week};

/// Any record.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Record {
    /// A community in the territory's list.
    Place(Place),
    /// A community with its lists.
    Community(Community),
    /// A consultation.
    Consultation(Consultation),
    /// A proposal, as everyone sees it.
    Proposal(Proposal),
    /// The public trace of something hidden.
    Hiding(Hiding),
    /// A proposal, as the desk sees it.
    DeskItem(DeskItem),
    /// Where a thing that a person did now stands.
    Trail(Trail),
    /// A kind that this build does not know.
    #[serde(untagged)]
    Other(Unknown),
}

/// A record as it came.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Unknown(Box<RawValue>);

impl PartialEq for Unknown {
    fn eq(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }
}

/// By hand: the derived one buffers every record in serde's own value, and compiles all of
/// them a second time for that.
impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text: Box<RawValue> = Deserialize::deserialize(deserializer)?;
        Self::read(text.get()).map_err(serde::de::Error::custom)
    }
}

#[derive(Deserialize)]
struct Tag {
    kind: String,
}

impl Record {
    /// Reads a record's JSON.
    pub fn read(text: &str) -> serde_json::Result<Self> {
        let tag = serde_json::from_str::<Tag>(text).map(|tag| tag.kind).unwrap_or_default();
        match tag.as_str() {
            "place" => serde_json::from_str(text).map(Self::Place),
            "community" => serde_json::from_str(text).map(Self::Community),
            "consultation" => serde_json::from_str(text).map(Self::Consultation),
            "proposal" => serde_json::from_str(text).map(Self::Proposal),
            "hiding" => serde_json::from_str(text).map(Self::Hiding),
            "desk_item" => serde_json::from_str(text).map(Self::DeskItem),
            "trail" => serde_json::from_str(text).map(Self::Trail),
            _ => serde_json::from_str(text).map(Self::Other),
        }
    }
}

/// What kind of community.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommunityKind {
    /// A local municipality.
    Municipality,
    /// A territory without a municipality (TNO), administered by the MRC.
    UnorganizedTerritory,
    /// A First Nation.
    FirstNation,
}

/// A community in the territory's list: just enough to choose it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub designation: Option<Label>,
    /// Its languages, its own first.
    pub languages: Vec<Lang>,
    /// Where it lives now, when it merged into another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<CommunityId>,
}

/// A community with the lists that are its own.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Community {
    /// As in the territory's list.
    pub place: Place,
    /// What a proposal can be about; `other` is always among them.
    pub subjects: Vec<Subject>,
    /// The public rules by which something may be hidden.
    pub rules: Vec<Rule>,
}

/// What a proposal can be about.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Subject {
    /// Its id in this community's list.
    pub id: SubjectId,
    /// For a button.
    pub short: Localized<Label>,
    /// In full.
    pub full: Localized<Label>,
}

/// A rule by which something may be hidden.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Rule {
    /// Its id in this community's list.
    pub id: RuleId,
    /// Its name.
    pub label: Localized<Label>,
    /// What it covers, in one sentence.
    pub explanation: Localized<Text>,
}

/// A consultation. Its phase follows from its dates: see [`crate::phases`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Consultation {
    /// Its id.
    pub id: RecordId,
    /// Whose it is.
    pub community: CommunityId,
    /// What is asked.
    pub title: Localized<Title>,
    /// What is asked, why now, who decides, what becomes of it.
    pub summary: Localized<Text>,
    /// By the server's clock.
    pub opened_at: Millis,
    /// Said to everyone.
    pub closes_at: Millis,
    /// Until when what was written offline is still taken.
    pub accepts_until: Millis,
    /// Whether it was closed by hand.
    #[serde(default)]
    pub closed: bool,
    /// When an answer is promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_by: Option<Millis>,
    /// For imported conversations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Invented to show the product.
    #[serde(default)]
    pub fictitious: bool,
}

/// How a contribution is signed in public.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignedAs {
    /// "A resident of …".
    Resident,
    /// A participant of the imported conversation.
    Imported,
}

/// A proposal, as everyone sees it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Proposal {
    /// Its id.
    pub id: RecordId,
    /// Where it was made.
    pub consultation: RecordId,
    /// In one sentence.
    pub title: Title,
    /// Why, for whom, at what cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Text>,
    /// About what.
    pub subject: SubjectId,
    /// At most three.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
    /// The week, never the hour.
    pub week: Week,
    /// By whom, as far as the public knows.
    pub signed: SignedAs,
    /// The official answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<AnswerGiven>,
}

/// An official answer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AnswerGiven {
    /// In the languages that the office wrote.
    pub text: Localized<Text>,
    /// By the server's clock; an office signs with the day.
    pub at: Millis,
}

/// The public trace of something hidden: which rule, which week, never the text.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Hiding {
    /// The rule applied.
    pub rule: RuleId,
    /// When.
    pub week: Week,
}

/// Where a proposal stands at the desk.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskState {
    /// Waits for an answer.
    New,
    /// Has one.
    Answered,
    /// Hidden by a rule.
    Hidden(RuleId),
    /// Taken back by its author.
    Withdrawn,
}

/// A proposal, as the desk sees it: with the name.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DeskItem {
    /// The proposal; its answer included.
    pub proposal: Proposal,
    /// Whose it is.
    pub person: PersonId,
    /// Their name.
    pub name: Label,
    /// The number on the author's stamp.
    pub receipt: String,
    /// By the server's clock.
    pub received_at: Millis,
    /// By the device's clock.
    pub written_at: Millis,
    /// Where it stands.
    pub state: DeskState,
}

/// What became of a thing that a person did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrailState {
    /// The server has decided it; nothing more yet.
    Received,
    /// The office answered.
    Answered,
    /// Hidden by a rule.
    Hidden(RuleId),
    /// Taken back.
    Withdrawn,
}

/// Where a thing that a person did now stands.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Trail {
    /// The operation: ties it to what the device still holds.
    pub op: OpId,
    /// What was done.
    pub act: Kind,
    /// Where.
    pub community: CommunityId,
    /// The consultation that it is about.
    pub consultation: RecordId,
    /// The record that it created or is about.
    pub record: RecordId,
    /// In one line: the proposal's title; none for acts that have no words of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Title>,
    /// What was decided.
    pub outcome: Outcome,
    /// The number on the stamp.
    pub receipt: String,
    /// The hash that the receipt is for.
    pub hash: Hash,
    /// By the server's clock.
    pub received_at: Millis,
    /// Its place in the journal.
    pub stored_at: u64,
    /// What became of it since.
    pub state: TrailState,
    /// The official answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<AnswerGiven>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_kind_is_kept_as_it_is_and_an_unknown_field_ignored() {
        let text = r#"{"kind":"motion","number":4}"#;
        let record: Record = serde_json::from_str(text).unwrap();
        assert!(matches!(record, Record::Other(_)));
        assert_eq!(serde_json::to_string(&record).unwrap(), text);

        let hiding = r#"{"kind":"hiding","rule":"off-topic","week":0,"colour":"red"}"#;
        assert!(matches!(serde_json::from_str(hiding).unwrap(), Record::Hiding(_)));
    }
}
