//! Files on their way to the server: in pieces, from where the last try ended.

use domain::ids::{Hash, OpId};

use super::outbox::file_key;
use super::store::{DeviceStore, StoreError, Table, Value};
use super::transport::{PutError, Transport};
use crate::api::{ApiError, ErrorCode};

/// The size of a piece: a minute's work for the slowest line, and no more to repeat.
const PIECE: usize = 64 * 1024;
/// How often the server may correct our place before it is a failure.
const CORRECTIONS: u32 = 4;

/// Why a file did not get there.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Try again later.
    Api(ApiError),
    /// The device's store failed.
    Store(StoreError),
    /// It will never be taken.
    Never(&'static str),
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        match error.code {
            ErrorCode::BlobMismatch
            | ErrorCode::NotAPicture
            | ErrorCode::PictureMetadata
            | ErrorCode::BlobRefused
            | ErrorCode::TooLarge => Self::Never(error.code.name()),
            _ => Self::Api(error),
        }
    }
}

/// Uploads one file of an item, as far as the server does not have it.
pub(crate) async fn upload<S: DeviceStore + ?Sized, T: Transport + ?Sized>(
    store: &S,
    transport: &T,
    op: OpId,
    hash: Hash,
) -> Result<(), Stop> {
    let mut there = transport.uploaded(hash).await?;
    if there.complete {
        return Ok(());
    }
    let file = store.get(Table::Files, &file_key(op, hash)).await.map_err(Stop::Store)?;
    let bytes = file.and_then(Value::bytes).ok_or(Stop::Never("file_missing"))?;
    let mut corrections = 0;
    while !there.complete {
        let at = usize::try_from(there.offset).unwrap_or(usize::MAX).min(bytes.len());
        let piece = &bytes[at..bytes.len().min(at + PIECE)];
        let before = there.offset;
        match transport.upload(hash, bytes.len() as u64, at as u64, piece).await {
            Ok(after) => there = after,
            Err(PutError::Offset(offset)) => there.offset = offset,
            Err(PutError::Api(error)) => return Err(error.into()),
        }
        if !there.complete && there.offset <= before {
            corrections += 1;
            if corrections > CORRECTIONS {
                return Err(Stop::Api(ErrorCode::Unavailable.into()));
            }
        }
    }
    Ok(())
}
