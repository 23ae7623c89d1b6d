//! Limits on the size of a request and on how long it may take to arrive.
//!
//! http-body-util's `Limited` and tower-http's `RequestBodyTimeout` support neither gRPC statuses nor
//! a time limit for a whole body.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http::Request;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use tokio::time::{Sleep, sleep};
use tonic::Status;
use tower_service::Service;

use crate::http::BoxError;

/// Limits on request bodies. tonic limits each message; a client could send message after message to a
/// unary method, or a few bytes every now and then, and occupy a call's permit forever.
///
/// A client-streaming request may be of any size, and may pause between two messages. It ends at its
/// deadline.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimits {
    /// Size of the body of a single-message request, including gRPC's five-byte prefix.
    pub max_bytes: usize,
    /// Time for a single-message request, from the first wait for more of it.
    pub timeout: Duration,
    /// Whether requests to a path are streams.
    pub is_client_streaming: fn(&str) -> bool,
    /// Time between two parts of a stream.
    pub stream_idle_timeout: Duration,
}

#[derive(Debug, Clone)]
pub struct BodyLimit<S> {
    pub inner: S,
    pub limits: BodyLimits,
}

impl<S, Q> Service<Request<Q>> for BodyLimit<S>
where
    S: Service<Request<LimitedBody<Q>>, Error = Infallible>,
{
    type Response = S::Response;
    type Error = Infallible;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let limits = self.limits;
        let is_stream = (limits.is_client_streaming)(request.uri().path());
        let (max_bytes, timeout) = if is_stream {
            (usize::MAX, limits.stream_idle_timeout)
        } else {
            (limits.max_bytes, limits.timeout)
        };
        self.inner
            .call(request.map(|inner| LimitedBody::new(inner, max_bytes, timeout, is_stream)))
    }
}

pin_project! {
    /// A body that fails with `RESOURCE_EXHAUSTED` if it is too large, and with `DEADLINE_EXCEEDED` if
    /// it takes too long.
    #[derive(Debug)]
    pub struct LimitedBody<B> {
        #[pin]
        inner: B,
        max_bytes: usize,
        remaining_bytes: usize,
        timeout: Duration,
        is_stream: bool,
        timer: Option<Pin<Box<Sleep>>>,
    }
}

impl<B> LimitedBody<B> {
    fn new(inner: B, max_bytes: usize, timeout: Duration, is_stream: bool) -> Self {
        Self {
            inner,
            max_bytes,
            remaining_bytes: max_bytes,
            timeout,
            is_stream,
            timer: None,
        }
    }
}

impl<B> Body for LimitedBody<B>
where
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.project();
        let Poll::Ready(frame) = this.inner.poll_frame(cx) else {
            let timeout = *this.timeout;
            let timer = this.timer.get_or_insert_with(|| Box::pin(sleep(timeout)));
            ready!(timer.as_mut().poll(cx));
            let status = Status::deadline_exceeded("the request did not arrive in time");
            return Poll::Ready(Some(Err(Box::new(status))));
        };
        if *this.is_stream {
            *this.timer = None;
        }
        let Some(frame) = frame else {
            return Poll::Ready(None);
        };
        let frame = frame.map_err(Into::into)?;
        let bytes = frame.data_ref().map_or(0, Bytes::len);
        match this.remaining_bytes.checked_sub(bytes) {
            Some(remaining) => {
                *this.remaining_bytes = remaining;
                Poll::Ready(Some(Ok(frame)))
            }
            // No `RetryInfo`: repeating the request does not make it smaller.
            None => Poll::Ready(Some(Err(Box::new(Status::resource_exhausted(format!(
                "the request is larger than this server's limit of {} bytes",
                this.max_bytes
            )))))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures_util::stream::iter;
    use http_body_util::{BodyExt as _, StreamBody};
    use tonic::Code;

    use super::*;

    async fn read(parts: usize) -> Result<Bytes, Status> {
        let part = |_| Ok::<_, Infallible>(Frame::data(Bytes::from_static(b"0123456789")));
        let body = StreamBody::new(iter((0..parts).map(part)));
        let limited = LimitedBody::new(body, 100, Duration::from_secs(30), false);
        match limited.collect().await {
            Ok(body) => Ok(body.to_bytes()),
            Err(error) => Err(Status::from_error(error)),
        }
    }

    #[tokio::test]
    async fn many_small_parts_count_together() {
        assert_eq!(read(10).await.expect("within the limit").len(), 100);
        let status = read(11).await.expect_err("above the limit");
        assert_eq!(status.code(), Code::ResourceExhausted);
        assert!(status.message().contains("100"), "{status:?}");
    }
}
