//! A bound on how long a connection may say nothing at all.
//!
//! hyper's `header_read_timeout` counts from when it is known that HTTP/1 is spoken. Until then
//! the two dozen bytes that tell it are waited for without an end; this ends that.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

/// How an HTTP/2 connection begins (RFC 9113, section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A socket whose reading fails where the dialect is not known in time.
pub(crate) struct FirstBytes<S> {
    socket: S,
    waiting: Option<Waiting>,
}

struct Waiting {
    /// How much of the preface has come.
    matched: usize,
    timeout: Pin<Box<Sleep>>,
}

impl<S> FirstBytes<S> {
    pub(crate) fn new(socket: S, within: Duration) -> Self {
        let timeout = Box::pin(sleep(within));
        Self {
            socket,
            waiting: Some(Waiting {
                matched: 0,
                timeout,
            }),
        }
    }
}

impl Waiting {
    /// Whether the bytes that have come settle the dialect.
    fn settled_by(&mut self, bytes: &[u8]) -> bool {
        let expected = &PREFACE[self.matched..];
        let length = bytes.len().min(expected.len());
        self.matched += length;
        bytes[..length] != expected[..length] || self.matched == PREFACE.len()
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for FirstBytes<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.socket).poll_read(cx, buffer);
        let Some(waiting) = &mut this.waiting else {
            return read;
        };
        if read.is_ready() && waiting.settled_by(&buffer.filled()[before..]) {
            this.waiting = None;
            return read;
        }
        if read.is_pending() && waiting.timeout.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for FirstBytes<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write_vectored(cx, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}
