//! The line to the server: pushes and sessions by server functions, everything else by
//! plain routes. Each request has its patience; an answer that is not ours is told by type.

use async_trait::async_trait;
use domain::authority::Person;
use domain::envelope::Envelope;
use domain::ids::Hash;
use domain::receipts::{PushResult, ReceiptKey};
use futures_util::future::{Either, select};
use js_sys::Uint8Array;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestCache, RequestCredentials, RequestInit, Response};

use crate::api::{self, ApiError, ErrorCode};
use crate::offline::sleep;
use crate::offline::transport::{Health, Pull, PullFrom, PutError, RawPage, Transport, Uploaded};

/// For an answer of a few bytes.
const SHORT: u32 = 15_000;
/// For a page or a piece of a picture over a very slow line.
const LONG: u32 = 60_000;

/// The browser's way to the server.
pub struct Line;

/// An answer, read to its end.
struct Answer {
    response: Response,
    status: u16,
    bytes: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<String> {
        self.response.headers().get(name).ok().flatten()
    }

    fn is_json(&self) -> bool {
        self.header("content-type").is_some_and(|kind| kind.starts_with("application/json"))
    }

    fn json<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        self.fine()?;
        let read = self.is_json().then(|| serde_json::from_slice(&self.bytes).ok()).flatten();
        read.ok_or(ErrorCode::NotRabaska.into())
    }

    fn fine(&self) -> Result<(), ApiError> {
        if self.status == 200 {
            return Ok(());
        }
        let said = if self.is_json() { serde_json::from_slice(&self.bytes).ok() } else { None };
        let mut error: ApiError =
            said.unwrap_or_else(|| ErrorCode::of_status(self.status, self.is_json()).into());
        let asked = self.header("retry-after").and_then(|seconds| seconds.trim().parse().ok());
        error.retry_after = error.retry_after.or(asked);
        Err(error)
    }
}

/// Asks, and reads the whole answer; gives up when it takes too long.
async fn ask(url: &str, options: &RequestInit, patience: u32) -> Result<Answer, ApiError> {
    let abort = AbortController::new().ok();
    options.set_signal(abort.as_ref().map(AbortController::signal).as_ref());
    let answer = std::pin::pin!(async {
        let window = web_sys::window()?;
        let response = JsFuture::from(window.fetch_with_str_and_init(url, options)).await.ok()?;
        let response: Response = response.unchecked_into();
        let bytes = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
        let (status, bytes) = (response.status(), Uint8Array::new(&bytes).to_vec());
        Some(Answer { response, status, bytes })
    });
    let answer = match select(answer, std::pin::pin!(sleep(patience))).await {
        Either::Left((answer, _)) => answer,
        Either::Right(_) => {
            let _ = abort.map(|abort| abort.abort());
            None
        }
    };
    answer.ok_or(ErrorCode::Offline.into())
}

fn options(method: &str, credentials: RequestCredentials, cache: RequestCache) -> RequestInit {
    let options = RequestInit::new();
    options.set_method(method);
    options.set_credentials(credentials);
    options.set_cache(cache);
    options
}

fn own(method: &str) -> RequestInit {
    options(method, RequestCredentials::SameOrigin, RequestCache::NoStore)
}

fn blob(hash: Hash) -> String {
    ["/api/v1/blobs/", &hash.to_string()].concat()
}

fn pull_url(pull: &Pull) -> String {
    let mut url = ["/api/v1/pull?scope=", &pull.scope.to_string(), "&limit="].concat();
    url.push_str(&pull.limit.to_string());
    let mut add = |name: &str, value: String| url.push_str(&["&", name, "=", &value].concat());
    if let Some(epoch) = pull.epoch {
        add("epoch", epoch.to_string());
    }
    match pull.from {
        PullFrom::Newest => {}
        PullFrom::Before(before) => add("before", before.to_string()),
        PullFrom::After(cursor) => add("cursor", cursor.to_string()),
    }
    if let Some(head) = pull.head {
        add("head", head.to_string());
    }
    url
}

#[derive(Deserialize)]
struct Keys {
    keys: Vec<ReceiptKey>,
}

#[async_trait(?Send)]
impl Transport for Line {
    async fn push(&self, envelopes: Vec<Envelope>) -> Result<Vec<PushResult>, ApiError> {
        let values = envelopes.iter().map(serde_json::to_value).collect::<Result<_, _>>();
        let values = values.map_err(|_| ApiError::from(ErrorCode::Invalid))?;
        Ok(api::push(values).await?.results)
    }

    async fn pull(&self, pull: &Pull) -> Result<RawPage, ApiError> {
        let options = match pull.scope.is_public() {
            // Without a cookie, so that any cache on the way may answer.
            true => options("GET", RequestCredentials::Omit, RequestCache::Default),
            false => own("GET"),
        };
        ask(&pull_url(pull), &options, LONG).await?.json()
    }

    async fn uploaded(&self, hash: Hash) -> Result<Uploaded, ApiError> {
        let answer = ask(&blob(hash), &own("HEAD"), SHORT).await?;
        if answer.status == 404 {
            return Ok(Uploaded { offset: 0, complete: false });
        }
        answer.fine()?;
        let offset = answer.header("upload-offset").and_then(|offset| offset.parse().ok());
        let offset = offset.ok_or(ApiError::from(ErrorCode::NotRabaska))?;
        Ok(Uploaded { offset, complete: answer.header("upload-complete").as_deref() == Some("?1") })
    }

    async fn upload(&self, hash: Hash, size: u64, at: u64, piece: &[u8]) -> Result<Uploaded, PutError> {
        let url = [&blob(hash), "?offset=", &at.to_string(), "&size=", &size.to_string()].concat();
        let options = own("PUT");
        options.set_body(&Uint8Array::from(piece));
        if let Ok(headers) = web_sys::Headers::new() {
            let _ = headers.set("content-type", "application/octet-stream");
            options.set_headers(&JsValue::from(headers));
        }
        let answer = ask(&url, &options, LONG).await?;
        if let (409, Some(offset)) = (answer.status, answer.header("upload-offset")) {
            return Err(match offset.parse() {
                Ok(offset) => PutError::Offset(offset),
                Err(_) => ApiError::from(ErrorCode::NotRabaska).into(),
            });
        }
        Ok(answer.json()?)
    }

    async fn download(&self, hash: Hash) -> Result<Vec<u8>, ApiError> {
        let options = options("GET", RequestCredentials::SameOrigin, RequestCache::Default);
        let answer = ask(&blob(hash), &options, LONG).await?;
        answer.fine()?;
        // Only the bytes that the name says: anything else is somebody else's page.
        if Hash::of(&answer.bytes) == hash { Ok(answer.bytes) } else { Err(ErrorCode::NotRabaska.into()) }
    }

    async fn ping(&self) -> Result<Health, ApiError> {
        ask("/api/v1/health", &own("GET"), SHORT).await?.json()
    }

    async fn keys(&self) -> Result<Vec<ReceiptKey>, ApiError> {
        Ok(ask("/api/v1/keys", &own("GET"), SHORT).await?.json::<Keys>()?.keys)
    }

    async fn session(&self) -> Result<Option<Person>, ApiError> {
        Ok(api::show_session().await?.person)
    }

    async fn open_session(&self, code: &str) -> Result<Person, ApiError> {
        let session = api::open_session(code.to_owned()).await?;
        session.person.ok_or(ErrorCode::CodeRefused.into())
    }

    async fn close_session(&self) -> Result<(), ApiError> {
        api::close_session().await.map(|_| ())
    }
}
