//! Deciding: replays, files that are missing, the rules, and the receipt.

use std::panic::{AssertUnwindSafe, catch_unwind};

use domain::envelope::Author;
use domain::ids::{CommunityId, Hash, RecordId};
use domain::operations::Hide;
use domain::ports::{PortError, Submission};
use domain::receipts::{Missing, Outcome, PushResult, Receipt, SignedReceipt};
use domain::rules::{Change, Context, Decision, moderation, reads};
use domain::scopes::Key;
use domain::time::Millis;
use sqlx::SqliteConnection;

use super::Group;
use super::load::Stored;
use super::write::NewOperation;

impl<'w> Group<'w> {
    /// One operation in its turn: it sees what those before it in the group changed.
    pub(super) async fn one(
        &mut self,
        connection: &mut SqliteConnection,
        submission: &'w Submission,
        now: Millis,
    ) -> Result<PushResult, PortError> {
        let operation = &submission.operation;
        if let Some(stored) = self.journal.get(&operation.entry) {
            let same = stored.hash == operation.hash && stored.community == operation.community.as_str();
            return Ok(match (same, stored.erased) {
                (false, _) => PushResult::Conflict,
                (true, true) => PushResult::Erased(stored.receipt.clone()),
                (true, false) => PushResult::Receipt(stored.receipt.clone()),
            });
        }
        let honoured = submission.receipt.as_ref().and_then(|signed| {
            let receipt = signed.read()?;
            let lost = receipt.epoch != self.epoch || receipt.position > self.position;
            let exact = receipt.entry == operation.entry && receipt.hash == operation.hash;
            (lost && exact).then_some((signed, receipt))
        });
        let missing: Vec<Hash> = self.missing_blobs(&operation.author, submission).collect();
        if !missing.is_empty() {
            return Ok(PushResult::Waiting(Missing::Blobs(missing)));
        }
        // What an earlier operation of the group changed may name further keys.
        loop {
            let keys = reads(operation, &self.loaded);
            if keys.is_empty() {
                break;
            }
            self.load(connection, keys).await?;
        }
        let context = Context {
            now: honoured.as_ref().map_or(now, |(_, receipt)| receipt.received_at),
            position: self.position + 1,
            actor: &submission.actor,
            honoured: honoured.as_ref().map(|(_, receipt)| receipt),
        };
        let (decide, loaded) = (self.decide, &self.loaded);
        let decision = catch_unwind(AssertUnwindSafe(|| decide(operation, loaded, context)))
            .map_err(|_| PortError::Unavailable("a rule panicked".to_owned()))?;
        let (outcome, changes, records) = match decision {
            Decision::Waiting(missing) => return Ok(PushResult::Waiting(missing)),
            Decision::Decided { outcome, changes, records } => (outcome, changes, records),
        };
        self.position += 1;
        let received_at = context.now;
        let signed = match honoured {
            Some((signed, _)) => signed.clone(),
            None => self.receipt(submission, outcome, records, received_at)?,
        };
        self.take(changes);
        self.keep(submission, &signed, received_at);
        Ok(PushResult::Receipt(signed))
    }

    fn receipt(
        &self,
        submission: &Submission,
        outcome: Outcome,
        records: Vec<RecordId>,
        received_at: Millis,
    ) -> Result<SignedReceipt, PortError> {
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
        let text = serde_json::to_string(&receipt).map_err(|error| crate::failed("a receipt", error))?;
        Ok(self.signer.sign(text))
    }

    fn keep(&mut self, submission: &'w Submission, signed: &SignedReceipt, received_at: Millis) {
        let operation = &submission.operation;
        let community = operation.community.as_str();
        self.journal.insert(
            operation.entry,
            Stored {
                hash: operation.hash,
                community: community.to_owned(),
                receipt: signed.clone(),
                erased: false,
            },
        );
        self.operations.push(NewOperation {
            position: self.position,
            entry: operation.entry,
            op: operation.op,
            author: operation.author.key(),
            community,
            kind: operation.action.kind().name(),
            hash: operation.hash,
            body: &submission.envelope.body,
            received_at,
            receipt: signed.text.clone(),
            signature: signed.signature,
        });
    }

    pub(super) fn take(&mut self, changes: Vec<Change>) {
        self.loaded.apply(&changes);
        self.changed.extend(changes.into_iter().map(|change| (change.key, change.record)));
    }

    fn missing_blobs<'s>(
        &'s self,
        author: &Author,
        submission: &'s Submission,
    ) -> impl Iterator<Item = Hash> + 's {
        let author = author.key();
        let hashes = submission.operation.blobs.iter().map(|blob| blob.sha256);
        hashes.filter(move |hash| !self.uploads.contains(&(author.clone(), *hash)))
    }

    /// What hiding again after a restore changes.
    pub(crate) async fn hide_again(
        &mut self,
        connection: &mut SqliteConnection,
        community: &CommunityId,
        hide: &Hide,
        at: Millis,
    ) -> Result<Vec<Change>, PortError> {
        loop {
            let keys = moderation::hide_reads(community, hide, &self.loaded);
            let keys: Vec<Key> = keys.into_iter().filter(|key| !self.loaded.has(key)).collect();
            if keys.is_empty() {
                return Ok(moderation::hide_again(community, hide, &self.loaded, at));
            }
            self.load(connection, keys).await?;
        }
    }
}
