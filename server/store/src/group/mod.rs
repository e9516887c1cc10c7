//! One transaction: replay check, loading, deciding, writing, for all operations of a group.
//! A few statements serve the whole group; heads and positions are read inside it.

mod decide;
mod load;
mod photos;
mod write;

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::ids::{Entry, Epoch, Hash};
use domain::ports::{PortError, Submission};
use domain::receipts::PushResult;
use domain::records::Record;
use domain::rules::Loaded;
use domain::scopes::{Key, Scope};
use domain::time::Millis;
use sqlx::SqliteConnection;

use crate::rows::RowKey;
use crate::writer::Work;
use crate::{Decide, ReceiptSigner};

use load::{Before, Stored};
use write::NewOperation;

/// A scope that a commit moved: its new head, and where its changed records lay before.
pub(crate) struct Touched {
    pub(crate) scope: Scope,
    pub(crate) head: u64,
    pub(crate) moved: Vec<u64>,
}

pub(crate) struct Group<'w> {
    decide: Decide,
    signer: &'w ReceiptSigner,
    epoch: Epoch,
    row_key: &'w RowKey,
    position: u64,
    journal: HashMap<Entry, Stored>,
    uploads: HashSet<(String, Hash)>,
    loaded: Loaded,
    before: HashMap<Key, Option<Before>>,
    changed: BTreeMap<Key, Option<Record>>,
    operations: Vec<NewOperation<'w>>,
}

impl<'w> Group<'w> {
    pub(crate) fn new(decide: Decide, signer: &'w ReceiptSigner, epoch: Epoch, row_key: &'w RowKey) -> Self {
        Self {
            decide,
            signer,
            epoch,
            row_key,
            position: 0,
            journal: HashMap::new(),
            uploads: HashSet::new(),
            loaded: Loaded::default(),
            before: HashMap::new(),
            changed: BTreeMap::new(),
            operations: Vec::new(),
        }
    }

    /// The journal's end after this group.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// Decides everything and writes it; the caller commits.
    pub(crate) async fn run(
        &mut self,
        connection: &mut SqliteConnection,
        works: &[&'w Work],
        now: Millis,
    ) -> Result<(Vec<Vec<PushResult>>, Vec<Touched>), PortError> {
        self.position = crate::epoch::position(connection).await?;
        let submissions: Vec<&Submission> = works
            .iter()
            .flat_map(|work| match work {
                Work::Append(submissions) => submissions.as_slice(),
                Work::Put(_) => &[],
            })
            .collect();
        self.load_journal(connection, &submissions).await?;
        self.load_uploads(connection, &submissions).await?;
        self.load_reads(connection, &submissions).await?;
        let mut answers = Vec::with_capacity(works.len());
        for work in works {
            match work {
                Work::Append(submissions) => {
                    let mut results = Vec::with_capacity(submissions.len());
                    for submission in submissions {
                        results.push(self.one(connection, submission, now).await?);
                    }
                    answers.push(results);
                }
                Work::Put(changes) => {
                    self.take(changes.clone());
                    answers.push(Vec::new());
                }
            }
        }
        let touched = self.write(connection, now).await?;
        Ok((answers, touched))
    }
}
