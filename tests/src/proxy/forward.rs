//! One request: which fault befalls it, whether the server sees it, what the device gets.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::header::{
    CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderName, HeaderValue, TRANSFER_ENCODING,
};
use hyper::{Method, Request, Response, StatusCode, Version};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::Shared;
use super::body::{Fate, Passing, counted, full, head_size, passing, throttled, watched};
use super::fault::Mode;
use super::log::Seen;
use super::wire::Control;

const PORTAL: &str = "<!doctype html><title>Welcome</title><h1>Accept the terms to go online</h1>";

/// An `Err` closes the connection without an answer.
pub(crate) async fn answer(
    shared: &Arc<Shared>,
    control: &Control,
    request: Request<Incoming>,
) -> Result<Response<Passing>, Fate> {
    let path = request.uri().path().to_owned();
    let index = shared.log.push(Seen {
        method: request.method().to_string(),
        query: request.uri().query().map(str::to_owned),
        at: Instant::now(),
        forwarded: false,
        status: None,
        up: head_size(request.method().as_str().len() + address(&request).len(), request.headers()),
        down: 0,
        path: path.clone(),
    });
    let mode = shared.rules.lock().unwrap().take(&path);
    let noting = Arc::clone(shared);
    let up = move |bytes| noting.log.update(index, |seen| seen.up += bytes);
    let request = request.map(|body| counted(passing(body), up));
    let forward = async |request| {
        let response = forward(shared, index, request).await;
        if response.is_err() {
            // A dead server behind a live proxy: the nearest thing to a refusal is a reset.
            control.reset();
        }
        response.map(|response| noted(shared, index, response))
    };
    match mode {
        Mode::Pass => forward(request).await,
        Mode::Rst => {
            control.reset();
            Err("reset on purpose".into())
        }
        // A connection accepted just before the listener closed.
        Mode::Refuse => {
            control.reset();
            Err("refused".into())
        }
        Mode::Blackhole => {
            request.into_body().collect().await?;
            std::future::pending().await
        }
        Mode::CloseAfterBody => {
            forward(request).await?.into_body().collect().await?;
            Err("closed on purpose".into())
        }
        Mode::Truncate { bytes } => {
            let response = forward(request).await?;
            control.cut_after(bytes);
            Ok(response)
        }
        Mode::Throttle { bytes_per_second } => {
            let request = request.map(|body| throttled(body, bytes_per_second));
            let response = forward(request).await?;
            Ok(response.map(|body| throttled(body, bytes_per_second)))
        }
        Mode::Delay(delay) => {
            tokio::time::sleep(delay).await;
            forward(request).await
        }
        Mode::Buffer => {
            let (head, body) = forward(request).await?.into_parts();
            let bytes = body.collect().await?.to_bytes();
            Ok(Response::from_parts(head, full(bytes)))
        }
        Mode::CaptivePortal => {
            request.into_body().collect().await?;
            let mut response = Response::new(full(PORTAL));
            let html = HeaderValue::from_static("text/html; charset=utf-8");
            response.headers_mut().insert(CONTENT_TYPE, html);
            Ok(response)
        }
        Mode::File { kind, text } => {
            request.into_body().collect().await?;
            let mut response = Response::new(full(text));
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
            Ok(response)
        }
        Mode::Status { code, headers } => {
            request.into_body().collect().await?;
            let mut response = Response::new(full(""));
            *response.status_mut() = StatusCode::from_u16(code)?;
            for (name, value) in headers {
                let name = HeaderName::try_from(name)?;
                response.headers_mut().append(name, HeaderValue::try_from(value)?);
            }
            Ok(response)
        }
        Mode::SkewDate { seconds } => {
            let mut response = forward(request).await?;
            skew(&mut response, seconds)?;
            Ok(response)
        }
    }
}

/// What a request asks for, as it stands in its first line.
fn address(request: &Request<Incoming>) -> &str {
    request.uri().path_and_query().map_or("/", |address| address.as_str())
}

/// The same answer, its bytes written down as they pass.
fn noted(shared: &Arc<Shared>, index: usize, response: Response<Passing>) -> Response<Passing> {
    let status = response.status();
    let words = status.as_str().len() + status.canonical_reason().unwrap_or_default().len();
    let head = head_size(words, response.headers());
    shared.log.update(index, |seen| seen.down += head);
    let noting = Arc::clone(shared);
    response.map(|body| counted(body, move |bytes| noting.log.update(index, |seen| seen.down += bytes)))
}

/// Sends a request on a connection of its own and gives the answer as it streams in.
async fn forward(
    shared: &Arc<Shared>,
    index: usize,
    mut request: Request<Passing>,
) -> Result<Response<Passing>, Fate> {
    let upstream = *shared.upstream.lock().unwrap();
    let stream = TcpStream::connect(upstream).await?;
    stream.set_nodelay(true)?;
    if let Some(response) = page(shared, &request) {
        shared.log.update(index, |seen| seen.status = Some(response.status().as_u16()));
        return Ok(response);
    }
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    request.headers_mut().remove(CONNECTION);
    request.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    *request.version_mut() = Version::HTTP_11;
    let length = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let length = length.and_then(|value| value.parse().ok());
    let noting = Arc::clone(shared);
    let request = request
        .map(|body| watched(body, length, move || noting.log.update(index, |seen| seen.forwarded = true)));
    let mut response = sender.send_request(request).await?;
    shared.log.update(index, |seen| seen.status = Some(response.status().as_u16()));
    response.headers_mut().remove(CONNECTION);
    // hyper frames the answer anew; the server's own framing must not be repeated beside it.
    response.headers_mut().remove(TRANSFER_ENCODING);
    *response.version_mut() = Version::HTTP_11;
    Ok(response.map(passing))
}

/// What the folder of other pages answers, when there is one and it is asked.
fn page(shared: &Shared, request: &Request<Passing>) -> Option<Response<Passing>> {
    let pages = shared.pages.lock().unwrap();
    let path = request.uri().path();
    let ours = request.method() == Method::GET && !path.starts_with("/api/");
    let pages = pages.as_ref().filter(|_| ours)?;
    if let Some(response) = pages.serve(path, request.headers()) {
        return Some(response.map(passing));
    }
    let mut missing = Response::new(full(""));
    *missing.status_mut() = StatusCode::NOT_FOUND;
    Some(missing)
}

/// Moves the time that the answer gives.
fn skew(response: &mut Response<Passing>, seconds: i64) -> Result<(), Fate> {
    let given = match response.headers().get(DATE) {
        Some(date) => httpdate::parse_http_date(date.to_str()?)?,
        None => return Err("the server gave no date to move".into()),
    };
    let by = Duration::from_secs(seconds.unsigned_abs());
    let moved = if seconds < 0 { given - by } else { given + by };
    let date = HeaderValue::try_from(httpdate::fmt_http_date(moved))?;
    response.headers_mut().insert(DATE, date);
    Ok(())
}
