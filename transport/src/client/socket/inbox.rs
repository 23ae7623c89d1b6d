use std::{
    collections::VecDeque,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;

use super::closed::Closed;

/// How many bytes wait to be taken at most. A `WebSocket` can't be told to stop: what exceeds this
/// ends the call, and not the tab. Two messages as large as tonic takes them fit in.
const LARGEST: usize = 8 * 1024 * 1024;

/// What has come in and has not been taken.
#[derive(Default)]
pub(super) struct Inbox {
    chunks: VecDeque<Bytes>,
    waiting: usize,
    received: u64,
    overflowed: bool,
    closed: Option<Closed>,
    reader: Option<Waker>,
}

/// Why nothing more comes.
pub(super) enum End {
    /// More came than was taken.
    Overflowed,
    /// The socket was closed.
    Closed(Closed),
}

impl Inbox {
    /// Takes in what has come. Whether it fits.
    pub(super) fn put(&mut self, chunk: Bytes) -> bool {
        self.received += chunk.len() as u64;
        self.waiting += chunk.len();
        if self.waiting > LARGEST {
            self.overflowed = true;
            self.chunks.clear();
            self.waiting = 0;
        } else if !self.overflowed {
            self.chunks.push_back(chunk);
        }
        self.wake();
        !self.overflowed
    }

    pub(super) fn close(&mut self, closed: Closed) {
        self.closed.get_or_insert(closed);
        self.wake();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.is_some()
    }

    /// How many bytes came in all.
    pub(super) fn received(&self) -> u64 {
        self.received
    }

    pub(super) fn poll_take(&mut self, cx: &mut Context<'_>) -> Poll<Result<Bytes, End>> {
        if self.overflowed {
            return Poll::Ready(Err(End::Overflowed));
        }
        if let Some(chunk) = self.chunks.pop_front() {
            self.waiting -= chunk.len();
            return Poll::Ready(Ok(chunk));
        }
        if let Some(closed) = &self.closed {
            return Poll::Ready(Err(End::Closed(closed.clone())));
        }
        self.reader = Some(cx.waker().clone());
        Poll::Pending
    }

    fn wake(&mut self) {
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
    }
}
