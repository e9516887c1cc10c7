//! Making room: whole scopes go with their cursors, the one that nobody looked at for
//! longest first. Drafts, outbox, receipts and the files of unsent items never go.

use domain::order;
use domain::pictures::THUMB_MAX;
use domain::scopes::Scope;
use domain::time::Millis;

use super::mirror::{ScopeRow, pictures_key, pictures_of, read_key, records_of, row_key};
use super::pull::SCOPE_BYTES;
use super::store::{DeviceStore, StoreError, Table, Value, Write, text};
use super::view::ScopeUse;

/// The most bytes of all scopes together.
pub const ALL_BYTES: u64 = 50 * 1024 * 1024;

/// What each scope uses.
pub async fn usage<S: DeviceStore + ?Sized>(store: &S) -> Result<Vec<ScopeUse>, StoreError> {
    let mut usage = Vec::new();
    for (key, value) in store.range(Table::Scopes, "scope ").await? {
        let Ok(scope) = key["scope ".len()..].parse::<Scope>() else { continue };
        let row = value.text().ok_or(StoreError::Damaged)?;
        let row = read_row(&row)?;
        let pictures = number(store, &pictures_key(&scope)).await?;
        let read_at = Millis(number(store, &read_key(&scope)).await?);
        let bytes = row.bytes() + u64::try_from(pictures).unwrap_or(0);
        usage.push(ScopeUse { scope, bytes, pulled_at: row.pulled_at, read_at });
    }
    Ok(usage)
}

/// Somebody looks at a scope.
pub async fn touch<S: DeviceStore + ?Sized>(store: &S, scope: &Scope, now: Millis) -> Result<(), StoreError> {
    store.commit(vec![Write::Put(Table::Scopes, read_key(scope), Value::Text(now.0.to_string()))]).await
}

/// Lets scopes go until all together fit, never one of `keep`. Answers which went.
pub async fn evict<S: DeviceStore + ?Sized>(
    store: &S,
    keep: &[Scope],
    budget: u64,
) -> Result<Vec<Scope>, StoreError> {
    let mut usage = usage(store).await?;
    let mut total: u64 = usage.iter().map(|used| used.bytes).sum();
    usage.retain(|used| !keep.contains(&used.scope));
    order::by(&mut usage, |used| (order::earliest(used.read_at), used.scope.to_string()));
    let mut gone = Vec::new();
    for used in usage {
        if total <= budget {
            break;
        }
        remove(store, &used.scope).await?;
        total = total.saturating_sub(used.bytes);
        gone.push(used.scope);
    }
    Ok(gone)
}

/// Lets one scope go: records, cursor and small pictures in one transaction.
pub async fn remove<S: DeviceStore + ?Sized>(store: &S, scope: &Scope) -> Result<(), StoreError> {
    store
        .commit(vec![
            Write::DeleteAll(Table::Records, records_of(scope)),
            Write::DeleteAll(Table::Files, pictures_of(scope)),
            Write::Delete(Table::Scopes, row_key(scope)),
            Write::Delete(Table::Scopes, read_key(scope)),
            Write::Delete(Table::Scopes, pictures_key(scope)),
        ])
        .await
}

/// Keeps a small picture of a scope's record. A scope that is gone takes none, nor one that
/// would outgrow its room with it; and what is not small is not kept, for its list would take
/// the room of all others. Such a picture is fetched again when it is looked at.
pub async fn keep_picture<S: DeviceStore + ?Sized>(
    store: &S,
    scope: &Scope,
    name: &str,
    bytes: Vec<u8>,
) -> Result<(), StoreError> {
    if bytes.len() as u64 > THUMB_MAX {
        return Ok(());
    }
    let (row, counter) = (row_key(scope), pictures_key(scope));
    let Some(held) = text(store, Table::Scopes, &row).await? else { return Ok(()) };
    let before = text(store, Table::Scopes, &counter).await?;
    let room = number(store, &counter).await?.saturating_add(i64::try_from(bytes.len()).unwrap_or(i64::MAX));
    let records = read_row(&held)?.bytes();
    if records.saturating_add(room.unsigned_abs()) > SCOPE_BYTES {
        return Ok(());
    }
    store
        .commit(vec![
            Write::Expect(Table::Scopes, row, Some(held)),
            Write::Expect(Table::Scopes, counter.clone(), before),
            Write::Put(Table::Scopes, counter, Value::Text(room.to_string())),
            Write::Add(Table::Files, [&pictures_of(scope), name].concat(), Value::Bytes(bytes)),
        ])
        .await
}

fn read_row(text: &str) -> Result<ScopeRow, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Damaged)
}

async fn number<S: DeviceStore + ?Sized>(store: &S, key: &str) -> Result<i64, StoreError> {
    Ok(text(store, Table::Scopes, key).await?.and_then(|text| text.parse().ok()).unwrap_or(0))
}
