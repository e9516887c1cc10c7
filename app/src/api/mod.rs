//! The server functions: pushing operations, and the verbs of a session. Everything that
//! is read comes by plain routes (see `docs/protocol.md`).
//!
//! Each body takes its context, makes one call and maps the error. The one who acts comes
//! from the session, never from an argument.

#[cfg(target_arch = "wasm32")]
mod client;
mod error;
#[cfg(target_arch = "wasm32")]
pub(crate) mod exchange;
mod json;
#[cfg(feature = "ssr")]
pub mod ports;

use domain::authority::Person;
use domain::receipts::PushResult;
use leptos::prelude::*;
use serde::Serialize;
use serde_json::value::RawValue;

pub use error::{ApiError, ErrorCode};
use json::Json;

#[cfg(target_arch = "wasm32")]
pub(crate) use client::ApiClient;
/// On the server nothing is called through a client; the type only has to be one.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) type ApiClient = server_fn::client::browser::BrowserClient;

/// The answer to a push: one result per envelope, in order.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Pushed {
    /// In the order of the envelopes.
    pub results: Vec<PushResult>,
}
domain::fields!(open Pushed { results });

/// Who is signed in.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Session {
    /// None: nobody.
    pub person: Option<Person>,
}
domain::fields!(open Session { ; person });

/// Pushes up to 50 envelopes. Each is decoded by itself, so that one that nobody can read
/// does no harm to its neighbours.
#[server(prefix = "/api/v1", endpoint = "push", input = Json, output = Json, client = ApiClient)]
pub async fn push(envelopes: Vec<Box<RawValue>>) -> Result<Pushed, ApiError> {
    let caller = ports::caller()?;
    let results = ports::pushing()?.push(caller.token.as_deref(), envelopes).await?;
    Ok(Pushed { results })
}

/// Opens a session with a participation code.
#[server(prefix = "/api/v1", endpoint = "session/open", input = Json, output = Json, client = ApiClient)]
pub async fn open_session(code: String) -> Result<Session, ApiError> {
    let code = code.parse().map_err(|_| ApiError::from(ErrorCode::CodeRefused))?;
    let before = ports::caller()?.token;
    let identity = ports::identity()?;
    let opened = identity.open(code).await?;
    ports::keep_cookie(&opened.token)?;
    if let Some(token) = before {
        // Its cookie is replaced. Should this fail, the new session counts all the same, and
        // the old one ends by its age.
        let _ = identity.close(&token).await;
    }
    Ok(Session { person: Some(opened.person) })
}

/// Who is signed in.
#[server(prefix = "/api/v1", endpoint = "session/show", input = Json, output = Json, client = ApiClient)]
pub async fn show_session() -> Result<Session, ApiError> {
    let caller = ports::caller()?;
    let Some(token) = caller.token else { return Ok(Session { person: None }) };
    Ok(Session { person: ports::identity()?.session(&token).await? })
}

/// Ends the session.
#[server(prefix = "/api/v1", endpoint = "session/close", input = Json, output = Json, client = ApiClient)]
pub async fn close_session() -> Result<Session, ApiError> {
    if let Some(token) = ports::caller()?.token {
        ports::identity()?.close(&token).await?;
    }
    ports::drop_cookie()?;
    Ok(Session { person: None })
}
