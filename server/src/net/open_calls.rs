//! What a connection has open, and a way to close it from inside of a call.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use http::{Request, Response};
use http_body::{Body, Frame, SizeHint};
use hyper::service::Service;
use pin_project_lite::pin_project;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

/// One connection, as its calls know it: stands in the extensions of each request.
#[derive(Debug, Default)]
pub(super) struct Connection {
    begun: AtomicUsize,
    ended: AtomicUsize,
    close: CancellationToken,
}

impl Connection {
    /// Closes it at once, with all that it has open.
    pub(super) fn close(&self) {
        self.close.cancel();
    }

    /// Done when somebody has closed it.
    pub(super) async fn closed(&self) {
        self.close.cancelled().await;
    }

    /// Done when no call has been open for that long, or up to twice as long: one look in each
    /// such time costs nothing, however many calls there are.
    pub(super) async fn idle(&self, timeout: Duration) {
        let mut before = None;
        loop {
            // What has ended first: a call that begins in between is not taken for one that has
            // ended.
            let ended = self.ended.load(Ordering::Acquire);
            let begun = self.begun.load(Ordering::Acquire);
            if begun == ended && before == Some(begun) {
                return;
            }
            before = (begun == ended).then_some(begun);
            sleep(timeout).await;
        }
    }
}

/// A call that is open until its answer has been handed over whole.
#[derive(Debug)]
struct Open(Arc<Connection>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Ordering::Release);
    }
}

/// Counts the calls of one connection.
#[derive(Debug)]
pub(super) struct Counted<S> {
    inner: S,
    connection: Arc<Connection>,
}

impl<S> Counted<S> {
    pub(super) fn new(inner: S, connection: Arc<Connection>) -> Self {
        Self { inner, connection }
    }
}

impl<S, Q, R> Service<Request<Q>> for Counted<S>
where
    S: Service<Request<Q>, Response = Response<R>>,
{
    type Response = Response<Counting<R>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn call(&self, mut request: Request<Q>) -> Self::Future {
        self.connection.begun.fetch_add(1, Ordering::Release);
        let open = Open(Arc::clone(&self.connection));
        request
            .extensions_mut()
            .insert(Arc::clone(&self.connection));
        ResponseFuture {
            inner: self.inner.call(request),
            open: Some(open),
        }
    }
}

pin_project! {
    /// An answer on its way.
    #[derive(Debug)]
    pub(super) struct ResponseFuture<F> {
        #[pin]
        inner: F,
        open: Option<Open>,
    }
}

impl<F, R, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
{
    type Output = Result<Response<Counting<R>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = ready!(this.inner.poll(cx))?;
        let open = this.open.take();
        Poll::Ready(Ok(response.map(|inner| Counting { inner, _open: open })))
    }
}

pin_project! {
    /// A body whose call is open until it is dropped.
    #[derive(Debug)]
    pub(super) struct Counting<B> {
        #[pin]
        inner: B,
        _open: Option<Open>,
    }
}

impl<B: Body> Body for Counting<B> {
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
