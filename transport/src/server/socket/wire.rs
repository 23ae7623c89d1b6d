//! One WebSocket, as polls: tungstenite's frames over whatever the upgrade gave.

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

/// What is read at once. A socket holds as much for as long as it lives.
const READ_BUFFER: usize = 4 * 1024;
/// What may wait to be written without being flushed.
const WRITE_BUFFER: usize = 16 * 1024;
/// What stands before a message of gRPC's that is one of the socket's: the byte that says what it
/// is, and gRPC's own prefix.
const AROUND: usize = 1 + 5;
/// How long a peer has to answer our goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

/// A message.
#[derive(Debug)]
pub(super) enum Heard {
    Bytes(Bytes),
    /// Which nobody is to send here.
    Text,
    /// The peer has said goodbye; the answer is written by reading on.
    Goodbye,
}

/// Why nothing more can be heard or said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// A message has more bytes than so many.
    TooLarge(usize),
    /// No frames, or not those that a client may send.
    NotFrames,
    /// The connection is there no more.
    Gone,
}

/// A WebSocket, the server's side of it.
pub(super) struct Wire<T> {
    io: T,
    context: WebSocketContext,
    message_bytes: usize,
    /// Bytes of messages said since all had left.
    unsent: usize,
    flushed: bool,
    /// How often all had left, to tell a slow peer from one that takes nothing.
    flushes: u64,
    /// A ping has been heard, and the answer to it has not left.
    pong: bool,
    /// Bytes read so far, to tell silence by.
    read: u64,
    /// Where the next frame begins is not known any more.
    lost: bool,
}

impl<T: AsyncRead + AsyncWrite + Unpin> Wire<T> {
    pub(super) fn new(io: T, message_bytes: usize) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(WRITE_BUFFER)
            .max_message_size(Some(message_bytes))
            .max_frame_size(Some(message_bytes));
        Self {
            io,
            context: WebSocketContext::new(Role::Server, Some(config)),
            message_bytes,
            unsent: 0,
            flushed: true,
            flushes: 0,
            pong: false,
            read: 0,
            lost: false,
        }
    }

    /// How many bytes a message of gRPC's may have from now on that is one of the socket's.
    pub(super) fn allow(&mut self, message_bytes: usize) {
        self.message_bytes = message_bytes;
        let most = Some(message_bytes.saturating_add(AROUND));
        self.context.set_config(|config| {
            config.max_message_size = most;
            config.max_frame_size = most;
        });
    }

    /// How many bytes have been read.
    pub(super) fn read(&self) -> u64 {
        self.read
    }

    /// How often all that was said had left.
    pub(super) fn flushes(&self) -> u64 {
        self.flushes
    }

    /// Bytes of messages that wait to be taken by the connection.
    pub(super) fn unsent(&self) -> usize {
        self.unsent
    }

    /// The next message. Pings are answered, and pongs passed over.
    pub(super) fn poll_heard(&mut self, cx: &mut Context<'_>) -> Poll<Result<Heard, Broken>> {
        loop {
            // Answers that do not leave pile up: who pings and does not read is not read either.
            if self.pong {
                ready!(self.poll_flushed(cx))?;
            }
            let message = ready!(self.poll(cx, |context, io| context.read(io)))?;
            return Poll::Ready(Ok(match message {
                Message::Binary(bytes) => Heard::Bytes(bytes),
                Message::Text(_) => Heard::Text,
                Message::Close(_) => Heard::Goodbye,
                Message::Ping(_) => {
                    (self.pong, self.flushed) = (true, false);
                    continue;
                }
                Message::Pong(_) | Message::Frame(_) => continue,
            }));
        }
    }

    /// Says this; it leaves when it is flushed.
    pub(super) fn say(&mut self, cx: &mut Context<'_>, bytes: Bytes) -> Result<(), Broken> {
        self.unsent += bytes.len();
        self.write(cx, Message::Binary(bytes))
    }

    /// Asks whether the peer is still there.
    pub(super) fn ping(&mut self, cx: &mut Context<'_>) -> Result<(), Broken> {
        self.write(cx, Message::Ping(Bytes::new()))
    }

    fn write(&mut self, cx: &mut Context<'_>, message: Message) -> Result<(), Broken> {
        self.flushed = false;
        // Where it has to wait it is queued all the same, for the flush.
        match self.poll(cx, |context, io| context.write(io, message)) {
            Poll::Ready(written) => written,
            Poll::Pending => Ok(()),
        }
    }

    /// Whether all that was said has left.
    pub(super) fn poll_flushed(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Broken>> {
        if !self.flushed {
            ready!(self.poll(cx, |context, io| context.flush(io)))?;
            self.flushed = true;
            self.pong = false;
            self.flushes += 1;
            self.unsent = 0;
        }
        Poll::Ready(Ok(()))
    }

    /// Says `last` and goodbye, and waits until the peer has answered, but not for long. What was
    /// said before has `patience` to leave.
    pub(super) async fn close(
        mut self,
        last: Option<Bytes>,
        (code, why): (CloseCode, &'static str),
        patience: Duration,
    ) {
        let frame = CloseFrame {
            code,
            reason: Utf8Bytes::from_static(why),
        };
        let goodbye = async {
            if let Some(last) = last {
                poll_fn(|cx| Poll::Ready(self.say(cx, last.clone()))).await?;
            }
            // Queued once, it is not queued again: the next poll only flushes.
            poll_fn(|cx| self.poll(cx, |context, io| context.close(io, Some(frame.clone())))).await
        };
        if let Ok(Ok(())) = timeout(patience, goodbye).await {
            self.answer_goodbye().await;
        }
    }

    /// Passes over whatever comes until the peer has said goodbye too, but not for long. Its own
    /// goodbye is answered by that. A socket that is closed with bytes unread may take the last
    /// words with it.
    pub(super) async fn answer_goodbye(mut self) {
        let _ = timeout(GOODBYE, self.hear_out()).await;
    }

    async fn hear_out(&mut self) {
        while !self.lost {
            if let Err(Broken::Gone) = poll_fn(|cx| self.poll_heard(cx)).await {
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
        act: impl FnOnce(&mut WebSocketContext, &mut Io<'_, '_, T>) -> tungstenite::Result<R>,
    ) -> Poll<Result<R, Broken>> {
        let mut io = Io {
            inner: &mut self.io,
            cx,
            read: &mut self.read,
        };
        let broken = match act(&mut self.context, &mut io) {
            Ok(done) => return Poll::Ready(Ok(done)),
            Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {
                return Poll::Pending;
            }
            Err(Error::Capacity(_)) => Broken::TooLarge(self.message_bytes),
            Err(Error::Protocol(
                ProtocolError::ResetWithoutClosingHandshake
                | ProtocolError::SendAfterClosing
                | ProtocolError::ReceivedAfterClosing,
            )) => Broken::Gone,
            Err(Error::Protocol(_) | Error::Utf8(_)) => Broken::NotFrames,
            Err(_) => Broken::Gone,
        };
        self.lost |= broken != Broken::Gone;
        Poll::Ready(Err(broken))
    }
}

/// A connection for code that does not wait: «not now» is an error there.
struct Io<'a, 'b, T> {
    inner: &'a mut T,
    cx: &'a mut Context<'b>,
    read: &'a mut u64,
}

fn now<R>(poll: Poll<io::Result<R>>) -> io::Result<R> {
    match poll {
        Poll::Ready(done) => done,
        Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
    }
}

impl<T: AsyncRead + Unpin> Read for Io<'_, '_, T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut buffer = ReadBuf::new(buffer);
        now(Pin::new(&mut *self.inner).poll_read(self.cx, &mut buffer))?;
        let read = buffer.filled().len();
        *self.read += read as u64;
        Ok(read)
    }
}

impl<T: AsyncWrite + Unpin> Write for Io<'_, '_, T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        now(Pin::new(&mut *self.inner).poll_write(self.cx, bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        now(Pin::new(&mut *self.inner).poll_flush(self.cx))
    }
}
