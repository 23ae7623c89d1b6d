use std::{
    collections::VecDeque,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use tonic::Status;

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
    ended: bool,
    /// How, until it has been taken: a copy of a status costs a page more than all the rest here.
    end: Option<End>,
    reader: Option<Waker>,
}

/// Why nothing more comes.
pub(super) enum End {
    /// More came than was taken.
    Overflowed,
    /// The socket was closed.
    Closed(Closed),
    /// The request failed with this.
    Request(Status),
}

impl Inbox {
    /// Takes in what has come. Whether it fits.
    pub(super) fn put(&mut self, chunk: Bytes) -> bool {
        self.received += chunk.len() as u64;
        self.waiting += chunk.len();
        let fits = self.waiting <= LARGEST;
        if fits {
            self.chunks.push_back(chunk);
            self.wake();
        } else {
            self.chunks.clear();
            self.end(End::Overflowed);
        }
        fits
    }

    /// Nothing more comes. What has come before is still there to be taken.
    pub(super) fn end(&mut self, end: End) {
        if !self.ended {
            self.ended = true;
            self.end = Some(end);
        }
        self.wake();
    }

    pub(super) fn has_ended(&self) -> bool {
        self.ended
    }

    /// How many bytes came in all.
    pub(super) fn received(&self) -> u64 {
        self.received
    }

    /// The next chunk. How it ended is told once, and nothing after that.
    pub(super) fn poll_take(&mut self, cx: &mut Context<'_>) -> Poll<Result<Bytes, End>> {
        if let Some(chunk) = self.chunks.pop_front() {
            self.waiting -= chunk.len();
            return Poll::Ready(Ok(chunk));
        }
        if let Some(end) = self.end.take() {
            return Poll::Ready(Err(end));
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
