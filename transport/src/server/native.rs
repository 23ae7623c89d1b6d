//! The services inside, with their statuses put right.

use std::{
    convert::Infallible,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::future::{MapOk, TryFutureExt as _};
use http::{Request, Response};
use http_body::Frame;
use http_body_util::BodyExt as _;
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
            // Trailers-only: nothing follows that could be wrong.
            if response.headers().contains_key("grpc-status") {
                return response.map(Body::new);
            }
            response.map(|inner| Body::new(inner.map_frame(corrected)))
        })
    }
}

/// Trailers are put right too: where a request is a stream, tonic finds out in the middle of the
/// answer what is wrong with it.
fn corrected(mut frame: Frame<Bytes>) -> Frame<Bytes> {
    if let Some(trailers) = frame.trailers_mut() {
        correct(trailers);
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

    /// Answers with a message, then with what tonic says of a request that goes on too large.
    #[derive(Clone)]
    struct TooLarge;

    impl Service<Request<Body>> for TooLarge {
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
    fn a_status_in_trailers_is_put_right_too() {
        let answer = Native::new(TooLarge).call(Request::new(Body::empty()));
        let Ok(answer) = answer.now_or_never().expect("at once");
        let body = answer.into_body().collect().now_or_never();
        let body = body.expect("at once").expect("a whole body");
        let status = body.trailers().and_then(Status::from_header_map);
        assert_eq!(status.map(|it| it.code()), Some(Code::ResourceExhausted));
        assert_eq!(body.to_bytes(), b"\0\0\0\0\0"[..]);
    }
}
