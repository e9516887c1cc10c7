//! Hints: which scope has which head. First those of now, then each change. What changed is
//! never said here; devices pull it.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use app::api::ErrorCode;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use domain::authority::may_pull;
use domain::ports::{Identity, Journal};
use domain::scopes::Scope;
use futures_util::stream::{self, Stream, StreamExt};
use serde::Serialize;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::watch;

use super::session;
use super::status::Problem;

/// What a commit changed: scopes with their new heads.
pub type Heads = Arc<Vec<(Scope, u64)>>;
/// Begins to listen for commits.
pub type Listen = Arc<dyn Fn() -> broadcast::Receiver<Heads> + Send + Sync>;

/// The most scopes on one stream: a device follows its communities, its desk and itself.
const SCOPES_MAX: usize = 64;
/// Proxies close what is silent for 30 or 60 seconds.
const SILENCE: Duration = Duration::from_secs(20);

/// What a stream needs.
#[derive(Clone)]
pub struct Events {
    /// Heads of now.
    pub journal: Arc<dyn Journal>,
    /// The caller.
    pub identity: Arc<dyn Identity>,
    /// Heads as they change.
    pub listen: Listen,
    /// True when the server goes down: streams end first.
    pub closing: watch::Receiver<bool>,
}

/// One stream.
pub async fn serve(
    State(events): State<Events>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let scopes = scopes(query.as_deref().unwrap_or_default()).ok_or(ErrorCode::BadRequest)?;
    if scopes.iter().any(|scope| !scope.is_public()) {
        let person = session::required(&events.identity, &headers).await?;
        if !scopes.iter().all(|scope| may_pull(Some(&person), scope)) {
            return Err(ErrorCode::NotPermitted.into());
        }
    }
    // Listen before reading, so that no commit falls between.
    let heard = (events.listen)();
    let first = current(&events.journal, &scopes).await?;
    let state = Following { journal: events.journal, scopes, heard, closing: events.closing };
    let keep_alive = KeepAlive::new().interval(SILENCE);
    let mut response = Sse::new(follow(first, state)).keep_alive(keep_alive).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform"));
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

fn scopes(query: &str) -> Option<BTreeSet<Scope>> {
    let mut scopes = BTreeSet::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if name != "scope" || scopes.len() == SCOPES_MAX {
            return None;
        }
        scopes.insert(value.parse().ok()?);
    }
    (!scopes.is_empty()).then_some(scopes)
}

async fn current(journal: &Arc<dyn Journal>, scopes: &BTreeSet<Scope>) -> Result<Vec<Event>, Problem> {
    let mut events = Vec::with_capacity(scopes.len());
    for scope in scopes {
        events.push(event(scope, journal.head(scope).await?));
    }
    Ok(events)
}

struct Following {
    journal: Arc<dyn Journal>,
    scopes: BTreeSet<Scope>,
    heard: broadcast::Receiver<Heads>,
    closing: watch::Receiver<bool>,
}

fn follow(first: Vec<Event>, state: Following) -> impl Stream<Item = Result<Event, Infallible>> {
    let changes = stream::unfold(state, |mut state| async move {
        let events = state.next().await?;
        Some((stream::iter(events), state))
    });
    stream::iter(first).chain(changes.flatten()).map(Ok)
}

impl Following {
    /// The next changes of the scopes followed; none when the server goes down.
    async fn next(&mut self) -> Option<Vec<Event>> {
        loop {
            let heard = tokio::select! {
                _ = self.closing.wait_for(|closing| *closing) => return None,
                heard = self.heard.recv() => heard,
            };
            let events: Vec<_> = match heard {
                Ok(heads) => {
                    let ours = heads.iter().filter(|(scope, _)| self.scopes.contains(scope));
                    ours.map(|(scope, head)| event(scope, *head)).collect()
                }
                // Too slow for what happened: the heads of now say all of it.
                Err(RecvError::Lagged(_)) => current(&self.journal, &self.scopes).await.ok()?,
                Err(RecvError::Closed) => return None,
            };
            if !events.is_empty() {
                return Some(events);
            }
        }
    }
}

fn event(scope: &Scope, head: u64) -> Event {
    #[derive(Serialize)]
    struct Hint<'a> {
        scope: &'a Scope,
        head: u64,
    }
    let hint = serde_json::to_string(&Hint { scope, head }).unwrap_or_default();
    Event::default().event("head").data(hint)
}
