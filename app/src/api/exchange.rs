//! One request and its whole answer, for the server functions and the plain routes alike:
//! time-outs, Retry-After, and telling an answer of Rabaska from a captive portal's, all by
//! type.

use futures_util::future::{Either, select};
use gloo_net::http::{Headers, Request, RequestBuilder};
use js_sys::{Reflect, Uint8Array};
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader, RequestCache, RequestCredentials};

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
    let answer = within(patience, async {
        let response = request?.send().await.ok()?;
        let bytes = response.binary().await.ok()?;
        Some(Answer { status: response.status(), headers: response.headers(), bytes })
    });
    answer.await.ok_or_else(|| {
        let _ = abort.map(|abort| abort.abort());
        ErrorCode::Offline.into()
    })
}

/// What comes before patience ends.
async fn within<T>(patience: u32, work: impl Future<Output = Option<T>>) -> Option<T> {
    match select(std::pin::pin!(work), std::pin::pin!(crate::offline::sleep(patience))).await {
        Either::Left((done, _)) => done,
        Either::Right(_) => None,
    }
}

/// Asks for a file of at most so many bytes and reads it piece by piece: `told` hears after each how many are
/// here. Gives up when none comes for [`LONG`], or when it is stopped.
pub async fn read(
    request: RequestBuilder,
    stop: &AbortController,
    most: u64,
    told: impl Fn(u64),
) -> Result<Vec<u8>, ApiError> {
    let read = async {
        let request = request.abort_signal(Some(&stop.signal())).build().ok();
        let response = within(LONG, async { request?.send().await.ok() }).await.ok_or(ErrorCode::Offline)?;
        let answer = Answer { status: response.status(), headers: response.headers(), bytes: Vec::new() };
        answer.fine()?;
        let body = response.body().ok_or(ErrorCode::NotRabaska)?;
        let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
        let mut bytes = answer.bytes;
        loop {
            let piece = within(LONG, async { JsFuture::from(reader.read()).await.ok() }).await;
            let piece = piece.and_then(|piece| Reflect::get(&piece, &"value".into()).ok());
            let piece = piece.ok_or(ErrorCode::Offline)?;
            if piece.is_undefined() {
                return Ok(bytes);
            }
            bytes.extend(Uint8Array::new(&piece).to_vec());
            if bytes.len() as u64 > most {
                return Err(ErrorCode::NotRabaska.into());
            }
            told(bytes.len() as u64);
        }
    };
    let read: Result<Vec<u8>, ApiError> = read.await;
    if read.is_err() {
        stop.abort();
    }
    read
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
