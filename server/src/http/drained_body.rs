//! Reading HTTP/1.1 requests to their end.
//!
//! The response can be complete before the request has arrived, for example when it is rejected.
//! hyper then closes the connection, and a client that is still sending gets a connection reset
//! before it has read the response, which browsers report as a network error. HTTP/2 does not need
//! this: it has `RST_STREAM` (RFC 9113, section 8.1).

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Version};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::{runtime::Handle, time::timeout};

/// Limits on what is read and discarded of one request.
#[derive(Debug, Clone, Copy)]
pub struct DrainLimits {
    pub max_bytes: usize,
    pub timeout: Duration,
}

/// A body whose rest is read in the background if it is dropped before its end.
#[derive(Debug)]
pub struct DrainedBody {
    /// `None` only while it is dropped.
    inner: Option<Incoming>,
    /// `None` if the rest need not be read.
    limits: Option<DrainLimits>,
}

impl DrainedBody {
    #[must_use]
    pub fn wrap(request: Request<Incoming>, limits: DrainLimits) -> Request<Self> {
        let needs_draining =
            request.version() <= Version::HTTP_11 && !request.body().is_end_stream();
        request.map(|inner| Self {
            inner: Some(inner),
            limits: needs_draining.then_some(limits),
        })
    }
}

impl Body for DrainedBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        match &mut self.inner {
            Some(inner) => Pin::new(inner).poll_frame(cx),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.as_ref().map(Body::size_hint).unwrap_or_default()
    }
}

impl Drop for DrainedBody {
    fn drop(&mut self) {
        let (Some(inner), Some(limits)) = (self.inner.take(), self.limits) else {
            return;
        };
        // There is no runtime if this is dropped during its shutdown.
        if !inner.is_end_stream()
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(timeout(limits.timeout, drain(inner, limits.max_bytes)));
        }
    }
}

async fn drain(mut body: Incoming, mut remaining: usize) {
    while let Some(Ok(frame)) = body.frame().await {
        let bytes = frame.data_ref().map_or(0, Bytes::len);
        match remaining.checked_sub(bytes) {
            Some(rest) => remaining = rest,
            None => return,
        }
    }
}
