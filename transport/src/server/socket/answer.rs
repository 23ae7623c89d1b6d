//! What the handler says, as frames for the socket.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Response, StatusCode,
    header::{CONTENT_TYPE, TRANSFER_ENCODING},
    response,
};
use http_body::Body as _;
use tonic::{Code, Status, body::Body};

use crate::{frames::block, http_status};

const GRPC_WEB: HeaderValue = HeaderValue::from_static("application/grpc-web+proto");

/// What is to be said next.
#[derive(Debug)]
pub(super) enum Said {
    /// A part of the answer.
    Part(Bytes),
    /// The last part, and the status in it.
    Last(Bytes, Code),
}

/// A call's answer, from the moment that it was asked for.
pub(super) enum Answer<F> {
    Awaited {
        future: Pin<Box<F>>,
        /// What is added to the headers.
        headers: HeaderMap,
    },
    Streaming(Body),
}

impl<F> Answer<F>
where
    F: Future<Output = Result<Response<Body>, Infallible>>,
{
    pub(super) fn new(future: F, headers: HeaderMap) -> Self {
        Self::Awaited {
            future: Box::pin(future),
            headers,
        }
    }

    /// Not to be polled again after [`Said::Last`].
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Said> {
        match self {
            Self::Awaited { future, headers } => {
                let Ok(response) = ready!(future.as_mut().poll(cx));
                let (mut parts, body) = response.into_parts();
                parts.headers.extend(std::mem::take(headers));
                if let Some(code) = only_a_status(&mut parts) {
                    return Poll::Ready(Said::Last(block::frame(&parts.headers), code));
                }
                *self = Self::Streaming(body);
                Poll::Ready(Said::Part(block::frame(&parts.headers)))
            }
            Self::Streaming(body) => next(body, cx),
        }
    }
}

fn next(body: &mut Body, cx: &mut Context<'_>) -> Poll<Said> {
    Poll::Ready(match ready!(Pin::new(body).poll_frame(cx)) {
        Some(Ok(frame)) => match frame.into_data() {
            Ok(bytes) => Said::Part(bytes),
            Err(frame) => {
                let trailers = frame.into_trailers().unwrap_or_default();
                Said::Last(block::frame(&trailers), code(&trailers))
            }
        },
        Some(Err(status)) => Said::Last(trailers(&status), status.code()),
        None => {
            let status = Status::unknown("the answer ended without a status");
            Said::Last(trailers(&status), status.code())
        }
    })
}

/// The frame of an answer that is nothing but this, with what is added to headers.
pub(super) fn refusal(status: &Status, mut headers: HeaderMap) -> Bytes {
    headers.insert(CONTENT_TYPE, GRPC_WEB);
    with(status, headers)
}

/// The frame that says this.
pub(super) fn trailers(status: &Status) -> Bytes {
    with(status, HeaderMap::new())
}

fn with(status: &Status, mut trailers: HeaderMap) -> Bytes {
    if status.add_header(&mut trailers).is_err() {
        trailers.insert("grpc-status", HeaderValue::from_static("2"));
    }
    block::frame(&trailers)
}

fn code(fields: &HeaderMap) -> Code {
    fields
        .get("grpc-status")
        .map_or(Code::Unknown, |status| Code::from_bytes(status.as_bytes()))
}

/// Makes the headers those that a page gets; the status where there is nothing else.
fn only_a_status(parts: &mut response::Parts) -> Option<Code> {
    parts.headers.remove(TRANSFER_ENCODING);
    parts.headers.insert(CONTENT_TYPE, GRPC_WEB);
    if parts.headers.contains_key("grpc-status") {
        return Some(code(&parts.headers));
    }
    if parts.status == StatusCode::OK {
        return None;
    }
    let http = parts.status.as_u16();
    let code = http_status::code_of(http);
    let words = format!("the answer was HTTP {http}");
    Status::new(code, words)
        .add_header(&mut parts.headers)
        .ok()?;
    Some(code)
}
