//! Values on their way into statements, and out of rows.

use std::sync::{Arc, LazyLock};

use domain::ports::PortError;
use serde::Serialize;
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, Row, Sqlite};

/// The rows that one [`Rows`] statement takes.
pub(crate) const ROWS: usize = 64;

/// A statement over up to [`ROWS`] rows of bound values, always of the same text, so that it is
/// compiled once. What is not bound is NULL: such rows are to be passed over.
pub(crate) type Rows = LazyLock<Arc<str>>;

/// Writes `{rows}` in a statement out: a table of so many columns `column1`, `column2` …
pub(crate) fn rows(statement: &str, columns: usize) -> Arc<str> {
    let row = format!("({})", vec!["?"; columns].join(","));
    statement.replace("{rows}", &format!("(VALUES {})", vec![row; ROWS].join(","))).into()
}

/// The statement, its values to be bound row by row.
pub(crate) fn over(statement: &'static Rows) -> sqlx::query::Query<'static, Sqlite, SqliteArguments> {
    sqlx::query(AssertSqlSafe(Arc::clone(statement)))
}

pub(crate) fn json(value: &impl Serialize) -> Result<String, PortError> {
    serde_json::to_string(value).map_err(|error| crate::failed("writing JSON", error))
}

/// A number as SQLite has them.
pub(crate) fn signed(number: u64) -> i64 {
    number.cast_signed()
}

pub(crate) fn unsigned(row: &sqlx::sqlite::SqliteRow, column: usize) -> u64 {
    row.get::<i64, _>(column).unsigned_abs()
}

/// A column of a fixed number of bytes.
pub(crate) fn bytes<const N: usize>(
    row: &sqlx::sqlite::SqliteRow,
    column: usize,
) -> Result<[u8; N], PortError> {
    let damaged = |_| PortError::Damaged(format!("column {column}"));
    row.get::<Vec<u8>, _>(column).try_into().map_err(damaged)
}
