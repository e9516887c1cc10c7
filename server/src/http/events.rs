//! Hints: which scope has which head. First those of now, then each change. What changed is
//! never said here; devices pull it.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use app::api::{ApiError, ErrorCode};
use axum::extract::State;
use axum::http::request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use domain::authority::may_pull;
use domain::ports::{Identity, Journal};
use domain::scopes::Scope;
use futures_util::stream::{self, Stream, StreamExt};
use serde::Serialize;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use super::status::Problem;
use super::{address, session};
use crate::room::{Place, Room};

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
    /// Those that are open.
    pub streams: Room,
    /// How many proxies of ours stand in front.
    pub trusted_hops: usize,
}

/// How many may be open: each holds some memory for as long as its device pleases.
pub const STREAMS_MAX: usize = 4_000;
/// Of one network: a region behind one provider's router, but not everything there is.
pub const NETWORK_MAX: usize = 2_000;
/// How long, in seconds, whoever finds no room waits: streams that nobody reads end in less.
const NO_ROOM: u32 = 60;

/// One stream.
pub async fn serve(State(events): State<Events>, request: request::Parts) -> Result<Response, Problem> {
    let scopes = scopes(request.uri.query().unwrap_or_default()).ok_or(ErrorCode::BadRequest)?;
    let from = address::origin(&request.headers, &request.extensions, events.trusted_hops);
    let Some(place) = events.streams.enter(from) else {
        return Err(Problem(ApiError { code: ErrorCode::Unavailable, retry_after: Some(NO_ROOM) }));
    };
    let mut watched = None;
    if scopes.iter().any(|scope| !scope.is_public()) {
        let person = session::required(&events.identity, &request.headers).await?;
        if !scopes.iter().all(|scope| may_pull(Some(&person), scope)) {
            return Err(ErrorCode::NotPermitted.into());
        }
        let token = session::token(&request.headers);
        watched = token.map(|token| Watched::new(events.identity, token, SILENCE));
    }
    // Listen before reading, so that no commit falls between.
    let heard = (events.listen)();
    let first = current(&events.journal, &scopes).await?;
    let (journal, closing) = (events.journal, events.closing);
    let state = Following { journal, scopes, heard, closing, watched, _place: place };
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

/// The session of a stream that tells more than what is public: it may end first.
struct Watched {
    identity: Arc<dyn Identity>,
    token: String,
    /// When it is looked at, also while nothing happens.
    look: Interval,
}

impl Watched {
    fn new(identity: Arc<dyn Identity>, token: String, every: Duration) -> Self {
        let mut look = interval_at(Instant::now() + every, every);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { identity, token, look }
    }

    /// Whether its person may still follow all of this. When the database cannot be asked, it is
    /// asked again at the next look.
    async fn may_follow(&self, scopes: &BTreeSet<Scope>) -> bool {
        match self.identity.session(&self.token).await {
            Ok(person) => scopes.iter().all(|scope| may_pull(person.as_ref(), scope)),
            Err(_) => true,
        }
    }
}

/// The next time to look at a session; never, where there is none.
async fn look(watched: &mut Option<Watched>) {
    match watched {
        Some(watched) => drop(watched.look.tick().await),
        None => std::future::pending().await,
    }
}

struct Following {
    journal: Arc<dyn Journal>,
    scopes: BTreeSet<Scope>,
    heard: broadcast::Receiver<Heads>,
    closing: watch::Receiver<bool>,
    watched: Option<Watched>,
    _place: Place,
}

fn follow(first: Vec<Event>, state: Following) -> impl Stream<Item = Result<Event, Infallible>> {
    let changes = stream::unfold(state, |mut state| async move {
        let events = state.next().await?;
        Some((stream::iter(events), state))
    });
    stream::iter(first).chain(changes.flatten()).map(Ok)
}

impl Following {
    /// The next changes of the scopes followed; none when the server goes down or the session
    /// has ended.
    async fn next(&mut self) -> Option<Vec<Event>> {
        loop {
            let heard = tokio::select! {
                _ = self.closing.wait_for(|closing| *closing) => return None,
                () = look(&mut self.watched) => Ok(Heads::default()),
                heard = self.heard.recv() => heard,
            };
            let looked = heard.as_ref().is_ok_and(|heads| heads.is_empty());
            let events: Vec<_> = match heard {
                Ok(heads) => {
                    let ours = heads.iter().filter(|(scope, _)| self.scopes.contains(scope));
                    ours.map(|(scope, head)| event(scope, *head)).collect()
                }
                // Too slow for what happened: the heads of now say all of it.
                Err(RecvError::Lagged(_)) => current(&self.journal, &self.scopes).await.ok()?,
                Err(RecvError::Closed) => return None,
            };
            if let Some(watched) = &self.watched
                && (looked || !events.is_empty())
                && !watched.may_follow(&self.scopes).await
            {
                return None;
            }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::{SystemClock, SystemRandom};
    use domain::authority::Role;
    use store::Store;

    #[tokio::test]
    async fn a_silent_private_stream_ends_when_its_session_has() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), Arc::new(SystemClock), Arc::new(SystemRandom)).await.unwrap();
        let store = Arc::new(store);
        let community = "laforce".parse().unwrap();
        let (id, code) = store.add("R (fictive)".parse().unwrap(), community, Role::Clerk).await.unwrap();
        let token = store.open(code).await.unwrap().token;
        let (_closing, closes) = watch::channel(false);
        let mut stream = Following {
            journal: store.clone(),
            scopes: BTreeSet::from(["desk/laforce".parse().unwrap()]),
            heard: store.heads(),
            closing: closes,
            watched: Some(Watched::new(store.clone(), token, Duration::from_millis(10))),
            _place: Room::new(1, 1).enter([192, 0, 2, 1].into()).unwrap(),
        };
        let waits = tokio::time::timeout(Duration::from_millis(200), stream.next()).await;
        assert!(waits.is_err(), "while the session lasts, it stays open");
        store.revoke(&id).await.unwrap();
        let ended = tokio::time::timeout(Duration::from_secs(5), stream.next()).await.unwrap();
        assert!(ended.is_none());
    }
}
