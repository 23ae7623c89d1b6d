//! Applies the status fixups to a native gRPC service.

use std::{
    convert::Infallible,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::future::{MapOk, TryFutureExt as _};
use http::{Request, Response};
use http_body::Frame;
use http_body_util::BodyExt as _;
use tonic::{body::Body, codegen::StdError};
use tower_service::Service;

use super::status_fixups::fix_status;
use crate::status::GRPC_STATUS;

/// A native gRPC service whose statuses follow the specification.
#[derive(Debug, Clone)]
pub struct NativeGrpc<S>(S);

impl<S> NativeGrpc<S> {
    pub(super) fn new(inner: S) -> Self {
        Self(inner)
    }
}

impl<S, R> Service<Request<Body>> for NativeGrpc<S>
where
    S: Service<Request<Body>, Response = Response<R>, Error = Infallible>,
    R: http_body::Body<Data = Bytes> + Send + 'static,
    R::Error: Into<StdError>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = MapOk<S::Future, fn(Response<R>) -> Response<Body>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        self.0.call(request).map_ok(|mut response| {
            fix_status(response.headers_mut());
            // Trailers-only: no trailers follow.
            if response.headers().contains_key(GRPC_STATUS) {
                return response.map(Body::new);
            }
            response.map(|inner| Body::new(inner.map_frame(fix_trailers)))
        })
    }
}

/// If the request is a stream, tonic may find it malformed after the response has begun.
fn fix_trailers(mut frame: Frame<Bytes>) -> Frame<Bytes> {
    if let Some(trailers) = frame.trailers_mut() {
        fix_status(trailers);
    }
    frame
}

#[cfg(test)]
mod tests {
    use std::future::{Ready, ready};

    use futures_util::FutureExt as _;
    use http::HeaderMap;
    use http_body_util::StreamBody;
    use tonic::{Code, Status};

    use super::*;

    type Frames = futures_util::stream::Iter<std::vec::IntoIter<Result<Frame<Bytes>, Infallible>>>;

    /// Responds with a message, then with tonic's status for an oversized message.
    #[derive(Clone)]
    struct OversizedMessage;

    impl Service<Request<Body>> for OversizedMessage {
        type Response = Response<StreamBody<Frames>>;
        type Error = Infallible;
        type Future = Ready<Result<Self::Response, Infallible>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, _: Request<Body>) -> Self::Future {
            let mut trailers = HeaderMap::new();
            let status = Status::out_of_range("Error, decoded message length too large: found 9");
            status.add_header(&mut trailers).expect("headers");
            let frames = [
                Frame::data(Bytes::from_static(b"\0\0\0\0\0")),
                Frame::trailers(trailers),
            ];
            let frames: Vec<_> = frames.into_iter().map(Ok).collect();
            let body = StreamBody::new(futures_util::stream::iter(frames));
            ready(Ok(Response::new(body)))
        }
    }

    #[test]
    fn a_status_in_the_trailers_is_fixed_too() {
        let response = NativeGrpc::new(OversizedMessage).call(Request::new(Body::empty()));
        let Ok(response) = response.now_or_never().expect("ready");
        let body = response.into_body().collect().now_or_never();
        let body = body.expect("ready").expect("a complete body");
        let status = body.trailers().and_then(Status::from_header_map);
        assert_eq!(status.map(|it| it.code()), Some(Code::ResourceExhausted));
        assert_eq!(body.to_bytes(), b"\0\0\0\0\0"[..]);
    }
}
