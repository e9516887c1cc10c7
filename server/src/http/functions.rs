//! The server functions: registered by name, given what their bodies ask for.

use std::sync::Arc;

use app::api::ports::{Caller, Pushing};
use app::api::{CloseSession, OpenSession, Push, ShowSession};
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::ports::Identity;
use leptos::prelude::provide_context;
use server_fn::axum::register_explicit;

use super::{session, status};

/// What the bodies need.
#[derive(Clone)]
pub struct Functions {
    /// Takes pushed envelopes.
    pub pushing: Arc<dyn Pushing>,
    /// People and sessions.
    pub identity: Arc<dyn Identity>,
}

/// Registers every server function by name: nothing is served because a linker found it.
pub fn register() {
    register_explicit::<Push>();
    register_explicit::<OpenSession>();
    register_explicit::<ShowSession>();
    register_explicit::<CloseSession>();
}

/// Serves one.
pub async fn serve(State(functions): State<Functions>, mut request: Request) -> Response {
    let caller = Caller { token: session::token(request.headers()) };
    // With both of these the integration would answer a redirect, as to a plain form.
    request.headers_mut().remove(header::ACCEPT);
    request.headers_mut().remove(header::REFERER);
    let provide = move || {
        provide_context(caller.clone());
        provide_context(functions.pushing.clone());
        provide_context(functions.identity.clone());
    };
    let response = leptos_axum::handle_server_fns_with_context(provide, request).await;
    status::settle(response.into_response()).await
}
