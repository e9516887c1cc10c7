//! Seventeen defects that the histories must notice. Each stands where the real code would have
//! it: at the server's answer, in its rules or its passing of time, on the line, or in the device's store.

use std::collections::{HashMap, HashSet};

use domain::envelope::Envelope;
use domain::ids::{Entry, OpId, Signature};
use domain::operations::{Action, Operation};
use domain::receipts::{Outcome, PushResult, Receipt, SignedReceipt};
use domain::records::{Community, Record, What};
use domain::rules::asked::took_part_key;
use domain::rules::support::counts;
use domain::rules::{Context, Decision, Loaded, Slot, decide};
use domain::scopes::Key;
use store::Decide;

use crate::dice::Dice;
use crate::reading::respondents_key;
use crate::story::Theme;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mutant {
    NoReplayCheck,
    TrustsAny200,
    DeletesBeforeTheReceipt,
    IgnoresTheHash,
    SealsAnewOnRetry,
    /// What the passing of time tries again has another name.
    NamesAnew,
    /// Who took part in one community may do so in the other too.
    CountsOnBothShores,
    /// An answer that is tried again is given again.
    AnswersTwice,
    /// Whoever supports two proposals that are merged counts as two.
    MergesCountTwice,
    /// What is shown again is shown as it was written.
    ShowsBlottedAgain,
    /// Photos that are taken out or covered are still shown.
    KeepsBlottedPhotos,
    /// What the office enters for somebody is seen before anybody looked at it.
    PublishesWhatIsEntered,
    /// A ballot stays in the box when it is taken back.
    KeepsTakenBallots,
    /// Later answers do not take the place of earlier ones.
    KeepsEarlierAnswers,
    /// What was lost of a photo counts as there.
    TakesPhotosWithHoles,
    /// A document that was taken away is still there.
    KeepsDetached,
    /// What is pushed is taken although its photo is not there.
    TakesWhatHasNoPhoto,
}

impl Mutant {
    /// The rules of its server.
    pub fn rules(self) -> Decide {
        match self {
            Self::CountsOnBothShores => counts_on_both_shores,
            Self::MergesCountTwice => merges_count_twice,
            Self::ShowsBlottedAgain => shows_blotted_again,
            Self::KeepsBlottedPhotos => keeps_blotted_photos,
            Self::PublishesWhatIsEntered => publishes_what_is_entered,
            Self::KeepsTakenBallots => keeps_taken_ballots,
            Self::KeepsEarlierAnswers => keeps_earlier_answers,
            Self::KeepsDetached => keeps_detached,
            _ => decide,
        }
    }

    /// What a history has to be about to notice it.
    pub fn theme(self) -> Option<Theme> {
        match self {
            Self::NamesAnew | Self::CountsOnBothShores => Some(Theme::Across),
            Self::AnswersTwice | Self::MergesCountTwice => Some(Theme::Office),
            Self::ShowsBlottedAgain | Self::PublishesWhatIsEntered => Some(Theme::Office),
            Self::KeepsTakenBallots | Self::KeepsEarlierAnswers => Some(Theme::Office),
            Self::TakesPhotosWithHoles | Self::TakesWhatHasNoPhoto => Some(Theme::Photos),
            Self::KeepsBlottedPhotos | Self::KeepsDetached => Some(Theme::Photos),
            _ => None,
        }
    }

    /// Whether an envelope that leaves again has another name.
    fn renames(self, envelope: &Envelope) -> bool {
        match self {
            Self::NoReplayCheck | Self::SealsAnewOnRetry => true,
            Self::AnswersTwice => envelope.body.contains(r#""kind":"answer""#),
            _ => false,
        }
    }
}

/// The rules of the server that adds up the supporters of what is merged.
fn merges_count_twice(operation: &Operation, loaded: &Loaded, context: Context<'_>) -> Decision {
    let mut decision = decide(operation, loaded, context);
    if let (Decision::Decided { changes, .. }, Action::Merge(merge)) = (&mut decision, &operation.action) {
        let desk = |record| counts(&operation.community, merge.consultation, record).desk;
        let count = |record| loaded.supports(&desk(record)).map_or(0, |it| it.count);
        for change in changes.iter_mut().filter(|change| change.key == desk(merge.into)) {
            if let Some(Record::Supports(there)) = &mut change.record {
                there.count = count(merge.record) + count(merge.into);
            }
        }
    }
    decision
}

/// The rules of the server that shows again what was blotted out.
fn shows_blotted_again(operation: &Operation, loaded: &Loaded, context: Context<'_>) -> Decision {
    let mut decision = decide(operation, loaded, context);
    if let (Decision::Decided { changes, .. }, Action::DecideAppeal(_)) = (&mut decision, &operation.action) {
        let written = changes.iter().find_map(|change| match &change.record {
            Some(Record::DeskItem(item)) => Some(item.contribution.clone()),
            _ => None,
        });
        for change in changes {
            if let (Some(Record::Contribution(shown)), Some(written)) = (&mut change.record, &written) {
                shown.clone_from(written);
            }
        }
    }
    decision
}

/// The rules of the server that blots out words alone.
fn keeps_blotted_photos(operation: &Operation, loaded: &Loaded, context: Context<'_>) -> Decision {
    let mut decision = decide(operation, loaded, context);
    if let (Decision::Decided { changes, .. }, Action::Blot(_)) = (&mut decision, &operation.action) {
        for change in changes {
            let before = loaded.contribution(&change.key).and_then(|it| it.proposal());
            if let (Some(Record::Contribution(it)), Some(before)) = (&mut change.record, before)
                && let What::Proposal(proposal) = &mut it.what
            {
                proposal.photos.clone_from(&before.photos);
            }
        }
    }
    decision
}

/// The rules of the server that looks first at what comes from phones alone.
fn publishes_what_is_entered(operation: &Operation, loaded: &Loaded, context: Context<'_>) -> Decision {
    let mut loaded = loaded.clone();
    let key = Key::community(&operation.community);
    if let (Action::Enter(_), Some(it)) = (&operation.action, loaded.community(&key)) {
        let it = Record::Community(Community { premoderated_since: None, ..it.clone() });
        loaded.insert(key, Slot::Held(it.into()));
    }
    decide(operation, &loaded, context)
}

/// The rules of the server whose box keeps what was taken back.
fn keeps_taken_ballots(operation: &Operation, loaded: &Loaded, context: Context<'_>) -> Decision {
    let mut decision = decide(operation, loaded, context);
    if let (Decision::Decided { changes, .. }, Action::TakeBack(_)) = (&mut decision, &operation.action) {
        changes.retain(|change| !matches!(change.record, Some(Record::BallotBox(_))));
    }
    decision
}

/// The rules of the server that goes on serving what was taken away.
fn keeps_detached(operation: &Operation, loaded: &Loaded, context: Context<'_>) -> Decision {
    let mut decision = decide(operation, loaded, context);
    if let (Decision::Decided { changes, .. }, Action::DetachDocument(_)) = (&mut decision, &operation.action)
    {
        changes.retain(|change| !matches!(change.record, Some(Record::Document(_))));
    }
    decision
}

/// The rules of the server that does not know whose answers are whose.
fn keeps_earlier_answers(operation: &Operation, loaded: &Loaded, context: Context<'_>) -> Decision {
    let mut loaded = loaded.clone();
    if let Action::Respond(respond) = &operation.action {
        let key = respondents_key(&operation.community, respond.survey);
        if let Some(mut known) = loaded.respondents(&key).cloned() {
            known.people.retain(|known| Some(&known.person) != operation.author.person());
            loaded.insert(key, Slot::Held(Record::Respondents(known).into()));
        }
    }
    decide(operation, &loaded, context)
}

/// The rules of the server that does not ask where somebody took part.
fn counts_on_both_shores(operation: &Operation, loaded: &Loaded, context: Context<'_>) -> Decision {
    let mut loaded = loaded.clone();
    if let (Action::Cast(cast), Some(person)) = (&operation.action, operation.author.person()) {
        loaded.insert(took_part_key(person, cast.poll), Slot::Absent);
    }
    decide(operation, &loaded, context)
}

/// What the mutated line remembers.
#[derive(Default)]
pub struct Memory {
    tried: HashSet<Entry>,
    receipts: HashMap<Entry, Receipt>,
}

impl Memory {
    /// What leaves in the place of an envelope.
    pub fn outgoing(&mut self, mutant: Option<Mutant>, envelope: &Envelope, dice: &Dice) -> Envelope {
        let again = !self.tried.insert(envelope.entry());
        let anew = again && mutant.is_some_and(|mutant| mutant.renames(envelope));
        let mut op = envelope.op;
        if anew {
            op = OpId(std::array::from_fn(|_| dice.next() as u8));
        }
        Envelope { op, ..envelope.clone() }
    }

    /// What is believed in the place of an answer.
    pub fn incoming(
        &mut self,
        mutant: Option<Mutant>,
        envelope: &Envelope,
        answer: PushResult,
    ) -> PushResult {
        let told = |receipt: &Receipt| {
            let receipt = Receipt {
                op: envelope.op,
                entry: envelope.entry(),
                hash: envelope.hash(),
                ..receipt.clone()
            };
            let text = serde_json::to_string(&receipt).unwrap();
            PushResult::Receipt(SignedReceipt { text, signature: Signature([0; 64]) })
        };
        match (mutant, &answer) {
            (Some(mutant), PushResult::Receipt(signed)) if mutant.renames(envelope) => {
                told(&signed.read().unwrap())
            }
            (Some(Mutant::IgnoresTheHash), PushResult::Receipt(signed)) => {
                self.receipts.insert(envelope.entry(), signed.read().unwrap());
                answer
            }
            (Some(Mutant::IgnoresTheHash), PushResult::Conflict) => {
                self.receipts.get(&envelope.entry()).map_or(answer, told)
            }
            _ => answer,
        }
    }
}

/// What a device that trusts any 200 makes of a captive portal's page.
pub fn portal_receipt(envelope: &Envelope) -> PushResult {
    let receipt = Receipt {
        v: 1,
        op: envelope.op,
        entry: envelope.entry(),
        community: envelope.community.clone(),
        hash: envelope.hash(),
        outcome: Outcome::Accepted,
        records: vec![],
        received_at: Default::default(),
        epoch: domain::ids::Epoch([0; 16]),
        position: 1,
        key_id: domain::ids::KeyId([0; 8]),
    };
    let text = serde_json::to_string(&receipt).unwrap();
    PushResult::Receipt(SignedReceipt { text, signature: Signature([0; 64]) })
}
