//! Around every route: a time-out, panics caught, and one line in the log. Never 408 (a
//! browser would send the request again by itself) and never a bare 500.

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use app::api::ErrorCode;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;

use super::status::Problem;

/// A full push over the slowest line we serve takes 4 seconds; a piece of a photo, 20.
const PATIENCE: Duration = Duration::from_secs(60);

/// The layer.
pub async fn cover(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    // The route's pattern, never its path: ids and queries stay out of the log.
    let matched = request.extensions().get::<MatchedPath>();
    let route = matched.map_or_else(|| "page".to_owned(), |matched| matched.as_str().to_owned());
    let began = Instant::now();
    let response = survive(request, next).await;
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(%method, route, status = response.status().as_u16(), ms, "request");
    response
}

async fn survive(request: Request, next: Next) -> Response {
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(PATIENCE, answered).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => {
            tracing::error!("a request panicked");
            Problem::from(ErrorCode::Unavailable).into_response()
        }
        Err(_) => {
            tracing::warn!("a request took too long");
            Problem::from(ErrorCode::Unavailable).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt;

    async fn fall(_: Request) -> Response {
        panic!("on purpose")
    }

    async fn answer(path: &str) -> Response {
        let routes = axum::Router::new()
            .route("/falls", get(fall))
            .route("/hangs", get(std::future::pending::<Response>))
            .layer(from_fn(cover));
        routes.oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_and_a_hang_are_503_with_a_time_to_wait() {
        for path in ["/falls", "/hangs"] {
            let response = answer(path).await;
            assert_eq!(response.status().as_u16(), 503, "{path}");
            assert_eq!(response.headers()["content-type"], "application/json", "{path}");
            assert!(response.headers().contains_key("retry-after"), "{path}");
        }
    }
}
