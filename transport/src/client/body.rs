use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::Frame;
use tonic_web_wasm_client::ResponseBody;

use super::{Error, deadline::Deadline};

/// An answer as it comes in. Dropping it aborts the call.
pub struct Body {
    inner: ResponseBody,
    deadline: Option<Deadline>,
    /// The trailers, or an error, have been handed out.
    ended: bool,
}

impl Body {
    pub(super) fn new(inner: ResponseBody, deadline: Option<Deadline>) -> Self {
        Self {
            inner,
            deadline,
            ended: false,
        }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let this = &mut *self;
        let frame = match Pin::new(&mut this.inner).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                this.ended = frame.is_trailers();
                return Poll::Ready(Some(Ok(frame)));
            }
            Poll::Ready(Some(Err(error))) => Err(error.into()),
            // A gRPC-Web answer ends with its trailers, and those set `ended`.
            Poll::Ready(None) => Err(Error::CutShort),
            Poll::Pending => {
                let deadline = this.deadline.as_mut();
                if !deadline.is_some_and(|deadline| deadline.has_passed(cx)) {
                    return Poll::Pending;
                }
                Err(Error::late())
            }
        };
        this.ended = true;
        Poll::Ready(Some(frame))
    }
}
