//! What every changing request must fulfil before its route sees it: sent by our own pages,
//! of the type that the route takes, and no larger than it may be.

use std::collections::HashMap;
use std::sync::Arc;

use app::api::ErrorCode;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::de::IgnoredAny;

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

/// The layer: `route` is the row of the table that matched.
pub async fn check(
    State((route, origins)): State<(Route, Origins)>,
    request: Request,
    next: Next,
) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    match admit(route, &origins, request).await {
        Ok(request) => next.run(request).await,
        Err(code) => Problem::from(code).into_response(),
    }
}

async fn admit(route: Route, origins: &Origins, request: Request) -> Result<Request, ErrorCode> {
    if !origins.take(request.headers()) {
        return Err(ErrorCode::CrossSite);
    }
    let (kind, limit) = match route.takes {
        Takes::Nothing => return Ok(request),
        Takes::Json { limit, .. } => ("application/json", limit),
        Takes::Octets { limit } => ("application/octet-stream", limit),
    };
    if media_type(request.headers()) != Some(kind) {
        return Err(ErrorCode::UnsupportedMediaType);
    }
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|n| n.to_str().ok()?.parse().ok());
    if announced.is_some_and(|bytes: usize| bytes > limit) {
        return Err(ErrorCode::TooLarge);
    }
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, limit).await.map_err(|error| {
        let too_large = std::error::Error::source(&error).is_some_and(|e| e.to_string().contains("limit"));
        if too_large { ErrorCode::TooLarge } else { ErrorCode::BadRequest }
    })?;
    if let Takes::Json { fields, .. } = route.takes {
        let given: HashMap<String, IgnoredAny> =
            serde_json::from_slice(&bytes).map_err(|_| ErrorCode::Invalid)?;
        if given.keys().any(|name| !fields.contains(&name.as_str())) {
            return Err(ErrorCode::Invalid);
        }
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
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
