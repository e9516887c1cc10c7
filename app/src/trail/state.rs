//! Where each thing that a person said now stands: the outbox and the pulled trail, told as
//! one story. What the server says wins over what the device remembers.

use domain::ids::{CommunityId, OpId, RecordId, RuleId};
use domain::operations::{Action, Kind, Kinds, Progress};
use domain::order;
use domain::outbox::{Item, State, Unsendable};
use domain::receipts::{Missing, Outcome, Receipt, Refusal};
use domain::records::{self, AnswerGiven, AppealMade, Forwarded, ForwardedFrom, Question, Trail, TrailState};
use domain::time::Millis;

/// Where a thing stands.
#[derive(Clone, PartialEq, Debug)]
pub enum Standing {
    /// On this device, waiting for the network.
    Kept,
    /// On this device, waiting for a code.
    NeedsSignIn,
    /// Written before anybody signed in: whose is it?
    Unclaimed,
    /// Being sent.
    Sending,
    /// The server has it and waits for its photos.
    WaitsForFiles,
    /// The server waits for something else first.
    WaitsForRecord,
    /// Nothing will make it leave as it is.
    CannotLeave(Unsendable),
    /// The rules said no.
    Refused(Refusal),
    /// Arrived; appears once the office approves it.
    Awaiting,
    /// Arrived.
    Received,
    /// Arrived and answered.
    Answered,
    /// Arrived and hidden by a rule.
    Hidden(RuleId),
    /// Arrived and taken back.
    Withdrawn,
}

/// In which part of the page it belongs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Section {
    /// The person has to decide something.
    Attention,
    /// It leaves by itself.
    ToSend,
    /// The server has it.
    Arrived,
}

/// One step of the trail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Behind it.
    Done,
    /// Here now.
    Here,
    /// It ends here.
    Stopped,
    /// Ahead.
    Todo,
}

impl Step {
    /// For `data-state`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Here => "here",
            Self::Stopped => "stopped",
            Self::Todo => "todo",
        }
    }
}

impl Step {
    /// Something came after it.
    pub fn passed(self) -> Self {
        if self == Self::Here { Self::Done } else { self }
    }
}

impl Standing {
    /// Kept, on its way, received, answered.
    pub fn steps(&self) -> [Step; 4] {
        use Step::{Done, Here, Stopped, Todo};
        match self {
            Self::Kept | Self::NeedsSignIn | Self::Unclaimed => [Here, Todo, Todo, Todo],
            Self::Sending | Self::WaitsForFiles | Self::WaitsForRecord => [Done, Here, Todo, Todo],
            Self::CannotLeave(_) => [Done, Stopped, Todo, Todo],
            Self::Refused(_) => [Done, Done, Stopped, Todo],
            Self::Awaiting | Self::Received => [Done, Done, Here, Todo],
            Self::Answered => [Done, Done, Done, Done],
            Self::Hidden(_) | Self::Withdrawn => [Done, Done, Done, Stopped],
        }
    }
}

/// One thing that a person did.
#[derive(Clone, PartialEq, Debug)]
pub struct Thing {
    /// Its name.
    pub op: OpId,
    /// What was done.
    pub kind: Kind,
    /// In one line, when it has words of its own.
    pub title: Option<String>,
    /// Where.
    pub community: CommunityId,
    /// The consultation that it is about.
    pub consultation: Option<RecordId>,
    /// The record that it created or is about.
    pub record: Option<RecordId>,
    /// By the device's clock, when the device still has it.
    pub written_at: Option<Millis>,
    /// The number on the stamp, and when by the server's clock.
    pub received: Option<(String, Millis)>,
    /// Where it stands.
    pub standing: Standing,
    /// The official answer.
    pub answer: Option<AnswerGiven>,
    /// Its words lie on this device.
    pub held: bool,
    /// It never left: it can be taken back whole.
    pub can_be_taken_back: bool,
    /// A withdrawal of it is on its way.
    pub withdrawing: bool,
    /// How far the office is with it.
    pub step: Option<records::Step>,
    /// What the office asks, with the replies.
    pub questions: Vec<Question>,
    /// A reply is on its way.
    pub replying: bool,
    /// The answer to the whole consultation uses it.
    pub used: bool,
    /// The proposal that stands for it.
    pub merged_into: Option<RecordId>,
    /// To whom the office passed it on.
    pub forwarded: Option<Forwarded>,
    /// From where it came.
    pub forwarded_from: Option<ForwardedFrom>,
    /// The appeal against its last hiding.
    pub appeal: Option<AppealMade>,
    /// An appeal is on its way.
    pub appealing: bool,
}

impl Thing {
    /// Where on the page. A refusal waits for its person where the words are, until they used
    /// them again or deleted them; elsewhere nothing can be done about it.
    pub fn section(&self) -> Section {
        match self.standing {
            Standing::Refused(_) if !self.held => Section::Arrived,
            Standing::Unclaimed | Standing::CannotLeave(_) | Standing::Refused(_) => Section::Attention,
            Standing::Kept
            | Standing::NeedsSignIn
            | Standing::Sending
            | Standing::WaitsForFiles
            | Standing::WaitsForRecord => Section::ToSend,
            Standing::Received | Standing::Answered if self.is_asked() => Section::Attention,
            Standing::Awaiting
            | Standing::Received
            | Standing::Answered
            | Standing::Hidden(_)
            | Standing::Withdrawn => Section::Arrived,
        }
    }

    /// Whether the office waits for a reply.
    pub fn is_asked(&self) -> bool {
        !self.replying && self.questions.last().is_some_and(|question| question.reply.is_none())
    }

    /// Whether its person can ask for a second look at its hiding.
    pub fn can_be_appealed(&self) -> bool {
        self.appeal.is_none() && !self.appealing && matches!(self.standing, Standing::Hidden(_))
    }

    /// Whether something came of it that is to be told.
    pub fn has_outcome(&self) -> bool {
        matches!(self.standing, Standing::Refused(_) | Standing::CannotLeave(_))
            || self.withdrawing
            || self.used
            || self.answer.is_some()
            || self.merged_into.is_some()
            || self.forwarded.is_some()
            || self.forwarded_from.is_some()
            || matches!(self.end(), Some(Progress::Declined(_)))
    }

    /// Whether its person can do something about it.
    pub fn can_act(&self) -> bool {
        match self.standing {
            Standing::Refused(_) => self.held,
            Standing::Unclaimed | Standing::CannotLeave(_) => true,
            Standing::Sending => false,
            _ => self.section() == Section::ToSend || self.can_be_withdrawn(),
        }
    }

    /// Whether its author and the office said something to each other about it, or may.
    pub fn has_exchange(&self) -> bool {
        matches!(self.standing, Standing::Hidden(_)) || self.appeal.is_some() || !self.questions.is_empty()
    }

    /// How far the office is, once the server has it.
    fn reached(&self) -> Option<&Progress> {
        let arrived = matches!(self.standing, Standing::Received | Standing::Answered);
        self.step.as_ref().filter(|_| arrived).map(|step| &step.progress)
    }

    /// The end of its way, told more closely by the office than by the answer alone.
    pub fn end(&self) -> Option<&Progress> {
        let last = |progress: &&Progress| !matches!(progress, Progress::Read | Progress::InDiscussion);
        self.reached().filter(last)
    }

    /// Kept, on its way, received, read, in discussion, and its end.
    pub fn way(&self) -> [Step; 6] {
        use Step::{Done, Here, Stopped, Todo};
        let [kept, leaves, received, end] = self.standing.steps();
        let (read, discussed, end) = match (self.reached(), end) {
            (_, Stopped) => (Todo, Todo, Stopped),
            (Some(Progress::Declined(_)), _) => (Done, Done, Stopped),
            (Some(Progress::OnAgenda(_)), Todo) => (Done, Done, Here),
            (Some(Progress::Decided), Todo) => (Done, Done, Here),
            (Some(Progress::Done), _) | (_, Done) => (Done, Done, Done),
            (Some(Progress::InDiscussion), _) => (Done, Here, Todo),
            (Some(Progress::Read), _) => (Here, Todo, Todo),
            (_, end) => (Todo, Todo, end),
        };
        let received = if read == Todo && end != Stopped { received } else { received.passed() };
        [kept, leaves, received, read, discussed, end]
    }

    /// Whether the person can ask to withdraw it.
    pub fn can_be_withdrawn(&self) -> bool {
        self.kind.contributes()
            && !self.withdrawing
            && matches!(self.standing, Standing::Awaiting | Standing::Received | Standing::Answered)
    }

    /// Where an item stands by what the device knows.
    pub fn of_item(item: &Item, kinds: Kinds, signed_in: bool) -> Self {
        let operation = item.operation_of(kinds).ok();
        let receipt = item.receipt.as_ref().and_then(|signed| signed.read());
        let standing = match (&item.state, &receipt) {
            (State::Unsendable(why), _) => Standing::CannotLeave(why.clone()),
            (State::Refused, Some(Receipt { outcome: Outcome::Refused(why), .. })) => {
                Standing::Refused(why.clone())
            }
            (State::Accepted | State::Refused, _) => Standing::Received,
            (State::Waiting(Missing::Blobs(_)), _) => Standing::WaitsForFiles,
            (State::Waiting(Missing::Record(_)), _) => Standing::WaitsForRecord,
            (State::Sending, _) => Standing::Sending,
            (State::Sealed, _) if item.author.is_none() && signed_in => Standing::Unclaimed,
            (State::Sealed, _) if !signed_in => Standing::NeedsSignIn,
            (State::Sealed, _) => Standing::Kept,
        };
        let action = operation.as_ref().map(|operation| &operation.action);
        Self {
            op: item.op,
            kind: action.map_or(Kind::Propose, Action::kind),
            title: action.and_then(Action::title).map(|title| title.to_string()),
            community: item.community.clone(),
            consultation: action.and_then(Action::consultation),
            record: item.about.or_else(|| item.entry().map(|entry| entry.record())),
            written_at: Some(operation.map_or(item.sealed_at, |operation| operation.written_at)),
            received: receipt.map(|receipt| (Receipt::number(&receipt.hash), receipt.received_at)),
            standing,
            answer: None,
            held: true,
            can_be_taken_back: item.may_be_taken_back(),
            withdrawing: false,
            step: None,
            questions: Vec::new(),
            replying: false,
            used: false,
            merged_into: None,
            forwarded: None,
            forwarded_from: None,
            appeal: None,
            appealing: false,
        }
    }

    /// Where a thing stands by what the server says.
    pub fn of_trail(trail: &Trail) -> Self {
        let standing = match (&trail.outcome, &trail.state) {
            (Outcome::Refused(why), _) => Standing::Refused(why.clone()),
            (_, TrailState::Awaiting) => Standing::Awaiting,
            (_, TrailState::Received) => Standing::Received,
            (_, TrailState::Answered) => Standing::Answered,
            (_, TrailState::Hidden(rule)) => Standing::Hidden(rule.clone()),
            (_, TrailState::Withdrawn) => Standing::Withdrawn,
        };
        Self {
            op: trail.op,
            kind: trail.act,
            title: trail.title.as_ref().map(ToString::to_string),
            community: trail.community.clone(),
            consultation: Some(trail.consultation),
            record: Some(trail.record),
            written_at: None,
            received: Some((trail.receipt.clone(), trail.received_at)),
            standing,
            answer: trail.answer.clone(),
            held: false,
            can_be_taken_back: false,
            withdrawing: false,
            step: trail.step.clone(),
            questions: trail.questions.clone(),
            replying: false,
            used: trail.used,
            merged_into: trail.merged_into,
            forwarded: trail.forwarded.clone(),
            forwarded_from: trail.forwarded_from.clone(),
            appeal: trail.appeal.clone(),
            appealing: false,
        }
    }
}

/// Everything, newest first within each section. Acts without words of their own appear
/// only when they did not work; a withdrawal on its way marks what it withdraws.
pub fn things<'a>(
    items: impl IntoIterator<Item = &'a Item>,
    trails: impl IntoIterator<Item = &'a Trail>,
    signed_in: bool,
) -> Vec<Thing> {
    let mut own: Vec<Thing> =
        items.into_iter().map(|item| Thing::of_item(item, Kinds::PARTICIPANTS, signed_in)).collect();
    own.reverse();
    let mut all: Vec<Thing> = Vec::new();
    for trail in trails {
        let mut thing = Thing::of_trail(trail);
        if let Some(at) = own.iter().position(|item| item.op == trail.op) {
            let item = own.remove(at);
            thing.written_at = item.written_at;
            thing.held = true;
            // Being offered again to a restored server: the device knows better.
            if item.section() == Section::ToSend {
                thing = item;
            }
        }
        all.push(thing);
    }
    all.extend(own);
    let leaving = |kind: Kind| -> Vec<Option<RecordId>> {
        let acts = all.iter().filter(|thing| thing.kind == kind && thing.section() == Section::ToSend);
        acts.map(|thing| thing.record).collect()
    };
    let (withdrawn, replied) = (leaving(Kind::Withdraw), leaving(Kind::Reply));
    let appealed = leaving(Kind::Appeal);
    for thing in all.iter_mut().filter(|thing| thing.kind.contributes()) {
        thing.withdrawing = withdrawn.contains(&thing.record);
        thing.replying = replied.contains(&thing.record);
        thing.appealing = appealed.contains(&thing.record);
    }
    all.retain(|thing| thing.kind.contributes() || thing.section() == Section::Attention);
    let at = |thing: &Thing| thing.received.as_ref().map(|(_, at)| *at).or(thing.written_at);
    order::by(&mut all, |thing| (at(thing).map_or(u64::MAX, order::latest), String::new()));
    order::by(&mut all, |thing| (thing.section() as u64, String::new()));
    all
}

/// How many need the person or have not left: the number at the tab.
pub fn unsettled(things: &[Thing]) -> usize {
    things.iter().filter(|thing| thing.section() != Section::Arrived).count()
}

#[cfg(test)]
#[path = "state_tests.rs"]
pub(super) mod tests;
