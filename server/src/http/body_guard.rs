//! Something that is held until an answer has been handed over whole, or nobody wants it any more.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use frontdesk_transport::server::websocket::UpgradedCall;
use http::Response;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

pin_project! {
    /// An answer on its way; hands what it holds on to its body.
    #[derive(Debug)]
    pub struct HeldFuture<F, T> {
        #[pin]
        inner: F,
        held: Option<T>,
    }
}

impl<F, T> HeldFuture<F, T> {
    pub(crate) fn new(inner: F, held: T) -> Self {
        let held = Some(held);
        Self { inner, held }
    }
}

impl<F, B, E, T> Future for HeldFuture<F, T>
where
    F: Future<Output = Result<Response<B>, E>>,
    T: Send + 'static,
{
    type Output = Result<Response<HeldBody<B, T>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = ready!(this.inner.poll(cx))?;
        let mut held = this.held.take();
        // The body of an answer that opens a socket ends at once.
        if let Some(ongoing) = response.extensions().get::<UpgradedCall>()
            && let Some(held) = held.take()
        {
            ongoing.hold_until_socket_closes(held);
        }
        Poll::Ready(Ok(response.map(|inner| HeldBody { inner, _held: held })))
    }
}

pin_project! {
    /// A body that holds it until it is dropped.
    #[derive(Debug)]
    pub struct HeldBody<B, T> {
        #[pin]
        inner: B,
        _held: Option<T>,
    }
}

impl<B, T> HeldBody<B, T> {
    /// A body that holds nothing.
    pub(crate) fn nothing(inner: B) -> Self {
        Self { inner, _held: None }
    }
}

impl<B: Body, T> Body for HeldBody<B, T> {
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
