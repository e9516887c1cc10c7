//! What every changing request must fulfil before its route sees it: sent by our own pages,
//! of the type that the route takes, and no larger than it may be.

use std::collections::HashMap;
use std::sync::Arc;

use app::api::ErrorCode;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::BytesMut;
use futures_util::StreamExt;
use serde::de::IgnoredAny;
use tower_http::timeout::TimeoutError;

use super::routes::{Route, Takes};
use super::status::Problem;

/// The origins that our pages are served from.
#[derive(Clone, Debug, Default)]
pub struct Origins(Arc<Vec<String>>);

impl Origins {
    /// As browsers write them: scheme, host, and the port when it is not the scheme's own.
    pub fn new(origins: impl IntoIterator<Item = String>) -> Self {
        Self(Arc::new(origins.into_iter().map(|o| o.trim_end_matches('/').to_owned()).collect()))
    }

    /// The one that people type; nothing when there is none.
    pub fn home(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }

    /// Browsers say where a request comes from, and pages cannot change it. Where the newer
    /// header is missing, the older one is required.
    fn take(&self, headers: &HeaderMap) -> bool {
        let said = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
        match (said("sec-fetch-site"), said("origin")) {
            (Some(site), _) => site == "same-origin",
            (None, Some(origin)) => self.0.iter().any(|own| own == origin),
            (None, None) => false,
        }
    }
}

/// How much of a refused body is still read: a client that is cut off while it sends never
/// sees the answer, takes it for a lost network, and sends everything again.
const DRAINED: usize = 8 * 1024 * 1024;

/// The layer: `route` is the row of the table that matched.
pub async fn check(
    State((route, origins)): State<(Route, Origins)>,
    request: Request,
    next: Next,
) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let limit = admit(route, &origins, &parts.headers);
    match read(body, limit.unwrap_or(0)).await {
        Ok(bytes) if limit.is_ok() && fits(route, &bytes) => {
            next.run(Request::from_parts(parts, Body::from(bytes))).await
        }
        Ok(_) => Problem::from(limit.err().unwrap_or(ErrorCode::Invalid)).into_response(),
        Err(code) => Problem::from(limit.err().unwrap_or(code)).into_response(),
    }
}

/// Decides by the headers; returns how many bytes may follow.
fn admit(route: Route, origins: &Origins, headers: &HeaderMap) -> Result<usize, ErrorCode> {
    if !origins.take(headers) {
        return Err(ErrorCode::CrossSite);
    }
    let (kind, limit) = match route.takes {
        Takes::Nothing => return Ok(0),
        Takes::Json { limit, .. } => ("application/json", limit),
        Takes::Octets { limit } => ("application/octet-stream", limit),
    };
    if media_type(headers) != Some(kind) {
        return Err(ErrorCode::UnsupportedMediaType);
    }
    Ok(limit)
}

/// Reads a body to its end, and keeps it when it is within the limit.
async fn read(body: Body, limit: usize) -> Result<Bytes, ErrorCode> {
    let mut pieces = body.into_data_stream();
    let (mut kept, mut seen) = (BytesMut::new(), 0);
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| match error.into_inner().is::<TimeoutError>() {
            true => ErrorCode::Unavailable,
            false => ErrorCode::BadRequest,
        })?;
        seen += piece.len();
        if seen > DRAINED {
            break;
        }
        if seen <= limit {
            kept.extend_from_slice(&piece);
        } else {
            kept.clear();
        }
    }
    if seen > limit { Err(ErrorCode::TooLarge) } else { Ok(kept.freeze()) }
}

/// Whether it is the object that the route takes: a field that is not known is an error,
/// not something to pass over.
fn fits(route: Route, bytes: &Bytes) -> bool {
    let Takes::Json { fields, .. } = route.takes else { return true };
    let given: Result<HashMap<String, IgnoredAny>, _> = serde_json::from_slice(bytes);
    given.is_ok_and(|given| given.keys().all(|name| fields.contains(&name.as_str())))
}

fn media_type(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::CONTENT_TYPE)?.to_str().ok()?.split(';').next().map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(headers: &[(&'static str, &'static str)]) -> bool {
        let map =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        Origins::new(["https://rabaska.example".to_owned()]).take(&map)
    }

    #[test]
    fn only_our_own_pages_may_change_anything() {
        assert!(takes(&[("sec-fetch-site", "same-origin")]));
        assert!(takes(&[("origin", "https://rabaska.example")]));
        for refused in [
            &[][..],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://rabaska.example")],
            &[("origin", "null")],
            &[("origin", "http://rabaska.example")],
            &[("origin", "https://rabaska.example:8443")],
            &[("origin", "https://rabaska.example.evil")],
        ] {
            assert!(!takes(refused), "{refused:?}");
        }
    }
}
