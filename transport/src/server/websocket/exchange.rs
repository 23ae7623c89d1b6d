//! A call over its socket, from the header block to the status.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::{Buf as _, Bytes};
use http::Response;
use tokio::io::{AsyncRead, AsyncWrite};
use tonic::body::Body;

use super::{
    super::outcome::Outcome,
    close_reason::CloseReason,
    connection::{Connection, ConnectionError, Received},
    keepalive::{Action, Activity, Keepalive},
    request_body::RequestSender,
    response::{CallResponse, ResponseFrame},
};
use crate::grpc_websockets::{DATA, END};

/// The response is polled while fewer bytes than this wait to be flushed, so that small messages
/// which are ready together are flushed together.
const MAX_UNFLUSHED_BYTES: usize = 4 * 1024;
/// Steps in one poll before other tasks get to run.
const MAX_STEPS: usize = 64;

/// Completes when the call is over. Dropping it cancels the call.
pub(super) struct Exchange<'a, T, F> {
    pub(super) connection: &'a mut Connection<T>,
    pub(super) request: RequestSender,
    pub(super) response: CallResponse<F>,
    pub(super) outcome: &'a Outcome,
    pub(super) keepalive: Keepalive,
    /// The client has ended the request: only a close frame may follow.
    pub(super) is_half_closed: bool,
}

impl<T, F> Exchange<'_, T, F>
where
    T: AsyncRead + AsyncWrite + Unpin,
    F: Future<Output = Result<Response<Body>, Infallible>>,
{
    fn poll_call(&mut self, cx: &mut Context<'_>) -> Result<Poll<CloseReason>, CloseReason> {
        for _ in 0..MAX_STEPS {
            // Write, as long as the client accepts what was written before.
            let is_full = self.connection.unflushed() >= MAX_UNFLUSHED_BYTES;
            let (mut is_flushed, mut has_progressed) = (false, false);
            if !is_full && let Poll::Ready(frame) = self.response.poll_frame(cx) {
                match frame {
                    ResponseFrame::Partial(bytes) => self.send(cx, bytes)?,
                    ResponseFrame::Last(bytes, code) => {
                        self.send(cx, bytes)?;
                        return Ok(Poll::Ready(CloseReason::Completed(code)));
                    }
                }
                has_progressed = true;
            } else if let Poll::Ready(flushed) = self.connection.poll_flush(cx) {
                flushed?;
                is_flushed = true;
                has_progressed = is_full;
            }
            // Read, as long as the handler does. Each step reads and writes, so that a handler which
            // always has something to send does not hide that the client has closed the socket.
            let is_reading = self.request.poll_capacity(cx).is_ready();
            if is_reading && let Poll::Ready(received) = self.connection.poll_receive(cx) {
                self.receive(received?)?;
                has_progressed = true;
            }
            if has_progressed {
                continue;
            }
            let activity = Activity {
                bytes_read: self.connection.bytes_read(),
                flushes: self.connection.flushes(),
                is_flushed,
                is_reading,
            };
            match self.keepalive.poll(cx, activity) {
                Poll::Ready(Action::SendPing) => self.connection.ping(cx)?,
                Poll::Ready(Action::Close(reason)) => return Err(reason),
                Poll::Pending => return Ok(Poll::Pending),
            }
        }
        cx.waker().wake_by_ref();
        Ok(Poll::Pending)
    }

    fn send(&mut self, cx: &mut Context<'_>, bytes: Bytes) -> Result<(), ConnectionError> {
        self.outcome.add_socket_bytes(bytes.len());
        self.connection.send(cx, bytes)
    }

    fn receive(&mut self, received: Received) -> Result<(), CloseReason> {
        let mut bytes = match received {
            Received::Binary(bytes) => bytes,
            Received::Text => return Err(CloseReason::Violation("messages must be binary")),
            Received::Close => return Err(CloseReason::Disconnected),
        };
        if self.is_half_closed {
            return Err(CloseReason::Violation(
                "message after the end of the request",
            ));
        }
        if bytes.is_empty() {
            return Err(CloseReason::Violation("empty message"));
        }
        match bytes.get_u8() {
            DATA => self.request.send(bytes),
            END if bytes.is_empty() => {
                self.is_half_closed = true;
                self.request.finish();
            }
            END => return Err(CloseReason::Violation("bytes after the end of the request")),
            _ => return Err(CloseReason::Violation("first byte is neither 0 nor 1")),
        }
        Ok(())
    }
}

impl<T, F> Future for Exchange<'_, T, F>
where
    T: AsyncRead + AsyncWrite + Unpin,
    F: Future<Output = Result<Response<Body>, Infallible>>,
{
    type Output = CloseReason;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<CloseReason> {
        self.get_mut().poll_call(cx).unwrap_or_else(Poll::Ready)
    }
}
