//! Dispatch of requests: gRPC to the services, everything else to probes and static files.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    sync::Arc,
    task::{Context, Poll},
};

use frontdesk_transport::{dialect::Dialect, server::websocket};
use futures_util::future::Either;
use http::{Request, Response, StatusCode, header::ACCESS_CONTROL_REQUEST_METHOD};
use hyper::body::Incoming;
use tokio_util::sync::CancellationToken;
use tonic::body::Body;
use tower_service::Service;

use super::{
    assets,
    drained_body::{DrainLimits, DrainedBody},
    host,
    plain_text::plain_text,
    probes,
};

#[derive(Debug, Clone)]
pub struct Dispatch<G> {
    pub grpc: G,
    /// Whether a path belongs to one of the gRPC services, even if it has no such method.
    pub is_grpc_path: fn(&str) -> bool,
    pub drain_limits: DrainLimits,
    /// Shared, because cloning a token takes its lock, once for every request.
    pub draining: Arc<CancellationToken>,
}

impl<G> Dispatch<G> {
    /// A request for an unknown service is also gRPC if the client speaks it, or if it is a preflight.
    fn is_grpc(&self, request: &Request<Incoming>) -> bool {
        (self.is_grpc_path)(request.uri().path())
            || Dialect::from_headers(request.headers()).is_some()
            || websocket::is_handshake(request)
            || request
                .headers()
                .contains_key(ACCESS_CONTROL_REQUEST_METHOD)
    }
}

impl<G> Service<Request<Incoming>> for Dispatch<G>
where
    G: Service<Request<DrainedBody>, Response = Response<Body>, Error = Infallible>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Either<G::Future, Ready<Result<Response<Body>, Infallible>>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.grpc.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Incoming>) -> Self::Future {
        let response = if let Err(reason) = host::validate(&request) {
            plain_text(StatusCode::BAD_REQUEST, reason)
        } else if self.is_grpc(&request) {
            let request = DrainedBody::wrap(request, self.drain_limits);
            return Either::Left(self.grpc.call(request));
        } else {
            probes::respond(request.uri().path(), self.draining.is_cancelled())
                .unwrap_or_else(|| assets::respond(&request))
        };
        Either::Right(ready(Ok(response.map(Body::new))))
    }
}
