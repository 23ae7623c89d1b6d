//! The services inside, with their statuses put right.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_util::future::{MapOk, TryFutureExt as _};
use http::{Request, Response};
use http_body::{Frame, SizeHint};
use pin_project_lite::pin_project;
use tonic::body::Body;
use tower_service::Service;

use super::{BoxError, correct::correct};

/// Whatever speaks native gRPC, as the specification wants it.
#[derive(Debug, Clone)]
pub struct Native<S>(S);

impl<S> Native<S> {
    pub(super) fn new(inner: S) -> Self {
        Self(inner)
    }
}

impl<S, R> Service<Request<Body>> for Native<S>
where
    S: Service<Request<Body>, Response = Response<R>, Error = Infallible>,
    R: http_body::Body<Data = Bytes> + Send + 'static,
    R::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = MapOk<S::Future, fn(Response<R>) -> Response<Body>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        self.0.call(request).map_ok(|mut response| {
            correct(response.headers_mut());
            response.map(|inner| Body::new(Corrected { inner }))
        })
    }
}

pin_project! {
    /// A body whose trailers are put right too: where a request is a stream, tonic finds out in the
    /// middle of the answer what is wrong with it.
    #[derive(Debug)]
    struct Corrected<B> {
        #[pin]
        inner: B,
    }
}

impl<B: http_body::Body<Data = Bytes>> http_body::Body for Corrected<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let mut frame = ready!(self.project().inner.poll_frame(cx));
        if let Some(Ok(frame)) = &mut frame
            && let Some(trailers) = frame.trailers_mut()
        {
            correct(trailers);
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
