//! Ends calls before their time: at their deadline, and streams when the server goes down.
//!
//! hyper does not ask a body for more while its reader takes nothing, so the deadline of a stalled
//! stream is seen when the reader takes the next bytes or goes; until then it holds its place and
//! no more than hyper's send buffer.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures_util::future::Either;
use http::{HeaderMap, Request, Response};
use http_body::{Body as _, Frame, SizeHint};
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::{Code, Status, body::Body};
use tonic_types::{ErrorDetails, StatusExt as _};
use tower_layer::Layer;
use tower_service::Service;

use super::deadline;

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

impl<S, Q> Service<Request<Q>> for Cutoff<S>
where
    S: Service<Request<Q>, Response = Response<Body>, Error = Infallible>,
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

impl<F> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<Body>, Infallible>>,
{
    type Output = Result<Response<Body>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Poll::Ready(Ok(response)) = this.inner.poll(cx) {
            // Trailers-only: there is nothing to end any more.
            if response.body().is_end_stream() {
                return Poll::Ready(Ok(response));
            }
            let deadline = Deadline::new(this.deadline.at);
            let draining = Arc::clone(this.draining);
            return Poll::Ready(Ok(response.map(|inner| {
                Body::new(CutBody {
                    inner: Some(inner),
                    deadline,
                    draining,
                    drained: None,
                    messages_sent: false,
                })
            })));
        }
        this.deadline.poll(cx).map(|()| Ok(too_late().into_http()))
    }
}

/// A body that may end before its time, with trailers that say why.
struct CutBody {
    /// Dropped when it is cut: that cancels the handler's stream.
    inner: Option<Body>,
    deadline: Deadline,
    draining: Arc<CancellationToken>,
    drained: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
    messages_sent: bool,
}

impl CutBody {
    fn cut(&mut self, status: &Status) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        self.inner = None;
        let mut trailers = HeaderMap::new();
        Poll::Ready(Some(
            status
                .add_header(&mut trailers)
                .map(|()| Frame::trailers(trailers)),
        ))
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

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = self.get_mut();
        let Some(inner) = &mut this.inner else {
            return Poll::Ready(None);
        };
        match Pin::new(inner).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) if frame.is_data() => {
                // A unary answer is one frame of data: only a stream comes here twice.
                if this.messages_sent {
                    if this.deadline.has_passed() {
                        return this.cut(&too_late());
                    }
                    if this.draining.is_cancelled() {
                        return this.cut(&going_down());
                    }
                }
                this.messages_sent = true;
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(other) => Poll::Ready(other),
            Poll::Pending if this.deadline.poll(cx).is_ready() => this.cut(&too_late()),
            Poll::Pending if this.poll_drained(cx).is_ready() => this.cut(&going_down()),
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner
            .as_ref()
            .is_none_or(http_body::Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        // What is left may be cut at any time: no promise.
        SizeHint::default()
    }
}
