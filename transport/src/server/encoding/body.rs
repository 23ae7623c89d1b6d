//! Bodies of answers that have been looked at.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::sync::OwnedSemaphorePermit;
use tonic::{Status, body::Body};

use super::encoder::Encoder;

/// What is encoded at once: an encoder takes about a millisecond for it, and others wait meanwhile.
const PART: usize = 64 * 1024;

type Next = Option<Result<Frame<Bytes>, Status>>;

/// A body with what was taken of it put back.
pub(super) struct Ahead {
    first: Option<Next>,
    inner: Body,
}

impl Ahead {
    pub(super) fn new(first: Next, inner: Body) -> Self {
        Self {
            first: Some(first),
            inner,
        }
    }
}

impl http_body::Body for Ahead {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Next> {
        let this = self.get_mut();
        match this.first.take() {
            Some(first) => Poll::Ready(first),
            None => Pin::new(&mut this.inner).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.first, None | Some(None)) && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        // Only streams have been looked at.
        SizeHint::default()
    }
}

/// A body that is encoded: every frame from inside becomes a frame that decodes to it, so nothing
/// waits for what comes after it. Trailers are a frame like all others in gRPC-Web
/// (`PROTOCOL-WEB.md`), and so within what is encoded.
pub(super) struct Encoded {
    /// What is still to be encoded of the last frame.
    rest: Bytes,
    inner: Body,
    /// Gone when all has been said.
    encoder: Option<Encoder>,
    /// Others have had their turn since the last part.
    rested: bool,
    _place: OwnedSemaphorePermit,
}

impl Encoded {
    /// Encodes `first`, and then what is left of `inner`.
    pub(super) fn new(
        first: Bytes,
        inner: Body,
        encoder: Encoder,
        place: OwnedSemaphorePermit,
    ) -> Self {
        Self {
            rest: first,
            inner,
            encoder: Some(encoder),
            rested: true,
            _place: place,
        }
    }
}

/// An encoder that writes to memory fails for want of it: nobody's business but the log's.
fn broken(error: &std::io::Error) -> Status {
    tracing::error!(%error, "an answer can't be encoded");
    Status::internal("the answer can't be encoded")
}

impl http_body::Body for Encoded {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Next> {
        let this = self.get_mut();
        let Some(encoder) = &mut this.encoder else {
            return Poll::Ready(None);
        };
        // A reader that takes all at once would have one thread do nothing else: tokio's own
        // budget counts writes, and these cost more than those.
        if !this.rested {
            this.rested = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        loop {
            if this.rest.is_empty() {
                match ready!(Pin::new(&mut this.inner).poll_frame(cx)) {
                    // tonic-web hands out nothing but data.
                    Some(Ok(frame)) => this.rest = frame.into_data().unwrap_or_default(),
                    Some(Err(status)) => {
                        this.encoder = None;
                        return Poll::Ready(Some(Err(status)));
                    }
                    None => {
                        let last = this.encoder.take().map(Encoder::finish).transpose();
                        let last = last.map_err(|error| broken(&error));
                        return Poll::Ready(last.transpose().map(|it| it.map(Frame::data)));
                    }
                }
                continue;
            }
            let part = this.rest.split_to(this.rest.len().min(PART));
            let done = encoder.encode(&part, this.rest.is_empty());
            this.rested = false;
            match done {
                Ok(bytes) if bytes.is_empty() => {}
                Ok(bytes) => return Poll::Ready(Some(Ok(Frame::data(bytes)))),
                Err(error) => {
                    this.encoder = None;
                    return Poll::Ready(Some(Err(broken(&error))));
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.encoder.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}
