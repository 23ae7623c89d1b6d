//! The server end of a WebSocket, as poll functions over tungstenite's sans-I/O context.
//!
//! tokio-tungstenite was considered: it can change neither the message size limit of an open socket,
//! which differs between the header block and the messages, nor report what has been read, sent and
//! flushed, which keepalive and backpressure depend on.

use std::{
    future::poll_fn,
    io::{self, Read, Write},
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::timeout,
};
use tungstenite::{
    Error, Message, Utf8Bytes,
    error::ProtocolError,
    protocol::{CloseFrame, Role, WebSocketConfig, WebSocketContext, frame::coding::CloseCode},
};

use crate::frames::PREFIX_BYTES;

/// In bytes; allocated for as long as the socket is open.
const READ_BUFFER: usize = 4 * 1024;
/// Bytes that may be written without a flush.
const WRITE_BUFFER: usize = 16 * 1024;
/// The overhead of a WebSocket message that carries one gRPC message: the byte that marks it as data,
/// and the gRPC prefix.
const MESSAGE_OVERHEAD: usize = 1 + PREFIX_BYTES;
/// How long the client has to reply to a close frame.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// What the client has sent.
#[derive(Debug)]
pub(super) enum Received {
    Binary(Bytes),
    /// Not allowed by the protocol.
    Text,
    /// A close frame. Reading on sends the reply.
    Close,
}

/// Why the connection cannot be used any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ConnectionError {
    /// A message exceeds this many bytes.
    TooLarge(usize),
    /// The bytes are not WebSocket frames, or not those of a client.
    InvalidFrames,
    Closed,
}

pub(super) struct Connection<T> {
    io: T,
    context: WebSocketContext,
    max_message_bytes: usize,
    /// Bytes of messages sent since the last complete flush.
    unflushed: usize,
    is_flushed: bool,
    /// The number of complete flushes, which distinguishes a slow client from one that reads
    /// nothing.
    flushes: u64,
    /// A pong is queued and has not been flushed.
    has_pending_pong: bool,
    bytes_read: u64,
    /// Invalid frames were read, so the next frame boundary is unknown.
    is_out_of_sync: bool,
}

impl<T: AsyncRead + AsyncWrite + Unpin> Connection<T> {
    pub(super) fn new(io: T, max_message_bytes: usize) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(WRITE_BUFFER)
            .max_message_size(Some(max_message_bytes))
            .max_frame_size(Some(max_message_bytes));
        Self {
            io,
            context: WebSocketContext::new(Role::Server, Some(config)),
            max_message_bytes,
            unflushed: 0,
            is_flushed: true,
            flushes: 0,
            has_pending_pong: false,
            bytes_read: 0,
            is_out_of_sync: false,
        }
    }

    /// Changes the limit for all following messages to that of a gRPC message of this size.
    pub(super) fn set_max_grpc_message_bytes(&mut self, max_message_bytes: usize) {
        self.max_message_bytes = max_message_bytes;
        let limit = Some(max_message_bytes.saturating_add(MESSAGE_OVERHEAD));
        self.context.set_config(|config| {
            config.max_message_size = limit;
            config.max_frame_size = limit;
        });
    }

    pub(super) fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    pub(super) fn flushes(&self) -> u64 {
        self.flushes
    }

    /// Bytes of messages that wait to be accepted by the connection.
    pub(super) fn unflushed(&self) -> usize {
        self.unflushed
    }

    /// The next message. Replies to pings and skips pongs.
    pub(super) fn poll_receive(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Received, ConnectionError>> {
        loop {
            // A client that pings without reading would make pongs pile up, so it is not read
            // before they are flushed.
            if self.has_pending_pong {
                ready!(self.poll_flush(cx))?;
            }
            let message = ready!(self.poll(cx, |context, io| context.read(io)))?;
            return Poll::Ready(Ok(match message {
                Message::Binary(bytes) => Received::Binary(bytes),
                Message::Text(_) => Received::Text,
                Message::Close(_) => Received::Close,
                Message::Ping(_) => {
                    (self.has_pending_pong, self.is_flushed) = (true, false);
                    continue;
                }
                Message::Pong(_) | Message::Frame(_) => continue,
            }));
        }
    }

    /// Queues a binary message until the next flush.
    pub(super) fn send(
        &mut self,
        cx: &mut Context<'_>,
        bytes: Bytes,
    ) -> Result<(), ConnectionError> {
        self.unflushed += bytes.len();
        self.write(cx, Message::Binary(bytes))
    }

    pub(super) fn ping(&mut self, cx: &mut Context<'_>) -> Result<(), ConnectionError> {
        self.write(cx, Message::Ping(Bytes::new()))
    }

    fn write(&mut self, cx: &mut Context<'_>, message: Message) -> Result<(), ConnectionError> {
        self.is_flushed = false;
        // tungstenite queues the message even if the write would block.
        match self.poll(cx, |context, io| context.write(io, message)) {
            Poll::Ready(written) => written,
            Poll::Pending => Ok(()),
        }
    }

    pub(super) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), ConnectionError>> {
        if !self.is_flushed {
            ready!(self.poll(cx, |context, io| context.flush(io)))?;
            self.is_flushed = true;
            self.has_pending_pong = false;
            self.flushes += 1;
            self.unflushed = 0;
        }
        Poll::Ready(Ok(()))
    }

    /// Sends `last` and a close frame, and waits up to [`CLOSE_TIMEOUT`] for the reply. Everything
    /// that is queued has `flush_timeout` to be accepted by the client.
    pub(super) async fn close(
        mut self,
        last: Option<Bytes>,
        (code, reason): (CloseCode, &'static str),
        flush_timeout: Duration,
    ) {
        let frame = CloseFrame {
            code,
            reason: Utf8Bytes::from_static(reason),
        };
        let send = async {
            if let Some(last) = last {
                poll_fn(|cx| Poll::Ready(self.send(cx, last.clone()))).await?;
            }
            // tungstenite queues the close frame once; further polls only flush.
            poll_fn(|cx| self.poll(cx, |context, io| context.close(io, Some(frame.clone())))).await
        };
        if let Ok(Ok(())) = timeout(flush_timeout, send).await {
            self.finish_close().await;
        }
    }

    /// Reads and discards until the client has closed the socket too, for up to [`CLOSE_TIMEOUT`].
    /// This replies to the client's own close frame. Closing a TCP connection with unread bytes
    /// would reset it, and the client could lose what was sent last.
    pub(super) async fn finish_close(mut self) {
        let _ = timeout(CLOSE_TIMEOUT, self.read_to_end()).await;
    }

    async fn read_to_end(&mut self) {
        while !self.is_out_of_sync {
            if let Err(ConnectionError::Closed) = poll_fn(|cx| self.poll_receive(cx)).await {
                return;
            }
        }
        let mut buffer = [0; 1024];
        loop {
            let mut buffer = ReadBuf::new(&mut buffer);
            let read = poll_fn(|cx| Pin::new(&mut self.io).poll_read(cx, &mut buffer)).await;
            if read.is_err() || buffer.filled().is_empty() {
                return;
            }
        }
    }

    fn poll<R>(
        &mut self,
        cx: &mut Context<'_>,
        operation: impl FnOnce(
            &mut WebSocketContext,
            &mut BlockingIo<'_, '_, T>,
        ) -> tungstenite::Result<R>,
    ) -> Poll<Result<R, ConnectionError>> {
        let mut io = BlockingIo {
            inner: &mut self.io,
            cx,
            bytes_read: &mut self.bytes_read,
        };
        let error = match operation(&mut self.context, &mut io) {
            Ok(done) => return Poll::Ready(Ok(done)),
            Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {
                return Poll::Pending;
            }
            Err(Error::Capacity(_)) => ConnectionError::TooLarge(self.max_message_bytes),
            Err(Error::Protocol(
                ProtocolError::ResetWithoutClosingHandshake
                | ProtocolError::SendAfterClosing
                | ProtocolError::ReceivedAfterClosing,
            )) => ConnectionError::Closed,
            Err(Error::Protocol(_) | Error::Utf8(_)) => ConnectionError::InvalidFrames,
            Err(_) => ConnectionError::Closed,
        };
        self.is_out_of_sync |= error != ConnectionError::Closed;
        Poll::Ready(Err(error))
    }
}

/// Adapts asynchronous I/O to [`Read`] and [`Write`]: pending becomes `WouldBlock`.
struct BlockingIo<'a, 'b, T> {
    inner: &'a mut T,
    cx: &'a mut Context<'b>,
    bytes_read: &'a mut u64,
}

fn or_would_block<R>(poll: Poll<io::Result<R>>) -> io::Result<R> {
    match poll {
        Poll::Ready(done) => done,
        Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
    }
}

impl<T: AsyncRead + Unpin> Read for BlockingIo<'_, '_, T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut buffer = ReadBuf::new(buffer);
        or_would_block(Pin::new(&mut *self.inner).poll_read(self.cx, &mut buffer))?;
        let read = buffer.filled().len();
        *self.bytes_read += read as u64;
        Ok(read)
    }
}

impl<T: AsyncWrite + Unpin> Write for BlockingIo<'_, '_, T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        or_would_block(Pin::new(&mut *self.inner).poll_write(self.cx, bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        or_would_block(Pin::new(&mut *self.inner).poll_flush(self.cx))
    }
}
