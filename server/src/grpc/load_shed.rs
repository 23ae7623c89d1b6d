//! How many calls may be under way at once; one more is told to come back.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    sync::Arc,
    task::{Context, Poll},
};

use futures_util::future::Either;
use http::{Extensions, Request, Response};
use tonic::body::Body;
use tower_layer::Layer;
use tower_service::Service;

use crate::http::{
    body_guard::{HeldBody, HeldFuture},
    connection_state::Connection,
    permits::{Place, Places},
};
use crate::status;

/// Turns away what exceeds the number, and what exceeds one client's share, at once: a queue would
/// only make everybody late.
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
    type Response = Response<HeldBody<Body, Taken>>;
    type Error = Infallible;
    type Future = Either<Ready<Result<Self::Response, Infallible>>, HeldFuture<S::Future, Taken>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        match Taken::take(&self.places, request.extensions()) {
            Ok(taken) => Either::Right(HeldFuture::new(self.inner.call(request), taken)),
            Err(why) => {
                let turned_away = status::busy(why).into_http();
                Either::Left(ready(Ok(turned_away.map(HeldBody::nothing))))
            }
        }
    }
}

/// A call's places: among all calls, and among its client's.
#[derive(Debug)]
pub struct Taken {
    _of_all: Place,
    _of_client: Option<Place>,
}

impl Taken {
    fn take(all: &Arc<Places>, extensions: &Extensions) -> Result<Self, &'static str> {
        let of_client = match extensions.get::<Arc<Connection>>() {
            Some(connection) => Some(connection.call().ok_or(
                "too many calls of yours are under way at once; let one of them end first",
            )?),
            None => None,
        };
        let of_all = Place::take(all)
            .ok_or("too many calls are under way at once; try again in a moment")?;
        Ok(Self {
            _of_all: of_all,
            _of_client: of_client,
        })
    }
}
