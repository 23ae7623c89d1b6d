//! The response of a call as frames for the socket.

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

use crate::{
    dialect::GRPC_WEB,
    frames::header_block,
    status::{self, GRPC_STATUS},
};

#[derive(Debug)]
pub(super) enum ResponseFrame {
    Partial(Bytes),
    /// The last frame, and the status it contains.
    Last(Bytes, Code),
}

/// The response of a call, from the moment the handler was called.
pub(super) enum CallResponse<F> {
    Pending {
        future: Pin<Box<F>>,
        /// Added to the headers of the response.
        extra_headers: HeaderMap,
    },
    Streaming(Body),
}

impl<F> CallResponse<F>
where
    F: Future<Output = Result<Response<Body>, Infallible>>,
{
    pub(super) fn new(future: F, extra_headers: HeaderMap) -> Self {
        Self::Pending {
            future: Box::pin(future),
            extra_headers,
        }
    }

    /// Must not be polled again after [`ResponseFrame::Last`].
    pub(super) fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<ResponseFrame> {
        match self {
            Self::Pending {
                future,
                extra_headers,
            } => {
                let Ok(response) = ready!(future.as_mut().poll(cx));
                let (mut parts, body) = response.into_parts();
                parts.headers.extend(std::mem::take(extra_headers));
                let trailers_only = convert_headers(&mut parts);
                let frame = header_block::encode_frame(&parts.headers);
                if let Some(code) = trailers_only {
                    return Poll::Ready(ResponseFrame::Last(frame, code));
                }
                *self = Self::Streaming(body);
                Poll::Ready(ResponseFrame::Partial(frame))
            }
            Self::Streaming(body) => poll_body(body, cx),
        }
    }
}

fn poll_body(body: &mut Body, cx: &mut Context<'_>) -> Poll<ResponseFrame> {
    let status = match ready!(Pin::new(body).poll_frame(cx)) {
        Some(Ok(frame)) => {
            return Poll::Ready(match frame.into_data() {
                Ok(bytes) => ResponseFrame::Partial(bytes),
                Err(frame) => {
                    let trailers = frame.into_trailers().unwrap_or_default();
                    let code = status::code(&trailers).unwrap_or(Code::Unknown);
                    ResponseFrame::Last(header_block::encode_frame(&trailers), code)
                }
            });
        }
        Some(Err(status)) => status,
        None => Status::unknown("the response ended without a status"),
    };
    Poll::Ready(ResponseFrame::Last(trailers(&status), status.code()))
}

/// The frame of a trailers-only response.
pub(super) fn trailers_only(status: &Status, mut headers: HeaderMap) -> Bytes {
    headers.insert(CONTENT_TYPE, GRPC_WEB);
    add_status(status, headers)
}

/// The frame of the trailers.
pub(super) fn trailers(status: &Status) -> Bytes {
    add_status(status, HeaderMap::new())
}

fn add_status(status: &Status, mut fields: HeaderMap) -> Bytes {
    if status.add_header(&mut fields).is_err() {
        fields.insert(GRPC_STATUS, HeaderValue::from_static("2"));
    }
    header_block::encode_frame(&fields)
}

/// Converts the headers of native gRPC to those of gRPC-Web. Returns the status if the response is
/// trailers-only, or if it is not a gRPC response.
fn convert_headers(parts: &mut response::Parts) -> Option<Code> {
    parts.headers.remove(TRANSFER_ENCODING);
    parts.headers.insert(CONTENT_TYPE, GRPC_WEB);
    if let Some(code) = status::code(&parts.headers) {
        return Some(code);
    }
    if parts.status == StatusCode::OK {
        return None;
    }
    let http = parts.status.as_u16();
    let code = status::code_from_http(http);
    Status::new(code, format!("the response has HTTP status {http}"))
        .add_header(&mut parts.headers)
        .ok()?;
    Some(code)
}
