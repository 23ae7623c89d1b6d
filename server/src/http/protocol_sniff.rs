//! A time limit on the first bytes of a connection.
//!
//! hyper's `header_read_timeout` starts once the connection is known to speak HTTP/1. hyper-util waits
//! without a limit for the 24 bytes that decide between HTTP/1 and HTTP/2.

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

/// The connection preface of HTTP/2 (RFC 9113, section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A socket whose reads fail if the protocol is not known in time.
pub(super) struct ProtocolSniff<S> {
    socket: S,
    /// `None` once the protocol is known.
    undecided: Option<Undecided>,
}

struct Undecided {
    /// Bytes received so far, all of them a prefix of the preface.
    matched: usize,
    timeout: Pin<Box<Sleep>>,
}

impl<S> ProtocolSniff<S> {
    pub(super) fn new(socket: S, timeout: Duration) -> Self {
        let timeout = Box::pin(sleep(timeout));
        Self {
            socket,
            undecided: Some(Undecided {
                matched: 0,
                timeout,
            }),
        }
    }
}

impl Undecided {
    fn is_decided_by(&mut self, bytes: &[u8]) -> bool {
        let expected = &PREFACE[self.matched..];
        let length = bytes.len().min(expected.len());
        self.matched += length;
        bytes[..length] != expected[..length] || self.matched == PREFACE.len()
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for ProtocolSniff<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.socket).poll_read(cx, buffer);
        let Some(undecided) = &mut this.undecided else {
            return read;
        };
        if read.is_ready() && undecided.is_decided_by(&buffer.filled()[before..]) {
            this.undecided = None;
            return read;
        }
        if read.is_pending() && undecided.timeout.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for ProtocolSniff<S> {
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
