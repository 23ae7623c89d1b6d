//! A streamed answer that may end before its time.
//!
//! hyper does not ask a body for more while its reader takes nothing. So a stream is watched from
//! outside as well: at its deadline, or when nobody has taken what it said for too long, what it
//! holds is let go of, and the reader is told when it takes the next bytes.

use std::{
    mem,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Instant, sleep_until};
use tokio_util::{
    sync::{CancellationToken, WaitForCancellationFutureOwned},
    task::AbortOnDropHandle,
};
use tonic::Status;

use super::{
    buffered_response::{Ahead, Next},
    deadline::Deadline,
};
use crate::http::{
    connection_state::Connection,
    permits::{Place, Places},
};
use crate::status;

/// Why a call ends before its time.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cut {
    /// Its deadline has passed.
    TooLate,
    /// What it said is not taken.
    NotTaken,
    /// The server goes down.
    GoingDown,
}

impl Cut {
    pub(crate) fn status(self) -> Status {
        match self {
            Self::TooLate => Status::deadline_exceeded("the call's deadline has passed"),
            Self::NotTaken => Status::deadline_exceeded("nobody took the answer for too long"),
            Self::GoingDown => status::going_down("the server is going down"),
        }
    }
}

/// Who is to take the answer.
#[derive(Debug)]
pub(crate) struct Reader {
    /// How long what was said may wait for them.
    pub(crate) timeout: Duration,
    /// Places for answers that hold nothing any more but what lies in their connection's buffers.
    pub(crate) unread: Arc<Places>,
    pub(crate) connection: Option<Arc<Connection>>,
}

/// What the body shares with its watchdog.
struct Shared<B> {
    inner: Inner<B>,
    /// Since when a message waits to be taken: hyper asks for the next one when it is.
    offered: Option<Instant>,
}

enum Inner<B> {
    Open(B),
    /// Dropped: that cancels the handler's stream and frees what it holds.
    Cut(
        Cut,
        #[expect(dead_code, reason = "held for its drop")] Option<Place>,
    ),
}

/// A panic inside has been caught further out, and leaves nothing half-done here.
fn lock<B>(shared: &Mutex<Shared<B>>) -> MutexGuard<'_, Shared<B>> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// See [the module](self).
pub(crate) struct CutBody<B> {
    shared: Arc<Mutex<Shared<B>>>,
    /// What came while the answer was looked at.
    ahead: Ahead,
    deadline: Deadline,
    draining: Arc<CancellationToken>,
    drained: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
    ended: bool,
    _watchdog: AbortOnDropHandle<()>,
}

impl<B> CutBody<B>
where
    B: Body<Data = Bytes, Error = Status> + Send + Unpin + 'static,
{
    /// What is left of `inner` once `ahead` was taken of it.
    pub(crate) fn new(
        inner: B,
        ahead: Ahead,
        deadline: Deadline,
        reader: Reader,
        draining: Arc<CancellationToken>,
    ) -> Self {
        let shared = Arc::new(Mutex::new(Shared {
            inner: Inner::Open(inner),
            offered: (!ahead.is_empty()).then(Instant::now),
        }));
        let watchdog = Watchdog {
            shared: Arc::clone(&shared),
            deadline: deadline.at(),
            reader,
        };
        Self {
            shared,
            ahead,
            deadline,
            draining,
            drained: None,
            ended: false,
            _watchdog: AbortOnDropHandle::new(tokio::spawn(watchdog.run())),
        }
    }

    fn poll_inner(&mut self, cx: &mut Context<'_>) -> Result<Poll<Next>, Cut> {
        let mut shared = lock(&self.shared);
        shared.offered = None;
        let polled = match &mut shared.inner {
            Inner::Cut(why, _) => return Err(*why),
            Inner::Open(inner) => match self.ahead.take() {
                Some(next) => Poll::Ready(next),
                None => Pin::new(inner).poll_frame(cx),
            },
        };
        if matches!(&polled, Poll::Ready(Some(Ok(frame))) if frame.is_data()) {
            shared.offered = Some(Instant::now());
        }
        Ok(polled)
    }

    fn poll_drained(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let draining = &self.draining;
        self.drained
            .get_or_insert_with(|| Box::pin(CancellationToken::clone(draining).cancelled_owned()))
            .as_mut()
            .poll(cx)
    }

    fn cut(&mut self, why: Cut) -> Poll<Next> {
        let mut shared = lock(&self.shared);
        let open = match shared.inner {
            Inner::Open(_) => Some(mem::replace(&mut shared.inner, Inner::Cut(why, None))),
            Inner::Cut(..) => None,
        };
        // Dropping may take a while: not under the lock.
        drop(shared);
        drop(open);
        self.ended = true;
        let mut trailers = HeaderMap::new();
        let added = why.status().add_header(&mut trailers);
        Poll::Ready(Some(added.map(|()| Frame::trailers(trailers))))
    }
}

/// Cuts what nobody asks for any more.
struct Watchdog<B> {
    shared: Arc<Mutex<Shared<B>>>,
    deadline: Instant,
    reader: Reader,
}

impl<B> Watchdog<B> {
    async fn run(self) {
        let mut next = self.deadline.min(Instant::now() + self.reader.timeout);
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
        let waits_until = shared.offered.unwrap_or(now) + self.reader.timeout;
        let why = if now >= self.deadline {
            Cut::TooLate
        } else if now >= waits_until {
            Cut::NotTaken
        } else {
            return Some(self.deadline.min(waits_until));
        };
        let mut place = None;
        if shared.offered.is_some() {
            place = Place::take(&self.reader.unread);
            if place.is_none()
                && let Some(connection) = &self.reader.connection
            {
                connection.close();
            }
        }
        let inner = mem::replace(&mut shared.inner, Inner::Cut(why, place));
        // Dropping may take a while: not under the lock.
        drop(shared);
        drop(inner);
        None
    }
}

impl<B> Body for CutBody<B>
where
    B: Body<Data = Bytes, Error = Status> + Send + Unpin + 'static,
{
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Next> {
        let this = self.get_mut();
        if this.ended {
            return Poll::Ready(None);
        }
        let was_ahead = !this.ahead.is_empty();
        let polled = match this.poll_inner(cx) {
            Ok(polled) => polled,
            Err(why) => return this.cut(why),
        };
        match polled {
            Poll::Ready(Some(Ok(frame))) if frame.is_data() => {
                if was_ahead {
                    // It was there in time.
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
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        if self.ended {
            return true;
        }
        if !self.ahead.is_empty() {
            return self.ahead.is_end();
        }
        match &lock(&self.shared).inner {
            Inner::Open(inner) => inner.is_end_stream(),
            // Its trailers are to come.
            Inner::Cut(..) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        // What is left may be cut at any time: no promise.
        SizeHint::default()
    }
}
