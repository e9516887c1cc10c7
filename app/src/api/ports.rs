//! What the bodies of the server functions ask their context for. The server's router
//! provides it for each request.

use std::sync::Arc;

use async_trait::async_trait;
use domain::ports::{CodeError, Identity, PortError, SESSION_LIFE};
use domain::receipts::PushResult;
use http::header::{HeaderValue, SET_COOKIE};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use serde_json::value::RawValue;

use super::{ApiError, ErrorCode};

/// The cookie that names a session. `__Host-`: this host only, secure, whole path.
pub const COOKIE: &str = "__Host-rabaska";

/// Whoever makes the request.
#[derive(Clone, Debug)]
pub struct Caller {
    /// From the session cookie.
    pub token: Option<String>,
}

/// Takes pushed envelopes.
#[async_trait]
pub trait Pushing: Send + Sync {
    /// One result per envelope, in order.
    async fn push(
        &self,
        token: Option<&str>,
        envelopes: Vec<Box<RawValue>>,
    ) -> Result<Vec<PushResult>, ApiError>;
}

fn taken<T: Clone + 'static>() -> Result<T, ApiError> {
    use_context::<T>().ok_or_else(|| ErrorCode::Unavailable.into())
}

pub(super) fn caller() -> Result<Caller, ApiError> {
    taken()
}

pub(super) fn pushing() -> Result<Arc<dyn Pushing>, ApiError> {
    taken()
}

pub(super) fn identity() -> Result<Arc<dyn Identity>, ApiError> {
    taken()
}

pub(super) fn keep_cookie(token: &str) -> Result<(), ApiError> {
    const SECONDS: i64 = SESSION_LIFE / 1_000;
    set_cookie(&format!("{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={SECONDS}"))
}

pub(super) fn drop_cookie() -> Result<(), ApiError> {
    set_cookie(&format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"))
}

fn set_cookie(cookie: &str) -> Result<(), ApiError> {
    let value = HeaderValue::from_str(cookie).map_err(|_| ApiError::from(ErrorCode::Unavailable))?;
    taken::<ResponseOptions>()?.insert_header(SET_COOKIE, value);
    Ok(())
}

impl From<PortError> for ApiError {
    fn from(_: PortError) -> Self {
        Self { code: ErrorCode::Unavailable, retry_after: Some(5) }
    }
}

impl From<CodeError> for ApiError {
    fn from(error: CodeError) -> Self {
        match error {
            CodeError::Refused => ErrorCode::CodeRefused.into(),
            CodeError::Slowed { retry_after } => {
                let seconds = u32::try_from(retry_after.max(0).div_euclid(1_000) + 1).unwrap_or(u32::MAX);
                Self { code: ErrorCode::Slowed, retry_after: Some(seconds) }
            }
            CodeError::Port(error) => error.into(),
        }
    }
}
