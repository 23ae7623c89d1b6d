//! Whether there is still somebody at the other end.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::time::{Instant, Sleep, sleep_until};

use super::{Limits, close::End};

/// What the session knows of its socket when the pulse is taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signs {
    /// How many bytes have been read.
    pub(super) read: u64,
    /// How often all that was said had left, and whether it has now.
    pub(super) flushes: u64,
    pub(super) flushed: bool,
    /// Whether the socket is read at all: if not, silence is ours.
    pub(super) reading: bool,
}

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Beat {
    Ping,
    End(End),
}

/// Looks at the socket now and then: a timer for each byte would cost more than it tells. So what
/// is late is seen late, by a look at the most.
pub(super) struct Pulse {
    ping: Duration,
    send_timeout: Duration,
    /// Since when nothing has been read, and how much had been.
    quiet_since: Instant,
    read: u64,
    asked: bool,
    /// Since when something has been waiting to leave, and how often all had left before.
    unsent_since: Option<Instant>,
    flushes: u64,
    timer: Pin<Box<Sleep>>,
}

impl Pulse {
    pub(super) fn new(limits: &Limits) -> Self {
        let now = Instant::now();
        Self {
            ping: limits.ping,
            send_timeout: limits.send_timeout,
            quiet_since: now,
            read: 0,
            asked: false,
            unsent_since: None,
            flushes: 0,
            timer: Box::pin(sleep_until(now + limits.ping.min(limits.send_timeout))),
        }
    }

    /// To be polled whenever there is nothing else to do.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>, signs: Signs) -> Poll<Beat> {
        if signs.flushed {
            self.unsent_since = None;
        } else if self.unsent_since.is_none() || self.flushes != signs.flushes {
            self.unsent_since = Some(Instant::now());
        }
        self.flushes = signs.flushes;
        loop {
            ready!(self.timer.as_mut().poll(cx));
            if let Some(beat) = self.look(Instant::now(), signs) {
                return Poll::Ready(beat);
            }
        }
    }

    /// What is due, and sets the timer anew.
    fn look(&mut self, now: Instant, signs: Signs) -> Option<Beat> {
        if self.read != signs.read || !signs.reading {
            self.read = signs.read;
            self.quiet_since = now;
            self.asked = false;
        }
        let unsent_until = self.unsent_since.map(|since| since + self.send_timeout);
        if unsent_until.is_some_and(|until| now >= until) {
            return Some(Beat::End(End::NotTaken));
        }
        let ask_at = self.quiet_since + self.ping;
        let late_at = ask_at + self.ping;
        if self.asked && now >= late_at {
            return Some(Beat::End(End::Silent));
        }
        let ask = !self.asked && now >= ask_at;
        self.asked |= ask;
        let next = if self.asked { late_at } else { ask_at };
        let next = unsent_until.map_or(next, |until| next.min(until));
        let soon = now + self.ping.min(self.send_timeout);
        self.timer.as_mut().reset(next.min(soon));
        ask.then_some(Beat::Ping)
    }
}
