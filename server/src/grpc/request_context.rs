//! The context of a call: caller, request id, deadline and client address.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use frontdesk_directory::{Actor, RequestContext};
use frontdesk_transport::timeout;
use futures_util::future::Either;
use http::{Request, Response};
use tonic::body::Body;
use tower_service::Service;

use super::bad_request::BadRequest;
use crate::http::{client_address, request_id};

/// Puts a [`RequestContext`] into the extensions of each request. Rejects an invalid `grpc-timeout`: a
/// client that wants a deadline must not wait without one.
#[derive(Debug, Clone)]
pub struct WithRequestContext<S> {
    pub inner: S,
    /// The deadline of calls without `grpc-timeout`, and the latest one of others.
    pub max_timeout: Duration,
}

impl<S, B> Service<Request<B>> for WithRequestContext<S>
where
    S: Service<Request<B>, Response = Response<Body>, Error = Infallible>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Either<Ready<Result<Response<Body>, Infallible>>, S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let timeout = match timeout::from_headers(request.headers()) {
            Ok(timeout) => timeout.map_or(self.max_timeout, |it| it.min(self.max_timeout)),
            Err(error) => {
                let status = BadRequest::field("grpc-timeout", error);
                return Either::Left(ready(Ok(status.into_http())));
            }
        };
        let extensions = request.extensions_mut();
        let context = RequestContext {
            // Without authentication, anyone who can reach the server may do anything.
            caller: Actor::LOCAL_OPERATOR,
            request_id: request_id::of(extensions).map(Arc::from),
            deadline: Some(Instant::now() + timeout),
            client_address: client_address::of(extensions),
        };
        extensions.insert(context);
        Either::Right(self.inner.call(request))
    }
}
