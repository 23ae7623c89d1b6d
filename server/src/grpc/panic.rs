//! A panic ends its own call with `INTERNAL`, not the connection with all the others on it.

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
use tower_layer::Layer;
use tower_service::Service;

use crate::{request_id::RequestId, status};

/// Catches panics in what is inside, while it answers and while it streams.
#[derive(Debug, Clone, Copy, Default)]
pub struct CatchPanicLayer;

impl<S> Layer<S> for CatchPanicLayer {
    type Service = CatchPanic<S>;

    fn layer(&self, inner: S) -> Self::Service {
        CatchPanic(inner)
    }
}

/// What [`CatchPanicLayer`] makes.
#[derive(Debug, Clone)]
pub struct CatchPanic<S>(S);

impl<S, Q, R> Service<Request<Q>> for CatchPanic<S>
where
    S: Service<Request<Q>, Response = Response<R>, Error = Infallible>,
{
    type Response = Response<Caught<R>>;
    type Error = Infallible;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let id = request.extensions().get().copied();
        // Making the future runs nothing of a handler's: tonic's stubs box it first.
        ResponseFuture {
            inner: self.0.call(request),
            id,
        }
    }
}

/// Says what happened in the log, and that it did to the client.
fn broken(id: Option<RequestId>, panic: &(dyn Any + Send)) -> Status {
    let words = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no words");
    tracing::error!(panic = words, "a call panicked");
    status::internal(id)
}

pin_project! {
    /// An answer on its way.
    #[derive(Debug)]
    pub struct ResponseFuture<F> {
        #[pin]
        inner: F,
        id: Option<RequestId>,
    }
}

impl<F, R> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<R>, Infallible>>,
{
    type Output = Result<Response<Caught<R>>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let id = *this.id;
        // Safe to look away from: after a panic the future is only dropped.
        match catch_unwind(AssertUnwindSafe(|| this.inner.poll(cx))) {
            Ok(poll) => poll.map_ok(|response| {
                response.map(|inner| Caught {
                    inner: Some(inner),
                    id,
                })
            }),
            Err(panic) => {
                let response = broken(id, panic.as_ref()).into_http::<()>();
                Poll::Ready(Ok(response.map(|()| Caught { inner: None, id })))
            }
        }
    }
}

pin_project! {
    /// A body that ends with `INTERNAL` where it panics.
    #[derive(Debug)]
    pub struct Caught<B> {
        #[pin]
        inner: Option<B>,
        id: Option<RequestId>,
    }
}

impl<B: Body<Data = Bytes>> Body for Caught<B> {
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
                if broken(*this.id, panic.as_ref())
                    .add_header(&mut trailers)
                    .is_err()
                {
                    return Poll::Ready(None);
                }
                Poll::Ready(Some(Ok(Frame::trailers(trailers))))
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

    async fn call<S, R>(service: S) -> Response<Caught<R>>
    where
        S: Service<Request<()>, Response = Response<R>, Error = Infallible>,
    {
        let Ok(response) = CatchPanicLayer
            .layer(service)
            .oneshot(Request::new(()))
            .await;
        response
    }

    fn status(headers: &HeaderMap) -> Option<Status> {
        Status::from_header_map(headers)
    }

    #[tokio::test]
    async fn a_panic_before_the_answer_is_an_answer() {
        async fn breaks(_: Request<()>) -> Result<Response<Full<Bytes>>, Infallible> {
            panic!("a panic on purpose")
        }
        let service = tower::service_fn(breaks);
        let response = call(service).await;
        let status = status(response.headers()).expect("a status");
        assert_eq!(status.code(), Code::Internal);
        assert!(
            !status.message().contains("on purpose"),
            "that is for the log"
        );
    }

    struct Breaks;

    impl Body for Breaks {
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
    async fn a_panic_in_the_middle_of_a_stream_ends_it_with_trailers() {
        fn answer(_: Request<()>) -> Ready<Result<Response<Breaks>, Infallible>> {
            ready(Ok(Response::new(Breaks)))
        }
        let response = call(tower::service_fn(answer)).await;
        let Ok(body) = response.into_body().collect().await;
        let status = body.trailers().and_then(status).expect("a status");
        assert_eq!(status.code(), Code::Internal);
    }
}
