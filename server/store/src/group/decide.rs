//! Deciding: replays, files that are missing, the rules, and the receipt.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use domain::envelope::Author;
use domain::ids::{CommunityId, Hash, RecordId};
use domain::ports::{PortError, Submission};
use domain::receipts::{Missing, Outcome, PushResult, Receipt, SignedReceipt};
use domain::rules::again::Again;
use domain::rules::{Change, Context, Decision, Loaded, Slot};
use domain::time::Millis;
use sqlx::SqliteConnection;

use super::Group;
use super::write::NewOperation;
use crate::ReceiptSigner;

/// One operation's answer, before the group's receipts are signed.
pub(super) enum Answer {
    Settled(PushResult),
    /// The receipt of the operation at this place in the group.
    Decided(usize),
}

impl Answer {
    pub(super) fn tell(self, receipts: &[SignedReceipt]) -> PushResult {
        match self {
            Self::Settled(result) => result,
            Self::Decided(place) => {
                receipts.get(place).cloned().map_or(PushResult::Unavailable, PushResult::Receipt)
            }
        }
    }
}

/// A receipt on its way to the journal.
pub(super) enum Draft {
    New(String),
    /// Of another life of the database.
    Honoured(SignedReceipt),
}

impl Draft {
    pub(super) fn sign(self, signer: &ReceiptSigner) -> SignedReceipt {
        match self {
            Self::New(text) => signer.sign(text),
            Self::Honoured(signed) => signed,
        }
    }
}

impl<'w> Group<'w> {
    /// One operation in its turn: it sees what those before it in the group changed.
    pub(super) async fn one(
        &mut self,
        connection: &mut SqliteConnection,
        submission: &'w Submission,
        now: Millis,
    ) -> Result<Answer, PortError> {
        let operation = &submission.operation;
        if let Some(stored) = self.journal.get(&operation.entry) {
            let same = stored.hash == operation.hash && stored.community == operation.community.as_str();
            return Ok(Answer::Settled(match (same, stored.erased) {
                (false, _) => PushResult::Conflict,
                (true, true) => PushResult::Erased(stored.receipt.clone()),
                (true, false) => PushResult::Receipt(stored.receipt.clone()),
            }));
        }
        if let Some(place) = self.decided.get(&operation.entry) {
            let first = self.operations.get(*place).map(|new| &new.submission.operation);
            let same = first
                .is_some_and(|first| first.hash == operation.hash && first.community == operation.community);
            return Ok(if same { Answer::Decided(*place) } else { Answer::Settled(PushResult::Conflict) });
        }
        let honoured = submission.receipt.as_ref().and_then(|signed| {
            let receipt = signed.read()?;
            let lost = receipt.epoch != self.epoch || receipt.position > self.position;
            let exact = receipt.entry == operation.entry && receipt.hash == operation.hash;
            (lost && exact).then_some((signed, receipt))
        });
        if honoured.is_none() && !self.has_room(&submission.actor) {
            return Ok(Answer::Settled(PushResult::Unavailable));
        }
        let missing: Vec<Hash> = self.missing_blobs(&operation.author, submission).collect();
        if !missing.is_empty() {
            return Ok(Answer::Settled(PushResult::Waiting(Missing::Blobs(missing))));
        }
        if honoured.is_none()
            && let Some(reason) = self.misfit(submission)
        {
            return Ok(Answer::Settled(PushResult::Invalid { reason: reason.to_owned() }));
        }
        // What an earlier operation of the group changed may name further keys.
        let loaded = loop {
            match self.read(operation) {
                Ok(loaded) => break loaded,
                Err(unread) => self.load(connection, unread).await?,
            }
        };
        let context = Context {
            now: honoured.as_ref().map_or(now, |(_, receipt)| receipt.received_at),
            position: self.position + 1,
            actor: &submission.actor,
            honoured: honoured.as_ref().map(|(_, receipt)| receipt),
        };
        let decide = self.decide;
        let decision = catch_unwind(AssertUnwindSafe(|| decide(operation, &loaded, context)))
            .map_err(|_| PortError::Unavailable("a rule panicked".to_owned()))?;
        let (outcome, changes, records) = match decision {
            Decision::Waiting(missing) => {
                if honoured.is_some() {
                    self.waiting.insert(operation.entry);
                }
                return Ok(Answer::Settled(PushResult::Waiting(missing)));
            }
            Decision::Decided { outcome, changes, records } => (outcome, changes, records),
        };
        self.position += 1;
        let received_at = context.now;
        if honoured.is_none() {
            self.count_sent(&submission.actor);
        }
        self.drafts.push(match honoured {
            Some((signed, _)) => Draft::Honoured(signed.clone()),
            None => Draft::New(self.receipt(submission, outcome, records, received_at)?),
        });
        self.take(changes);
        let place = self.operations.len();
        self.decided.insert(operation.entry, place);
        self.operations.push(NewOperation { position: self.position, submission, received_at });
        Ok(Answer::Decided(place))
    }

    fn receipt(
        &self,
        submission: &Submission,
        outcome: Outcome,
        records: Vec<RecordId>,
        received_at: Millis,
    ) -> Result<String, PortError> {
        let operation = &submission.operation;
        let receipt = Receipt {
            v: 1,
            op: operation.op,
            entry: operation.entry,
            community: operation.community.clone(),
            hash: operation.hash,
            outcome,
            records,
            received_at,
            epoch: self.epoch,
            position: self.position,
            key_id: self.signer.id(),
        };
        serde_json::to_string(&receipt).map_err(|error| crate::failed("a receipt", error))
    }

    pub(super) fn take(&mut self, changes: Vec<Change>) {
        for Change { key, record } in changes {
            self.held.insert(key.clone(), record.map_or(Slot::Gone, |record| Slot::Held(Arc::new(record))));
            self.changed.push(key);
        }
    }

    fn missing_blobs<'s>(
        &'s self,
        author: &Author,
        submission: &'s Submission,
    ) -> impl Iterator<Item = Hash> + 's {
        let author = author.key();
        let hashes = submission.operation.blobs.iter().map(|blob| blob.sha256);
        hashes.filter(move |hash| !self.uploads.contains_key(&(author.clone(), *hash)))
    }

    /// Why the files are not those that the operation says. Rules were held against the sizes; and what
    /// is shown as a picture must be one, what is handed out as a document too.
    fn misfit(&self, submission: &Submission) -> Option<&'static str> {
        let operation = &submission.operation;
        let (author, documents) = (operation.author.key(), operation.action.kind().takes_documents());
        operation.blobs.iter().find_map(|blob| match self.uploads.get(&(author.clone(), blob.sha256)) {
            Some(there) if there.size != blob.size => Some("a blob has another size"),
            Some(there) if there.is_document != documents => Some("a blob is of another kind"),
            _ => None,
        })
    }

    /// What standing again after a restore changes.
    pub(crate) async fn again(
        &mut self,
        connection: &mut SqliteConnection,
        community: &CommunityId,
        again: &Again,
        at: Millis,
    ) -> Result<Vec<Change>, PortError> {
        let mut loaded = Loaded::default();
        loop {
            let mut keys = again.reads(community, &loaded);
            keys.retain(|key| !loaded.has(key));
            if keys.is_empty() {
                return Ok(again.changes(community, &loaded, at));
            }
            if let Err(unread) = self.show(keys, &mut loaded) {
                self.load(connection, unread).await?;
            }
        }
    }
}
