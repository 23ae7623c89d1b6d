//! The bytes of a request between the socket and the handler.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame};
use tonic::Status;

/// How many bytes may wait for a handler before the socket is not read any more.
const WINDOW: usize = 64 * 1024;

/// The socket's end. Dropped before the request is whole, it breaks it off.
#[derive(Debug)]
pub(super) struct Inbox(Arc<Mutex<Queue>>);

/// The handler's end.
#[derive(Debug)]
pub(super) struct RequestBody(Arc<Mutex<Queue>>);

#[derive(Debug, Default)]
struct Queue {
    /// What came first: handed on as it is, for most handlers take each message as it comes.
    first: Option<Bytes>,
    /// What came while that was waiting, put together: many small messages cost no more than
    /// their bytes.
    more: BytesMut,
    end: Option<End>,
    /// The handler wants no more.
    left: bool,
    /// Who waits for bytes, and who waits for room.
    reader: Option<Waker>,
    writer: Option<Waker>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Whole,
    BrokenOff,
}

fn lock(queue: &Mutex<Queue>) -> MutexGuard<'_, Queue> {
    // Nothing panics while it is held.
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}

/// Both ends of a new request.
pub(super) fn inbox() -> (Inbox, RequestBody) {
    let queue = Arc::new(Mutex::new(Queue::default()));
    (Inbox(Arc::clone(&queue)), RequestBody(queue))
}

impl Inbox {
    /// Whether there is room; if not, wakes the task when there is.
    pub(super) fn poll_room(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut queue = lock(&self.0);
        if queue.left || queue.waiting() < WINDOW {
            return Poll::Ready(());
        }
        queue.writer = Some(cx.waker().clone());
        Poll::Pending
    }

    /// Puts bytes in, whether there is room or not. What nobody wants is dropped.
    pub(super) fn put(&self, bytes: Bytes) {
        let mut queue = lock(&self.0);
        if queue.left || bytes.is_empty() {
            return;
        }
        if queue.first.is_none() && queue.more.is_empty() {
            queue.first = Some(bytes);
        } else {
            queue.more.extend_from_slice(&bytes);
        }
        let reader = queue.reader.take();
        drop(queue);
        wake(reader);
    }

    /// The request is whole.
    pub(super) fn end(&self) {
        self.end_with(End::Whole);
    }

    fn end_with(&self, end: End) {
        let mut queue = lock(&self.0);
        queue.end.get_or_insert(end);
        let reader = queue.reader.take();
        drop(queue);
        wake(reader);
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        self.end_with(End::BrokenOff);
    }
}

impl Queue {
    fn waiting(&self) -> usize {
        self.first.as_ref().map_or(0, Bytes::len) + self.more.len()
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let mut queue = lock(&self.0);
        let bytes = match queue.first.take() {
            Some(bytes) => bytes,
            None => queue.more.split().freeze(),
        };
        if !bytes.is_empty() {
            let writer = queue.writer.take();
            drop(queue);
            wake(writer);
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match queue.end {
            Some(End::Whole) => Poll::Ready(None),
            Some(End::BrokenOff) => Poll::Ready(Some(Err(Status::cancelled(
                "the socket was closed before the request was whole",
            )))),
            None => {
                queue.reader = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        let queue = lock(&self.0);
        queue.end == Some(End::Whole) && queue.waiting() == 0
    }
}

impl Drop for RequestBody {
    fn drop(&mut self) {
        let mut queue = lock(&self.0);
        queue.left = true;
        queue.first = None;
        queue.more = BytesMut::new();
        let writer = queue.writer.take();
        drop(queue);
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

    fn has_room(inbox: &Inbox) -> bool {
        let mut cx = Context::from_waker(Waker::noop());
        inbox.poll_room(&mut cx).is_ready()
    }

    #[test]
    fn bytes_come_in_order_and_what_has_waited_comes_at_once() {
        let (inbox, mut body) = inbox();
        assert!(read(&mut body).is_pending());
        for part in ["a", "", "b", "c"] {
            inbox.put(Bytes::from_static(part.as_bytes()));
        }
        inbox.end();
        assert_eq!(bytes(&mut body), "a");
        assert_eq!(bytes(&mut body), "bc");
        assert!(body.is_end_stream());
        assert!(matches!(read(&mut body), Poll::Ready(None)));
    }

    #[test]
    fn there_is_no_room_until_what_waits_is_taken() {
        let (inbox, mut body) = inbox();
        inbox.put(Bytes::from(vec![0; WINDOW - 1]));
        assert!(has_room(&inbox));
        inbox.put(Bytes::from_static(b"x"));
        assert!(!has_room(&inbox));
        assert_eq!(bytes(&mut body).len(), WINDOW - 1);
        assert!(has_room(&inbox));
    }

    #[test]
    fn a_handler_that_has_left_is_waited_for_by_nobody() {
        let (inbox, body) = inbox();
        inbox.put(Bytes::from(vec![0; WINDOW]));
        drop(body);
        assert!(has_room(&inbox));
        inbox.put(Bytes::from(vec![0; WINDOW]));
        assert!(has_room(&inbox), "it is kept for nobody");
    }

    #[test]
    fn a_socket_that_goes_breaks_the_request_off() {
        let (inbox, mut body) = inbox();
        inbox.put(Bytes::from_static(b"x"));
        drop(inbox);
        assert_eq!(bytes(&mut body), "x");
        let end = read(&mut body);
        assert!(matches!(end, Poll::Ready(Some(Err(_)))), "{end:?}");
    }
}
