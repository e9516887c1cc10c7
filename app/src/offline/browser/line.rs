//! The line to the server: pushes and sessions by server functions, everything else by
//! plain routes, in one kind of exchange.

use async_trait::async_trait;
use domain::authority::Person;
use domain::envelope::Envelope;
use domain::ids::Hash;
use domain::receipts::{PushResult, ReceiptKey};
use gloo_net::http::{Request, RequestBuilder};
use js_sys::Uint8Array;
use leptos::prelude::{ArcRwSignal, Set};
use web_sys::{AbortController, RequestCredentials};

use crate::api::exchange::{LONG, SHORT, ask, own, read};
use crate::api::{self, ApiError, ErrorCode};
use crate::offline::transport::{Health, Pull, PullFrom, PutError, RawPage, Transport, Uploaded};
use crate::offline::view::Uploading;

/// The browser's way to the server.
#[derive(Default)]
pub struct Line {
    /// The file that is being uploaded.
    pub uploading: ArcRwSignal<Option<Uploading>>,
}

impl Line {
    /// A file of so many bytes, piece by piece: `told` hears how many are here.
    pub async fn fetch(
        &self,
        hash: Hash,
        size: u64,
        stop: &AbortController,
        told: impl Fn(u64),
    ) -> Result<Vec<u8>, ApiError> {
        let request = Request::get(&blob(hash)).credentials(RequestCredentials::SameOrigin);
        genuine(hash, read(request, stop, size, told).await?)
    }
}

/// Only the bytes that the name says: anything else is somebody else's page.
fn genuine(hash: Hash, bytes: Vec<u8>) -> Result<Vec<u8>, ApiError> {
    if Hash::of(&bytes) == hash { Ok(bytes) } else { Err(ErrorCode::NotRabaska.into()) }
}

fn blob(hash: Hash) -> String {
    ["/api/v1/blobs/", &hash.to_string()].concat()
}

fn head(url: &str) -> RequestBuilder {
    Request::get(url).method(http::Method::HEAD)
}

fn page(pull: &Pull) -> RequestBuilder {
    let mut query = vec![("scope", pull.scope.to_string()), ("limit", pull.limit.to_string())];
    query.extend(pull.epoch.map(|epoch| ("epoch", epoch.to_string())));
    match pull.from {
        PullFrom::Newest => {}
        PullFrom::Before(before) => query.push(("before", before.to_string())),
        PullFrom::After(cursor) => query.push(("cursor", cursor.to_string())),
    }
    query.extend(pull.head.map(|head| ("head", head.to_string())));
    let request = match pull.scope.is_public() {
        // Without a cookie, so that any cache on the way may answer.
        true => Request::get("/api/v1/pull").credentials(RequestCredentials::Omit),
        false => own(Request::get, "/api/v1/pull"),
    };
    request.query(query)
}

struct Keys {
    keys: Vec<ReceiptKey>,
}
domain::fields!(open Keys { keys });

#[async_trait(?Send)]
impl Transport for Line {
    async fn push(&self, envelopes: Vec<Envelope>) -> Result<Vec<PushResult>, ApiError> {
        let texts = envelopes.iter().map(serde_json::value::to_raw_value).collect::<Result<_, _>>();
        let texts = texts.map_err(|_| ApiError::from(ErrorCode::Invalid))?;
        Ok(api::push(texts).await?.results)
    }

    async fn pull(&self, pull: &Pull) -> Result<RawPage, ApiError> {
        ask(page(pull), None, LONG).await?.json()
    }

    async fn uploaded(&self, hash: Hash) -> Result<Uploaded, ApiError> {
        let answer = ask(own(head, &blob(hash)), None, SHORT).await?;
        if answer.status == 404 {
            return Ok(Uploaded { offset: 0, complete: false });
        }
        answer.fine()?;
        let offset = answer.header("upload-offset").and_then(|offset| offset.parse().ok());
        let offset = offset.ok_or(ApiError::from(ErrorCode::NotRabaska))?;
        Ok(Uploaded { offset, complete: answer.header("upload-complete").as_deref() == Some("?1") })
    }

    async fn upload(&self, hash: Hash, size: u64, at: u64, piece: &[u8]) -> Result<Uploaded, PutError> {
        let request = own(Request::put, &blob(hash))
            .query([("offset", at.to_string()), ("size", size.to_string())])
            .header("content-type", "application/octet-stream");
        self.uploading.set(Some(Uploading { hash, sent: at, size }));
        let answer = ask(request, Some(Uint8Array::from(piece).into()), LONG).await;
        let ends = answer.is_err() || at + piece.len() as u64 >= size;
        self.uploading.set((!ends).then(|| Uploading { hash, sent: at + piece.len() as u64, size }));
        let answer = answer?;
        if let (409, Some(offset)) = (answer.status, answer.header("upload-offset")) {
            return Err(match offset.parse() {
                Ok(offset) => PutError::Offset(offset),
                Err(_) => ApiError::from(ErrorCode::NotRabaska).into(),
            });
        }
        Ok(answer.json()?)
    }

    async fn download(&self, hash: Hash) -> Result<Vec<u8>, ApiError> {
        let request = Request::get(&blob(hash)).credentials(RequestCredentials::SameOrigin);
        let answer = ask(request, None, LONG).await?;
        answer.fine()?;
        genuine(hash, answer.bytes)
    }

    async fn ping(&self) -> Result<Health, ApiError> {
        ask(own(Request::get, "/api/v1/health"), None, SHORT).await?.json()
    }

    async fn keys(&self) -> Result<Vec<ReceiptKey>, ApiError> {
        Ok(ask(own(Request::get, "/api/v1/keys"), None, SHORT).await?.json::<Keys>()?.keys)
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
