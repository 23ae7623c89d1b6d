//! Decides whether an HTTP request is a gRPC call, and in which dialect.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    task::{Context, Poll},
};

use futures_util::future::Either;
use http::{
    HeaderValue, Method, Request, Response, StatusCode, Version,
    header::{ACCEPT, ALLOW, CONTENT_TYPE},
};
use tonic::body::Body;
use tower_service::Service;

use super::rejection::reject;
use crate::dialect::Dialect;

/// The dialect of a call, or the response to a request that is not one.
///
/// The HTTP statuses are 415 for a content type that is not gRPC (PROTOCOL-HTTP2.md), 405 for a
/// method other than POST, and 505 for native gRPC over HTTP/1.1, which has no trailers for the
/// gRPC status.
pub(super) fn admit<B>(request: &Request<B>) -> Result<Dialect, Box<Response<Body>>> {
    if request.method() != Method::POST {
        let mut response = reject(
            StatusCode::METHOD_NOT_ALLOWED,
            "gRPC methods are called with POST",
        );
        let methods = HeaderValue::from_static("POST, OPTIONS");
        response.headers_mut().insert(ALLOW, methods);
        return Err(Box::new(response));
    }
    match Dialect::from_headers(request.headers()) {
        None => Err(Box::new(reject(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "the content type must be application/grpc, application/grpc-web or application/grpc-web-text, with protobuf messages",
        ))),
        Some(Dialect::Native) if request.version() != Version::HTTP_2 => Err(Box::new(reject(
            StatusCode::HTTP_VERSION_NOT_SUPPORTED,
            "native gRPC requires HTTP/2; use gRPC-Web over HTTP/1.1",
        ))),
        Some(dialect) => Ok(dialect),
    }
}

/// Rejects requests that are not gRPC calls and rewrites the headers of the others as tonic-web
/// expects them.
#[derive(Debug, Clone)]
pub(super) struct AdmitCalls<S>(S);

impl<S> AdmitCalls<S> {
    pub(super) fn new(inner: S) -> Self {
        Self(inner)
    }
}

impl<S> Service<Request<Body>> for AdmitCalls<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Either<Ready<Result<Response<Body>, Infallible>>, S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        match admit(&request) {
            Err(rejection) => Either::Left(ready(Ok(*rejection))),
            Ok(dialect) => {
                let content_type = dialect.canonical_content_type();
                // tonic-web responds in binary unless `accept` is text. Without the header, a text
                // request expects a text response (PROTOCOL-WEB.md, "Text-encoded response streams").
                if dialect == Dialect::WebText && !request.headers().contains_key(ACCEPT) {
                    request.headers_mut().insert(ACCEPT, content_type.clone());
                }
                request.headers_mut().insert(CONTENT_TYPE, content_type);
                Either::Right(self.0.call(request))
            }
        }
    }
}
