//! Whether the server is well, and the keys that its receipts are signed with.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::ports::{Clock, Journal};
use serde_json::{Value, json};

/// What the routes need.
#[derive(Clone)]
pub struct Health {
    /// Epoch and keys.
    pub journal: Arc<dyn Journal>,
    /// The server's time, by which deadlines go.
    pub clock: Arc<dyn Clock>,
}

/// Name and version, the life of the database, the time.
pub async fn health(State(health): State<Health>) -> Response {
    let now = health.clock.now();
    let said = json!({ "rabaska": env!("CARGO_PKG_VERSION"), "epoch": health.journal.epoch(), "now": now });
    said_as(&said, "no-store")
}

/// Every receipt key ever used.
pub async fn keys(State(health): State<Health>) -> Response {
    said_as(&json!({ "keys": health.journal.keys() }), "public, max-age=0, must-revalidate")
}

fn said_as(said: &Value, kept: &'static str) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, kept)];
    (headers, said.to_string()).into_response()
}
