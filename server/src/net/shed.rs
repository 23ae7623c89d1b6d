//! How many calls may be under way at once; one more is told to come back.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    sync::Arc,
    task::{Context, Poll},
};

use futures_util::future::Either;
use http::{Request, Response};
use tonic::body::Body;
use tower_layer::Layer;
use tower_service::Service;

use super::{
    held::{HeldBody, HeldFuture},
    places::{Place, Places},
};
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
    type Response = Response<HeldBody<Body, Place>>;
    type Error = Infallible;
    type Future = Either<Ready<Result<Self::Response, Infallible>>, HeldFuture<S::Future, Place>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        match Place::take(&self.places) {
            Some(place) => Either::Right(HeldFuture::new(self.inner.call(request), place)),
            None => Either::Left(ready(Ok(turn_away().map(HeldBody::nothing)))),
        }
    }
}

fn turn_away() -> Response<Body> {
    status::busy("too many calls are under way at once; try again in a moment").into_http()
}
