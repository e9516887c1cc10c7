//! Pages of a scope. Public ones are cookie-less and may be kept by a cache for 30 seconds
//! after a hint; the others are nobody's but the caller's.

use std::sync::Arc;

use app::api::ErrorCode;
use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::authority::may_pull;
use domain::ids::Epoch;
use domain::ports::{From, Identity, Journal, PulledPage};
use domain::scopes::{PAGE_MAX, Page, Scope};
use serde::Deserialize;

use super::encoding;
use super::session;
use super::status::Problem;

/// What is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    scope: Scope,
    epoch: Option<Epoch>,
    cursor: Option<u64>,
    before: Option<u64>,
    limit: Option<u32>,
    /// A hint's head: makes the address of a pull after a hint its own, so that no cache
    /// answers it with the page before.
    head: Option<u64>,
}

/// What a pull needs.
#[derive(Clone)]
pub struct Pulls {
    /// The records.
    pub journal: Arc<dyn Journal>,
    /// The caller.
    pub identity: Arc<dyn Identity>,
}

/// Larger than any sequence number, and still a number to a database.
const NEWEST: u64 = i64::MAX as u64;

/// One page.
pub async fn serve(
    State(pulls): State<Pulls>,
    asked: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Ok(Query(asked)) = asked else { return Err(ErrorCode::BadRequest.into()) };
    let limit = asked.limit.unwrap_or(PAGE_MAX);
    let too_far = [asked.cursor, asked.before].into_iter().flatten().any(|at| at > NEWEST);
    if limit == 0 || limit > PAGE_MAX || too_far || (asked.cursor.is_some() && asked.before.is_some()) {
        return Err(ErrorCode::BadRequest.into());
    }
    if !asked.scope.is_public() {
        let person = session::required(&pulls.identity, &headers).await?;
        if !may_pull(Some(&person), &asked.scope) {
            return Err(ErrorCode::NotPermitted.into());
        }
    }
    let head = pulls.journal.head(&asked.scope).await?;
    let known = pulls.journal.epoch();
    if asked.scope.is_public() && unchanged(&headers, &tag(known, head)) {
        return Ok(answer(StatusCode::NOT_MODIFIED, &asked, known, head, Body::empty()));
    }
    let same_life = asked.epoch.is_none_or(|epoch| epoch == known);
    // A person's page also tells what is in a backup, so it is always read.
    if same_life && asked.cursor == Some(head) && !matches!(asked.scope, Scope::Person(_)) {
        let body = Body::from(nothing_new(known, head));
        return Ok(answer(StatusCode::OK, &asked, known, head, body));
    }
    let from = match (asked.cursor, asked.before) {
        (Some(cursor), _) => From::After(cursor),
        (None, before) => From::Before(before.unwrap_or(NEWEST)),
    };
    let page = pulls.journal.pull(&asked.scope, asked.epoch, from, limit).await?;
    Ok(served(&asked, &headers, page))
}

fn served(asked: &Asked, headers: &HeaderMap, page: PulledPage) -> Response {
    let packed = match (encoding::accepts(headers, "gzip"), page.gzip) {
        (false, _) => None,
        (true, Some(kept)) => Some(Bytes::from_owner(kept)),
        // Only full pages are kept compressed; the others matter as much on a slow line.
        (true, None) => encoding::gzip(&page.json).map(Bytes::from),
    };
    let encoded = packed.is_some();
    let bytes = packed.unwrap_or_else(|| Bytes::from_owner(page.json));
    let mut response = answer(StatusCode::OK, asked, page.epoch, page.head, Body::from(bytes));
    if encoded {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

fn answer(status: StatusCode, asked: &Asked, epoch: Epoch, head: u64, body: Body) -> Response {
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if !asked.scope.is_public() {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        return response;
    }
    // Fresh for a while only when the address names a head and the page has reached it.
    let fresh = asked.head.is_some_and(|hinted| hinted <= head);
    let kept = if fresh { "public, max-age=30" } else { "public, max-age=0, must-revalidate" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag(epoch, head)) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// The answer most devices get most of the time: built without the database.
fn nothing_new(epoch: Epoch, head: u64) -> Vec<u8> {
    let page: Page<()> = Page {
        epoch,
        head,
        cursor: head,
        more: false,
        rows: Vec::new(),
        backed_up_through: None,
        resync: false,
    };
    serde_json::to_vec(&page).unwrap_or_default()
}

/// Weak: the bytes differ by encoding, what they say does not. The rest is in the address.
fn tag(epoch: Epoch, head: u64) -> String {
    format!("W/\"{epoch}:{head}\"")
}

/// Whether the client knows this tag already.
pub fn unchanged(headers: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| known.trim() == "*" || opaque(known) == opaque(tag))
}
