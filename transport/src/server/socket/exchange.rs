//! One call over its socket, from the header block to the status.

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
    super::Outcome,
    answer::{Answer, Said},
    close::End,
    inbox::Inbox,
    pulse::{Beat, Pulse, Signs},
    wire::{Broken, Heard, Wire},
};

/// How much of an answer may wait to be flushed when more is asked for: small messages that are
/// there at once leave together.
const UNFLUSHED: usize = 4 * 1024;
/// How often it goes round before other tasks have their turn.
const TURNS: usize = 64;

/// A message that begins so carries bytes of the request.
const BYTES: u8 = 0;
/// A message that is only this ends it.
const END: u8 = 1;

/// A future that is done when the call is over; dropping it cancels the call.
pub(super) struct Exchange<'a, T, F> {
    pub(super) wire: &'a mut Wire<T>,
    pub(super) inbox: Inbox,
    pub(super) answer: Answer<F>,
    pub(super) outcome: &'a Outcome,
    pub(super) pulse: Pulse,
    /// The request has ended: nothing but the goodbye may come.
    pub(super) heard_all: bool,
}

impl<T, F> Exchange<'_, T, F>
where
    T: AsyncRead + AsyncWrite + Unpin,
    F: Future<Output = Result<Response<Body>, Infallible>>,
{
    fn go_on(&mut self, cx: &mut Context<'_>) -> Result<Poll<End>, End> {
        for _ in 0..TURNS {
            // What the handler says, as long as what it said before leaves.
            let is_full = self.wire.unsent() >= UNFLUSHED;
            let (mut flushed, mut moved) = (false, false);
            if !is_full && let Poll::Ready(said) = self.answer.poll(cx) {
                match said {
                    Said::Part(bytes) => self.say(cx, bytes)?,
                    Said::Last(bytes, code) => {
                        self.say(cx, bytes)?;
                        return Ok(Poll::Ready(End::Answered(code)));
                    }
                }
                moved = true;
            } else if let Poll::Ready(done) = self.wire.poll_flushed(cx) {
                broken(done)?;
                flushed = true;
                moved = is_full;
            }
            // What the page says, as long as the handler takes it; in each round, as a handler that
            // never stops talking is not to make us deaf to who has had enough.
            let reading = self.inbox.poll_room(cx).is_ready();
            if reading && let Poll::Ready(heard) = self.wire.poll_heard(cx) {
                self.hear(broken(heard)?)?;
                moved = true;
            }
            if moved {
                continue;
            }
            let signs = Signs {
                read: self.wire.read(),
                flushes: self.wire.flushes(),
                flushed,
                reading,
            };
            match self.pulse.poll(cx, signs) {
                Poll::Ready(Beat::Ping) => broken(self.wire.ping(cx))?,
                Poll::Ready(Beat::End(end)) => return Err(end),
                Poll::Pending => return Ok(Poll::Pending),
            }
        }
        cx.waker().wake_by_ref();
        Ok(Poll::Pending)
    }

    fn say(&mut self, cx: &mut Context<'_>, bytes: Bytes) -> Result<(), End> {
        self.outcome.sent(bytes.len());
        broken(self.wire.say(cx, bytes))
    }

    fn hear(&mut self, heard: Heard) -> Result<(), End> {
        let mut bytes = match heard {
            Heard::Bytes(bytes) => bytes,
            Heard::Text => return Err(End::Violation("messages are binary")),
            Heard::Goodbye => return Err(End::Gone),
        };
        if self.heard_all {
            return Err(End::Violation("the request had ended"));
        }
        if bytes.is_empty() {
            return Err(End::Violation("a message is empty"));
        }
        match bytes.get_u8() {
            BYTES => self.inbox.put(bytes),
            END if bytes.is_empty() => {
                self.heard_all = true;
                self.inbox.end();
            }
            END => return Err(End::Violation("bytes after the request's end")),
            _ => return Err(End::Violation("a message begins with neither 0 nor 1")),
        }
        Ok(())
    }
}

/// What ends the call where the socket is broken.
pub(super) fn broken<R>(result: Result<R, Broken>) -> Result<R, End> {
    result.map_err(|broken| match broken {
        Broken::TooLarge(limit) => End::TooLarge(limit),
        Broken::NotFrames => End::Violation("not the frames of a client"),
        Broken::Gone => End::Gone,
    })
}

impl<T, F> Future for Exchange<'_, T, F>
where
    T: AsyncRead + AsyncWrite + Unpin,
    F: Future<Output = Result<Response<Body>, Infallible>>,
{
    type Output = End;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<End> {
        self.get_mut().go_on(cx).unwrap_or_else(Poll::Ready)
    }
}
