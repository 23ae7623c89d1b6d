//! Ends calls before their time: at their deadline, and streams when nobody takes what they say or
//! when the server goes down. The streams' half is in `cut_body`.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use frontdesk_transport::timeout;
use futures_util::future::Either;
use http::{Request, Response};
use pin_project_lite::pin_project;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::{Code, Status, body::Body};
use tonic_types::{ErrorDetails, StatusExt as _};
use tower_layer::Layer;
use tower_service::Service;

use super::{
    buffered_response::{Seen, look},
    deadline::Deadline,
    guarded_body::{Cut, CutBody, Reader},
};
use crate::http::{connection_state::Connection, permits::Places};

/// Ends each call after `grpc-timeout` or `longest`, whichever is less, and each stream once
/// nobody has taken what it said for `send_timeout`, or `draining` is cancelled. A stream is an
/// answer that is one, or a request.
#[derive(Debug, Clone)]
pub struct CutoffLayer {
    longest: Duration,
    send_timeout: Duration,
    unread: Arc<Places>,
    takes_a_stream: fn(&str) -> bool,
    /// Behind an `Arc`, as cloning a token takes a lock that all calls share.
    draining: Arc<CancellationToken>,
}

impl CutoffLayer {
    /// See [`CutoffLayer`]. What is left of answers that nobody takes lies in buffers of the
    /// connection's: at most `unread` of them, then it is the connection that goes.
    /// `takes_a_stream` says of a path whether the requests to it are streams.
    #[must_use]
    pub fn new(
        longest: Duration,
        send_timeout: Duration,
        unread: usize,
        takes_a_stream: fn(&str) -> bool,
        draining: CancellationToken,
    ) -> Self {
        Self {
            longest,
            send_timeout,
            unread: Places::new(unread),
            takes_a_stream,
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
    R: http_body::Body<Data = Bytes, Error = Status> + Send + Unpin + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Either<Ready<Result<Response<Body>, Infallible>>, ResponseFuture<S::Future>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let timeout = match timeout::from_headers(request.headers()) {
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
        let reader = Reader {
            timeout: self.layer.send_timeout,
            unread: Arc::clone(&self.layer.unread),
            connection: request.extensions().get::<Arc<Connection>>().cloned(),
        };
        let is_a_stream = (self.layer.takes_a_stream)(request.uri().path());
        let draining = CancellationToken::clone;
        let no_more =
            is_a_stream.then(|| Box::pin(draining(&self.layer.draining).cancelled_owned()));
        Either::Right(ResponseFuture {
            no_more,
            reader: Some(reader),
            inner: self.inner.call(request),
            deadline: Deadline::after(timeout),
            draining: Arc::clone(&self.layer.draining),
        })
    }
}

pin_project! {
    /// An answer that is waited for until the deadline.
    #[derive(Debug)]
    pub struct ResponseFuture<F> {
        #[pin]
        inner: F,
        deadline: Deadline,
        reader: Option<Reader>,
        // Of a request that is a stream: whoever sends it may not end for long.
        no_more: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
        draining: Arc<CancellationToken>,
    }
}

impl<F, R> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<R>, Infallible>>,
    R: http_body::Body<Data = Bytes, Error = Status> + Send + Unpin + 'static,
{
    type Output = Result<Response<Body>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Poll::Ready(Ok(response)) = this.inner.poll(cx) {
            // The handler may have taken its time without ever waiting, or others have.
            if this.deadline.has_passed() {
                return Poll::Ready(Ok(Cut::TooLate.status().into_http()));
            }
            let mut reader = match this.reader.take() {
                Some(reader) if !response.body().is_end_stream() => reader,
                // Trailers-only: there is nothing to end any more.
                _ => return Poll::Ready(Ok(response.map(Body::new))),
            };
            let (parts, inner) = response.into_parts();
            let body = match look(inner, &mut reader, cx) {
                Seen::Whole(whole) => Body::new(whole),
                Seen::Begun(inner, ahead) => {
                    let (deadline, draining) = (this.deadline.again(), Arc::clone(this.draining));
                    Body::new(CutBody::new(inner, ahead, deadline, reader, draining))
                }
            };
            return Poll::Ready(Ok(Response::from_parts(parts, body)));
        }
        if let Some(no_more) = this.no_more
            && no_more.as_mut().poll(cx).is_ready()
        {
            return Poll::Ready(Ok(Cut::GoingDown.status().into_http()));
        }
        this.deadline
            .poll(cx)
            .map(|()| Ok(Cut::TooLate.status().into_http()))
    }
}
