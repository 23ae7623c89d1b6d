//! What became of a translated call, for whoever writes it down outside.

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

/// Stands in a response's extensions. In gRPC-Web the status is a frame of the body, where a
/// layer outside does not see it, and a socket has no body at all; this holds it once it has gone
/// by.
#[derive(Debug, Clone)]
pub struct Outcome(Arc<Tally>);

#[derive(Debug)]
struct Tally {
    code: AtomicI32,
    bytes: AtomicU64,
}

const UNKNOWN_YET: i32 = -1;

impl Outcome {
    pub(super) fn new() -> Self {
        Self(Arc::new(Tally {
            code: AtomicI32::new(UNKNOWN_YET),
            bytes: AtomicU64::new(0),
        }))
    }

    /// How many bytes were said besides the response's body: over a socket, all of them.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.0.bytes.load(Ordering::Relaxed)
    }

    pub(super) fn sent(&self, bytes: usize) {
        self.0.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(super) fn end(&self, code: Code) {
        self.0.code.store(code as i32, Ordering::Relaxed);
    }

    /// The status that the call ended with; `None` while it has not ended.
    #[must_use]
    pub fn get(&self) -> Option<Code> {
        match self.0.code.load(Ordering::Relaxed) {
            UNKNOWN_YET => None,
            code => Some(Code::from_i32(code)),
        }
    }

    fn note(&self, trailers: &HeaderMap) {
        if let Some(status) = trailers.get("grpc-status") {
            self.end(Code::from_bytes(status.as_bytes()));
        }
    }
}

pin_project! {
    /// Notes the status in the trailers that go by.
    #[derive(Debug)]
    pub struct Observed<B> {
        #[pin]
        inner: B,
        outcome: Outcome,
    }
}

impl<B: Body<Data = Bytes>> Body for Observed<B> {
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
            this.outcome.note(trailers);
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

/// Puts an [`Outcome`] beside every answer.
#[derive(Debug, Clone)]
pub struct Noted<S>(S);

impl<S> Noted<S> {
    pub(super) fn new(inner: S) -> Self {
        Self(inner)
    }
}

impl<S, Q, R> Service<Request<Q>> for Noted<S>
where
    S: Service<Request<Q>, Response = Response<R>, Error = Infallible>,
{
    type Response = Response<Observed<R>>;
    type Error = Infallible;
    type Future = MapOk<S::Future, fn(Response<R>) -> Response<Observed<R>>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        self.0.call(request).map_ok(|mut response| {
            let outcome = Outcome::new();
            outcome.note(response.headers());
            response.extensions_mut().insert(outcome.clone());
            response.map(|inner| Observed { inner, outcome })
        })
    }
}
