//! Ends requests of methods that take a single message with `UNIMPLEMENTED` as soon as a second one
//! begins (grpc/doc/statuscodes.md, "cardinality violation"). tonic ignores further messages.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::Request;
use http_body::{Frame, SizeHint};
use pin_project_lite::pin_project;
use tonic::{Status, body::Body, codegen::StdError};

use crate::frames::FrameScanner;

/// Limits the request to one message, unless the method at its path takes a stream.
pub(super) fn limit_messages<B>(
    request: Request<B>,
    is_client_streaming: fn(&str) -> bool,
) -> Request<Body>
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<StdError>,
{
    if is_client_streaming(request.uri().path()) {
        return request.map(Body::new);
    }
    request.map(|inner| {
        let detector = SecondMessage::default();
        Body::new(SingleMessageBody { inner, detector })
    })
}

/// Detects a second message in a byte stream.
#[derive(Debug, Default)]
struct SecondMessage {
    scanner: FrameScanner,
    /// Bytes that are not a message follow the first one. tonic rejects them.
    has_invalid_flag: bool,
}

impl SecondMessage {
    /// Whether a second message begins in `bytes`, which continue the stream.
    fn begins_in(&mut self, mut bytes: &[u8]) -> bool {
        if !self.scanner.is_complete() {
            bytes = &bytes[self.scanner.advance(bytes).total()..];
        }
        match bytes.first() {
            Some(0 | 1) => !self.has_invalid_flag,
            Some(_) => {
                self.has_invalid_flag = true;
                false
            }
            None => false,
        }
    }
}

pin_project! {
    struct SingleMessageBody<B> {
        #[pin]
        inner: B,
        detector: SecondMessage,
    }
}

impl<B> http_body::Body for SingleMessageBody<B>
where
    B: http_body::Body<Data = Bytes>,
    B::Error: Into<StdError>,
{
    type Data = Bytes;
    type Error = StdError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StdError>>> {
        let this = self.project();
        let frame = this.inner.poll_frame(cx).map_err(Into::into);
        if let Poll::Ready(Some(Ok(frame))) = &frame
            && let Some(bytes) = frame.data_ref()
            && this.detector.begins_in(bytes)
        {
            let status = Status::unimplemented("the method takes one message, but more were sent");
            return Poll::Ready(Some(Err(status.into())));
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds `bytes` in two parts, cut at every position.
    fn has_second_message(bytes: &[u8]) -> bool {
        let results: Vec<bool> = (0..=bytes.len())
            .map(|cut| {
                let mut detector = SecondMessage::default();
                let (first, second) = bytes.split_at(cut);
                detector.begins_in(first) || detector.begins_in(second)
            })
            .collect();
        assert!(results.iter().all(|it| *it == results[0]), "{results:?}");
        results[0]
    }

    #[test]
    fn a_single_message_is_accepted_wherever_it_is_cut() {
        assert!(!has_second_message(b""));
        assert!(!has_second_message(b"\0\0\0\0\0"));
        assert!(!has_second_message(b"\x01\0\0\0\x03abc"));
        assert!(!has_second_message(b"\0\0\0\0\x03ab"));
    }

    #[test]
    fn a_second_message_is_detected_by_its_first_byte() {
        assert!(has_second_message(b"\0\0\0\0\x03abc\0"));
        assert!(has_second_message(b"\0\0\0\0\0\x01\0\0\0\0"));
    }

    #[test]
    fn invalid_bytes_after_the_message_are_left_to_tonic() {
        assert!(!has_second_message(b"\0\0\0\0\x01a\x80\0\0\0\0"));
    }
}
