//! Errors on the wire: `{"code", "fr", "en"}` with the status of the code, on every route.
//! Server functions answer every error with 500; here each gets its own status.

use app::api::{ApiError, ErrorCode};
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::ports::{BlobError, PortError};
use serde::Serialize;

use super::words;

/// How long, in seconds, a device waits after an answer that names no time.
const PAUSE: u32 = 5;
/// How long, in seconds, after somebody's share is used up.
pub const LATER: u32 = 15 * 60;
/// Larger than any error of ours.
const ERROR_MAX: usize = 4 * 1024;

#[derive(Serialize)]
struct Said {
    code: ErrorCode,
    fr: &'static str,
    en: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u32>,
}

/// An error on its way out of a route.
#[derive(Debug)]
pub struct Problem(pub ApiError);

impl From<ErrorCode> for Problem {
    fn from(code: ErrorCode) -> Self {
        Self(code.into())
    }
}

impl From<PortError> for Problem {
    fn from(error: PortError) -> Self {
        tracing::error!(%error, "a port failed");
        ErrorCode::Unavailable.into()
    }
}

impl From<BlobError> for Problem {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Offset(_) => ErrorCode::WrongOffset,
            BlobError::TooLarge => ErrorCode::TooLarge,
            BlobError::TooMany => {
                return Self(ApiError { code: ErrorCode::Slowed, retry_after: Some(LATER) });
            }
            BlobError::Mismatch => ErrorCode::BlobMismatch,
            BlobError::NotAPicture => ErrorCode::NotAPicture,
            BlobError::Metadata => ErrorCode::PictureMetadata,
            BlobError::Refused => ErrorCode::BlobRefused,
            BlobError::Port(error) => return error.into(),
        }
        .into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let ApiError { code, retry_after } = self.0;
        // A code that only a device knows says nothing about a request.
        let code = if code.status() == 0 { ErrorCode::Invalid } else { code };
        let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
        let waits = matches!(code, ErrorCode::Unavailable | ErrorCode::Slowed);
        let retry_after = retry_after.or(waits.then_some(PAUSE));
        let (fr, en) = words::of(code);
        let said = serde_json::to_vec(&Said { code, fr, en, retry_after }).unwrap_or_default();
        let mut response = (status, Body::from(said)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Gives a server function's answer the status of its error.
pub async fn settle(response: Response) -> Response {
    if response.status().is_success() {
        let (mut parts, body) = response.into_parts();
        parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        return Response::from_parts(parts, body);
    }
    let body = axum::body::to_bytes(response.into_body(), ERROR_MAX).await.unwrap_or_default();
    let error = serde_json::from_slice(&body).unwrap_or_else(|_| ErrorCode::Unavailable.into());
    Problem(error).into_response()
}
