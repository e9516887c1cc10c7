//! What people contribute, and what stands around it.

use serde::Serialize;

use super::Amendment;
use crate::channels::Channel;
use crate::ids::{CommunityId, PersonId, RecordId, SubjectId};
use crate::operations::{Photo, Progress, Stance, one_line};
use crate::sectors::Spot;
use crate::text::{Localized, Text, Title};
use crate::time::{Millis, Week};

/// How a contribution is signed in public.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignedAs {
    /// "A resident of …".
    Resident,
    /// A participant of the imported conversation.
    Imported,
    /// Entered by the office for somebody who came, telephoned or wrote.
    OnBehalf,
    /// Entered by the office from a form on paper.
    Paper,
}
crate::variants!(SignedAs { Resident "resident", Imported "imported", OnBehalf "on_behalf", Paper "paper" });

impl From<Channel> for SignedAs {
    fn from(channel: Channel) -> Self {
        match channel {
            Channel::OwnDevice => Self::Resident,
            Channel::OnBehalf => Self::OnBehalf,
            Channel::Paper => Self::Paper,
        }
    }
}

impl SignedAs {
    /// Whether an office entered it: its author sees nothing of what is asked or said of it here.
    pub fn is_entered(self) -> bool {
        matches!(self, Self::OnBehalf | Self::Paper)
    }
}

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
    /// From which of the communities that share the consultation, when from another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub home: Option<CommunityId>,
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
    /// To whom the office passed it on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forwarded: Option<Forwarded>,
    /// From where it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forwarded_from: Option<ForwardedFrom>,
}
crate::fields!(open Contribution { id, consultation, what, week, signed ; home, answer, step, merged, merged_into, forwarded, forwarded_from });

/// That a proposal was passed on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Forwarded {
    /// To whom.
    pub to: CommunityId,
    /// When, by the server's clock; an office signs with the day.
    pub at: Millis,
    /// What it is called there, once it has arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrived: Option<RecordId>,
}
crate::fields!(open Forwarded { to, at ; arrived });

/// What a proposal was where it came from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ForwardedFrom {
    /// Whose.
    pub community: CommunityId,
    /// In which consultation.
    pub consultation: RecordId,
    /// Which one.
    pub record: RecordId,
}
crate::fields!(open ForwardedFrom { community, consultation, record });

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
    /// Another wording for a paragraph.
    Amendment(Amendment),
}
crate::variants!(What { ; Proposal "proposal", Comment "comment", Amendment "amendment" });

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
    /// Where that is: a sector, and words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Spot>,
    /// How many photos the office took out of what the public sees.
    #[serde(skip_serializing_if = "is_zero")]
    pub photos_out: u8,
    /// Of how many of them the office covered a part.
    #[serde(skip_serializing_if = "is_zero")]
    pub photos_covered: u8,
}
crate::fields!(open Proposal { title, subject ; text, photos, place, photos_out, photos_covered });

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &u8) -> bool {
    *count == 0
}

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
            What::Amendment(it) => one_line(&it.quote, it.wording.as_ref()),
        }
    }

    /// The proposal, when it is one.
    pub fn proposal(&self) -> Option<&Proposal> {
        match &self.what {
            What::Proposal(it) => Some(it),
            _ => None,
        }
    }

    /// The comment, when it is one.
    pub fn comment(&self) -> Option<&Comment> {
        match &self.what {
            What::Comment(it) => Some(it),
            _ => None,
        }
    }

    /// The amendment, when it is one.
    pub fn amendment(&self) -> Option<&Amendment> {
        match &self.what {
            What::Amendment(it) => Some(it),
            _ => None,
        }
    }

    /// Whether people comment on it and support it: what they say in comments they do not.
    pub fn is_discussed(&self) -> bool {
        self.comment().is_none()
    }

    /// Whether it may say the same as another: both proposals, or amendments to the same words.
    pub fn may_meet(&self, other: &Self) -> bool {
        match (&self.what, &other.what) {
            (What::Proposal(_), What::Proposal(_)) => true,
            (What::Amendment(one), What::Amendment(other)) => one.meets(other),
            _ => false,
        }
    }

    /// About what, when it says so.
    pub fn subject(&self) -> Option<&SubjectId> {
        self.proposal().map(|it| &it.subject)
    }

    /// What it says beyond its one line; of an amendment, why.
    pub fn text(&self) -> Option<&Text> {
        match &self.what {
            What::Proposal(it) => it.text.as_ref(),
            What::Comment(it) => Some(&it.text),
            What::Amendment(it) => it.reason.as_ref(),
        }
    }

    /// Where it is, when it says so.
    pub fn place(&self) -> Option<&Spot> {
        self.proposal()?.place.as_ref()
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
