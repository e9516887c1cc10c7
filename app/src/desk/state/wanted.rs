//! What is asked of the inbox: by state, kind, subject, consultation and words.

use domain::ids::{RecordId, SubjectId};
use domain::operations::Progress;
use domain::records::{DeskItem, DeskState};

use super::list::{awaits_approval, awaits_verdict, has_reply, is_unread, stands, waits};

/// Which items are shown by their state.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Shown {
    /// All of them.
    #[default]
    All,
    /// They wait for the office's approval.
    Awaiting,
    /// Nobody has read them.
    Unread,
    /// They wait for an answer.
    Waiting,
    /// Their author replied.
    Replied,
    /// Participants pointed at them: which ones, the inbox knows.
    Flagged,
    /// Hidden, and a second person is asked.
    Appealed,
    /// They are looked into.
    InDiscussion,
    /// They come before those who decide.
    OnAgenda,
    /// Decided, done or declined.
    Settled,
    /// With an answer.
    Answered,
    /// Hidden by a rule.
    Hidden,
    /// Taken back.
    Withdrawn,
}

impl Shown {
    /// In the order of the choice.
    pub const ALL: [Shown; 13] = [
        Self::All,
        Self::Awaiting,
        Self::Unread,
        Self::Waiting,
        Self::Replied,
        Self::Flagged,
        Self::Appealed,
        Self::InDiscussion,
        Self::OnAgenda,
        Self::Settled,
        Self::Answered,
        Self::Hidden,
        Self::Withdrawn,
    ];

    /// For the value of an option.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Awaiting => "awaiting",
            Self::Unread => "unread",
            Self::Waiting => "waiting",
            Self::Replied => "replied",
            Self::Flagged => "flagged",
            Self::Appealed => "appealed",
            Self::InDiscussion => "in_discussion",
            Self::OnAgenda => "on_agenda",
            Self::Settled => "settled",
            Self::Answered => "answered",
            Self::Hidden => "hidden",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|shown| shown.name() == name).unwrap_or_default()
    }

    fn admits(self, item: &DeskItem) -> bool {
        let step = item.step.as_ref().map(|step| &step.progress);
        match self {
            Self::All | Self::Flagged => true,
            Self::Appealed => awaits_verdict(item),
            Self::Awaiting => awaits_approval(item),
            Self::Unread => is_unread(item),
            Self::Waiting => waits(item),
            Self::Replied => has_reply(item),
            Self::InDiscussion => stands(item) && step == Some(&Progress::InDiscussion),
            Self::OnAgenda => stands(item) && matches!(step, Some(Progress::OnAgenda(_))),
            Self::Settled => {
                let ended = matches!(step, Some(Progress::Decided | Progress::Done | Progress::Declined(_)));
                stands(item) && ended
            }
            Self::Answered => item.state == DeskState::Answered,
            Self::Hidden => matches!(item.state, DeskState::Hidden(_)),
            Self::Withdrawn => item.state == DeskState::Withdrawn,
        }
    }
}

/// Which items are shown by their kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Sort {
    /// All of them.
    #[default]
    All,
    /// Proposals only.
    Proposals,
    /// Comments only.
    Comments,
    /// Amendments only.
    Amendments,
}

impl Sort {
    /// In the order of the choice.
    pub const ALL: [Sort; 4] = [Self::All, Self::Proposals, Self::Comments, Self::Amendments];

    /// For the value of an option.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Proposals => "proposals",
            Self::Comments => "comments",
            Self::Amendments => "amendments",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|sort| sort.name() == name).unwrap_or_default()
    }

    fn admits(self, item: &DeskItem) -> bool {
        match self {
            Self::All => true,
            Self::Proposals => item.contribution.proposal().is_some(),
            Self::Comments => item.contribution.comment().is_some(),
            Self::Amendments => item.contribution.amendment().is_some(),
        }
    }
}

/// What is asked of the inbox.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Wanted {
    /// By state.
    pub shown: Shown,
    /// By kind.
    pub sort: Sort,
    /// About this only.
    pub subject: Option<SubjectId>,
    /// Of this consultation only.
    pub consultation: Option<RecordId>,
    /// Words, in the text or the name.
    pub query: String,
}

impl Wanted {
    /// Whether it asks for this one.
    pub fn admits(&self, item: &DeskItem) -> bool {
        self.shown.admits(item)
            && self.sort.admits(item)
            && self.subject.as_ref().is_none_or(|subject| Some(subject) == item.contribution.subject())
            && self.consultation.is_none_or(|id| id == item.contribution.consultation)
    }
}
