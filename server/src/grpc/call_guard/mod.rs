//! Ends calls at their deadline, and streams also if they are not consumed or the server shuts down.
//!
//! tower's `Timeout` and tower-http's `Timeout` stop at the response's headers, so that streams never
//! expire; tower-http's `ResponseBodyTimeout` limits the time between two frames only, and only while
//! hyper polls the body.

mod buffered_response;
mod consumer;
mod deadline;
mod end_reason;
mod supervised_body;
mod watchdog;

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use pin_project_lite::pin_project;
use tokio::sync::Semaphore;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::{Status, body::Body};
use tower_service::Service;

use self::{
    buffered_response::{Peeked, peek},
    consumer::Consumer,
    deadline::Deadline,
    end_reason::EndReason,
    supervised_body::SupervisedBody,
};

/// Ends each call at the deadline of its context. Ends each stream, of requests or of responses, once a
/// message has waited for `send_timeout` to be sent, or when `draining` is cancelled.
#[derive(Debug, Clone)]
pub struct CallGuard<S> {
    inner: S,
    send_timeout: Duration,
    unsent_permits: Arc<Semaphore>,
    is_client_streaming: fn(&str) -> bool,
    /// Shared, because cloning a token takes its lock, once for every call.
    draining: Arc<CancellationToken>,
}

impl<S> CallGuard<S> {
    /// Responses that have ended may still wait in the buffers of their connection: at most
    /// `max_unsent` of them, then their connections are closed.
    pub fn new(
        inner: S,
        send_timeout: Duration,
        max_unsent: usize,
        is_client_streaming: fn(&str) -> bool,
        draining: CancellationToken,
    ) -> Self {
        Self {
            inner,
            send_timeout,
            unsent_permits: Arc::new(Semaphore::new(max_unsent)),
            is_client_streaming,
            draining: Arc::new(draining),
        }
    }
}

impl<S, Q, R> Service<Request<Q>> for CallGuard<S>
where
    S: Service<Request<Q>, Response = Response<R>, Error = Infallible>,
    R: http_body::Body<Data = Bytes, Error = Status> + Send + Unpin + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = CallGuardFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let consumer = Consumer {
            send_timeout: self.send_timeout,
            unsent_permits: Arc::clone(&self.unsent_permits),
            connection: request.extensions().get().cloned(),
        };
        let deadline = Deadline::of(request.extensions());
        let is_client_streaming = (self.is_client_streaming)(request.uri().path());
        let drained = is_client_streaming
            .then(|| Box::pin(CancellationToken::clone(&self.draining).cancelled_owned()));
        CallGuardFuture {
            inner: self.inner.call(request),
            deadline,
            consumer: Some(consumer),
            drained,
            draining: Arc::clone(&self.draining),
        }
    }
}

pin_project! {
    #[derive(Debug)]
    pub struct CallGuardFuture<F> {
        #[pin]
        inner: F,
        deadline: Deadline,
        // `None` once the response has begun.
        consumer: Option<Consumer>,
        // Set for a stream of requests, which the client may not end for long.
        drained: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
        draining: Arc<CancellationToken>,
    }
}

impl<F, R> Future for CallGuardFuture<F>
where
    F: Future<Output = Result<Response<R>, Infallible>>,
    R: http_body::Body<Data = Bytes, Error = Status> + Send + Unpin + 'static,
{
    type Output = Result<Response<Body>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let end = |reason: EndReason| Poll::Ready(Ok(reason.status().into_http()));
        if let Poll::Ready(Ok(response)) = this.inner.poll(cx) {
            // The handler may have run past the deadline without ever waiting.
            if this.deadline.has_passed() {
                return end(EndReason::DeadlineExceeded);
            }
            let mut consumer = match this.consumer.take() {
                Some(consumer) if !response.body().is_end_stream() => consumer,
                // A trailers-only response.
                _ => return Poll::Ready(Ok(response.map(Body::new))),
            };
            let (parts, inner) = response.into_parts();
            let body = match peek(inner, &mut consumer, cx) {
                Peeked::Complete(body) => Body::new(body),
                Peeked::Streaming(inner, lookahead) => Body::new(SupervisedBody::new(
                    inner,
                    lookahead,
                    this.deadline.without_timer(),
                    consumer,
                    Arc::clone(this.draining),
                )),
            };
            return Poll::Ready(Ok(Response::from_parts(parts, body)));
        }
        if let Some(drained) = this.drained
            && drained.as_mut().poll(cx).is_ready()
        {
            return end(EndReason::ShuttingDown);
        }
        match this.deadline.poll(cx) {
            Poll::Ready(()) => end(EndReason::DeadlineExceeded),
            Poll::Pending => Poll::Pending,
        }
    }
}
