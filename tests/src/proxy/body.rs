//! The one body type that passes through the proxy: as it comes, paced, or watched for its end.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_util::{StreamExt, stream};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::HeaderMap;
use hyper::body::{Body, Bytes, Frame, SizeHint};

pub(crate) type Fate = Box<dyn std::error::Error + Send + Sync>;
pub(crate) type Passing = UnsyncBoxBody<Bytes, Fate>;

pub(crate) fn passing<B>(body: B) -> Passing
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Fate>,
{
    body.map_err(Into::into).boxed_unsync()
}

pub(crate) fn full(bytes: impl Into<Bytes>) -> Passing {
    Full::new(bytes.into()).map_err(|never: Infallible| match never {}).boxed_unsync()
}

/// The same body in pieces of a twentieth of a second each.
pub(crate) fn throttled(body: Passing, bytes_per_second: u64) -> Passing {
    let piece = usize::try_from(bytes_per_second / 20).unwrap_or(usize::MAX).max(1);
    let rate = bytes_per_second.max(1) as f64;
    let pieces = body.into_data_stream().flat_map(move |data| {
        let mut pieces = Vec::new();
        match data {
            Ok(mut data) => {
                while !data.is_empty() {
                    pieces.push(Ok(data.split_to(piece.min(data.len()))));
                }
            }
            Err(error) => pieces.push(Err(error)),
        }
        stream::iter(pieces)
    });
    let paced = pieces.then(move |data: Result<Bytes, Fate>| async move {
        let data = data?;
        tokio::time::sleep(Duration::from_secs_f64(data.len() as f64 / rate)).await;
        Ok(Frame::data(data))
    });
    StreamBody::new(Box::pin(paced)).boxed_unsync()
}

/// The same body, with a word to `passed` of how many bytes go by.
pub(crate) fn counted<F>(body: Passing, passed: F) -> Passing
where
    F: Fn(u64) + Send + Unpin + 'static,
{
    Counted { body, passed }.boxed_unsync()
}

struct Counted<F> {
    body: Passing,
    passed: F,
}

impl<F: Fn(u64) + Send + Unpin> Body for Counted<F> {
    type Data = Bytes;
    type Error = Fate;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Fate>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if let Some(data) = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref()) {
            (self.passed)(data.len() as u64);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The bytes of a head: its first line with so much beside the words that all have, and its fields.
pub(crate) fn head_size(words: usize, fields: &HeaderMap) -> u64 {
    let fields: usize = fields.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    ("HTTP/1.1  \r\n\r\n".len() + words + fields) as u64
}

/// The same body, with a word to `ended` when its last byte is passed on. A sender that knows the
/// length does not ask for more after it, so the bytes are counted.
pub(crate) fn watched<F>(body: Passing, length: Option<u64>, ended: F) -> Passing
where
    F: FnOnce() + Send + Unpin + 'static,
{
    let mut watched = Watched { body, remaining: length, ended: Some(ended) };
    watched.note_if(watched.body.is_end_stream() || length == Some(0));
    watched.boxed_unsync()
}

struct Watched<F> {
    body: Passing,
    remaining: Option<u64>,
    ended: Option<F>,
}

impl<F: FnOnce()> Watched<F> {
    fn note_if(&mut self, at_end: bool) {
        if at_end && let Some(ended) = self.ended.take() {
            ended();
        }
    }
}

impl<F: FnOnce() + Send + Unpin> Body for Watched<F> {
    type Data = Bytes;
    type Error = Fate;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Fate>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        let at_end = match &frame {
            None => true,
            Some(Err(_)) => false,
            Some(Ok(frame)) => {
                let passed = frame.data_ref().map_or(0, |data| data.len() as u64);
                self.remaining = self.remaining.map(|bytes| bytes.saturating_sub(passed));
                self.remaining == Some(0) || self.body.is_end_stream()
            }
        };
        self.note_if(at_end);
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
