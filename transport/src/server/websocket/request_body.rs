//! A bounded channel of request bytes between the socket and the handler.
//!
//! `tokio::sync::mpsc` counts messages; this limits bytes, and combines many small messages into one
//! buffer.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame};
use tonic::Status;

/// The number of unread bytes from which on the socket is not read any more.
const MAX_BUFFERED_BYTES: usize = 64 * 1024;

/// The socket's end. If it is dropped before [`RequestSender::finish`], the body ends with an error.
#[derive(Debug)]
pub(super) struct RequestSender(Arc<Mutex<State>>);

/// The handler's end.
#[derive(Debug)]
pub(super) struct RequestBody(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// The first bytes that wait. Most handlers read each message as it arrives, so that these are
    /// passed on without copying.
    first: Option<Bytes>,
    /// All that arrived while `first` was waiting, in one buffer: many small messages use no more
    /// memory than their bytes.
    rest: BytesMut,
    end: Option<End>,
    /// The handler has dropped the body.
    is_abandoned: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Complete,
    Aborted,
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}

pub(super) fn request_channel() -> (RequestSender, RequestBody) {
    let state = Arc::new(Mutex::new(State::default()));
    (RequestSender(Arc::clone(&state)), RequestBody(state))
}

impl RequestSender {
    /// Ready while fewer than [`MAX_BUFFERED_BYTES`] wait.
    pub(super) fn poll_capacity(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = lock(&self.0);
        if state.is_abandoned || state.buffered() < MAX_BUFFERED_BYTES {
            return Poll::Ready(());
        }
        state.writer = Some(cx.waker().clone());
        Poll::Pending
    }

    /// Queues bytes, even beyond the capacity. If the handler has dropped the body, they are
    /// discarded.
    pub(super) fn send(&self, bytes: Bytes) {
        let mut state = lock(&self.0);
        if state.is_abandoned || bytes.is_empty() {
            return;
        }
        if state.first.is_none() && state.rest.is_empty() {
            state.first = Some(bytes);
        } else {
            state.rest.extend_from_slice(&bytes);
        }
        let reader = state.reader.take();
        drop(state);
        wake(reader);
    }

    /// Marks the request as complete.
    pub(super) fn finish(&self) {
        self.end(End::Complete);
    }

    fn end(&self, end: End) {
        let mut state = lock(&self.0);
        state.end.get_or_insert(end);
        let reader = state.reader.take();
        drop(state);
        wake(reader);
    }
}

impl Drop for RequestSender {
    fn drop(&mut self) {
        self.end(End::Aborted);
    }
}

impl State {
    fn buffered(&self) -> usize {
        self.first.as_ref().map_or(0, Bytes::len) + self.rest.len()
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let mut state = lock(&self.0);
        let bytes = match state.first.take() {
            Some(bytes) => bytes,
            None => state.rest.split().freeze(),
        };
        if !bytes.is_empty() {
            let writer = state.writer.take();
            drop(state);
            wake(writer);
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match state.end {
            Some(End::Complete) => Poll::Ready(None),
            Some(End::Aborted) => Poll::Ready(Some(Err(Status::cancelled(
                "the socket was closed before the end of the request",
            )))),
            None => {
                state.reader = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        let state = lock(&self.0);
        state.end == Some(End::Complete) && state.buffered() == 0
    }
}

impl Drop for RequestBody {
    fn drop(&mut self) {
        let mut state = lock(&self.0);
        state.is_abandoned = true;
        state.first = None;
        state.rest = BytesMut::new();
        let writer = state.writer.take();
        drop(state);
        wake(writer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &mut RequestBody) -> Poll<Option<Result<Bytes, Status>>> {
        let mut cx = Context::from_waker(Waker::noop());
        Pin::new(body)
            .poll_frame(&mut cx)
            .map_ok(|frame| frame.into_data().expect("bytes"))
    }

    fn bytes(body: &mut RequestBody) -> Bytes {
        match read(body) {
            Poll::Ready(Some(Ok(bytes))) => bytes,
            other => panic!("{other:?}"),
        }
    }

    fn has_capacity(sender: &RequestSender) -> bool {
        let mut cx = Context::from_waker(Waker::noop());
        sender.poll_capacity(&mut cx).is_ready()
    }

    #[test]
    fn bytes_arrive_in_order_and_waiting_bytes_are_combined() {
        let (sender, mut body) = request_channel();
        assert!(read(&mut body).is_pending());
        for part in ["a", "", "b", "c"] {
            sender.send(Bytes::from_static(part.as_bytes()));
        }
        sender.finish();
        assert_eq!(bytes(&mut body), "a");
        assert_eq!(bytes(&mut body), "bc");
        assert!(body.is_end_stream());
        assert!(matches!(read(&mut body), Poll::Ready(None)));
    }

    #[test]
    fn there_is_no_capacity_until_waiting_bytes_are_read() {
        let (sender, mut body) = request_channel();
        sender.send(Bytes::from(vec![0; MAX_BUFFERED_BYTES - 1]));
        assert!(has_capacity(&sender));
        sender.send(Bytes::from_static(b"x"));
        assert!(!has_capacity(&sender));
        assert_eq!(bytes(&mut body).len(), MAX_BUFFERED_BYTES - 1);
        assert!(has_capacity(&sender));
    }

    #[test]
    fn an_abandoned_body_never_blocks_the_sender() {
        let (sender, body) = request_channel();
        sender.send(Bytes::from(vec![0; MAX_BUFFERED_BYTES]));
        drop(body);
        assert!(has_capacity(&sender));
        sender.send(Bytes::from(vec![0; MAX_BUFFERED_BYTES]));
        assert!(has_capacity(&sender), "the bytes are retained");
    }

    #[test]
    fn dropping_the_sender_aborts_the_request() {
        let (sender, mut body) = request_channel();
        sender.send(Bytes::from_static(b"x"));
        drop(sender);
        assert_eq!(bytes(&mut body), "x");
        let end = read(&mut body);
        assert!(matches!(end, Poll::Ready(Some(Err(_)))), "{end:?}");
    }
}
