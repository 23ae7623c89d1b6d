//! Detects clients that are silent or do not read.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::time::{Instant, Sleep, sleep_until};

use super::{close_reason::CloseReason, limits::Limits};

/// A snapshot of the socket's activity.
#[derive(Debug, Clone, Copy)]
pub(super) struct Activity {
    pub(super) bytes_read: u64,
    pub(super) flushes: u64,
    pub(super) is_flushed: bool,
    /// Whether the socket is being read. If it is not, silence is not the client's fault.
    pub(super) is_reading: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Action {
    SendPing,
    Close(CloseReason),
}

/// Checks the activity at intervals, because restarting a timer for every byte would cost too much.
/// A timeout is therefore noticed up to one interval late.
pub(super) struct Keepalive {
    ping_interval: Duration,
    send_timeout: Duration,
    /// When the last read was noticed, and how many bytes had been read by then.
    silent_since: Instant,
    bytes_read: u64,
    has_pinged: bool,
    /// Since when data waits to be flushed, and how many flushes had completed by then.
    unflushed_since: Option<Instant>,
    flushes: u64,
    timer: Pin<Box<Sleep>>,
}

impl Keepalive {
    pub(super) fn new(limits: &Limits) -> Self {
        let now = Instant::now();
        let (ping_interval, send_timeout) = (limits.keepalive_interval, limits.send_timeout);
        Self {
            ping_interval,
            send_timeout,
            silent_since: now,
            bytes_read: 0,
            has_pinged: false,
            unflushed_since: None,
            flushes: 0,
            timer: Box::pin(sleep_until(now + ping_interval.min(send_timeout))),
        }
    }

    /// To be polled whenever the session has nothing else to do.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>, activity: Activity) -> Poll<Action> {
        if activity.is_flushed {
            self.unflushed_since = None;
        } else if self.unflushed_since.is_none() || self.flushes != activity.flushes {
            self.unflushed_since = Some(Instant::now());
        }
        self.flushes = activity.flushes;
        loop {
            ready!(self.timer.as_mut().poll(cx));
            if let Some(action) = self.check(Instant::now(), activity) {
                return Poll::Ready(action);
            }
        }
    }

    /// Returns the action that is due and restarts the timer.
    fn check(&mut self, now: Instant, activity: Activity) -> Option<Action> {
        if self.bytes_read != activity.bytes_read || !activity.is_reading {
            self.bytes_read = activity.bytes_read;
            self.silent_since = now;
            self.has_pinged = false;
        }
        let flush_deadline = self.unflushed_since.map(|since| since + self.send_timeout);
        if flush_deadline.is_some_and(|deadline| now >= deadline) {
            return Some(Action::Close(CloseReason::SendTimeout));
        }
        let ping_at = self.silent_since + self.ping_interval;
        let pong_deadline = ping_at + self.ping_interval;
        if self.has_pinged && now >= pong_deadline {
            return Some(Action::Close(CloseReason::KeepaliveTimeout));
        }
        let is_ping_due = !self.has_pinged && now >= ping_at;
        self.has_pinged |= is_ping_due;
        let next = if self.has_pinged {
            pong_deadline
        } else {
            ping_at
        };
        let next = flush_deadline.map_or(next, |deadline| next.min(deadline));
        let next_check = now + self.ping_interval.min(self.send_timeout);
        self.timer.as_mut().reset(next.min(next_check));
        is_ping_due.then_some(Action::SendPing)
    }
}
