//! One request and its whole answer, for the server functions and the plain routes alike:
//! time-outs, Retry-After, and telling an answer of Rabaska from a captive portal's, all by
//! type.

use futures_util::future::{Either, select};
use gloo_net::http::{Headers, Request, RequestBuilder};
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use web_sys::{AbortController, RequestCache, RequestCredentials};

use super::{ApiError, ErrorCode};

/// How long an answer of a few bytes may take.
pub const SHORT: u32 = 15_000;
/// How long a push may take: the slowest line we serve needs 4 s for a full one.
pub const PUSH: u32 = 30_000;
/// How long a page or a piece of a picture may take over a very slow line.
pub const LONG: u32 = 60_000;

/// An answer, read to its end.
pub struct Answer {
    /// Of HTTP.
    pub status: u16,
    headers: Headers,
    /// The body.
    pub bytes: Vec<u8>,
}

/// A request of this person, which no cache answers.
pub fn own(method: fn(&str) -> RequestBuilder, url: &str) -> RequestBuilder {
    method(url).credentials(RequestCredentials::SameOrigin).cache(RequestCache::NoStore)
}

/// Asks, and reads the whole answer; gives up when it takes too long.
pub async fn ask(request: RequestBuilder, body: Option<JsValue>, patience: u32) -> Result<Answer, ApiError> {
    let abort = AbortController::new().ok();
    let request = request.abort_signal(abort.as_ref().map(AbortController::signal).as_ref());
    let request: Option<Request> = match body {
        Some(body) => request.body(body).ok(),
        None => request.build().ok(),
    };
    let answer = std::pin::pin!(async {
        let response = request?.send().await.ok()?;
        let bytes = response.binary().await.ok()?;
        Some(Answer { status: response.status(), headers: response.headers(), bytes })
    });
    let answer = match select(answer, std::pin::pin!(crate::offline::sleep(patience))).await {
        Either::Left((answer, _)) => answer,
        Either::Right(_) => {
            let _ = abort.map(|abort| abort.abort());
            None
        }
    };
    answer.ok_or(ErrorCode::Offline.into())
}

impl Answer {
    /// A header.
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name)
    }

    fn is_json(&self) -> bool {
        self.header("content-type").is_some_and(|kind| kind.starts_with("application/json"))
    }

    /// The body as JSON of Rabaska; anything else is an error by type.
    pub fn text(self) -> Result<String, ApiError> {
        self.fine()?;
        let text = if self.is_json() { String::from_utf8(self.bytes).ok() } else { None };
        text.ok_or(ErrorCode::NotRabaska.into())
    }

    /// The same, decoded.
    pub fn json<T: DeserializeOwned>(self) -> Result<T, ApiError> {
        serde_json::from_str(&self.text()?).map_err(|_| ErrorCode::NotRabaska.into())
    }

    /// Whether it is what was asked for, whatever the body.
    pub fn fine(&self) -> Result<(), ApiError> {
        if self.status == 200 {
            return Ok(());
        }
        let json = self.is_json();
        let said = std::str::from_utf8(&self.bytes).ok().filter(|_| json);
        let said: Option<ApiError> = said.and_then(|text| serde_json::from_str(text).ok());
        let mut error = said.unwrap_or_else(|| ErrorCode::of_status(self.status, json).into());
        let asked = self.header("retry-after").and_then(|seconds| seconds.trim().parse().ok());
        error.retry_after = error.retry_after.or(asked);
        Err(error)
    }
}
