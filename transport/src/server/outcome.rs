//! The outcome of a translated call, for layers outside the translation.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicI32, AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_util::future::{MapOk, TryFutureExt as _};
use http::{HeaderMap, Request, Response};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use tonic::Code;
use tower_service::Service;

use crate::status;

/// A response extension that holds the call's status once it is known.
///
/// Layers outside cannot see the status themselves: in gRPC-Web it is a frame of the body, and a
/// WebSocket call has no response body at all.
#[derive(Debug, Clone)]
pub struct Outcome(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    code: AtomicI32,
    socket_bytes: AtomicU64,
}

/// Not a status code: the call has not ended.
const PENDING: i32 = -1;

impl Outcome {
    pub(super) fn new() -> Self {
        Self(Arc::new(Shared {
            code: AtomicI32::new(PENDING),
            socket_bytes: AtomicU64::new(0),
        }))
    }

    /// The status that the call ended with; `None` until it has ended.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        match self.0.code.load(Ordering::Relaxed) {
            PENDING => None,
            code => Some(Code::from_i32(code)),
        }
    }

    /// The number of bytes sent over the call's WebSocket so far; 0 for other calls.
    #[must_use]
    pub fn socket_bytes(&self) -> u64 {
        self.0.socket_bytes.load(Ordering::Relaxed)
    }

    pub(super) fn add_socket_bytes(&self, bytes: usize) {
        self.0
            .socket_bytes
            .fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(super) fn set_code(&self, code: Code) {
        self.0.code.store(code as i32, Ordering::Relaxed);
    }

    fn set_code_from(&self, fields: &HeaderMap) {
        if let Some(code) = status::code(fields) {
            self.set_code(code);
        }
    }
}

pin_project! {
    /// Copies the status in the trailers to an [`Outcome`].
    #[derive(Debug)]
    pub struct OutcomeBody<B> {
        #[pin]
        inner: B,
        outcome: Outcome,
    }
}

impl<B: Body<Data = Bytes>> Body for OutcomeBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = self.project();
        let frame = ready!(this.inner.poll_frame(cx));
        if let Some(Ok(frame)) = &frame
            && let Some(trailers) = frame.trailers_ref()
        {
            this.outcome.set_code_from(trailers);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// Adds an [`Outcome`] to every response.
#[derive(Debug, Clone)]
pub struct TrackOutcome<S>(S);

impl<S> TrackOutcome<S> {
    pub(super) fn new(inner: S) -> Self {
        Self(inner)
    }
}

impl<S, Q, R> Service<Request<Q>> for TrackOutcome<S>
where
    S: Service<Request<Q>, Response = Response<R>, Error = Infallible>,
{
    type Response = Response<OutcomeBody<R>>;
    type Error = Infallible;
    type Future = MapOk<S::Future, fn(Response<R>) -> Response<OutcomeBody<R>>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        self.0.call(request).map_ok(|mut response| {
            let outcome = Outcome::new();
            outcome.set_code_from(response.headers());
            response.extensions_mut().insert(outcome.clone());
            response.map(|inner| OutcomeBody { inner, outcome })
        })
    }
}
