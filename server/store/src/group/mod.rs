//! One transaction: replay check, loading, deciding, writing, for all operations of a group.
//! A few statements serve the whole group; heads and positions are read inside it.

mod decide;
pub(crate) mod erase;
mod load;
mod photos;
mod quota;
mod write;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use domain::ids::{Entry, Epoch, Hash, PersonId};
use domain::ports::{PortError, Submission};
use domain::receipts::{PushResult, SignedReceipt};
use domain::rules::Slot;
use domain::scopes::{Key, Scope};
use domain::time::Millis;
use sqlx::SqliteConnection;

use crate::rows::RowKey;
use crate::writer::Work;
use crate::{Decide, ReceiptSigner};

use decide::Draft;
use erase::Erased;
use load::{Before, ScopeRow, Stored, Uploaded};
use write::NewOperation;

/// A scope that a commit moved: its new head, and where its changed records lay before.
pub(crate) struct Touched {
    pub(crate) scope: Scope,
    pub(crate) head: u64,
    pub(crate) moved: Vec<u64>,
}

pub(crate) struct Group<'w> {
    decide: Decide,
    signer: Arc<ReceiptSigner>,
    epoch: Epoch,
    row_key: &'w RowKey,
    position: u64,
    journal: HashMap<Entry, Stored>,
    /// Each file that is there, by its uploader.
    uploads: HashMap<(String, Hash), Uploaded>,
    /// The scopes looked up; none where there is none yet.
    scopes: HashMap<Scope, Option<ScopeRow>>,
    /// Records as the next operation sees them.
    held: HashMap<Key, Slot>,
    /// The rows looked up, as they were.
    before: HashMap<Key, Option<Before>>,
    /// What was changed, some of it more than once.
    changed: Vec<Key>,
    operations: Vec<NewOperation<'w>>,
    /// The place of each in `operations`.
    decided: HashMap<Entry, usize>,
    /// Their receipts, in the same order.
    drafts: Vec<Draft>,
    erased: Vec<Erased>,
    /// Offered again, and nothing was stored: a record that it reads is missing.
    waiting: BTreeSet<Entry>,
    /// The most new operations of one person in a day, when there is a limit.
    operations_per_day: Option<u64>,
    /// How many each sent within the day.
    sent: HashMap<PersonId, u64>,
}

impl<'w> Group<'w> {
    pub(crate) fn new(decide: Decide, signer: Arc<ReceiptSigner>, epoch: Epoch, row_key: &'w RowKey) -> Self {
        Self {
            decide,
            signer,
            epoch,
            row_key,
            position: 0,
            journal: HashMap::new(),
            uploads: HashMap::new(),
            scopes: HashMap::new(),
            held: HashMap::new(),
            before: HashMap::new(),
            changed: Vec::new(),
            operations: Vec::new(),
            decided: HashMap::new(),
            drafts: Vec::new(),
            erased: Vec::new(),
            waiting: BTreeSet::new(),
            operations_per_day: None,
            sent: HashMap::new(),
        }
    }

    /// The journal's end after this group.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// What was offered again and waits for a record.
    pub(crate) fn waiting(&self) -> &BTreeSet<Entry> {
        &self.waiting
    }

    /// Decides everything and writes it; the caller commits.
    pub(crate) async fn run(
        &mut self,
        connection: &mut SqliteConnection,
        works: &[&'w Work],
        now: Millis,
    ) -> Result<(Vec<Vec<PushResult>>, Vec<Touched>), PortError> {
        self.position = crate::epoch::position(connection).await?;
        let submissions: Vec<&Submission> = works.iter().flat_map(|work| work.submissions()).collect();
        self.load_journal(connection, &submissions).await?;
        self.load_uploads(connection, &submissions).await?;
        self.load_reads(connection, &submissions).await?;
        self.load_sent(connection, &submissions, now).await?;
        let mut answers = Vec::with_capacity(works.len());
        for work in works {
            let mut results = Vec::new();
            match work {
                Work::Append(submissions) => {
                    for submission in submissions {
                        results.push(self.one(connection, submission, now).await?);
                    }
                }
                Work::Put(changes) => self.take(changes.clone()),
                Work::Erase(erase) => results.extend(self.erase(connection, erase).await?),
            }
            answers.push(results);
        }
        // The signatures are made while SQLite writes the records.
        let receipts = self.sign();
        let touched = self.write_records(connection, now).await?;
        let receipts = receipts.await.map_err(|error| crate::failed("signing receipts", error))?;
        self.write_operations(connection, &receipts).await?;
        self.write_erasures(connection).await?;
        self.name_uploads(connection).await?;
        let answers = answers.into_iter().map(|results| results.into_iter().map(|a| a.tell(&receipts)));
        Ok((answers.map(Iterator::collect).collect(), touched))
    }

    /// Signs the receipts, off this thread.
    fn sign(&mut self) -> tokio::task::JoinHandle<Vec<SignedReceipt>> {
        let (drafts, signer) = (std::mem::take(&mut self.drafts), self.signer.clone());
        tokio::task::spawn_blocking(move || drafts.into_iter().map(|draft| draft.sign(&signer)).collect())
    }
}
