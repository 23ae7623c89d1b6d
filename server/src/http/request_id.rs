//! Gives every request its id, and every answer its `x-request-id`.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::{Extensions, HeaderMap, HeaderName, HeaderValue, Request, Response};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::request_id::RequestId;

/// The header that carries the id. What a client sends under this name is not looked at: an id
/// that a stranger chose could stand for somebody else's request in the log.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Puts a [`RequestId`] into each request's extensions.
#[derive(Debug, Clone, Copy, Default)]
pub struct RequestIdLayer;

impl<S> Layer<S> for RequestIdLayer {
    type Service = WithRequestId<S>;

    fn layer(&self, inner: S) -> Self::Service {
        WithRequestId(inner)
    }
}

/// What [`RequestIdLayer`] makes.
#[derive(Debug, Clone)]
pub struct WithRequestId<S>(S);

impl<S, B, R> Service<Request<B>> for WithRequestId<S>
where
    S: Service<Request<B>, Response = Response<R>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let id = RequestId::next();
        request.extensions_mut().insert(id);
        ResponseFuture {
            inner: self.0.call(request),
            id,
        }
    }
}

fn put(headers: &mut HeaderMap, id: RequestId) {
    if let Ok(mut value) = HeaderValue::from_bytes(id.as_bytes()) {
        // Never indexed (RFC 7541, section 7.1.3), as it never comes again: each id would stay in
        // the connection's table, and be compared with the next.
        value.set_sensitive(true);
        headers.insert(X_REQUEST_ID, value);
    }
}

/// The header for a request that has its id already: a call over a socket, where a page can't see
/// what the socket was opened with.
#[must_use]
pub fn header(extensions: &Extensions) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Some(id) = extensions.get() {
        put(&mut headers, *id);
    }
    headers
}

pin_project! {
    /// The answer, with its id.
    #[derive(Debug)]
    pub struct ResponseFuture<F> {
        #[pin]
        inner: F,
        id: RequestId,
    }
}

impl<F, R, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut response = ready!(this.inner.poll(cx))?;
        put(response.headers_mut(), *this.id);
        Poll::Ready(Ok(response))
    }
}
