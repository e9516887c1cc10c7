//! What a community has published, as files: anyone, without a cookie. A file goes out as it is
//! read, so that a large one is never held whole.

use std::sync::Arc;

use app::api::{ApiError, ErrorCode};
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::ids::{CommunityId, Hash, RecordId};
use domain::ports::{Clock, Journal, PortError};
use domain::scopes::Scope;
use futures_util::stream::{self, Stream};
use tokio::sync::mpsc;

use super::status::Problem;
use super::{address, encoding, pull};
use crate::export::{self, Asked, Broken, Chunk, File, Out, Public, Tongue};
use crate::room::{Place, Room};

/// How many files may be on their way out: each holds the rows of one consultation, which of a
/// hundred thousand contributions are some 100 MB.
const FILES_MAX: usize = 6;
/// Of one network.
const FILES_OF_NETWORK: usize = 3;
/// Calendars and feeds are small, and many programs ask for them at the full hour.
const FOLLOWED_MAX: usize = 64;
const FOLLOWED_OF_NETWORK: usize = 16;
/// How long, in seconds, whoever finds no room waits.
const NO_ROOM: u32 = 20;

/// What the routes need.
#[derive(Clone)]
pub struct Exports {
    /// The records.
    pub journal: Arc<dyn Journal>,
    /// What has closed by now.
    pub clock: Arc<dyn Clock>,
    /// Where people find the pages.
    pub home: String,
    /// Those under way.
    pub rooms: Rooms,
    /// How many proxies of ours stand in front.
    pub trusted_hops: usize,
}

/// Room for the files under way.
#[derive(Clone)]
pub struct Rooms {
    files: Room,
    followed: Room,
}

impl Default for Rooms {
    fn default() -> Self {
        let files = Room::new(FILES_MAX, FILES_OF_NETWORK);
        Self { files, followed: Room::new(FOLLOWED_MAX, FOLLOWED_OF_NETWORK) }
    }
}

impl Rooms {
    fn of(&self, file: File) -> &Room {
        if file.is_followed() { &self.followed } else { &self.files }
    }
}

/// A file of a whole community.
pub async fn of_community(
    State(exports): State<Exports>,
    path: Result<Path<(String, String)>, PathRejection>,
    request: Parts,
) -> Result<Response, Problem> {
    let Ok(Path((community, file))) = path else { return Err(ErrorCode::NotFound.into()) };
    serve(exports, &community, None, &file, &request).await
}

/// A file of one consultation.
pub async fn of_consultation(
    State(exports): State<Exports>,
    path: Result<Path<(String, String, String)>, PathRejection>,
    request: Parts,
) -> Result<Response, Problem> {
    let Ok(Path((community, consultation, file))) = path else { return Err(ErrorCode::NotFound.into()) };
    serve(exports, &community, Some(&consultation), &file, &request).await
}

async fn serve(
    exports: Exports,
    community: &str,
    consultation: Option<&str>,
    name: &str,
    request: &Parts,
) -> Result<Response, Problem> {
    let file = File::named(name).ok_or(ErrorCode::NotFound)?;
    let community: CommunityId = community.parse().map_err(|_| ErrorCode::NotFound)?;
    let one: Option<RecordId> = consultation.map(str::parse).transpose().map_err(|_| ErrorCode::NotFound)?;
    let asked_for = tongue(request.uri.query().unwrap_or_default())?;
    let (journal, headers) = (exports.journal.clone(), &request.headers);
    // Before anything is read: what changes meanwhile is then asked for again, never kept too long.
    let head = journal.head(&Scope::Community(community.clone())).await?;
    let public = Public::read(&*journal, &community, one).await?.ok_or(ErrorCode::NotFound)?;
    let asked_for = asked_for.or_else(|| accepted(headers));
    let tongue = asked_for.unwrap_or_else(|| Tongue::of(&public.own.place.languages));
    let asked = Asked { file, public, tongue, home: exports.home.clone(), now: exports.clock.now() };
    let (tag, disposition) = (tag(&*journal, &asked, head).await?, disposition(&asked, name));
    let unchanged = pull::unchanged(headers, &tag);
    let mut response = match (unchanged, &request.method) {
        (true, _) => StatusCode::NOT_MODIFIED.into_response(),
        (false, &Method::HEAD) => StatusCode::OK.into_response(),
        (false, _) => {
            let from = address::origin(headers, &request.extensions, exports.trusted_hops);
            let no_room = Problem(ApiError { code: ErrorCode::Unavailable, retry_after: Some(NO_ROOM) });
            let place = exports.rooms.of(file).enter(from).ok_or(no_room)?;
            sent(asked, journal, place, encoding::accepts(headers, "gzip"))
        }
    };
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.media_type()));
    // Kept, and asked about each time: what was hidden must not be shown any longer.
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding, accept-language"));
    for (name, value) in [(header::ETAG, tag), (header::CONTENT_DISPOSITION, disposition)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            answer.insert(name, value);
        }
    }
    Ok(response)
}

/// The file on its way, written while it is taken.
fn sent(asked: Asked, journal: Arc<dyn Journal>, place: Place, gzip: bool) -> Response {
    let (to, taken) = mpsc::channel(2);
    let mut out = Out::new(to, gzip);
    tokio::spawn(async move {
        let _place = place;
        if let Err(Broken::Port(error)) = export::write(&asked, &*journal, &mut out).await {
            tracing::error!(%error, "an export ended before its end");
            out.fail(error).await;
        }
    });
    let mut response = Body::from_stream(pieces(taken)).into_response();
    if gzip {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// What is sent, up to the piece that says that it is whole.
fn pieces(taken: mpsc::Receiver<Chunk>) -> impl Stream<Item = Chunk> {
    stream::unfold(Some(taken), |taken| async {
        let mut taken = taken?;
        match taken.recv().await {
            Some(Ok(piece)) if piece.is_empty() => None,
            Some(Ok(piece)) => Some((Ok(piece), Some(taken))),
            Some(Err(error)) => Some((Err(error), None)),
            None => Some((Err(PortError::Unavailable("it was broken off".to_owned())), None)),
        }
    })
}

/// The language in the address, when one is asked for there.
fn tongue(query: &str) -> Result<Option<Tongue>, Problem> {
    let mut found = None;
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let tongue = Tongue::named(&value).filter(|tongue| name == "lang" && value == tongue.tag());
        if tongue.is_none() || found.is_some() {
            return Err(ErrorCode::BadRequest.into());
        }
        found = tongue;
    }
    Ok(found)
}

fn accepted(headers: &HeaderMap) -> Option<Tongue> {
    headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok().and_then(Tongue::accepted)
}

fn disposition(asked: &Asked, file: &str) -> String {
    let kept = if asked.file.is_followed() { "inline" } else { "attachment" };
    let of = match asked.public.consultations.first().filter(|_| asked.public.one) {
        Some(it) => format!("{}-{}", asked.public.id(), it.id),
        None => asked.public.id().to_string(),
    };
    // Both are words of ours: letters, digits, hyphens, a dot.
    format!("{kept}; filename=\"{of}-{file}\"")
}

/// What the file says follows from the heads of what it is read from, from this build, and where
/// there are words, from the language; a feed also tells what has closed by now. Weak: the bytes
/// differ by encoding.
async fn tag(journal: &dyn Journal, asked: &Asked, head: u64) -> Result<String, Problem> {
    let public = &asked.public;
    let mut of = format!("{} {} {head}", env!("CARGO_PKG_VERSION"), journal.epoch());
    for it in &public.consultations {
        let head = journal.head(&public.scope(it)).await?;
        let closed = asked.file == File::Feed && it.ends_at() <= asked.now;
        of += &format!(" {}:{head}:{closed}", it.id);
    }
    if asked.file.has_words() {
        of += asked.tongue.tag();
    }
    let hash = Hash::tagged("rabaska/export/v1", of.as_bytes()).to_string();
    Ok(format!("W/\"{}\"", &hash[..32]))
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use futures_util::StreamExt;

    use super::*;

    #[tokio::test]
    async fn a_file_whose_writer_was_lost_is_no_whole_file() {
        let (piece, end) = (Bytes::from_static(b"a"), Bytes::new());
        for (sent, whole) in [(vec![piece.clone(), end], true), (vec![piece], false)] {
            let (to, taken) = mpsc::channel(4);
            for piece in sent {
                to.send(Ok(piece)).await.unwrap();
            }
            drop(to);
            let all: Vec<Chunk> = pieces(taken).collect().await;
            assert_eq!(all.iter().all(Result::is_ok), whole);
        }
    }
}
