//! Which tables there are, what each is called, and from what its rows come.

use domain::text::Lang;

use super::columns::{self, Column};
use crate::export::asking::Asking;
use crate::export::read::Public;
use crate::export::words::Both;

/// Which table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// What was asked.
    Consultations,
    /// When.
    Phases,
    /// What people said.
    Contributions,
    /// What they showed.
    Photos,
    /// How many support it.
    Supports,
    /// What the office attached.
    Documents,
    /// What it published to be amended.
    Texts,
    /// What the office answered.
    Answers,
    /// What it answered to all of a consultation.
    Conclusions,
    /// Which contributions that uses.
    ConclusionUses,
    /// What it committed to.
    Commitments,
    /// How far it has come with that.
    CommitmentLog,
    /// From which contributions that follows.
    CommitmentFollows,
    /// What it hid.
    Hidings,
    /// What there was to choose.
    Polls,
    /// From what, and what was counted.
    PollChoices,
    /// How each was graded.
    PollGrades,
    /// How each was ranked against each other.
    PollPairs,
    /// Each community's part of what several held.
    PollParts,
    /// What was counted in it.
    PollPartChoices,
    /// How each was graded in it.
    PollPartGrades,
    /// How each was ranked in it.
    PollPartPairs,
    /// In what people were questioned.
    Surveys,
    /// By which questions.
    SurveyQuestions,
    /// With which answers to choose from.
    SurveyChoices,
    /// What was answered.
    SurveyResults,
    /// How many answered in each community, of what several held.
    SurveyParts,
    /// What a proposal can be about.
    Subjects,
    /// By what something may be hidden.
    Rules,
}

impl Kind {
    /// Every table.
    pub const ALL: [Self; 29] = [
        Self::Consultations,
        Self::Phases,
        Self::Contributions,
        Self::Photos,
        Self::Supports,
        Self::Documents,
        Self::Texts,
        Self::Answers,
        Self::Conclusions,
        Self::ConclusionUses,
        Self::Commitments,
        Self::CommitmentLog,
        Self::CommitmentFollows,
        Self::Hidings,
        Self::Polls,
        Self::PollChoices,
        Self::PollGrades,
        Self::PollPairs,
        Self::PollParts,
        Self::PollPartChoices,
        Self::PollPartGrades,
        Self::PollPartPairs,
        Self::Surveys,
        Self::SurveyQuestions,
        Self::SurveyChoices,
        Self::SurveyResults,
        Self::SurveyParts,
        Self::Subjects,
        Self::Rules,
    ];

    /// By its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Consultations => "consultations",
            Self::Phases => "phases",
            Self::Contributions => "contributions",
            Self::Photos => "photos",
            Self::Supports => "supports",
            Self::Documents => "documents",
            Self::Texts => "texts",
            Self::Answers => "answers",
            Self::Conclusions => "conclusions",
            Self::ConclusionUses => "conclusion_uses",
            Self::Commitments => "commitments",
            Self::CommitmentLog => "commitment_log",
            Self::CommitmentFollows => "commitment_follows",
            Self::Hidings => "hidings",
            Self::Polls => "polls",
            Self::PollChoices => "poll_choices",
            Self::PollGrades => "poll_grades",
            Self::PollPairs => "poll_pairs",
            Self::PollParts => "poll_parts",
            Self::PollPartChoices => "poll_part_choices",
            Self::PollPartGrades => "poll_part_grades",
            Self::PollPartPairs => "poll_part_pairs",
            Self::Surveys => "surveys",
            Self::SurveyQuestions => "survey_questions",
            Self::SurveyChoices => "survey_choices",
            Self::SurveyResults => "survey_results",
            Self::SurveyParts => "survey_parts",
            Self::Subjects => "subjects",
            Self::Rules => "rules",
        }
    }

    /// What a row is.
    pub fn about(self) -> Both {
        columns::about(self)
    }

    /// Its columns, in order.
    pub fn columns(self, languages: &[Lang]) -> Vec<Column> {
        columns::of(self, languages)
    }

    /// The languages of its columns.
    pub fn languages(self, public: &Public, asking: &Asking) -> Vec<Lang> {
        match self == Self::Contributions || self.is_of_asking() {
            true => asking.languages(public),
            false => public.languages(),
        }
    }

    /// Whether it is of polls.
    fn is_of_polls(self) -> bool {
        use Kind::{PollChoices, PollGrades, PollPairs, Polls};
        use Kind::{PollPartChoices, PollPartGrades, PollPartPairs, PollParts};
        matches!(self, Polls | PollChoices | PollGrades | PollPairs)
            || matches!(self, PollParts | PollPartChoices | PollPartGrades | PollPartPairs)
    }

    /// Whether its rows come from polls, surveys or commitments.
    pub(super) fn is_of_asking(self) -> bool {
        use Kind::{CommitmentFollows, CommitmentLog, Commitments};
        use Kind::{SurveyChoices, SurveyParts, SurveyQuestions, SurveyResults, Surveys};
        self.is_of_polls()
            || matches!(self, Surveys | SurveyQuestions | SurveyChoices | SurveyResults | SurveyParts)
            || matches!(self, Commitments | CommitmentLog | CommitmentFollows)
    }

    /// Whether its rows come from what lies in each consultation.
    pub(super) fn is_of_contributions(self) -> bool {
        matches!(self, Self::Contributions | Self::Photos | Self::Supports | Self::Answers | Self::Hidings)
            || matches!(self, Self::Documents | Self::Texts)
    }
}
