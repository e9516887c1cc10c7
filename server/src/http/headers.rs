//! The headers of every answer: what a page may load and run, and who may embed it. Pages and
//! scripts (a worker is governed by its own) carry the whole policy; data and other files a
//! short one, because on a slow line the long one weighs more than what many of them say.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// Headers made once, at start.
#[derive(Clone)]
pub struct Fixed {
    every: Arc<HeaderMap>,
    documents: Arc<HeaderMap>,
}

/// For what is neither page nor script, should a browser ever be made to show it as one.
const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

fn map(headers: &[(HeaderName, &str)]) -> Arc<HeaderMap> {
    let valid = |(name, value): &(HeaderName, &str)| Some((name.clone(), HeaderValue::from_str(value).ok()?));
    Arc::new(headers.iter().filter_map(valid).collect())
}

impl Fixed {
    /// `scripts` are the SHA-256 sources of the inline scripts in our own pages: hashes, not
    /// nonces, because the pages are kept offline. `secure` when browsers reach us by TLS.
    pub fn new(scripts: &[String], secure: bool) -> Self {
        let mut every = vec![
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        ];
        if secure {
            every.push((header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"));
        }
        let policy = policy(scripts);
        let documents = [
            (header::CONTENT_SECURITY_POLICY, policy.as_str()),
            // Leptos writes `template.innerHTML`, so this only reports for now.
            (header::CONTENT_SECURITY_POLICY_REPORT_ONLY, "require-trusted-types-for 'script'"),
            (header::X_FRAME_OPTIONS, "DENY"),
            (header::REFERRER_POLICY, "same-origin"),
            (
                HeaderName::from_static("permissions-policy"),
                "camera=(), microphone=(), geolocation=(self), payment=(), usb=(), browsing-topics=()",
            ),
            (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        ];
        Self { every: map(&every), documents: map(&documents) }
    }
}

fn policy(scripts: &[String]) -> String {
    let scripts: String = scripts.iter().map(|hash| format!(" '{hash}'")).collect();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'; \
         img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
         font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    )
}

/// Whether a browser runs it, or shows it as a page.
fn is_document(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html") || kind.starts_with("text/javascript"))
}

/// The layer. A route's own header wins: pictures have a narrower policy.
pub async fn add(State(fixed): State<Fixed>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let documents = if is_document(&response) { &*fixed.documents } else { &HeaderMap::new() };
    for (name, value) in fixed.every.iter().chain(documents) {
        response.headers_mut().entry(name).or_insert_with(|| value.clone());
    }
    response.headers_mut().entry(header::CONTENT_SECURITY_POLICY).or_insert(NOTHING);
    response
}
