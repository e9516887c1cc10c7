//! HTTP: the table of routes and what stands around it. Each route is handed the few ports
//! that it needs and nothing else.

mod address;
pub mod assets;
mod blobs;
mod encoding;
pub mod events;
pub mod exports;
mod functions;
pub mod guard;
mod headers;
mod health;
mod pull;
pub mod routes;
mod session;
mod shield;
mod status;
pub mod words;

use std::sync::Arc;

use app::api::ErrorCode;
use app::api::ports::Pushing;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{Method, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use domain::ports::{Blobs, Clock, Identity, Journal};
use tokio::sync::watch;

use crate::room::Room;
pub use address::network;
use assets::Assets;
use events::Listen;
use guard::Origins;
use routes::{OPEN_SESSION, ROUTES, Route, Serves};
pub use status::LATER;
use status::Problem;

/// How browsers reach us.
#[derive(Clone, Debug)]
pub struct Reach {
    /// Where our pages are served from.
    pub origins: Origins,
    /// Whether it is by TLS, ours or a proxy's.
    pub secure: bool,
    /// How many proxies of ours stand in front.
    pub trusted_hops: usize,
}

/// What the routes are made of. It is taken apart here and travels no further.
pub struct Parts {
    /// Records and receipts.
    pub journal: Arc<dyn Journal>,
    /// People and sessions.
    pub identity: Arc<dyn Identity>,
    /// Photos and documents.
    pub blobs: Arc<dyn Blobs>,
    /// Takes pushed envelopes.
    pub pushing: Arc<dyn Pushing>,
    /// The server's time.
    pub clock: Arc<dyn Clock>,
    /// Heads as they change.
    pub listen: Listen,
    /// True when the server goes down.
    pub closing: watch::Receiver<bool>,
    /// How browsers reach us.
    pub reach: Reach,
    /// The pages.
    pub assets: Assets,
}

/// Every route, with what stands around it.
pub fn router(parts: Parts) -> Router {
    functions::register();
    let fixed = headers::Fixed::new(&parts.assets.script_hashes(), parts.reach.secure);
    let rooms = exports::Rooms::default();
    let mut router = Router::new();
    for route in ROUTES {
        let check = from_fn_with_state((*route, parts.reach.origins.clone()), guard::check);
        router = router.route(route.path, served(route, &parts, &rooms).route_layer(check));
    }
    let assets = Arc::new(parts.assets);
    router
        .method_not_allowed_fallback(|| async { Problem::from(ErrorCode::MethodNotAllowed) })
        .fallback(move |request: Request| {
            let assets = assets.clone();
            async move { page(&assets, &request) }
        })
        // The guard has its own limits, by route.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(shield::cover))
        .layer(from_fn_with_state(fixed, headers::add))
}

fn served(route: &Route, parts: &Parts, rooms: &exports::Rooms) -> MethodRouter {
    let Parts { journal, identity, blobs, pushing, clock, .. } = parts;
    let (journal, identity, clock) = (journal.clone(), identity.clone(), clock.clone());
    match route.serves {
        Serves::Function => {
            let pushing = pushing.clone();
            let functions = post(functions::serve).with_state(functions::Functions { pushing, identity });
            if route.path != OPEN_SESSION {
                return functions;
            }
            let limit = address::Limit::new(parts.reach.trusted_hops);
            functions.route_layer(from_fn_with_state(limit, address::check))
        }
        Serves::Pull => get(pull::serve).with_state(pull::Pulls { journal, identity }),
        Serves::Events => {
            let (listen, closing) = (parts.listen.clone(), parts.closing.clone());
            let streams = Room::new(events::STREAMS_MAX, events::NETWORK_MAX);
            let trusted_hops = parts.reach.trusted_hops;
            let events = events::Events { journal, identity, listen, closing, streams, trusted_hops };
            get(events::serve).with_state(events)
        }
        Serves::Blob => {
            let files = blobs::Files { blobs: blobs.clone(), identity };
            axum::routing::head(blobs::head).put(blobs::put).get(blobs::get).with_state(files)
        }
        Serves::CommunityFile | Serves::ConsultationFile => {
            let (home, trusted_hops) = (parts.reach.origins.home().to_owned(), parts.reach.trusted_hops);
            let state = exports::Exports { journal, clock, home, rooms: rooms.clone(), trusted_hops };
            match route.serves {
                Serves::CommunityFile => get(exports::of_community).with_state(state),
                _ => get(exports::of_consultation).with_state(state),
            }
        }
        Serves::Health => get(health::health).with_state(health::Health { journal, clock }),
        Serves::Keys => get(health::keys).with_state(health::Health { journal, clock }),
    }
}

/// Whatever is not in the table: a file, a page, or nothing.
fn page(assets: &Assets, request: &Request) -> Response {
    let path = request.uri().path();
    if path == "/api" || path.starts_with("/api/") {
        return Problem::from(ErrorCode::NotFound).into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = Problem::from(ErrorCode::MethodNotAllowed).into_response();
        response.headers_mut().insert(header::ALLOW, axum::http::HeaderValue::from_static("GET,HEAD"));
        return response;
    }
    if !assets.has_pages() {
        let said = "Ce serveur a été construit sans ses pages. / This server was built without its pages.\n";
        let kind = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::RETRY_AFTER, "60")];
        return (StatusCode::SERVICE_UNAVAILABLE, kind, said).into_response();
    }
    let served = assets.serve(path, request.headers());
    served.unwrap_or_else(|| Problem::from(ErrorCode::NotFound).into_response())
}
