//! The journal port.

use async_trait::async_trait;
use domain::ids::{Entry, Epoch};
use domain::ports::{From, Journal, PortError, PulledPage, Submission};
use domain::receipts::{PushResult, ReceiptKey, SignedReceipt};
use domain::records::Record;
use domain::rules::Change;
use domain::scopes::{Key, Scope};
use domain::time::Millis;

use crate::group::erase::Erase;
use crate::pages::Puller;
use crate::writer::Work;
use crate::{Store, engine};

impl Store {
    fn puller(&self) -> Puller<'_> {
        let inner = &*self.0;
        Puller { readers: &inner.readers, pages: &inner.pages, heads: &inner.known_heads, epoch: inner.epoch }
    }
}

#[async_trait]
impl Journal for Store {
    async fn append(&self, submissions: Vec<Submission>) -> Result<Vec<PushResult>, PortError> {
        if submissions.is_empty() {
            return Ok(Vec::new());
        }
        self.0.queue.run(Work::Append(submissions)).await
    }

    async fn put(&self, changes: Vec<Change>) -> Result<(), PortError> {
        self.0.queue.run(Work::Put(changes)).await.map(|_| ())
    }

    async fn erase(&self, entry: &Entry) -> Result<Option<SignedReceipt>, PortError> {
        let erase = Erase { entry: *entry, remembered: None };
        let erased = self.0.queue.run(Work::Erase(erase)).await?.pop();
        Ok(erased.and_then(|result| match result {
            PushResult::Erased(receipt) => Some(receipt),
            _ => None,
        }))
    }

    async fn record(&self, key: &Key) -> Result<Option<Record>, PortError> {
        let row = sqlx::query_scalar::<_, Option<String>>(
            "SELECT body FROM records WHERE name = ? AND scope = (SELECT id FROM scopes WHERE name = ?)",
        )
        .bind(&key.name)
        .bind(key.scope.to_string())
        .fetch_optional(&self.0.readers)
        .await
        .map_err(engine)?;
        let record = row.flatten().map(|body| serde_json::from_str(&body)).transpose();
        record.map_err(|_| PortError::Damaged(format!("record {}", key.name)))
    }

    async fn pull(
        &self,
        scope: &Scope,
        epoch: Option<Epoch>,
        from: From,
        limit: u32,
    ) -> Result<PulledPage, PortError> {
        self.puller().pull(scope, epoch, from, limit).await
    }

    async fn head(&self, scope: &Scope) -> Result<u64, PortError> {
        self.puller().head(scope).await
    }

    fn epoch(&self) -> Epoch {
        self.0.epoch
    }

    fn restored_at(&self) -> Option<Millis> {
        self.0.restored_at
    }

    fn keys(&self) -> Vec<ReceiptKey> {
        self.0.signer.public()
    }

    fn verifies(&self, receipt: &SignedReceipt) -> bool {
        self.0.signer.verifies(receipt)
    }
}
