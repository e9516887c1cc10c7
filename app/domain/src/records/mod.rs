//! Records: what people see. Public, desk and person views of one thing are separate
//! records written by the same rule. Unknown fields are ignored and unknown kinds kept, so
//! that an older app survives a newer server.

mod commitments;
mod consultations;
mod contributions;
mod desk;
mod documents;
mod due;
mod entering;
mod moderation;
mod places;
mod polls;
mod surveys;
mod texts;
mod trail;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::wire::Fields;

pub use commitments::{Commitment, Report};
pub use consultations::{Conclusion, Consultation, Invitation};
pub use contributions::{
    AnswerGiven, Comment, Contribution, Forwarded, ForwardedFrom, Proposal, SignedAs, Step, Support,
    Supporters, Supports, What,
};
pub use desk::{AnswerTemplate, DeskItem, DeskState, NoteKept, Question, Safekeeping};
pub use documents::{Attached, Document};
pub use due::{Due, DueAt, Reached, Remembered, Told};
pub use entering::{Entered, Entry};
pub use moderation::{AppealMade, FlagGiven, Flaggers, Flags, HiddenBy, Hiding, HidingState, Verdict};
pub use places::{Community, CommunityKind, Place, Rule, Subject};
pub use polls::{BallotBox, CastBallot, Open, Poll, PollResult, SharedPart, SharedTally};
pub use surveys::{Questionnaire, Respondent, Respondents, SurveyResponse};
pub use texts::{Amendment, Paragraph, PublishedText};
pub use trail::{TookPart, Trail, TrailState};

/// Makes the record of any kind from one table: the kind in Rust, its name in JSON.
macro_rules! kinds {
    ($($(#[$about:meta])+ $kind:ident $name:literal,)+ sealed: $($(#[$of:meta])+ $hidden:ident $tag:literal,)+) => {
        /// Any record.
        #[derive(Clone, PartialEq, Debug, Serialize)]
        #[serde(tag = "kind", rename_all = "snake_case")]
        pub enum Record {
            $($(#[$about])+ $kind($kind),)+
            $($(#[$of])+ $hidden($hidden),)+
            /// A kind that this build does not know.
            #[serde(untagged)]
            Other(Unknown),
        }

        impl Record {
            /// Reads a record's JSON.
            pub fn read(text: &str) -> serde_json::Result<Self> {
                let Ok(fields) = serde_json::from_str::<Fields>(text) else {
                    return serde_json::from_str(text).map(Self::Other);
                };
                match fields.get_or_default::<String>("kind").unwrap_or_default().as_str() {
                    $($name => $kind::from_fields(&fields).map(Self::$kind),)+
                    // No device ever holds these.
                    $(#[cfg(not(target_arch = "wasm32"))] $tag => $hidden::from_fields(&fields).map(Self::$hidden),)+
                    _ => serde_json::from_str(text).map(Self::Other),
                }
            }
        }
    };
}

kinds! {
    /// A community in the territory's list.
    Place "place",
    /// A community with its lists.
    Community "community",
    /// A consultation.
    Consultation "consultation",
    /// What somebody contributed, as everyone sees it.
    Contribution "contribution",
    /// How many support a proposal.
    Supports "supports",
    /// The public trace of something hidden.
    Hiding "hiding",
    /// A contribution, as the desk sees it.
    DeskItem "desk_item",
    /// What was pointed at in it.
    Flags "flags",
    /// Where a thing that a person did now stands.
    Trail "trail",
    /// Whether one supports a proposal.
    Support "support",
    /// That another community invites to a consultation.
    Invitation "invitation",
    /// A template of answers.
    AnswerTemplate "answer_template",
    /// A document of a consultation.
    Document "document",
    /// A text that people can amend.
    PublishedText "published_text",
    /// A poll.
    Poll "poll",
    /// A survey.
    Questionnaire "questionnaire",
    /// Somebody's answers to it.
    SurveyResponse "survey_response",
    /// That one took part.
    TookPart "took_part",
    /// What an office has said it will do.
    Commitment "commitment",
    /// Whether what the office holds is in a backup.
    Safekeeping "safekeeping",
    sealed:
    /// Who does.
    Supporters "supporters",
    /// Who pointed at a contribution.
    Flaggers "flaggers",
    /// Its ballots.
    BallotBox "ballot_box",
    /// Whose they are.
    Respondents "respondents",
    /// What is over some day.
    Due "due",
    /// What was over before a restore.
    Remembered "remembered",
    /// The documents, or the texts, that a consultation has.
    Attached "attached",
    /// What an office entered for somebody.
    Entered "entered",
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
