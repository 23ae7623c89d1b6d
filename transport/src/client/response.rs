use std::{
    mem::take,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame};
use tonic::{Code, metadata::MetadataMap};

use super::{deadline::Deadline, error::Error};
use crate::{frames::FrameScanner, status};

/// The response body of any carrier, in the format of native gRPC.
pub(super) type CarrierBody = Pin<Box<dyn Body<Data = Bytes, Error = Error> + Send>>;

/// The response body of a [`Channel`](super::Channel). Dropping it aborts the call.
pub struct ResponseBody {
    inner: CarrierBody,
    deadline: Option<Deadline>,
    /// For methods whose response is a single message.
    message_count: Option<MessageCount>,
    /// The trailers or an error have been returned.
    has_ended: bool,
}

impl ResponseBody {
    pub(super) fn new(inner: CarrierBody, deadline: Option<Deadline>, is_single: bool) -> Self {
        Self {
            inner,
            deadline,
            message_count: is_single.then(MessageCount::default),
            has_ended: false,
        }
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let this = self.get_mut();
        if this.has_ended {
            return Poll::Ready(None);
        }
        let deadline = this.deadline.as_mut();
        let mut frame = if deadline.is_some_and(|deadline| deadline.has_passed(cx)) {
            Some(Err(Error::deadline_exceeded()))
        } else {
            ready!(this.inner.as_mut().poll_frame(cx))
        };
        if let Some(Ok(frame)) = &mut frame
            && let Some(trailers) = frame.trailers_mut()
        {
            remove_malformed_details(trailers);
        }
        if let Some(count) = &mut this.message_count
            && count.is_violated_by(frame.as_ref())
        {
            frame = Some(Err(Error::cardinality()));
        }
        this.has_ended = !matches!(&frame, Some(Ok(frame)) if frame.is_data());
        Poll::Ready(frame)
    }
}

/// Counts the messages of a response that must have exactly one (grpc/doc/statuscodes.md,
/// "cardinality violation").
#[derive(Default)]
struct MessageCount {
    scanner: FrameScanner,
    messages: usize,
}

impl MessageCount {
    /// Whether the response has a second message, or ends successfully without one. A body that ends
    /// without trailers belongs to a call whose status was in the headers, and was not an error.
    fn is_violated_by(&mut self, next: Option<&Result<Frame<Bytes>, Error>>) -> bool {
        let has_succeeded = match next {
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    self.messages += self.scanner.count_starts(data);
                }
                frame
                    .trailers_ref()
                    .is_some_and(|trailers| status::code(trailers) == Some(Code::Ok))
            }
            Some(Err(_)) => false,
            None => true,
        };
        self.messages > 1 || (self.messages == 0 && has_succeeded)
    }
}

/// Removes `grpc-status-details-bin` if it is not valid base64: tonic's stubs panic over it.
pub(super) fn remove_malformed_details(fields: &mut HeaderMap) {
    const DETAILS: &str = "grpc-status-details-bin";
    let mut metadata = MetadataMap::from_headers(take(fields));
    let details = metadata.get_bin(DETAILS);
    if details.is_some_and(|details| details.to_bytes().is_err()) {
        metadata.remove_bin(DETAILS);
    }
    *fields = metadata.into_headers();
}
