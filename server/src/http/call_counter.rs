use std::sync::Arc;

use http::{Request, Response};
use hyper::service::Service;

use super::{
    body_guard::{GuardedBody, GuardedFuture},
    connection_state::{ConnectionState, OpenCall},
};

/// Counts the open calls of a connection, and puts its state into the extensions of each request.
#[derive(Debug)]
pub(super) struct CallCounter<S> {
    inner: S,
    connection: Arc<ConnectionState>,
}

impl<S> CallCounter<S> {
    pub(super) fn new(inner: S, connection: Arc<ConnectionState>) -> Self {
        Self { inner, connection }
    }
}

impl<S, Q, R> Service<Request<Q>> for CallCounter<S>
where
    S: Service<Request<Q>, Response = Response<R>>,
{
    type Response = Response<GuardedBody<R, OpenCall>>;
    type Error = S::Error;
    type Future = GuardedFuture<S::Future, OpenCall>;

    fn call(&self, mut request: Request<Q>) -> Self::Future {
        let open_call = self.connection.start_call();
        request
            .extensions_mut()
            .insert(Arc::clone(&self.connection));
        GuardedFuture::new(self.inner.call(request), open_call)
    }
}
