use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::sync::OwnedSemaphorePermit;
use tonic::{Status, body::Body};

use super::encoder::Encoder;

/// How many bytes are compressed in one poll, which takes about a millisecond during which other
/// tasks wait.
const MAX_CHUNK_BYTES: usize = 64 * 1024;

type NextFrame = Option<Result<Frame<Bytes>, Status>>;

/// A body whose first frame has been read and is returned again.
pub(super) struct PeekedBody {
    first: Option<NextFrame>,
    inner: Body,
}

impl PeekedBody {
    pub(super) fn new(first: NextFrame, inner: Body) -> Self {
        Self {
            first: Some(first),
            inner,
        }
    }
}

impl http_body::Body for PeekedBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<NextFrame> {
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
        SizeHint::default()
    }
}

/// A body that is compressed. Every frame from inside becomes a frame that can be decoded on its own.
/// In gRPC-Web the trailers are a frame like any other (PROTOCOL-WEB.md), so they are compressed too.
pub(super) struct CompressedBody {
    /// The part of the last frame from inside that is not compressed yet.
    pending: Bytes,
    inner: Body,
    /// `None` once the body has ended.
    encoder: Option<Encoder>,
    /// Other tasks have had a chance to run since the last chunk.
    has_yielded: bool,
    _permit: OwnedSemaphorePermit,
}

impl CompressedBody {
    /// Compresses `first`, then the rest of `inner`.
    pub(super) fn new(
        first: Bytes,
        inner: Body,
        encoder: Encoder,
        permit: OwnedSemaphorePermit,
    ) -> Self {
        Self {
            pending: first,
            inner,
            encoder: Some(encoder),
            has_yielded: true,
            _permit: permit,
        }
    }

    fn fail(&mut self, error: &std::io::Error) -> Status {
        self.encoder = None;
        tracing::error!(%error, "failed to compress a response");
        Status::internal("failed to compress the response")
    }
}

impl http_body::Body for CompressedBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<NextFrame> {
        let this = self.get_mut();
        let Some(encoder) = &mut this.encoder else {
            return Poll::Ready(None);
        };
        // A fast reader would otherwise keep the thread busy for the whole response. tokio's
        // cooperative budget counts writes, and compressing costs far more than writing.
        if !this.has_yielded {
            this.has_yielded = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        loop {
            if this.pending.is_empty() {
                match ready!(Pin::new(&mut this.inner).poll_frame(cx)) {
                    // tonic-web produces data frames only.
                    Some(Ok(frame)) => this.pending = frame.into_data().unwrap_or_default(),
                    Some(Err(status)) => {
                        this.encoder = None;
                        return Poll::Ready(Some(Err(status)));
                    }
                    None => {
                        let last = this.encoder.take().map(Encoder::finish).transpose();
                        return Poll::Ready(match last {
                            Ok(last) => last.map(|bytes| Ok(Frame::data(bytes))),
                            Err(error) => Some(Err(this.fail(&error))),
                        });
                    }
                }
                continue;
            }
            let chunk = this
                .pending
                .split_to(this.pending.len().min(MAX_CHUNK_BYTES));
            let output = encoder.encode(&chunk, this.pending.is_empty());
            this.has_yielded = false;
            match output {
                Ok(bytes) if bytes.is_empty() => {}
                Ok(bytes) => return Poll::Ready(Some(Ok(Frame::data(bytes)))),
                Err(error) => return Poll::Ready(Some(Err(this.fail(&error)))),
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
