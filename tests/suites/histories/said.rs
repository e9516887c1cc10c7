//! What was said, as the server took it: every receipt that it gave, in the journal's order.

use std::cell::Ref;

use domain::envelope::Envelope;
use domain::ids::{Entry, OpId, PersonId, RecordId};
use domain::operations::{Act, Action, Kind, Operation};
use domain::receipts::{Outcome, Receipt};
use domain::records::{Contribution, What};

use crate::line::Net;

/// Something that was sealed on a phone.
pub struct Sealed {
    pub phone: usize,
    pub op: OpId,
    pub entry: Entry,
    pub action: Action,
}

impl Sealed {
    pub fn kind(&self) -> Kind {
        self.action.kind()
    }

    /// What it makes.
    pub fn record(&self) -> RecordId {
        self.entry.record()
    }

    pub fn words(&self) -> Option<&str> {
        words_of(&self.action)
    }
}

/// The first answer to an envelope.
pub struct Answered {
    pub text: String,
    pub receipt: Receipt,
    pub envelope: Envelope,
}

impl Answered {
    pub fn is_accepted(&self) -> bool {
        self.receipt.outcome == Outcome::Accepted
    }
}

/// One thing that somebody said, and whether it was accepted.
pub struct Word {
    pub position: u64,
    pub person: PersonId,
    pub operation: Operation,
    pub accepted: bool,
}

impl Net {
    /// All of them, in the journal's order.
    pub fn words(&self) -> Vec<Word> {
        let word = |answered: &Answered| Word {
            position: answered.receipt.position,
            person: answered.envelope.author.person().unwrap().clone(),
            operation: Operation::decode(&answered.envelope).unwrap(),
            accepted: answered.is_accepted(),
        };
        let mut words: Vec<Word> = self.answered.borrow().values().map(word).collect();
        words.sort_by_key(|word| word.position);
        words
    }

    /// One of what was sealed and fits; rather an earlier one, so that things happen to each other.
    pub fn one(&self, fits: impl Fn(&Sealed) -> bool) -> Option<Ref<'_, Sealed>> {
        let sealed = self.sealed.borrow();
        let all: Vec<usize> = (0..sealed.len()).filter(|at| fits(&sealed[*at])).collect();
        let draw = || self.world.dice.roll(all.len() as u64) as usize;
        let at = (!all.is_empty()).then(|| all[draw().min(draw())])?;
        Some(Ref::map(sealed, |sealed| &sealed[at]))
    }

    /// Whether somebody knows by now that it was accepted.
    pub fn is_accepted(&self, sealed: &Sealed) -> bool {
        self.answered.borrow().get(&sealed.entry).is_some_and(Answered::is_accepted)
    }
}

/// The words that an act puts into public, when it does.
pub fn words_of(action: &Action) -> Option<&str> {
    match action {
        Action::Propose(it) => Some(it.title.as_str()),
        Action::Comment(it) => Some(it.text.as_str()),
        Action::Amend(it) => it.wording.as_ref().map(|wording| wording.as_str()),
        Action::Enter(it) => match &it.act {
            Act::Propose(it) => Some(it.title.as_str()),
            Act::Comment(it) => Some(it.text.as_str()),
            Act::Amend(it) => it.wording.as_ref().map(|wording| wording.as_str()),
            _ => None,
        },
        _ => None,
    }
}

/// The same, of what stands.
pub fn words_in(it: &Contribution) -> &str {
    match &it.what {
        What::Proposal(it) => it.title.as_str(),
        What::Comment(it) => it.text.as_str(),
        What::Amendment(it) => it.proposed(),
    }
}
