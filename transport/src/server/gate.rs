//! What is no gRPC call is refused here, in words of HTTP.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    task::{Context, Poll},
};

use futures_util::future::Either;
use http::{
    HeaderValue, Method, Request, Response, StatusCode, Version,
    header::{ACCEPT, ALLOW, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
};
use tonic::body::Body;
use tower_service::Service;

use super::Dialect;

/// The dialect of a call, or the answer to what is none.
///
/// The answers are those of the specification (`PROTOCOL-HTTP2.md`): 415 where the content type is
/// not gRPC's; and of HTTP: 405 for another method than POST, 505 for native gRPC over HTTP/1.1,
/// which has no trailers to carry its status.
pub(super) fn admit<B>(request: &Request<B>) -> Result<Dialect, Box<Response<Body>>> {
    if request.method() != Method::POST {
        let mut refusal = refuse(
            StatusCode::METHOD_NOT_ALLOWED,
            "a gRPC method is called by POST",
        );
        refusal
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("POST, OPTIONS"));
        return Err(Box::new(refusal));
    }
    match Dialect::of(request.headers()) {
        None => Err(Box::new(refuse(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "a gRPC method takes application/grpc, application/grpc-web or application/grpc-web-text, with protobuf messages",
        ))),
        Some(Dialect::Native) if request.version() != Version::HTTP_2 => Err(Box::new(refuse(
            StatusCode::HTTP_VERSION_NOT_SUPPORTED,
            "gRPC needs HTTP/2; over HTTP/1.1 use gRPC-Web",
        ))),
        Some(dialect) => Ok(dialect),
    }
}

/// The answer to a page that [`Origins::distrust`](super::Origins::distrust) is about.
pub(super) fn distrusted() -> Response<Body> {
    refuse(
        StatusCode::FORBIDDEN,
        "this server was not told that it has that name: list the page's origin, or call it by its address",
    )
}

pub(super) fn refuse(status: StatusCode, why: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::new(http_body_util::Full::from(format!("{why}\n"))));
    *response.status_mut() = status;
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    let nosniff = HeaderValue::from_static("nosniff");
    response
        .headers_mut()
        .insert(X_CONTENT_TYPE_OPTIONS, nosniff);
    response
}

/// Lets calls pass, in the spelling of the content type that tonic-web knows, and refuses the rest.
#[derive(Debug, Clone)]
pub struct Translate<S>(S);

impl<S> Translate<S> {
    pub(super) fn new(inner: S) -> Self {
        Self(inner)
    }
}

impl<S> Service<Request<Body>> for Translate<S>
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
            Err(refusal) => Either::Left(ready(Ok(*refusal))),
            Ok(dialect) => {
                let content_type = dialect.canonical();
                // tonic-web answers in binary unless `accept` says text; a text request without
                // the header wants text (PROTOCOL-WEB.md, «text-encoded streams»).
                if dialect == Dialect::WebText && !request.headers().contains_key(ACCEPT) {
                    request.headers_mut().insert(ACCEPT, content_type.clone());
                }
                request.headers_mut().insert(CONTENT_TYPE, content_type);
                Either::Right(self.0.call(request))
            }
        }
    }
}
