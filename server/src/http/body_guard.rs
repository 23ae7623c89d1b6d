//! Holding a value until a response has been passed on completely or is dropped. The limits of tower
//! and tower-http release their permits at the response's headers, which is too early for streams.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use frontdesk_transport::server::websocket::UpgradedCall;
use http::Response;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

pin_project! {
    /// A response future that hands its guard over to the body.
    #[derive(Debug)]
    pub struct GuardedFuture<F, G> {
        #[pin]
        inner: F,
        guard: Option<G>,
    }
}

impl<F, G> GuardedFuture<F, G> {
    pub(crate) fn new(inner: F, guard: G) -> Self {
        let guard = Some(guard);
        Self { inner, guard }
    }
}

impl<F, B, E, G> Future for GuardedFuture<F, G>
where
    F: Future<Output = Result<Response<B>, E>>,
    G: Send + 'static,
{
    type Output = Result<Response<GuardedBody<B, G>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = ready!(this.inner.poll(cx))?;
        let mut guard = this.guard.take();
        // The body of a response that upgrades to a WebSocket ends at once.
        if let Some(upgraded) = response.extensions().get::<UpgradedCall>()
            && let Some(guard) = guard.take()
        {
            upgraded.hold_until_socket_closes(guard);
        }
        Poll::Ready(Ok(response.map(|inner| GuardedBody {
            inner,
            _guard: guard,
        })))
    }
}

pin_project! {
    /// A body that holds its guard until it is dropped.
    #[derive(Debug)]
    pub struct GuardedBody<B, G> {
        #[pin]
        inner: B,
        _guard: Option<G>,
    }
}

impl<B, G> GuardedBody<B, G> {
    pub(crate) fn without_guard(inner: B) -> Self {
        Self {
            inner,
            _guard: None,
        }
    }
}

impl<B: Body, G> Body for GuardedBody<B, G> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        self.project().inner.poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
