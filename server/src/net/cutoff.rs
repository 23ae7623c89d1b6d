//! Ends calls before their time: at their deadline, and streams when the server goes down.
//!
//! hyper does not ask a body for more while its reader takes nothing. So a stream's deadline is
//! watched from outside as well: when it passes, what the stream holds is let go of, and the reader
//! is told when it takes the next bytes.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures_util::future::Either;
use http::{HeaderMap, Request, Response};
use http_body::{Frame, SizeHint};
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_util::{
    sync::{CancellationToken, WaitForCancellationFutureOwned},
    task::AbortOnDropHandle,
};
use tonic::{Code, Status, body::Body};
use tonic_types::{ErrorDetails, StatusExt as _};
use tower_layer::Layer;
use tower_service::Service;

use super::{BoxError, deadline};

/// When a client whose stream was ended may find us again.
const RESTART_RETRY: Duration = Duration::from_secs(2);

/// Ends each call after `grpc-timeout` or `longest`, whichever is less, and each stream once
/// `draining` is cancelled.
#[derive(Debug, Clone)]
pub struct CutoffLayer {
    longest: Duration,
    /// Behind an `Arc`, as cloning a token takes a lock that all calls share.
    draining: Arc<CancellationToken>,
}

impl CutoffLayer {
    /// See [`CutoffLayer`].
    #[must_use]
    pub fn new(longest: Duration, draining: CancellationToken) -> Self {
        Self {
            longest,
            draining: Arc::new(draining),
        }
    }
}

impl<S> Layer<S> for CutoffLayer {
    type Service = Cutoff<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Cutoff {
            inner,
            layer: self.clone(),
        }
    }
}

/// What [`CutoffLayer`] makes.
#[derive(Debug, Clone)]
pub struct Cutoff<S> {
    inner: S,
    layer: CutoffLayer,
}

impl<S, Q, R> Service<Request<Q>> for Cutoff<S>
where
    S: Service<Request<Q>, Response = Response<R>, Error = Infallible>,
    R: http_body::Body<Data = Bytes> + Send + 'static,
    R::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Either<Ready<Result<Response<Body>, Infallible>>, ResponseFuture<S::Future>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let timeout = match deadline::timeout(request.headers()) {
            Ok(timeout) => timeout.map_or(self.layer.longest, |t| t.min(self.layer.longest)),
            Err(error) => {
                let status = Status::with_error_details(
                    Code::InvalidArgument,
                    error.to_string(),
                    ErrorDetails::with_bad_request_violation("grpc-timeout", error.to_string()),
                );
                return Either::Left(ready(Ok(status.into_http())));
            }
        };
        Either::Right(ResponseFuture {
            inner: self.inner.call(request),
            deadline: Deadline::new(Instant::now() + timeout),
            draining: Arc::clone(&self.layer.draining),
        })
    }
}

/// A timer that is only set once somebody has to wait: most calls are answered at once.
#[derive(Debug)]
struct Deadline {
    at: Instant,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Deadline {
    fn new(at: Instant) -> Self {
        Self { at, timer: None }
    }

    /// Whether it has passed; if not, wakes the task when it does.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let at = self.at;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(at)));
        timer.as_mut().poll(cx)
    }

    fn has_passed(&self) -> bool {
        Instant::now() >= self.at
    }
}

fn too_late() -> Status {
    Status::deadline_exceeded("the call's deadline has passed")
}

fn going_down() -> Status {
    Status::with_error_details(
        Code::Unavailable,
        "the server is going down",
        ErrorDetails::with_retry_info(Some(RESTART_RETRY)),
    )
}

pin_project! {
    /// An answer that is waited for until the deadline.
    #[derive(Debug)]
    pub struct ResponseFuture<F> {
        #[pin]
        inner: F,
        deadline: Deadline,
        draining: Arc<CancellationToken>,
    }
}

impl<F, R> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<R>, Infallible>>,
    R: http_body::Body<Data = Bytes> + Send + 'static,
    R::Error: Into<BoxError>,
{
    type Output = Result<Response<Body>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Poll::Ready(Ok(response)) = this.inner.poll(cx) {
            // Trailers-only: there is nothing to end any more.
            if response.body().is_end_stream() {
                return Poll::Ready(Ok(response.map(Body::new)));
            }
            let deadline = this.deadline.at;
            let draining = Arc::clone(this.draining);
            return Poll::Ready(Ok(response.map(|inner| {
                Body::new(CutBody {
                    inner: Arc::new(Mutex::new(Some(Body::new(inner)))),
                    deadline: Deadline::new(deadline),
                    watchdog: None,
                    draining,
                    drained: None,
                    messages_sent: false,
                    ended: false,
                })
            })));
        }
        this.deadline.poll(cx).map(|()| Ok(too_late().into_http()))
    }
}

/// A body that may end before its time, with trailers that say why.
struct CutBody {
    /// Taken out when it is cut: that cancels the handler's stream and frees what it holds.
    inner: Arc<Mutex<Option<Body>>>,
    deadline: Deadline,
    /// Takes it out at the deadline when nobody asks for more.
    watchdog: Option<AbortOnDropHandle<()>>,
    draining: Arc<CancellationToken>,
    drained: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
    messages_sent: bool,
    ended: bool,
}

type Polled = Poll<Option<Result<Frame<Bytes>, Status>>>;

/// What is inside; a panic there has been caught further out, and leaves nothing half-done here.
fn lock(inner: &Mutex<Option<Body>>) -> MutexGuard<'_, Option<Body>> {
    inner.lock().unwrap_or_else(PoisonError::into_inner)
}

impl CutBody {
    fn cut(&mut self, status: &Status) -> Polled {
        *lock(&self.inner) = None;
        self.ended = true;
        let mut trailers = HeaderMap::new();
        Poll::Ready(Some(
            status
                .add_header(&mut trailers)
                .map(|()| Frame::trailers(trailers)),
        ))
    }

    /// Only a stream comes here: a unary answer is there at once, in one piece.
    fn watch(&mut self) {
        if self.watchdog.is_none() {
            let (inner, at) = (Arc::clone(&self.inner), self.deadline.at);
            self.watchdog = Some(AbortOnDropHandle::new(tokio::spawn(async move {
                sleep_until(at).await;
                // Dropped when the lock is free again.
                let _cut = lock(&inner).take();
            })));
        }
    }

    fn poll_drained(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let draining = &self.draining;
        self.drained
            .get_or_insert_with(|| Box::pin(CancellationToken::clone(draining).cancelled_owned()))
            .as_mut()
            .poll(cx)
    }
}

impl http_body::Body for CutBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Polled {
        let this = self.get_mut();
        if this.ended {
            return Poll::Ready(None);
        }
        let polled = match &mut *lock(&this.inner) {
            Some(inner) => Pin::new(inner).poll_frame(cx),
            // The watchdog was here.
            None => Poll::Ready(None),
        };
        match polled {
            Poll::Ready(None) if lock(&this.inner).is_none() => this.cut(&too_late()),
            Poll::Ready(Some(Ok(frame))) if frame.is_data() => {
                if this.messages_sent {
                    if this.deadline.has_passed() {
                        return this.cut(&too_late());
                    }
                    if this.draining.is_cancelled() {
                        return this.cut(&going_down());
                    }
                    this.watch();
                }
                this.messages_sent = true;
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(other) => Poll::Ready(other),
            Poll::Pending if this.deadline.poll(cx).is_ready() => this.cut(&too_late()),
            Poll::Pending if this.poll_drained(cx).is_ready() => this.cut(&going_down()),
            Poll::Pending => {
                this.watch();
                Poll::Pending
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.ended
            || lock(&self.inner)
                .as_ref()
                .is_some_and(http_body::Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        // What is left may be cut at any time: no promise.
        SizeHint::default()
    }
}
