//! How many calls may be under way at once; one more is told to come back.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_util::future::Either;
use http::{Request, Response};
use http_body::{Frame, SizeHint};
use pin_project_lite::pin_project;
use tonic::{Status, body::Body};
use tower_layer::Layer;
use tower_service::Service;

use super::places::{Place, Places};
use crate::status;

/// Turns away what exceeds the number, at once: a queue would only make everybody late.
#[derive(Debug, Clone)]
pub struct ShedLayer {
    places: Arc<Places>,
}

impl ShedLayer {
    /// At most so many calls at once. A stream counts until its last message has left.
    #[must_use]
    pub fn new(calls: usize) -> Self {
        Self {
            places: Places::new(calls),
        }
    }
}

impl<S> Layer<S> for ShedLayer {
    type Service = Shed<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Shed {
            inner,
            places: Arc::clone(&self.places),
        }
    }
}

/// What [`ShedLayer`] makes.
#[derive(Debug, Clone)]
pub struct Shed<S> {
    inner: S,
    places: Arc<Places>,
}

impl<S, Q> Service<Request<Q>> for Shed<S>
where
    S: Service<Request<Q>, Response = Response<Body>, Error = Infallible>,
{
    type Response = Response<Held>;
    type Error = Infallible;
    type Future = Either<Ready<Result<Response<Held>, Infallible>>, ResponseFuture<S::Future>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        match Place::take(&self.places) {
            Some(place) => Either::Right(ResponseFuture {
                inner: self.inner.call(request),
                place: Some(place),
            }),
            None => Either::Left(ready(Ok(turn_away()))),
        }
    }
}

fn turn_away() -> Response<Held> {
    status::busy("too many calls are under way at once; try again in a moment")
        .into_http::<Body>()
        .map(|inner| Held {
            inner,
            _place: None,
        })
}

pin_project! {
    /// An answer on its way, and the place that it holds.
    #[derive(Debug)]
    pub struct ResponseFuture<F> {
        #[pin]
        inner: F,
        place: Option<Place>,
    }
}

impl<F> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<Body>, Infallible>>,
{
    type Output = Result<Response<Held>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Ok(response) = ready!(this.inner.poll(cx));
        let place = this.place.take();
        Poll::Ready(Ok(response.map(|inner| Held {
            inner,
            _place: place,
        })))
    }
}

pin_project! {
    /// A body that gives its place back when it ends or is dropped.
    #[derive(Debug)]
    pub struct Held {
        #[pin]
        inner: Body,
        _place: Option<Place>,
    }
}

impl http_body::Body for Held {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        self.project().inner.poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
