//! A scope as it lies in the store, and its mirror in memory: parsed once, kept current by
//! the puller, read by the screens.

use std::sync::Arc;

use domain::ids::Epoch;
use domain::order::Sorted;
use domain::records::Record;
use domain::scopes::Scope;
use domain::time::Millis;
use serde::Serialize;

use super::part::Part;
use super::store::{DeviceStore, StoreError, Table, Value, text};
use super::view::Held;

/// So many rows are read in one go: a tap is heard before the next ones are.
pub(crate) const PIECE: u32 = 1_000;

/// How often a scope is read at most that is changed meanwhile.
const TIMES: u32 = 3;

/// One copy of a scope's records. While a new one is pulled the old one stays beside it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Copy {
    /// Tells the rows of one copy from those of another.
    pub generation: u64,
    /// The life of the database that it is of.
    pub epoch: Epoch,
    /// Where following upwards goes on.
    pub follow: u64,
    /// Where older pages go on, while there are any to fetch.
    pub before: Option<u64>,
    /// Whether it is all there, older pages aside that are still to be fetched.
    pub complete: bool,
    /// The length of its rows.
    pub bytes: u64,
    /// In a person's scope: what a backup holds.
    pub backed_up_through: Option<u64>,
}
domain::fields!(open Copy { generation, epoch, follow, complete, bytes ; before, backed_up_through });

/// What is known of a scope.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct ScopeRow {
    /// The copy that screens see.
    pub shown: Option<Copy>,
    /// The copy that is being pulled, when the shown one cannot be followed any more.
    pub next: Option<Copy>,
    /// The last generation that was begun.
    pub generations: u64,
    /// When a pull last reached its end, by the device's clock.
    pub pulled_at: Option<Millis>,
    /// When that pull was asked for: whatever the server had decided by then is in it.
    pub asked_at: Option<Millis>,
}
domain::fields!(open ScopeRow { ; shown, next, generations, pulled_at, asked_at });

impl ScopeRow {
    /// Reads it from the store, with its text.
    pub async fn load<S: DeviceStore + ?Sized>(
        store: &S,
        scope: &Scope,
    ) -> Result<(Option<String>, Self), StoreError> {
        let text = text(store, Table::Scopes, &row_key(scope)).await?;
        let row = match &text {
            Some(text) => serde_json::from_str(text).map_err(|_| StoreError::Damaged)?,
            None => Self::default(),
        };
        Ok((text, row))
    }

    /// The room that it takes.
    pub fn bytes(&self) -> u64 {
        [&self.shown, &self.next].into_iter().flatten().map(|copy| copy.bytes).sum()
    }
}

/// A record as it is held.
#[derive(Clone, PartialEq, Debug)]
pub struct Kept {
    /// Its place in the feed.
    pub seq: u64,
    /// The length of its row.
    pub bytes: u64,
    /// As screens see it. None: it is gone. Kept, because a page that is older must not bring it back.
    pub held: Option<Arc<Held>>,
}

/// The rows of one copy.
pub type Rows = Sorted<String, Kept>;

/// A scope in memory.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Mirror {
    /// Its row, as text: what a commit expects to find.
    pub(crate) text: Option<String>,
    /// Its row.
    pub row: ScopeRow,
    /// What screens see.
    pub shown: Rows,
    /// What is being pulled.
    pub next: Rows,
}

impl Mirror {
    /// Reads a scope from the store. When another tab changed it meanwhile, it is read again: a few times,
    /// then what is torn is what a commit does not find, and is let go.
    pub async fn load<S: DeviceStore + ?Sized>(store: &S, scope: &Scope) -> Result<Self, StoreError> {
        let (mut text, mut row) = ScopeRow::load(store, scope).await?;
        let mut times = 1;
        loop {
            let shown = rows(store, scope, row.shown.as_ref()).await?;
            let next = rows(store, scope, row.next.as_ref()).await?;
            let (now, changed) = ScopeRow::load(store, scope).await?;
            if now == text || times == TIMES {
                return Ok(Self { text, row, shown, next });
            }
            (text, row) = (now, changed);
            times += 1;
        }
    }

    /// Whether there is something in it that needs a part of the app: a poll or a survey that is not over,
    /// a text that may be amended, a commitment, a document.
    pub fn needs(&self, part: Part, now: Millis) -> bool {
        self.shown.values().filter_map(Kept::record).any(|record| match (part, record) {
            (Part::Asked, Record::Poll(it)) => now < it.open.until,
            (Part::Asked, Record::Questionnaire(it)) => now < it.open.until,
            (Part::Asked, Record::PublishedText(_))
            | (Part::Told, Record::Commitment(_) | Record::Document(_)) => true,
            _ => false,
        })
    }
}

async fn rows<S: DeviceStore + ?Sized>(
    store: &S,
    scope: &Scope,
    copy: Option<&Copy>,
) -> Result<Rows, StoreError> {
    let Some(copy) = copy else { return Ok(Rows::default()) };
    let prefix = rows_of(scope, copy.generation);
    let (mut rows, mut last) = (Rows::default(), String::new());
    loop {
        let piece = store.piece(Table::Records, &prefix, &last, PIECE).await?;
        let whole = piece.len() < PIECE as usize;
        for (key, value) in piece {
            let text = value.text().ok_or(StoreError::Damaged)?;
            key[prefix.len()..].clone_into(&mut last);
            // The store gives them in order.
            rows.insert(last.clone(), Kept::read(&last, &text)?);
        }
        if whole {
            return Ok(rows);
        }
    }
}

impl Kept {
    /// A row's text: place in the feed, a space, the record as the server wrote it.
    pub(crate) fn text(seq: u64, record: Option<&str>) -> String {
        let mut text = seq.to_string();
        text.push(' ');
        text.push_str(record.unwrap_or_default());
        text
    }

    /// From a row's text.
    pub(crate) fn read(name: &str, text: &str) -> Result<Self, StoreError> {
        let (seq, record) = text.split_once(' ').ok_or(StoreError::Damaged)?;
        let seq = seq.parse().map_err(|_| StoreError::Damaged)?;
        let held = match record {
            "" => None,
            record => {
                let record = Record::read(record).map_err(|_| StoreError::Damaged)?;
                Some(Arc::new(Held { name: name.to_owned(), seq, record, pending: false }))
            }
        };
        Ok(Self { seq, bytes: text.len() as u64, held })
    }

    /// What it says.
    pub fn record(&self) -> Option<&Record> {
        self.held.as_ref().map(|held| &held.record)
    }
}

/// The key of a scope's row.
pub(crate) fn row_key(scope: &Scope) -> String {
    ["scope ", &scope.to_string()].concat()
}

/// The key of when a scope was last looked at.
pub(crate) fn read_key(scope: &Scope) -> String {
    ["read ", &scope.to_string()].concat()
}

/// What the keys of a scope's records begin with, whatever copy.
pub(crate) fn records_of(scope: &Scope) -> String {
    [&scope.to_string(), " "].concat()
}

/// What the keys of one copy's records begin with.
pub(crate) fn rows_of(scope: &Scope, generation: u64) -> String {
    [&scope.to_string(), " ", &generation.to_string(), " "].concat()
}

/// Where the bytes of a scope's small pictures are counted. Pictures that went with their
/// records stay counted until the scope is pulled anew or goes.
pub(crate) fn pictures_key(scope: &Scope) -> String {
    ["files ", &scope.to_string()].concat()
}

/// What the keys of a scope's small pictures begin with.
pub(crate) fn pictures_of(scope: &Scope) -> String {
    ["held ", &scope.to_string(), " "].concat()
}

/// A value as text.
pub(crate) fn row_value(row: &ScopeRow) -> Result<Value, StoreError> {
    super::store::written(row).map(Value::Text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_needs_what_answers_its_poll_until_that_is_over() {
        let id = "01".repeat(16);
        let poll = format!(
            r#"5 {{"kind":"poll","id":"{id}","consultation":"{id}","question":{{"fr":"Quand?"}},"choices":[{{"fr":"Samedi"}},{{"fr":"Dimanche"}}],"method":"plurality","open":{{"from":5,"until":10,"grace":5}}}}"#
        );
        let mut mirror = Mirror::default();
        assert!(!mirror.needs(Part::Asked, Millis(7)));
        mirror.shown.insert(id.clone(), Kept::read(&id, &poll).unwrap());
        assert!(matches!(mirror.shown.get(&id).and_then(Kept::record), Some(Record::Poll(_))));
        // One that is to come will be open when there may be no line.
        assert_eq!(
            [4, 7, 9, 10].map(|now| mirror.needs(Part::Asked, Millis(now))),
            [true, true, true, false]
        );
        mirror.shown.insert(id.clone(), Kept::read(&id, "6 ").unwrap());
        assert!(!mirror.needs(Part::Asked, Millis(7)), "it is gone");
        let text = format!(
            r#"7 {{"kind":"published_text","id":"{id}","consultation":"{id}","title":{{"fr":"Zonage"}},"paragraphs":[{{"id":1,"words":{{"fr":"Objet."}}}}],"version":1,"published_at":5,"numbered":1}}"#
        );
        mirror.shown.insert(id.clone(), Kept::read(&id, &text).unwrap());
        assert!(mirror.needs(Part::Asked, Millis(99)));
    }
}
