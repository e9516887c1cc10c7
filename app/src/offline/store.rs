//! The device's store: a few tables of texts and bytes, changed by one strict transaction
//! at a time. A commit takes everything or nothing, and is done when the disk has it.

use async_trait::async_trait;

/// The tables.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Table {
    /// What is being written.
    Drafts,
    /// What was sealed.
    Outbox,
    /// Bytes: files of drafts and unsent items, small pictures of held records, and documents that
    /// somebody asked to keep.
    Files,
    /// Pulled records.
    Records,
    /// Pulled scopes: cursors and sizes.
    Scopes,
    /// Who is signed in, preferences, keys.
    Meta,
}

impl Table {
    /// Every table there is.
    pub const ALL: [Table; 6] =
        [Self::Drafts, Self::Outbox, Self::Files, Self::Records, Self::Scopes, Self::Meta];

    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Drafts => "drafts",
            Self::Outbox => "outbox",
            Self::Files => "files",
            Self::Records => "records",
            Self::Scopes => "scopes",
            Self::Meta => "meta",
        }
    }
}

/// What a key holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// Text, JSON mostly.
    Text(String),
    /// Bytes. Never a Blob: WebKit aborts those.
    Bytes(Vec<u8>),
}

impl Value {
    /// The text, when it is one.
    pub fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            Self::Bytes(_) => None,
        }
    }

    /// The bytes, when it is some.
    pub fn bytes(self) -> Option<Vec<u8>> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Text(_) => None,
        }
    }
}

/// One step of a commit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Write {
    /// Sets a key.
    Put(Table, String, Value),
    /// Sets a key that must be free.
    Add(Table, String, Value),
    /// Frees a key.
    Delete(Table, String),
    /// Frees every key that begins so.
    DeleteAll(Table, String),
    /// Aborts the whole commit unless the key holds exactly this text (none: is free).
    Expect(Table, String, Option<String>),
}

/// Why the store did not do it. Nothing of the commit is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum StoreError {
    /// A key was taken, or did not hold what was expected: somebody else was faster.
    #[error("changed meanwhile")]
    Conflict,
    /// The device has no room left.
    #[error("full")]
    Full,
    /// The browser does not let us store anything, or the database is gone.
    #[error("unavailable")]
    Unavailable,
    /// What was read back cannot be understood.
    #[error("damaged")]
    Damaged,
}

/// A device's store.
#[async_trait(?Send)]
pub trait DeviceStore {
    /// What a key holds.
    async fn get(&self, table: Table, key: &str) -> Result<Option<Value>, StoreError>;
    /// Every key that begins so, in order, with what it holds.
    async fn range(&self, table: Table, prefix: &str) -> Result<Vec<(String, Value)>, StoreError> {
        self.piece(table, prefix, "", u32::MAX).await
    }
    /// At most so many of them, from the first whose rest after the prefix comes after this.
    async fn piece(
        &self,
        table: Table,
        prefix: &str,
        after: &str,
        most: u32,
    ) -> Result<Vec<(String, Value)>, StoreError>;
    /// Does all of it in order, in one strict transaction, or nothing.
    async fn commit(&self, batch: Vec<Write>) -> Result<(), StoreError>;
}

/// The text under a key.
pub(crate) async fn text<S: DeviceStore + ?Sized>(
    store: &S,
    table: Table,
    key: &str,
) -> Result<Option<String>, StoreError> {
    match store.get(table, key).await? {
        None => Ok(None),
        Some(value) => value.text().map(Some).ok_or(StoreError::Damaged),
    }
}

/// A value as the text that is stored.
pub(crate) fn written<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Damaged)
}
