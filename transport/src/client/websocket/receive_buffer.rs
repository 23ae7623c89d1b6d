use std::{
    collections::VecDeque,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use tonic::Status;

use super::close_event::CloseEvent;

/// The limit of unread data. Browsers cannot apply backpressure to a `WebSocket`, so exceeding it
/// ends the call, which protects the tab's memory. Two messages of the largest size that tonic
/// accepts by default (4 MiB) fit.
const MAX_UNREAD_BYTES: usize = 8 * 1024 * 1024;

/// Data that has been received and not read yet.
#[derive(Default)]
pub(super) struct ReceiveBuffer {
    chunks: VecDeque<Bytes>,
    unread: usize,
    received: u64,
    has_ended: bool,
    /// Until it has been read; moved out because cloning a status costs a page much code.
    end: Option<End>,
    reader: Option<Waker>,
}

/// Why nothing more arrives.
pub(super) enum End {
    /// The limit of unread data was exceeded.
    Overflow,
    /// The socket was closed.
    Closed(CloseEvent),
    /// The request failed with this status.
    RequestFailed(Status),
}

impl ReceiveBuffer {
    /// Adds a chunk; `false` if it exceeds the limit, which ends the call.
    pub(super) fn push(&mut self, chunk: Bytes) -> bool {
        self.received += chunk.len() as u64;
        self.unread += chunk.len();
        let fits = self.unread <= MAX_UNREAD_BYTES;
        if fits {
            self.chunks.push_back(chunk);
            self.wake_reader();
        } else {
            self.chunks.clear();
            self.end(End::Overflow);
        }
        fits
    }

    /// Nothing more arrives. Chunks that have arrived before can still be read.
    pub(super) fn end(&mut self, end: End) {
        if !self.has_ended {
            self.has_ended = true;
            self.end = Some(end);
        }
        self.wake_reader();
    }

    pub(super) fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// Bytes received in total.
    pub(super) fn received(&self) -> u64 {
        self.received
    }

    /// The next chunk. The end is returned once, and after that this stays pending.
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Result<Bytes, End>> {
        if let Some(chunk) = self.chunks.pop_front() {
            self.unread -= chunk.len();
            return Poll::Ready(Ok(chunk));
        }
        if let Some(end) = self.end.take() {
            return Poll::Ready(Err(end));
        }
        self.reader = Some(cx.waker().clone());
        Poll::Pending
    }

    fn wake_reader(&mut self) {
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
    }
}
