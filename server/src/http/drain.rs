//! What is left of an HTTP/1.1 request when nobody wants it any more is read to its end.
//!
//! A call can be answered before its request is there: it is refused, or too late. hyper then closes
//! the connection, and the system tells a peer that is still sending so («connection reset») before
//! it has read the answer. A browser shows that as a network that failed. Over HTTP/2 there is
//! `RST_STREAM` for it (RFC 9113, section 8.1).

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

/// How much is read that nobody wants.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Bytes of one request.
    pub bytes: usize,
    /// How long it may take to come.
    pub within: Duration,
}

/// A body that is read on in the background when it is let go of before its end.
#[derive(Debug)]
pub struct Drained {
    /// Always there until dropped.
    inner: Option<Incoming>,
    /// None where letting go is all that is needed.
    bounds: Option<Bounds>,
}

impl Drained {
    /// This request with such a body.
    #[must_use]
    pub fn request(request: Request<Incoming>, bounds: Bounds) -> Request<Self> {
        let needed = request.version() <= Version::HTTP_11 && !request.body().is_end_stream();
        request.map(|inner| Self {
            inner: Some(inner),
            bounds: needed.then_some(bounds),
        })
    }
}

impl Body for Drained {
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

impl Drop for Drained {
    fn drop(&mut self) {
        let (Some(inner), Some(bounds)) = (self.inner.take(), self.bounds) else {
            return;
        };
        // Not where the runtime itself is being taken down.
        if !inner.is_end_stream()
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(timeout(bounds.within, read_on(inner, bounds.bytes)));
        }
    }
}

async fn read_on(mut body: Incoming, mut left: usize) {
    while let Some(Ok(frame)) = body.frame().await {
        let bytes = frame.data_ref().map_or(0, Bytes::len);
        match left.checked_sub(bytes) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}
