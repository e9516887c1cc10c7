//! The headers of every answer: what a page may load and run, and who may embed it.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// Headers made once, at start.
#[derive(Clone)]
pub struct Fixed(Arc<HeaderMap>);

impl Fixed {
    /// `scripts` are the SHA-256 sources of the inline scripts in our own pages: hashes, not
    /// nonces, because the pages are kept offline. `secure` when browsers reach us by TLS.
    pub fn new(scripts: &[String], secure: bool) -> Self {
        let mut headers = HeaderMap::new();
        let mut put = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        put(header::CONTENT_SECURITY_POLICY, &policy(scripts));
        // Leptos writes `template.innerHTML`, so this only reports for now.
        put(header::CONTENT_SECURITY_POLICY_REPORT_ONLY, "require-trusted-types-for 'script'");
        put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        put(header::X_FRAME_OPTIONS, "DENY");
        put(header::REFERRER_POLICY, "same-origin");
        put(
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
        );
        put(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
        put(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
        if secure {
            put(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
        }
        Self(Arc::new(headers))
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

/// The layer. A route's own header wins: pictures have a narrower policy.
pub async fn add(State(Fixed(fixed)): State<Fixed>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in fixed.iter() {
        response.headers_mut().entry(name).or_insert_with(|| value.clone());
    }
    response
}
