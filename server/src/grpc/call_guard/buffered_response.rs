//! Responses that are complete at once.
//!
//! Most are: a unary call's message and trailers are ready together with its headers. The call's
//! resources are then released at once, and neither deadline nor send timeout needs a task.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::sync::OwnedSemaphorePermit;
use tonic::Status;

use super::consumer::Consumer;
use crate::http::connection_state::UnsentResponse;

/// The maximum size of a buffered message. A larger one stays with its call, because as many buffered
/// responses as calls may wait to be sent, in addition to those of open calls.
const MAX_BUFFERED_BYTES: usize = 64 * 1024;

/// The item of a gRPC body.
pub(super) type NextFrame = Option<Result<Frame<Bytes>, Status>>;

/// What was read ahead of a response: at most one message and what follows it.
#[derive(Debug, Default)]
pub(super) struct Lookahead {
    message: Option<Frame<Bytes>>,
    /// `None` if it was not ready; `Some(None)` for the end of the body.
    next: Option<NextFrame>,
}

impl Lookahead {
    pub(super) fn is_empty(&self) -> bool {
        self.message.is_none() && self.next.is_none()
    }

    /// Whether nothing follows if the body has ended.
    pub(super) fn is_end(&self) -> bool {
        self.message.is_none() && matches!(self.next, None | Some(None))
    }

    fn is_small(&self) -> bool {
        let bytes = self.message.as_ref().and_then(Frame::data_ref);
        bytes.is_none_or(|bytes| bytes.len() <= MAX_BUFFERED_BYTES)
    }

    pub(super) fn take(&mut self) -> Option<NextFrame> {
        let message = self.message.take();
        message
            .map(|message| Some(Ok(message)))
            .or_else(|| self.next.take())
    }
}

/// The result of [`peek`].
pub(super) enum Peeked<B> {
    /// The body was complete, and has been dropped with its resources.
    Complete(BufferedBody),
    /// More follows what was read ahead.
    Streaming(B, Lookahead),
}

/// Polls `body` for a message and what follows it, without waiting. A small complete response needs a
/// permit until it has been sent; if there is none, the body is retained.
pub(super) fn peek<B>(mut body: B, consumer: &mut Consumer, cx: &mut Context<'_>) -> Peeked<B>
where
    B: Body<Data = Bytes, Error = Status> + Unpin,
{
    let mut lookahead = Lookahead::default();
    loop {
        match Pin::new(&mut body).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) if frame.is_data() && lookahead.message.is_none() => {
                lookahead.message = Some(frame);
            }
            Poll::Ready(next) => {
                let is_last = !matches!(&next, Some(Ok(frame)) if frame.is_data());
                lookahead.next = Some(next);
                if is_last
                    && lookahead.is_small()
                    && let Some(permit) = consumer.acquire_unsent_permit()
                {
                    return Peeked::Complete(BufferedBody {
                        lookahead,
                        _permit: permit,
                        _unsent: consumer.track_unsent(),
                    });
                }
                return Peeked::Streaming(body, lookahead);
            }
            Poll::Pending => return Peeked::Streaming(body, lookahead),
        }
    }
}

/// The body of a complete response, which holds nothing but its bytes.
#[derive(Debug)]
pub(super) struct BufferedBody {
    lookahead: Lookahead,
    _permit: OwnedSemaphorePermit,
    _unsent: Option<UnsentResponse>,
}

impl Body for BufferedBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<NextFrame> {
        Poll::Ready(self.get_mut().lookahead.take().flatten())
    }

    fn is_end_stream(&self) -> bool {
        self.lookahead.is_end()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}
