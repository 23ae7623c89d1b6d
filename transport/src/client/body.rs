use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::Frame;

use super::{Error, deadline::Deadline, way::Answer};

/// An answer as it comes in. Dropping it aborts the call.
pub struct Body {
    answer: Answer,
    deadline: Option<Deadline>,
    /// The trailers, or an error, have been handed out.
    ended: bool,
}

impl Body {
    pub(super) fn new(answer: Answer, deadline: Option<Deadline>) -> Self {
        Self {
            answer,
            deadline,
            ended: false,
        }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let this = self.get_mut();
        if this.ended {
            return Poll::Ready(None);
        }
        let late = this.deadline.as_mut();
        let frame = if late.is_some_and(|deadline| deadline.has_passed(cx)) {
            Some(Err(Error::late()))
        } else {
            ready!(this.answer.poll_frame(cx))
        };
        this.ended = !matches!(&frame, Some(Ok(frame)) if frame.is_data());
        Poll::Ready(frame)
    }
}
