//! A streamed answer that may end before its time.
//!
//! hyper does not ask a body for more while its reader takes nothing. So a stream is watched from
//! outside as well: at its deadline, or when nobody has taken what it said for too long, what it
//! holds is let go of, and the reader is told when it takes the next bytes.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body as _, Frame, SizeHint};
use tokio::time::{Instant, sleep_until};
use tokio_util::{
    sync::{CancellationToken, WaitForCancellationFutureOwned},
    task::AbortOnDropHandle,
};
use tonic::{Status, body::Body};

use super::{
    deadline::Deadline,
    open_calls::Connection,
    places::{Place, Places},
};
use crate::status;

/// Why a call ends before its time.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cut {
    /// Its deadline has passed.
    TooLate,
    /// What it said is not taken.
    NotTaken,
    /// The server goes down.
    GoingDown,
}

impl Cut {
    pub(super) fn status(self) -> Status {
        match self {
            Self::TooLate => Status::deadline_exceeded("the call's deadline has passed"),
            Self::NotTaken => Status::deadline_exceeded("nobody took the answer for too long"),
            Self::GoingDown => status::going_down("the server is going down"),
        }
    }
}

/// Who is to take the answer.
#[derive(Debug)]
pub(super) struct Reader {
    /// How long what was said may wait for them.
    pub(super) timeout: Duration,
    /// Places for answers that hold nothing any more but what lies in their connection's buffers.
    pub(super) unread: Arc<Places>,
    pub(super) connection: Option<Arc<Connection>>,
}

type Next = Option<Result<Frame<Bytes>, Status>>;

/// What the body shares with its watchdog.
struct Shared {
    inner: Inner,
    /// Since when a message waits to be taken: hyper asks for the next one when it is.
    offered: Option<Instant>,
}

enum Inner {
    Open(Body),
    /// Dropped: that cancels the handler's stream and frees what it holds.
    Cut(
        Cut,
        #[expect(dead_code, reason = "held for its drop")] Option<Place>,
    ),
    /// Nothing comes any more but what lies in `ahead`.
    Ended(#[expect(dead_code, reason = "held for its drop")] Option<Place>),
}

/// A panic inside has been caught further out, and leaves nothing half-done here.
fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// See [the module](self).
pub(super) struct CutBody {
    shared: Arc<Mutex<Shared>>,
    deadline: Deadline,
    reader: Reader,
    watchdog: Option<AbortOnDropHandle<()>>,
    draining: Arc<CancellationToken>,
    drained: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
    /// What follows the first message, where it was there at once.
    ahead: Option<Next>,
    begun: bool,
    ended: bool,
}

impl CutBody {
    pub(super) fn new(
        inner: Body,
        deadline: Deadline,
        reader: Reader,
        draining: Arc<CancellationToken>,
    ) -> Self {
        Self {
            shared: Arc::new(Mutex::new(Shared {
                inner: Inner::Open(inner),
                offered: None,
            })),
            deadline,
            reader,
            watchdog: None,
            draining,
            drained: None,
            ahead: None,
            begun: false,
            ended: false,
        }
    }

    fn poll_inner(&mut self, cx: &mut Context<'_>) -> Result<Poll<Next>, Cut> {
        let mut shared = lock(&self.shared);
        shared.offered = None;
        let polled = match (&mut shared.inner, self.ahead.take()) {
            (Inner::Cut(why, _), _) => return Err(*why),
            (_, Some(next)) => Poll::Ready(next),
            (Inner::Open(inner), None) => Pin::new(inner).poll_frame(cx),
            (Inner::Ended(_), None) => Poll::Ready(None),
        };
        if is_message(&polled) {
            shared.offered = Some(Instant::now());
        }
        Ok(polled)
    }

    /// A unary answer is whole after its first message: looking one ahead frees what it holds, and
    /// spares it the watchdog. A stream is watched from its first message on.
    fn begin(&mut self, cx: &mut Context<'_>) {
        self.begun = true;
        let polled = self.poll_inner(cx).unwrap_or(Poll::Pending);
        let is_whole = polled.is_ready() && !is_message(&polled);
        if let Poll::Ready(next) = polled {
            self.ahead = Some(next);
        }
        let mut shared = lock(&self.shared);
        if is_whole && let Some(place) = Place::take(&self.reader.unread) {
            shared.inner = Inner::Ended(Some(place));
            return;
        }
        // The first message is only on its way now.
        shared.offered = Some(Instant::now());
        drop(shared);
        self.watch();
    }

    fn watch(&mut self) {
        if self.watchdog.is_none() {
            let watchdog = Watchdog {
                shared: Arc::clone(&self.shared),
                deadline: self.deadline.at(),
                timeout: self.reader.timeout,
                unread: Arc::clone(&self.reader.unread),
                connection: self.reader.connection.clone(),
            };
            self.watchdog = Some(AbortOnDropHandle::new(tokio::spawn(watchdog.run())));
        }
    }

    fn poll_drained(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let draining = &self.draining;
        self.drained
            .get_or_insert_with(|| Box::pin(CancellationToken::clone(draining).cancelled_owned()))
            .as_mut()
            .poll(cx)
    }

    fn cut(&mut self, why: Cut) -> Poll<Next> {
        let inner = std::mem::replace(&mut lock(&self.shared).inner, Inner::Ended(None));
        drop(inner);
        self.ended = true;
        let mut trailers = HeaderMap::new();
        let added = why.status().add_header(&mut trailers);
        Poll::Ready(Some(added.map(|()| Frame::trailers(trailers))))
    }
}

fn is_message(polled: &Poll<Next>) -> bool {
    matches!(polled, Poll::Ready(Some(Ok(frame))) if frame.is_data())
}

/// Cuts what nobody asks for any more.
struct Watchdog {
    shared: Arc<Mutex<Shared>>,
    deadline: Instant,
    timeout: Duration,
    unread: Arc<Places>,
    connection: Option<Arc<Connection>>,
}

impl Watchdog {
    async fn run(self) {
        let mut next = self.deadline.min(Instant::now() + self.timeout);
        loop {
            sleep_until(next).await;
            match self.look() {
                Some(again) => next = again,
                None => return,
            }
        }
    }

    /// Cuts what is due, or says when to look again.
    fn look(&self) -> Option<Instant> {
        let now = Instant::now();
        let mut shared = lock(&self.shared);
        // What says nothing waits for nobody: it is looked at again when it could be too late.
        let waits_until = shared.offered.unwrap_or(now) + self.timeout;
        let why = if now >= self.deadline {
            Cut::TooLate
        } else if now >= waits_until {
            Cut::NotTaken
        } else {
            return Some(self.deadline.min(waits_until));
        };
        let mut place = None;
        if shared.offered.is_some() {
            place = Place::take(&self.unread);
            if place.is_none()
                && let Some(connection) = &self.connection
            {
                connection.close();
            }
        }
        let inner = std::mem::replace(&mut shared.inner, Inner::Cut(why, place));
        // Dropping may take a while: not under the lock.
        drop(shared);
        drop(inner);
        None
    }
}

impl http_body::Body for CutBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Next> {
        let this = self.get_mut();
        if this.ended {
            return Poll::Ready(None);
        }
        let polled = match this.poll_inner(cx) {
            Ok(polled) => polled,
            Err(why) => return this.cut(why),
        };
        match polled {
            Poll::Ready(Some(Ok(frame))) if frame.is_data() => {
                if !this.begun {
                    this.begin(cx);
                } else if this.deadline.has_passed() {
                    return this.cut(Cut::TooLate);
                } else if this.draining.is_cancelled() {
                    return this.cut(Cut::GoingDown);
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(last) => {
                this.ended = true;
                Poll::Ready(last)
            }
            Poll::Pending if this.deadline.poll(cx).is_ready() => this.cut(Cut::TooLate),
            Poll::Pending if this.poll_drained(cx).is_ready() => this.cut(Cut::GoingDown),
            Poll::Pending => {
                this.watch();
                Poll::Pending
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        if self.ended {
            return true;
        }
        match &self.ahead {
            Some(next) => next.is_none(),
            None => match &lock(&self.shared).inner {
                Inner::Open(inner) => inner.is_end_stream(),
                // Its trailers are to come.
                Inner::Cut(..) => false,
                Inner::Ended(_) => true,
            },
        }
    }

    fn size_hint(&self) -> SizeHint {
        // What is left may be cut at any time: no promise.
        SizeHint::default()
    }
}
