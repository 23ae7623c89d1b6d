//! Requests of methods that take one message end with `UNIMPLEMENTED` where a second one begins
//! (grpc/doc/statuscodes.md, «cardinality violation»).

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Frame, SizeHint};
use pin_project_lite::pin_project;
use tonic::{Status, body::Body};
use tower_service::Service;

use super::BoxError;

/// A message's flag and length.
const PREFIX: usize = 5;

/// The request as tonic is to read it.
pub(super) fn watch<B>(request: Request<B>, takes_a_stream: fn(&str) -> bool) -> Request<Body>
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    if takes_a_stream(request.uri().path()) {
        return request.map(Body::new);
    }
    request.map(|inner| {
        let read = Read::default();
        Body::new(OneMessage { inner, read })
    })
}

/// How far the message has come.
#[derive(Debug, Default)]
struct Read {
    prefix: [u8; PREFIX],
    /// How many bytes of the prefix are there.
    filled: usize,
    /// How many bytes of the message are missing.
    missing: usize,
    /// Something follows that is no message: for tonic to refuse.
    other: bool,
}

impl Read {
    /// Whether a second message begins in `bytes`, which are what follows.
    fn goes_beyond_in(&mut self, mut bytes: &[u8]) -> bool {
        if self.filled < PREFIX {
            let taken = bytes.len().min(PREFIX - self.filled);
            self.prefix[self.filled..self.filled + taken].copy_from_slice(&bytes[..taken]);
            self.filled += taken;
            if self.filled < PREFIX {
                return false;
            }
            let [_, length @ ..] = self.prefix;
            self.missing = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
            bytes = &bytes[taken..];
        }
        let taken = bytes.len().min(self.missing);
        self.missing -= taken;
        match bytes.get(taken) {
            Some(0 | 1) => !self.other,
            Some(_) => {
                self.other = true;
                false
            }
            None => false,
        }
    }
}

pin_project! {
    struct OneMessage<B> {
        #[pin]
        inner: B,
        read: Read,
    }
}

impl<B> http_body::Body for OneMessage<B>
where
    B: http_body::Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.project();
        let frame = this.inner.poll_frame(cx).map_err(Into::into);
        if let Poll::Ready(Some(Ok(frame))) = &frame
            && let Some(bytes) = frame.data_ref()
            && this.read.goes_beyond_in(bytes)
        {
            let status = Status::unimplemented("this method takes one message, and more came");
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

/// [`watch`] as a service, for requests that tonic-web has translated.
#[derive(Debug, Clone)]
pub struct Watched<S> {
    inner: S,
    takes_a_stream: fn(&str) -> bool,
}

impl<S> Watched<S> {
    pub(super) fn new(inner: S, takes_a_stream: fn(&str) -> bool) -> Self {
        Self {
            inner,
            takes_a_stream,
        }
    }
}

impl<S> Service<Request<Body>> for Watched<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        self.inner.call(watch(request, self.takes_a_stream))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads `bytes` in two parts, cut at every byte.
    fn goes_beyond(bytes: &[u8]) -> bool {
        let verdicts: Vec<bool> = (0..=bytes.len())
            .map(|cut| {
                let mut read = Read::default();
                let (first, second) = bytes.split_at(cut);
                read.goes_beyond_in(first) || read.goes_beyond_in(second)
            })
            .collect();
        assert!(verdicts.iter().all(|it| *it == verdicts[0]), "{verdicts:?}");
        verdicts[0]
    }

    #[test]
    fn one_message_is_one_wherever_it_is_cut() {
        assert!(!goes_beyond(b""));
        assert!(!goes_beyond(b"\0\0\0\0\0"));
        assert!(!goes_beyond(b"\x01\0\0\0\x03abc"));
        assert!(!goes_beyond(b"\0\0\0\0\x03ab"));
    }

    #[test]
    fn a_second_message_is_seen_by_its_first_byte() {
        assert!(goes_beyond(b"\0\0\0\0\x03abc\0"));
        assert!(goes_beyond(b"\0\0\0\0\0\x01\0\0\0\0"));
    }

    #[test]
    fn what_is_no_message_is_left_to_tonic() {
        assert!(!goes_beyond(b"\0\0\0\0\x01a\x80\0\0\0\0"));
    }
}
