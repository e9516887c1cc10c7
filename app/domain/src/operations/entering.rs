//! Entering what somebody said who came, telephoned, wrote or filled in a form; and taking it back with the code
//! on their slip.

use serde::Serialize;

use super::{Action, Amend, BlobRef, Cast, Comment, Data, Propose, Respond, Support, no_files};
use crate::channels::Channel;
use crate::codes::SlipCode;
use crate::ids::{Hash, RecordId};
use crate::text::{Text, Title};

/// Entering one thing for one person, as they would have done it, without files.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Enter {
    /// What they would have done.
    pub act: Act,
    /// How it came.
    pub way: Way,
    /// How they agreed to its being entered.
    pub consent: Consent,
    /// See [`SlipCode::hash`]: the code itself is on the person's slip alone.
    pub slip: Hash,
}
crate::fields!(strict Enter { act, way, consent, slip });

/// What can be entered.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// A proposal, without photos.
    Propose(Propose),
    /// A word on one.
    Comment(Comment),
    /// Another wording for a paragraph.
    Amend(Amend),
    /// That they support one.
    Support(Support),
    /// A ballot.
    Cast(Cast),
    /// Answers to a survey, without photos.
    Respond(Respond),
}
crate::variants!(Act { ; Propose "propose", Comment "comment", Amend "amend", Support "support", Cast "cast", Respond "respond" });

/// How something came to the office.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// The person came.
    Visit,
    /// They telephoned.
    Phone,
    /// They wrote, on paper or otherwise.
    Letter,
    /// They filled in the office's form.
    Paper,
}
crate::variants!(Way { Visit "visit", Phone "phone", Letter "letter", Paper "paper" });

impl Way {
    /// Every way there is.
    pub const ALL: [Way; 4] = [Self::Visit, Self::Phone, Self::Letter, Self::Paper];

    /// As what it is counted.
    pub fn channel(self) -> Channel {
        if self == Self::Paper { Channel::Paper } else { Channel::OnBehalf }
    }
}

/// How a person agreed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// They said so.
    Spoken,
    /// It stands on what they handed in.
    Signed,
}
crate::variants!(Consent { Spoken "spoken", Signed "signed" });

/// Taking back what was entered, by the code on its slip. The code is in this operation and nowhere else.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct TakeBack {
    /// As the person says it.
    pub code: SlipCode,
}
crate::fields!(strict TakeBack { code });

/// Asking for a second look at the hiding of what was entered, for the person whose code this is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AppealFor {
    /// The hash of the code, as in [`Enter`]: a code that lay here could still take back.
    pub slip: Hash,
    /// Why, in their words.
    pub text: Text,
}
crate::fields!(strict AppealFor { slip, text });

impl Act {
    fn data(&self) -> &dyn Data {
        match self {
            Self::Propose(data) => data,
            Self::Comment(data) => data,
            Self::Amend(data) => data,
            Self::Support(data) => data,
            Self::Cast(data) => data,
            Self::Respond(data) => data,
        }
    }

    /// What the person would have done.
    pub fn action(&self) -> Action {
        match self {
            Self::Propose(data) => Action::Propose(data.clone()),
            Self::Comment(data) => Action::Comment(data.clone()),
            Self::Amend(data) => Action::Amend(data.clone()),
            Self::Support(data) => Action::Support(data.clone()),
            Self::Cast(data) => Action::Cast(data.clone()),
            Self::Respond(data) => Action::Respond(data.clone()),
        }
    }
}

/// Entries are independent of each other, also those about one record: none keeps another waiting.
impl Data for Enter {
    fn consultation(&self) -> Option<RecordId> {
        self.act.data().consultation()
    }

    fn title(&self) -> Option<Title> {
        self.act.data().title()
    }

    fn check(&self, blobs: &[BlobRef]) -> Result<(), &'static str> {
        no_files(blobs)?;
        if matches!(&self.act, Act::Support(support) if !support.given) {
            return Err("nothing is entered that is taken back");
        }
        if self.way == Way::Phone && self.consent == Consent::Signed {
            return Err("nobody signs on the telephone");
        }
        self.act.data().check(&[])
    }
}

impl Data for TakeBack {}

impl Data for AppealFor {}
