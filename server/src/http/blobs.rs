//! Photos and documents: sent in pieces that can be resumed; photos are served as nothing but pictures, and
//! documents as files to put away, never as a page of ours.

use std::sync::Arc;

use app::api::ErrorCode;
use axum::body::Bytes;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::documents::MEDIA_TYPE;
use domain::ids::Hash;
use domain::ports::{BlobError, Blobs, Identity};
use serde::Deserialize;

use super::session;
use super::status::Problem;

/// What the routes need.
#[derive(Clone)]
pub struct Files {
    /// The bytes.
    pub blobs: Arc<dyn Blobs>,
    /// The caller.
    pub identity: Arc<dyn Identity>,
}

/// Where a piece goes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Piece {
    offset: u64,
    size: u64,
}

type Named = Result<Path<Hash>, PathRejection>;

fn named(path: Named) -> Result<Hash, Problem> {
    path.map(|Path(hash)| hash).map_err(|_| ErrorCode::NotFound.into())
}

/// How much of it the caller has sent.
pub async fn head(State(files): State<Files>, path: Named, headers: HeaderMap) -> Result<Response, Problem> {
    let hash = named(path)?;
    let person = session::required(&files.identity, &headers).await?;
    let (offset, complete) = match files.blobs.offset(&person.id, &hash).await {
        // A HEAD has no body to say why, and nobody is told by asking what was hidden: whoever
        // sends the bytes learns it.
        Err(BlobError::Refused) => (0, false),
        known => known?,
    };
    if offset == 0 && !complete {
        return Err(ErrorCode::NotFound.into());
    }
    Ok(progress(StatusCode::OK.into_response(), offset, complete))
}

/// Takes one piece.
pub async fn put(
    State(files): State<Files>,
    path: Named,
    piece: Result<Query<Piece>, QueryRejection>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Problem> {
    let hash = named(path)?;
    let Ok(Query(Piece { offset, size })) = piece else { return Err(ErrorCode::BadRequest.into()) };
    let person = session::required(&files.identity, &headers).await?;
    match files.blobs.write(&person.id, &hash, size, offset, &bytes).await {
        Ok(complete) => {
            let offset = offset + bytes.len() as u64;
            let said = serde_json::json!({ "offset": offset, "complete": complete }).to_string();
            let response = ([(header::CONTENT_TYPE, "application/json")], said).into_response();
            Ok(progress(response, offset, complete))
        }
        Err(BlobError::Offset(at)) => {
            Ok(progress(Problem::from(BlobError::Offset(at)).into_response(), at, false))
        }
        Err(error) => Err(error.into()),
    }
}

/// The file, while a record that the caller may pull names it.
pub async fn get(State(files): State<Files>, path: Named, headers: HeaderMap) -> Result<Response, Problem> {
    let hash = named(path)?;
    let person = session::person(&files.identity, &headers).await?;
    let blob = files.blobs.read(person.as_ref(), &hash).await?.ok_or(ErrorCode::NotFound)?;
    // A document may hold scripts and forms of its own: no browser is to show it in our name.
    let disposition = if blob.media_type == MEDIA_TYPE { "attachment" } else { "inline" };
    let fixed = [
        (header::CONTENT_TYPE, blob.media_type),
        (header::CACHE_CONTROL, "private, no-cache"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    let tag = format!("\"{hash}\"");
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let mut response = match known {
        true => (StatusCode::NOT_MODIFIED, fixed).into_response(),
        false => (fixed, blob.bytes).into_response(),
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

fn progress(mut response: Response, offset: u64, complete: bool) -> Response {
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("upload-offset"), HeaderValue::from(offset));
    let complete = HeaderValue::from_static(if complete { "?1" } else { "?0" });
    headers.insert(HeaderName::from_static("upload-complete"), complete);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
