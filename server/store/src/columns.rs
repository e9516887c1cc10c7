//! Values on their way into statements, as JSON, and out of rows.

use domain::ports::PortError;
use serde::Serialize;
use sqlx::Row;

pub(crate) fn json(value: &impl Serialize) -> Result<String, PortError> {
    serde_json::to_string(value).map_err(|error| crate::failed("writing JSON", error))
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
