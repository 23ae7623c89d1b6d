//! Looks whether an answer is there as a whole.
//!
//! Most are: a unary call's message and trailers are ready when its answer is. What the call holds
//! is then let go of at once, and neither a deadline nor a slow reader has to be watched for.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tonic::Status;

use super::guarded_body::Reader;
use crate::http::{
    connection_state::{Connection, Unread},
    permits::Place,
};

/// A message larger than this is not let out of its call: as many as there are calls may lie
/// unread, besides what the calls hold.
const MOST_BYTES: usize = 64 * 1024;

/// What a body of gRPC's says when it is asked.
pub(crate) type Next = Option<Result<Frame<Bytes>, Status>>;

/// What was taken to see whether anything follows it.
#[derive(Debug, Default)]
pub(crate) struct Ahead {
    message: Option<Frame<Bytes>>,
    /// What follows the message, where that was there.
    next: Option<Next>,
}

impl Ahead {
    pub(crate) fn is_empty(&self) -> bool {
        self.message.is_none() && self.next.is_none()
    }

    /// Whether nothing comes any more, if this is the end.
    pub(crate) fn is_end(&self) -> bool {
        self.message.is_none() && matches!(self.next, None | Some(None))
    }

    fn is_small(&self) -> bool {
        let bytes = self.message.as_ref().and_then(Frame::data_ref);
        bytes.is_none_or(|bytes| bytes.len() <= MOST_BYTES)
    }

    pub(crate) fn take(&mut self) -> Option<Next> {
        let message = self.message.take();
        message
            .map(|message| Some(Ok(message)))
            .or_else(|| self.next.take())
    }
}

/// What was seen.
pub(crate) enum Seen<B> {
    /// All of it: the body has been dropped, with what it held.
    Whole(Whole),
    /// Something is to come of the body, after what was taken already.
    Begun(B, Ahead),
}

/// Asks `body` for a message and what follows it, without waiting. What is whole and small takes a
/// place of its reader's until it has been read; where there is none left, the body is kept.
pub(crate) fn look<B>(mut body: B, reader: &mut Reader, cx: &mut Context<'_>) -> Seen<B>
where
    B: Body<Data = Bytes, Error = Status> + Unpin,
{
    let mut ahead = Ahead::default();
    loop {
        let polled = Pin::new(&mut body).poll_frame(cx);
        match polled {
            Poll::Ready(Some(Ok(frame))) if frame.is_data() && ahead.message.is_none() => {
                ahead.message = Some(frame);
            }
            Poll::Ready(next) => {
                let is_last = !matches!(&next, Some(Ok(frame)) if frame.is_data());
                ahead.next = Some(next);
                if is_last
                    && ahead.is_small()
                    && let Some(place) = Place::take(&reader.unread)
                {
                    return Seen::Whole(Whole {
                        ahead,
                        _place: place,
                        _unread: reader.connection.take().map(Connection::unread),
                    });
                }
                return Seen::Begun(body, ahead);
            }
            Poll::Pending => return Seen::Begun(body, ahead),
        }
    }
}

/// An answer that holds nothing any more but its bytes.
#[derive(Debug)]
pub(crate) struct Whole {
    ahead: Ahead,
    _place: Place,
    /// Its connection is closed where it is not taken in time.
    _unread: Option<Unread>,
}

impl Body for Whole {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Next> {
        Poll::Ready(self.get_mut().ahead.take().flatten())
    }

    fn is_end_stream(&self) -> bool {
        self.ahead.is_end()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}
