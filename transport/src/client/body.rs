use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::Frame;
use tonic::Code;

use super::{Error, deadline::Deadline, status, way::Answer};

/// An answer as it comes in. Dropping it aborts the call.
pub struct Body {
    answer: Answer,
    deadline: Option<Deadline>,
    /// It has to be one message.
    single: bool,
    /// The trailers, or an error, have been handed out.
    ended: bool,
}

impl Body {
    pub(super) fn new(answer: Answer, deadline: Option<Deadline>, single: bool) -> Self {
        Self {
            answer,
            deadline,
            single,
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
        let mut frame = if late.is_some_and(|deadline| deadline.has_passed(cx)) {
            Some(Err(Error::late()))
        } else {
            ready!(this.answer.poll_frame(cx))
        };
        if let Some(Ok(frame)) = &mut frame
            && let Some(trailers) = frame.trailers_mut()
        {
            status::mend(trailers);
        }
        if this.single && !may_be_single(this.answer.messages(), frame.as_ref()) {
            frame = Some(Err(Error::not_single()));
        }
        this.ended = !matches!(&frame, Some(Ok(frame)) if frame.is_data());
        Poll::Ready(frame)
    }
}

/// Whether an answer of so many messages can be one that is a single message, by what came of it
/// last. One that ends without trailers had its status in the headers, and no error.
///
/// Any other number is `UNIMPLEMENTED` (`statuscodes.md`, «cardinality violation»). To tonic's stubs
/// none is `INTERNAL`, and they pass over a second one.
fn may_be_single(messages: u32, last: Option<&Result<Frame<Bytes>, Error>>) -> bool {
    match messages {
        0 => match last {
            Some(Ok(frame)) => frame
                .trailers_ref()
                .is_none_or(|trailers| status::code(trailers) != Some(Code::Ok)),
            Some(Err(_)) => true,
            None => false,
        },
        messages => messages == 1,
    }
}
