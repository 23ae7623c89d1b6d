//! Trailing metadata of successful unary responses, which tonic's handlers cannot set: a handler
//! puts [`Trailers`] into the response's extensions, and [`TrailersService`] appends them.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_util::future::{MapOk, TryFutureExt as _};
use http::{HeaderMap, Request, Response};
use http_body::{Frame, SizeHint};
use pin_project_lite::pin_project;
use tonic::{Status, body::Body, metadata::MetadataMap};
use tower_service::Service;

/// A response extension.
#[derive(Debug, Clone)]
pub(super) struct Trailers(pub(super) MetadataMap);

/// Appends the [`Trailers`] of `S`'s responses.
#[derive(Debug, Clone)]
pub(super) struct TrailersService<S>(pub(super) S);

impl<S, Q> Service<Request<Q>> for TrailersService<S>
where
    S: Service<Request<Q>, Response = Response<Body>, Error = Infallible>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = MapOk<S::Future, fn(Response<Body>) -> Response<Body>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        self.0
            .call(request)
            .map_ok(|mut response| match response.extensions_mut().remove() {
                None => response,
                Some(Trailers(trailers)) => response.map(|inner| {
                    let trailers = trailers.into_headers();
                    Body::new(TrailersBody { inner, trailers })
                }),
            })
    }
}

pin_project! {
    struct TrailersBody {
        #[pin]
        inner: Body,
        trailers: HeaderMap,
    }
}

impl http_body::Body for TrailersBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = self.project();
        let mut frame = ready!(this.inner.poll_frame(cx));
        if let Some(Ok(frame)) = &mut frame
            && let Some(trailers) = frame.trailers_mut()
        {
            trailers.extend(std::mem::take(this.trailers));
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
