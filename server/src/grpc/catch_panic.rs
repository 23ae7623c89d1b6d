//! A panic ends its own call with `INTERNAL`, not the connection with all its other calls.
//!
//! tower-http's `CatchPanic` only covers the time until the response's headers; handlers of streams run
//! while the body is polled.

use std::{
    any::Any,
    convert::Infallible,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use tonic::Status;
use tower_http::request_id::RequestId;
use tower_service::Service;

use super::status;

/// Catches panics of the inner service, both in its response future and in its response body.
#[derive(Debug, Clone)]
pub struct CatchPanic<S>(pub S);

impl<S, Q, R> Service<Request<Q>> for CatchPanic<S>
where
    S: Service<Request<Q>, Response = Response<R>, Error = Infallible>,
{
    type Response = Response<CatchPanicBody<R>>;
    type Error = Infallible;
    type Future = CatchPanicFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let id = request.extensions().get().cloned();
        // Not caught here: `call` runs none of a handler's code, as tonic's stubs box it as a future.
        CatchPanicFuture {
            inner: self.0.call(request),
            id,
        }
    }
}

/// Logs the panic and returns the status of its call.
fn handle(id: Option<&RequestId>, panic: &(dyn Any + Send)) -> Status {
    let message = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    tracing::error!(panic = message, "a call panicked");
    status::internal(id.and_then(|id| id.header_value().to_str().ok()))
}

pin_project! {
    #[derive(Debug)]
    pub struct CatchPanicFuture<F> {
        #[pin]
        inner: F,
        id: Option<RequestId>,
    }
}

impl<F, R> Future for CatchPanicFuture<F>
where
    F: Future<Output = Result<Response<R>, Infallible>>,
{
    type Output = Result<Response<CatchPanicBody<R>>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        // Unwind safe: after a panic, the inner future is only dropped.
        let (response, inner) = match catch_unwind(AssertUnwindSafe(|| this.inner.poll(cx))) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(Ok(response))) => {
                let (parts, inner) = response.into_parts();
                (Response::from_parts(parts, ()), Some(inner))
            }
            Err(panic) => (handle(this.id.as_ref(), panic.as_ref()).into_http(), None),
        };
        let id = this.id.take();
        Poll::Ready(Ok(response.map(|()| CatchPanicBody { inner, id })))
    }
}

pin_project! {
    #[derive(Debug)]
    pub struct CatchPanicBody<B> {
        // `None` after a panic.
        #[pin]
        inner: Option<B>,
        id: Option<RequestId>,
    }
}

impl<B: Body<Data = Bytes>> Body for CatchPanicBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let mut this = self.project();
        let Some(inner) = this.inner.as_mut().as_pin_mut() else {
            return Poll::Ready(None);
        };
        match catch_unwind(AssertUnwindSafe(|| inner.poll_frame(cx))) {
            Ok(poll) => poll,
            Err(panic) => {
                this.inner.set(None);
                let mut trailers = HeaderMap::new();
                let status = handle(this.id.as_ref(), panic.as_ref());
                let added = status.add_header(&mut trailers);
                Poll::Ready(added.ok().map(|()| Ok(Frame::trailers(trailers))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}

#[cfg(test)]
mod tests {
    use std::future::{Ready, ready};

    use http_body_util::{BodyExt as _, Full};
    use tonic::Code;
    use tower::ServiceExt as _;

    use super::*;

    async fn call<S, R>(service: S) -> Response<CatchPanicBody<R>>
    where
        S: Service<Request<()>, Response = Response<R>, Error = Infallible>,
    {
        let Ok(response) = CatchPanic(service).oneshot(Request::new(())).await;
        response
    }

    #[tokio::test]
    async fn a_panic_before_the_response_is_an_internal_error() {
        async fn panics(_: Request<()>) -> Result<Response<Full<Bytes>>, Infallible> {
            panic!("a panic on purpose")
        }
        let response = call(tower::service_fn(panics)).await;
        let status = Status::from_header_map(response.headers()).expect("a status");
        assert_eq!(status.code(), Code::Internal);
        assert!(
            !status.message().contains("on purpose"),
            "the panic message belongs into the log"
        );
    }

    struct PanickingBody;

    impl Body for PanickingBody {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            panic!("a panic on purpose")
        }
    }

    #[tokio::test]
    async fn a_panic_within_a_stream_ends_it_with_trailers() {
        fn respond(_: Request<()>) -> Ready<Result<Response<PanickingBody>, Infallible>> {
            ready(Ok(Response::new(PanickingBody)))
        }
        let response = call(tower::service_fn(respond)).await;
        let Ok(body) = response.into_body().collect().await;
        let trailers = body.trailers().expect("trailers");
        let status = Status::from_header_map(trailers).expect("a status");
        assert_eq!(status.code(), Code::Internal);
    }
}
