//! The server functions' client in the browser: the one exchange of `exchange.rs`, in the
//! shape that `server_fn` asks for. Server functions here send and receive JSON text.

use std::future::Future;

use futures_util::{Sink, Stream, sink, stream};
use gloo_net::http::Request;
use js_sys::Uint8Array;
use send_wrapper::SendWrapper;
use server_fn::Bytes;
use server_fn::client::Client;
use server_fn::request::ClientReq;
use server_fn::response::ClientRes;

use super::exchange::{PUSH, ask, own};
use super::{ApiError, ErrorCode};

pub struct ApiClient;

/// Where to, and the JSON to send.
pub struct Call {
    path: String,
    body: Bytes,
}

/// The JSON that came back.
pub struct Reply(String);

fn no<T>() -> Result<T, ApiError> {
    Err(ErrorCode::Unavailable.into())
}

impl Client<ApiError> for ApiClient {
    type Request = Call;
    type Response = Reply;

    fn send(call: Call) -> impl Future<Output = Result<Reply, ApiError>> + Send {
        SendWrapper::new(async move {
            let request = own(Request::post, &call.path)
                .header("content-type", "application/json")
                .header("accept", "application/json");
            ask(request, Some(Uint8Array::from(&*call.body).into()), PUSH).await?.text().map(Reply)
        })
    }

    async fn open_websocket(
        _: &str,
    ) -> Result<
        (impl Stream<Item = Result<Bytes, Bytes>> + Send + 'static, impl Sink<Bytes> + Send + 'static),
        ApiError,
    > {
        no::<(stream::Empty<_>, sink::Drain<_>)>()
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        wasm_bindgen_futures::spawn_local(future);
    }
}

impl ClientReq<ApiError> for Call {
    type FormData = ();

    fn try_new_req_bytes(
        path: &str,
        _: &str,
        _: &str,
        body: Bytes,
        _: http::Method,
    ) -> Result<Self, ApiError> {
        Ok(Self { path: path.to_owned(), body })
    }

    fn try_new_req_query(_: &str, _: &str, _: &str, _: &str, _: http::Method) -> Result<Self, ApiError> {
        no()
    }

    fn try_new_req_text(_: &str, _: &str, _: &str, _: String, _: http::Method) -> Result<Self, ApiError> {
        no()
    }

    fn try_new_req_form_data(_: &str, _: &str, _: &str, (): (), _: http::Method) -> Result<Self, ApiError> {
        no()
    }

    fn try_new_req_multipart(_: &str, _: &str, (): (), _: http::Method) -> Result<Self, ApiError> {
        no()
    }

    fn try_new_req_streaming(
        _: &str,
        _: &str,
        _: &str,
        _: impl Stream<Item = Bytes> + Send + 'static,
        _: http::Method,
    ) -> Result<Self, ApiError> {
        no()
    }
}

impl ClientRes<ApiError> for Reply {
    async fn try_into_string(self) -> Result<String, ApiError> {
        Ok(self.0)
    }

    async fn try_into_bytes(self) -> Result<Bytes, ApiError> {
        Ok(self.0.into())
    }

    fn try_into_stream(
        self,
    ) -> Result<impl Stream<Item = Result<Bytes, Bytes>> + Send + Sync + 'static, ApiError> {
        no::<stream::Empty<_>>()
    }

    /// Every other one has become an error before.
    fn status(&self) -> u16 {
        200
    }

    fn status_text(&self) -> String {
        String::new()
    }

    fn location(&self) -> String {
        String::new()
    }

    fn has_redirect(&self) -> bool {
        false
    }
}
