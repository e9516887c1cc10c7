//! The server functions' client in the browser: time-outs, Retry-After, and telling an
//! answer of Rabaska from a captive portal's, all by type.

use std::future::Future;

use futures_util::future::{Either, select};
use send_wrapper::SendWrapper;
use server_fn::client::{Client, browser::BrowserClient};
use server_fn::request::browser::BrowserRequest;
use server_fn::response::{ClientRes, browser::BrowserResponse};

use super::{ApiError, ErrorCode};

/// How long an answer may take. The slowest line we serve needs 4 s for a full push.
const PATIENCE_MS: u32 = 30_000;

pub struct ApiClient;

impl Client<ApiError> for ApiClient {
    type Request = BrowserRequest;
    type Response = BrowserResponse;

    fn send(request: Self::Request) -> impl Future<Output = Result<Self::Response, ApiError>> + Send {
        SendWrapper::new(async move {
            let sent = std::pin::pin!(<BrowserClient as Client<ApiError>>::send(request));
            let late = std::pin::pin!(crate::offline::sleep(PATIENCE_MS));
            // Dropping the unfinished request aborts it.
            let response = match select(sent, late).await {
                Either::Left((response, _)) => response?,
                Either::Right(_) => return Err(ErrorCode::Offline.into()),
            };
            read(response).await
        })
    }

    async fn open_websocket(
        _: &str,
    ) -> Result<
        (
            impl futures_util::Stream<Item = Result<server_fn::Bytes, server_fn::Bytes>> + Send + 'static,
            impl futures_util::Sink<server_fn::Bytes> + Send + 'static,
        ),
        ApiError,
    > {
        let nothing = (futures_util::stream::empty(), futures_util::sink::drain());
        if true { Err(ErrorCode::Unavailable.into()) } else { Ok(nothing) }
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        wasm_bindgen_futures::spawn_local(future);
    }
}

/// Passes an answer of Rabaska on; everything else becomes an error by type.
async fn read(response: BrowserResponse) -> Result<BrowserResponse, ApiError> {
    let status = <BrowserResponse as ClientRes<ApiError>>::status(&response);
    let headers = response.generate_headers();
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let json = header("content-type").is_some_and(|kind| kind.starts_with("application/json"));
    if status == 200 {
        return if json { Ok(response) } else { Err(ErrorCode::NotRabaska.into()) };
    }
    let retry_after = header("retry-after").and_then(|seconds| seconds.trim().parse().ok());
    let said = match <BrowserResponse as ClientRes<ApiError>>::try_into_string(response).await {
        Ok(text) if json => serde_json::from_str(&text).ok(),
        _ => None,
    };
    let mut error = said.unwrap_or_else(|| ApiError::from(ErrorCode::of_status(status, json)));
    error.retry_after = error.retry_after.or(retry_after);
    Err(error)
}
