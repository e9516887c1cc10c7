//! One sealed item and what may become of it.

use serde::Serialize;

use crate::envelope::{Author, Envelope, Proof};
use crate::ids::{CommunityId, Entry, Hash, OpId, PersonId, RecordId};
use crate::operations::{DecodeError, Kinds, Operation};
use crate::receipts::{Missing, Outcome, PushResult, Receipt, SignedReceipt};
use crate::time::{DAY, Millis};

/// A sealed item. Its body never changes.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Item {
    /// Drawn with the draft.
    pub op: OpId,
    /// Set once: at seal when signed in, else when its author adopts it.
    pub author: Option<PersonId>,
    /// Where it is said.
    pub community: CommunityId,
    /// The sealed text.
    pub body: String,
    /// In the order of sealing on this device.
    pub number: u64,
    /// By the device's clock.
    pub sealed_at: Millis,
    /// The record that it is about, when not its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<RecordId>,
    /// The files that must be there first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blobs: Vec<Hash>,
    /// Whether it ever left: one never tried may be taken back, one that was is withdrawn.
    pub tried: bool,
    /// Where it stands.
    pub state: State,
    /// The server's word, kept until a backup holds the item, and offered again after a loss.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<SignedReceipt>,
    /// When the receipt came, by the device's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipted_at: Option<Millis>,
}
crate::fields!(open Item { op, community, body, number, sealed_at, tried, state ; author, about, blobs, receipt, receipted_at });

/// Where an item stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Kept on this device.
    Sealed,
    /// On its way; found at start-up it means sealed.
    Sending,
    /// The server took it.
    Accepted,
    /// The server said no; the text stays.
    Refused,
    /// Something must come first.
    Waiting(Missing),
    /// Trying again will not help; the text stays.
    Unsendable(Unsendable),
}
crate::variants!(State { Sealed "sealed", Sending "sending", Accepted "accepted", Refused "refused" ; Waiting "waiting", Unsendable "unsendable" });

/// Why an item will not be taken.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unsendable {
    /// The journal has other bytes under this name.
    Conflict,
    /// Malformed.
    Invalid(String),
    /// The server does not know this kind; a newer server may.
    Unsupported,
    /// The session belongs to somebody else: parked until its author signs in.
    NotYours,
}
crate::variants!(Unsendable { Conflict "conflict", Unsupported "unsupported", NotYours "not_yours" ; Invalid "invalid" });

/// What settling an answer did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Settled {
    /// The item changed its state: store it.
    Stored,
    /// The answer is nothing to believe: the item is as before, try again later.
    Again,
    /// It was erased everywhere: delete it here too.
    Delete,
}

impl Item {
    /// The envelope to push; none while nobody has said that it is theirs.
    pub fn envelope(&self) -> Option<Envelope> {
        let author = Author::Person(self.author.clone()?);
        let proof = self.receipt.clone().map_or(Proof::Session, Proof::Receipt);
        let (op, community, body) = (self.op, self.community.clone(), self.body.clone());
        Some(Envelope { op, author, community, stream: None, proof, body })
    }

    /// Its key in the journal; none while it has no author.
    pub fn entry(&self) -> Option<Entry> {
        self.author.clone().map(|author| Entry::of(&Author::Person(author), self.op))
    }

    /// What it says. Decoding needs an author only for the record's id.
    pub fn operation(&self) -> Result<Operation, DecodeError> {
        self.operation_of(Kinds::ALL)
    }

    /// The same, where it is one of these kinds.
    pub fn operation_of(&self, kinds: Kinds) -> Result<Operation, DecodeError> {
        let nobody = || Author::System { job: nobody_source() };
        let mut item = self.envelope().unwrap_or_else(|| Envelope {
            op: self.op,
            author: nobody(),
            community: self.community.clone(),
            stream: None,
            proof: Proof::Session,
            body: self.body.clone(),
        });
        item.proof = Proof::Session;
        Operation::decode_one_of(kinds, &item)
    }

    /// The hash of its body.
    pub fn hash(&self) -> Hash {
        Hash::tagged("rabaska/body/v1", self.body.as_bytes())
    }

    /// It leaves.
    pub fn begin(&mut self) {
        self.tried = true;
        self.state = State::Sending;
    }

    /// The device starts: whether an item was on its way is not known, so it is sealed.
    pub fn recover(&mut self) {
        if self.state == State::Sending {
            self.state = State::Sealed;
        }
    }

    /// "Mine": sets the author, once. False when it has one.
    pub fn adopt(&mut self, person: PersonId) -> bool {
        let free = self.author.is_none();
        if free {
            self.author = Some(person);
        }
        free
    }

    /// Whether it may be taken back to a draft: it never left.
    pub fn may_be_taken_back(&self) -> bool {
        !self.tried && self.state == State::Sealed
    }

    /// Whether the server has decided it.
    pub fn is_stored(&self) -> bool {
        matches!(self.state, State::Accepted | State::Refused)
    }

    /// Whether it leaves without anybody's doing, once the server can be reached.
    pub fn leaves_by_itself(&self) -> bool {
        self.author.is_some() && matches!(self.state, State::Sealed | State::Sending | State::Waiting(_))
    }

    /// Whether the person has something to do about it.
    pub fn needs_attention(&self) -> bool {
        matches!(self.state, State::Refused | State::Unsendable(_)) || self.author.is_none()
    }

    /// Takes an answer of the server that came at a time by the device's clock. `genuine` verifies a
    /// signature where the device can.
    pub fn settle(
        &mut self,
        answer: PushResult,
        now: Millis,
        genuine: impl Fn(&SignedReceipt) -> bool,
    ) -> Settled {
        match answer {
            PushResult::Receipt(signed) => match self.read(&signed, genuine) {
                Some(receipt) => {
                    self.state = match receipt.outcome {
                        Outcome::Accepted => State::Accepted,
                        Outcome::Refused(_) => State::Refused,
                    };
                    self.receipt = Some(signed);
                    self.receipted_at = Some(now);
                    Settled::Stored
                }
                None => self.again(),
            },
            PushResult::Erased(signed) => match self.read(&signed, genuine) {
                Some(_) => Settled::Delete,
                None => self.again(),
            },
            PushResult::Waiting(missing) => self.become_(State::Waiting(missing)),
            PushResult::Conflict => self.become_(State::Unsendable(Unsendable::Conflict)),
            PushResult::Invalid { reason } => self.become_(State::Unsendable(Unsendable::Invalid(reason))),
            PushResult::Unsupported => self.become_(State::Unsendable(Unsendable::Unsupported)),
            PushResult::NotYours => self.become_(State::Unsendable(Unsendable::NotYours)),
            PushResult::Unavailable => self.again(),
        }
    }

    /// The push as a whole failed.
    pub fn again(&mut self) -> Settled {
        self.state = State::Sealed;
        Settled::Again
    }

    /// Its author is back, or a newer server: what was parked may be tried once more.
    pub fn unpark(&mut self) -> bool {
        let parked = matches!(self.state, State::Unsendable(Unsendable::NotYours | Unsendable::Unsupported));
        if parked {
            self.state = State::Sealed;
        }
        parked
    }

    /// The server lost it (a new epoch whose trail does not name it): offer it again, with
    /// its receipt as proof.
    pub fn offer_again(&mut self) {
        if self.is_stored() {
            self.state = State::Sealed;
        }
    }

    /// Whether the device may forget it: it was accepted, and a backup holds it and it is 30
    /// days old, or it is 400 days old. `backed_up` says that its trail's `stored_at` lies
    /// within the backup of the same answer. What was refused holds words that are nowhere
    /// else: only its person deletes it.
    pub fn may_be_forgotten(&self, now: Millis, backed_up: bool) -> bool {
        let age = now.since(self.sealed_at);
        matches!(self.state, State::Accepted) && (backed_up && age >= 30 * DAY || age >= 400 * DAY)
    }

    fn become_(&mut self, state: State) -> Settled {
        self.state = state;
        Settled::Stored
    }

    /// The receipt, when it is for exactly this item.
    fn read(&self, signed: &SignedReceipt, genuine: impl Fn(&SignedReceipt) -> bool) -> Option<Receipt> {
        let receipt = signed.read()?;
        let exact =
            receipt.op == self.op && receipt.hash == self.hash() && Some(receipt.entry) == self.entry();
        (exact && genuine(signed)).then_some(receipt)
    }
}

fn nobody_source() -> crate::ids::SourceId {
    // A literal of the right form; parsing it cannot fail.
    "nobody".parse().unwrap_or_else(|_| unreachable!("a constant word"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{Epoch, KeyId, Salt, Signature};
    use crate::operations::{Action, Withdraw, seal};

    fn item() -> Item {
        let about = RecordId([2; 16]);
        let action = Action::Withdraw(Withdraw { consultation: about, record: about });
        Item {
            op: OpId([1; 16]),
            author: Some("rose".parse().unwrap()),
            community: "laforce".parse().unwrap(),
            body: seal(Salt([3; 32]), Millis(5), vec![], &action).unwrap(),
            number: 1,
            sealed_at: Millis(5),
            about: Some(about),
            blobs: vec![],
            tried: false,
            state: State::Sealed,
            receipt: None,
            receipted_at: None,
        }
    }

    fn receipt(item: &Item, change: impl Fn(&mut Receipt)) -> SignedReceipt {
        let mut receipt = Receipt {
            v: 1,
            op: item.op,
            entry: item.entry().unwrap(),
            community: item.community.clone(),
            hash: item.hash(),
            outcome: Outcome::Accepted,
            records: vec![],
            received_at: Millis(6),
            epoch: Epoch([4; 16]),
            position: 1,
            key_id: KeyId([5; 8]),
        };
        change(&mut receipt);
        SignedReceipt { text: serde_json::to_string(&receipt).unwrap(), signature: Signature([6; 64]) }
    }

    #[test]
    fn only_a_genuine_receipt_for_exactly_this_item_counts() {
        type Spoil = fn(&mut Receipt);
        let wrong: [(Spoil, bool); 4] = [
            (|r| r.op = OpId([9; 16]), true),
            (|r| r.hash = Hash([9; 32]), true),
            (|r| r.entry = Entry([9; 32]), true),
            (|_| {}, false),
        ];
        for (change, genuine) in wrong {
            let mut item = item();
            item.begin();
            let answer = PushResult::Receipt(receipt(&item, change));
            assert_eq!(item.settle(answer, Millis(9), |_| genuine), Settled::Again);
            assert_eq!((item.state, item.receipt), (State::Sealed, None));
        }
        let mut item = item();
        item.begin();
        let right = receipt(&item, |_| {});
        assert_eq!(item.settle(PushResult::Receipt(right.clone()), Millis(9), |_| true), Settled::Stored);
        assert_eq!((item.state, item.receipt), (State::Accepted, Some(right)));
    }

    #[test]
    fn what_was_on_its_way_is_sealed_after_a_start_and_cannot_be_taken_back() {
        let mut item = item();
        assert!(item.may_be_taken_back());
        item.begin();
        item.recover();
        assert_eq!(item.state, State::Sealed);
        assert!(!item.may_be_taken_back());
    }

    #[test]
    fn the_author_is_set_once_and_without_one_nothing_leaves() {
        let mut item = Item { author: None, ..item() };
        assert!(item.envelope().is_none() && item.operation().is_ok());
        assert!(item.adopt("rose".parse().unwrap()));
        assert!(!item.adopt("paul".parse().unwrap()));
        assert_eq!(item.author.unwrap().as_str(), "rose");
    }

    #[test]
    fn an_item_is_forgotten_when_backed_up_and_a_month_old_or_after_400_days() {
        let mut item = item();
        let after = |days: i64| Millis(5 + days * DAY);
        assert!(!item.may_be_forgotten(after(500), true), "not decided");
        item.state = State::Accepted;
        let cases = [(29, true, false), (30, true, true), (399, false, false), (400, false, true)];
        for (days, backed_up, forgotten) in cases {
            assert_eq!(item.may_be_forgotten(after(days), backed_up), forgotten, "{days}");
        }
        item.state = State::Refused;
        assert!(!item.may_be_forgotten(after(500), true), "its words are nowhere else");
    }
}
