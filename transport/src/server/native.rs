//! The services inside, with their statuses put right.

use std::{
    convert::Infallible,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::future::{MapOk, TryFutureExt as _};
use http::{Request, Response};
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
            response.map(Body::new)
        })
    }
}
