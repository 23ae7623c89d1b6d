//! The boundary to the native gRPC services inside: limits requests to one message where the method
//! takes one, fixes statuses, and tracks outcomes.

use std::{
    convert::Infallible,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::future::{MapOk, TryFutureExt as _};
use http::{Request, Response};
use http_body::Body as HttpBody;
use http_body_util::BodyExt as _;
use tonic::{body::Body, codegen::StdError};
use tower_service::Service;

use super::{cardinality::limit_messages, outcome::Outcome, status_fixups::fix_status};
use crate::status::GRPC_STATUS;

/// A native gRPC service whose statuses follow the specification.
#[derive(Debug, Clone)]
pub struct NativeGrpc<S> {
    inner: S,
    is_client_streaming: fn(&str) -> bool,
    tracks_outcome: bool,
}

impl<S> NativeGrpc<S> {
    pub(super) fn new(inner: S, is_client_streaming: fn(&str) -> bool) -> Self {
        Self {
            inner,
            is_client_streaming,
            tracks_outcome: false,
        }
    }

    /// Adds an [`Outcome`] to every response. Translated calls need it; the status of native calls is
    /// in their trailers.
    pub(super) fn with_outcome(self) -> Self {
        Self {
            tracks_outcome: true,
            ..self
        }
    }
}

impl<S, Q, R> Service<Request<Q>> for NativeGrpc<S>
where
    S: Service<Request<Body>, Response = Response<R>, Error = Infallible>,
    Q: HttpBody<Data = Bytes> + Send + 'static,
    Q::Error: Into<StdError>,
    R: HttpBody<Data = Bytes> + Send + 'static,
    R::Error: Into<StdError>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = MapOk<S::Future, fn(Response<R>) -> Response<Body>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let convert: fn(Response<R>) -> Response<Body> = if self.tracks_outcome {
            |mut response| {
                let outcome = Outcome::new();
                response.extensions_mut().insert(outcome.clone());
                convert(response, Some(outcome))
            }
        } else {
            |response| convert(response, None)
        };
        let request = limit_messages(request, self.is_client_streaming);
        self.inner.call(request).map_ok(convert)
    }
}

fn convert<R>(mut response: Response<R>, outcome: Option<Outcome>) -> Response<Body>
where
    R: HttpBody<Data = Bytes> + Send + 'static,
    R::Error: Into<StdError>,
{
    let finish = move |fields: &mut http::HeaderMap| {
        fix_status(fields);
        if let Some(outcome) = &outcome {
            outcome.set_code_from(fields);
        }
    };
    finish(response.headers_mut());
    // Trailers-only: no trailers follow.
    if response.headers().contains_key(GRPC_STATUS) {
        return response.map(Body::new);
    }
    response.map(|body| {
        // If the request is a stream, tonic may find it malformed after the response has begun.
        Body::new(body.map_frame(move |mut frame| {
            if let Some(trailers) = frame.trailers_mut() {
                finish(trailers);
            }
            frame
        }))
    })
}

#[cfg(test)]
mod tests {
    use std::future::{Ready, ready};

    use futures_util::FutureExt as _;
    use http::HeaderMap;
    use http_body::Frame;
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
        let response =
            NativeGrpc::new(OversizedMessage, |_| true).call(Request::new(Body::empty()));
        let Ok(response) = response.now_or_never().expect("ready");
        let body = response.into_body().collect().now_or_never();
        let body = body.expect("ready").expect("a complete body");
        let status = body.trailers().and_then(Status::from_header_map);
        assert_eq!(status.map(|it| it.code()), Some(Code::ResourceExhausted));
        assert_eq!(body.to_bytes(), b"\0\0\0\0\0"[..]);
    }
}
