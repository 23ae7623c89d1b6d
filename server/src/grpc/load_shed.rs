//! Limits on concurrent calls. tower's `ConcurrencyLimit` releases its permit at the response's
//! headers, so it does not count open streams, and has no limit per client.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    sync::Arc,
    task::{Context, Poll},
};

use frontdesk_transport::server::{ClientLimit, ClientPermit};
use futures_util::future::Either;
use http::{Extensions, Request, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::body::Body;
use tower_service::Service;

use super::status;
use crate::http::{
    body_guard::{GuardedBody, GuardedFuture},
    client_address,
};

/// Rejects calls beyond the limits at once, because a queue would delay all of them. A stream counts
/// until its last message has been passed on.
#[derive(Debug, Clone)]
pub struct LoadShed<S> {
    inner: S,
    server_permits: Arc<Semaphore>,
    client_limit: ClientLimit,
}

impl<S> LoadShed<S> {
    pub fn new(inner: S, max_calls: usize, max_client_calls: usize) -> Self {
        Self {
            inner,
            server_permits: Arc::new(Semaphore::new(max_calls)),
            client_limit: ClientLimit::new(max_client_calls),
        }
    }

    fn acquire(&self, extensions: &Extensions) -> Result<CallPermits, &'static str> {
        let client_permit = match client_address::of(extensions) {
            Some(client) => Some(self.client_limit.acquire(client).ok_or(
                "this client has too many calls in progress; wait until one of them has ended",
            )?),
            None => None,
        };
        let server_permit = Arc::clone(&self.server_permits)
            .try_acquire_owned()
            .map_err(|_| "too many calls in progress; try again in a moment")?;
        Ok(CallPermits {
            _server: server_permit,
            _client: client_permit,
        })
    }
}

/// Held while a call is in progress.
#[derive(Debug)]
pub struct CallPermits {
    _server: OwnedSemaphorePermit,
    _client: Option<ClientPermit>,
}

impl<S, Q> Service<Request<Q>> for LoadShed<S>
where
    S: Service<Request<Q>, Response = Response<Body>, Error = Infallible>,
{
    type Response = Response<GuardedBody<Body, CallPermits>>;
    type Error = Infallible;
    type Future =
        Either<Ready<Result<Self::Response, Infallible>>, GuardedFuture<S::Future, CallPermits>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        match self.acquire(request.extensions()) {
            Ok(permits) => Either::Right(GuardedFuture::new(self.inner.call(request), permits)),
            Err(reason) => {
                let rejection = status::overloaded(reason).into_http();
                Either::Left(ready(Ok(rejection.map(GuardedBody::without_guard))))
            }
        }
    }
}
