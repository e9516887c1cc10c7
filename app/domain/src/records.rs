//! Records: what people see. Public, desk and person views of one thing are separate
//! records written by the same rule. Unknown fields are ignored and unknown kinds kept, so
//! that an older app survives a newer server.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::ids::{CommunityId, Hash, OpId, PersonId, RecordId, RuleId, SubjectId};
use crate::operations::{Kind, Photo, Progress, Source, Stance};
use crate::phases::{Form, Phases};
use crate::receipts::Outcome;
use crate::text::{Label, Lang, Localized, Text, Title};
use crate::time::{Millis, Week};
use crate::wire::Fields;

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
    /// What somebody contributed, as everyone sees it.
    Contribution(Contribution),
    /// How many support a proposal.
    Supports(Supports),
    /// The public trace of something hidden.
    Hiding(Hiding),
    /// A contribution, as the desk sees it.
    DeskItem(DeskItem),
    /// Where a thing that a person did now stands.
    Trail(Trail),
    /// Whether one supports a proposal.
    Support(Support),
    /// Who does.
    Supporters(Supporters),
    /// Whether what the office holds is in a backup.
    Safekeeping(Safekeeping),
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

impl Record {
    /// Reads a record's JSON.
    pub fn read(text: &str) -> serde_json::Result<Self> {
        let Ok(fields) = serde_json::from_str::<Fields>(text) else {
            return serde_json::from_str(text).map(Self::Other);
        };
        match fields.get_or_default::<String>("kind").unwrap_or_default().as_str() {
            "place" => Place::from_fields(&fields).map(Self::Place),
            "community" => Community::from_fields(&fields).map(Self::Community),
            "consultation" => Consultation::from_fields(&fields).map(Self::Consultation),
            "contribution" => Contribution::from_fields(&fields).map(Self::Contribution),
            "supports" => Supports::from_fields(&fields).map(Self::Supports),
            "hiding" => Hiding::from_fields(&fields).map(Self::Hiding),
            "desk_item" => DeskItem::from_fields(&fields).map(Self::DeskItem),
            "support" => Support::from_fields(&fields).map(Self::Support),
            "supporters" => Supporters::from_fields(&fields).map(Self::Supporters),
            "trail" => Trail::from_fields(&fields).map(Self::Trail),
            "safekeeping" => Safekeeping::from_fields(&fields).map(Self::Safekeeping),
            _ => serde_json::from_str(text).map(Self::Other),
        }
    }
}

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
}
crate::variants!(CommunityKind { Municipality "municipality", UnorganizedTerritory "unorganized_territory", FirstNation "first_nation" });

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
}
crate::fields!(open Community { place, subjects, rules });

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
}
crate::fields!(open Rule { id, label, explanation });

/// A consultation. Where it stands follows from its dates: see [`crate::phases`].
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Consultation {
    /// Its id.
    pub id: RecordId,
    /// Whose it is.
    pub community: CommunityId,
    /// What is asked.
    pub title: Localized<Title>,
    /// What is asked, and why now: two minutes to read.
    pub summary: Localized<Text>,
    /// By the server's clock.
    pub opened_at: Millis,
    /// Its course.
    pub phases: Phases,
    /// For how long, in milliseconds from closing, what was written offline is still taken.
    pub grace: i64,
    /// What people are asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub takes: Vec<Form>,
    /// When it was closed by hand, before its time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Millis>,
    /// Who decides in the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<Localized<Text>>,
    /// What is done with the contributions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_for: Option<Localized<Text>>,
    /// When an answer is promised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_by: Option<Millis>,
    /// The answer to all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conclusion: Option<Conclusion>,
    /// For imported conversations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Invented to show the product.
    pub fictitious: bool,
}
crate::fields!(open Consultation { id, community, title, summary, opened_at, phases, grace ; takes, closed_at, decided_by, used_for, answer_by, conclusion, source, fictitious });

/// The answer to a consultation as a whole.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Conclusion {
    /// In the languages that the office wrote.
    pub text: Localized<Text>,
    /// By the server's clock; an office signs with the day.
    pub at: Millis,
    /// The contributions that it uses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<RecordId>,
}
crate::fields!(open Conclusion { text, at ; uses });

/// How a contribution is signed in public.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignedAs {
    /// "A resident of …".
    Resident,
    /// A participant of the imported conversation.
    Imported,
}
crate::variants!(SignedAs { Resident "resident", Imported "imported" });

/// What somebody contributed to a consultation, as everyone sees it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Contribution {
    /// Its id.
    pub id: RecordId,
    /// Where it was made.
    pub consultation: RecordId,
    /// What it says.
    pub what: What,
    /// The week, never the hour.
    pub week: Week,
    /// By whom, as far as the public knows.
    pub signed: SignedAs,
    /// The official answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<AnswerGiven>,
    /// How far the office is with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<Step>,
    /// The proposals that it stands for too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<RecordId>,
    /// The proposal that stands for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<RecordId>,
}
crate::fields!(open Contribution { id, consultation, what, week, signed ; answer, step, merged, merged_into });

/// How far the office is with a contribution, since when.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Step {
    /// How far.
    pub progress: Progress,
    /// By the server's clock; an office signs with the day.
    pub at: Millis,
}
crate::fields!(open Step { progress, at });

/// What a contribution says, by its form.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Something to be done.
    Proposal(Proposal),
    /// A word on a proposal.
    Comment(Comment),
}
crate::variants!(What { ; Proposal "proposal", Comment "comment" });

/// Something to be done.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Proposal {
    /// In one sentence.
    pub title: Title,
    /// Why, for whom, at what cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Text>,
    /// About what.
    pub subject: SubjectId,
    /// At most three.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
}
crate::fields!(open Proposal { title, subject ; text, photos });

/// A word on a proposal; there are none on comments.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Comment {
    /// The proposal.
    pub on: RecordId,
    /// On which side.
    pub stance: Stance,
    /// What is said.
    pub text: Text,
}
crate::fields!(open Comment { on, stance, text });

impl Contribution {
    /// Its one line.
    pub fn title(&self) -> Title {
        match &self.what {
            What::Proposal(it) => it.title.clone(),
            What::Comment(it) => it.text.in_one_line(),
        }
    }

    /// The proposal, when it is one.
    pub fn proposal(&self) -> Option<&Proposal> {
        match &self.what {
            What::Proposal(it) => Some(it),
            What::Comment(_) => None,
        }
    }

    /// The comment, when it is one.
    pub fn comment(&self) -> Option<&Comment> {
        match &self.what {
            What::Comment(it) => Some(it),
            What::Proposal(_) => None,
        }
    }

    /// About what, when it says so.
    pub fn subject(&self) -> Option<&SubjectId> {
        self.proposal().map(|it| &it.subject)
    }

    /// What it says beyond its one line.
    pub fn text(&self) -> Option<&Text> {
        match &self.what {
            What::Proposal(it) => it.text.as_ref(),
            What::Comment(it) => Some(&it.text),
        }
    }

    /// Its photos.
    pub fn photos(&self) -> &[Photo] {
        self.proposal().map_or(&[], |it| &it.photos)
    }
}

/// That a person supports a proposal, or does no longer: theirs alone.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Support {
    /// Whose proposal it is.
    pub community: CommunityId,
    /// Its consultation.
    pub consultation: RecordId,
    /// The proposal.
    pub record: RecordId,
    /// Whether they do.
    pub given: bool,
    /// Since when, by the server's clock.
    pub at: Millis,
}
crate::fields!(open Support { community, consultation, record, given, at });

/// How many support a proposal: in the office's own scope always, in public from
/// [`crate::rules::support::SHOWN_FROM`] on.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Supports {
    /// The proposal.
    pub record: RecordId,
    /// How many.
    pub count: u64,
}
crate::fields!(open Supports { record, count });

/// Who supports a proposal: in a scope that nobody pulls.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Supporters {
    /// The proposal.
    pub record: RecordId,
    /// Each once, in order.
    pub people: Vec<PersonId>,
    /// Whether their number was ever public.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub shown: bool,
}
crate::fields!(open Supporters { record, people ; shown });

/// An official answer.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct AnswerGiven {
    /// In the languages that the office wrote.
    pub text: Localized<Text>,
    /// By the server's clock; an office signs with the day.
    pub at: Millis,
}
crate::fields!(open AnswerGiven { text, at });

/// The public trace of something hidden: which rule, which week, never the text.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Hiding {
    /// The rule applied.
    pub rule: RuleId,
    /// When.
    pub week: Week,
}
crate::fields!(open Hiding { rule, week });

/// Where a contribution stands at the desk.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
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
crate::variants!(DeskState { New "new", Answered "answered", Withdrawn "withdrawn" ; Hidden "hidden" });

/// A contribution, as the desk sees it: with the name.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct DeskItem {
    /// The contribution; its answer included.
    pub contribution: Contribution,
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
    /// How far the office is with it, its reading included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<Step>,
    /// For colleagues.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<NoteKept>,
    /// Questions to the author, with the replies.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
}
crate::fields!(open DeskItem { contribution, person, name, receipt, received_at, written_at, state ; step, notes, questions });

/// A note for colleagues.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct NoteKept {
    /// Whose.
    pub name: Label,
    /// What it says.
    pub text: Text,
    /// By the server's clock.
    pub at: Millis,
}
crate::fields!(open NoteKept { name, text, at });

/// A question of the office, and the reply.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Question {
    /// The question.
    pub text: Text,
    /// By the server's clock.
    pub at: Millis,
    /// The reply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<Text>,
    /// When it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replied_at: Option<Millis>,
}
crate::fields!(open Question { text, at ; reply, replied_at });

/// What became of a thing that a person did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
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
crate::variants!(TrailState { Received "received", Answered "answered", Withdrawn "withdrawn" ; Hidden "hidden" });

/// Where a thing that a person did now stands.
#[derive(Clone, PartialEq, Debug, Serialize)]
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
    #[serde(skip_serializing_if = "Option::is_none")]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<AnswerGiven>,
    /// How far the office is with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<Step>,
    /// The office's questions, with the replies.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// The answer to the whole consultation uses it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub used: bool,
    /// The proposal that stands for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<RecordId>,
}
crate::fields!(open Trail { op, act, community, consultation, record, outcome, receipt, hash, received_at, stored_at, state ; title, answer, step, questions, used, merged_into });

/// What the office is told of the server's backups, and of what a restore lost.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Safekeeping {
    /// When the latest one was made that was read back; none so far, when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_backup: Option<Millis>,
    /// How many operations devices offer again that wait for a record which another device has.
    #[serde(skip_serializing_if = "is_none")]
    pub waiting: u64,
}
crate::fields!(open Safekeeping { ; last_backup, waiting });

fn is_none(count: &u64) -> bool {
    *count == 0
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
