use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use tokio::time::Instant;
use tokio_util::{
    sync::{CancellationToken, WaitForCancellationFutureOwned},
    task::AbortOnDropHandle,
};
use tonic::Status;

use super::{
    buffered_response::{Lookahead, NextFrame},
    consumer::Consumer,
    deadline::Deadline,
    end_reason::EndReason,
    watchdog::{self, Shared, Stream},
};

/// A response stream that can be ended before its handler has finished.
pub(super) struct SupervisedBody<B> {
    shared: Arc<Shared<B>>,
    lookahead: Lookahead,
    deadline: Deadline,
    draining: Arc<CancellationToken>,
    drained: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
    is_ended: bool,
    _watchdog: AbortOnDropHandle<()>,
}

impl<B> SupervisedBody<B>
where
    B: Body<Data = Bytes, Error = Status> + Send + Unpin + 'static,
{
    /// Returns what was read ahead, then the rest of `inner`.
    pub(super) fn new(
        inner: B,
        lookahead: Lookahead,
        deadline: Deadline,
        consumer: Consumer,
        draining: Arc<CancellationToken>,
    ) -> Self {
        let shared = Shared::new(inner, (!lookahead.is_empty()).then(Instant::now));
        let watchdog = watchdog::spawn(Arc::clone(&shared), deadline.without_timer(), consumer);
        Self {
            shared,
            lookahead,
            deadline,
            draining,
            drained: None,
            is_ended: false,
            _watchdog: watchdog,
        }
    }

    fn poll_inner(&mut self, cx: &mut Context<'_>) -> Result<Poll<NextFrame>, EndReason> {
        let mut state = self.shared.lock();
        state.waiting_since = None;
        let polled = match &mut state.stream {
            Stream::Ended(reason, _) => return Err(*reason),
            Stream::Open(inner) => match self.lookahead.take() {
                Some(next) => Poll::Ready(next),
                None => Pin::new(inner).poll_frame(cx),
            },
        };
        if matches!(&polled, Poll::Ready(Some(Ok(frame))) if frame.is_data()) {
            state.waiting_since = Some(Instant::now());
        }
        Ok(polled)
    }

    fn poll_drained(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let draining = &self.draining;
        self.drained
            .get_or_insert_with(|| Box::pin(CancellationToken::clone(draining).cancelled_owned()))
            .as_mut()
            .poll(cx)
    }

    fn end(&mut self, reason: EndReason) -> Poll<NextFrame> {
        let state = self.shared.lock();
        if matches!(state.stream, Stream::Open(_)) {
            watchdog::end(state, reason, None);
        }
        self.is_ended = true;
        let mut trailers = HeaderMap::new();
        let added = reason.status().add_header(&mut trailers);
        Poll::Ready(Some(added.map(|()| Frame::trailers(trailers))))
    }
}

impl<B> Body for SupervisedBody<B>
where
    B: Body<Data = Bytes, Error = Status> + Send + Unpin + 'static,
{
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<NextFrame> {
        let this = self.get_mut();
        if this.is_ended {
            return Poll::Ready(None);
        }
        // What was read ahead was ready in time.
        let was_read_ahead = !this.lookahead.is_empty();
        let polled = match this.poll_inner(cx) {
            Ok(polled) => polled,
            Err(reason) => return this.end(reason),
        };
        match polled {
            Poll::Ready(Some(Ok(frame))) if frame.is_data() => {
                if !was_read_ahead && this.deadline.has_passed() {
                    return this.end(EndReason::DeadlineExceeded);
                }
                if !was_read_ahead && this.draining.is_cancelled() {
                    return this.end(EndReason::ShuttingDown);
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(last) => {
                this.is_ended = true;
                Poll::Ready(last)
            }
            Poll::Pending if this.deadline.poll(cx).is_ready() => {
                this.end(EndReason::DeadlineExceeded)
            }
            Poll::Pending if this.poll_drained(cx).is_ready() => this.end(EndReason::ShuttingDown),
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        if self.is_ended {
            return true;
        }
        if !self.lookahead.is_empty() {
            return self.lookahead.is_end();
        }
        match &self.shared.lock().stream {
            Stream::Open(inner) => inner.is_end_stream(),
            // The trailers have yet to be read.
            Stream::Ended(..) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        // The stream may be ended at any time.
        SizeHint::default()
    }
}
