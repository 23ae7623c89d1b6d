//! The layer that puts the parts together.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures_util::future::Either;
use http::{Extensions, HeaderName, Method, Request, Response, header::ORIGIN};
use tonic::body::Body;
use tonic_web::GrpcWebService;
use tower_http::cors::{AllowHeaders, AllowOrigin, Cors, CorsLayer, ExposeHeaders};
use tower_layer::Layer;
use tower_service::Service;

use super::{
    BoxError, Dialect, Origins,
    encoding::{Encodes, When},
    gate::{Translate, admit, distrusted},
    native::Native,
    one_message::{Watched, watch},
    outcome::Noted,
};

/// How long a browser may remember a preflight's answer. Browsers cap it themselves, Chromium at
/// two hours.
const PREFLIGHT_MAX_AGE: Duration = Duration::from_hours(2);

/// Lets browsers call the services inside; see [the module](super).
#[derive(Debug, Clone)]
pub struct GrpcWebLayer {
    origins: Origins,
    cors: CorsLayer,
    takes_a_stream: fn(&str) -> bool,
    encodes: When,
}

impl GrpcWebLayer {
    /// A layer for pages of these origins. `exposed` names the initial metadata that a page of
    /// another origin may read, besides gRPC's own.
    #[must_use]
    pub fn new(origins: Origins, exposed: impl IntoIterator<Item = HeaderName>) -> Self {
        let grpc = ["grpc-status", "grpc-message", "grpc-status-details-bin"];
        let exposed = grpc.into_iter().map(HeaderName::from_static).chain(exposed);
        let listed = origins.clone();
        let cors = CorsLayer::new()
            .allow_origin(AllowOrigin::predicate(move |origin, request| {
                listed.allow(origin, request)
            }))
            .allow_methods([Method::POST])
            // Metadata may have any name: what the page asks for is what it may send.
            .allow_headers(AllowHeaders::mirror_request())
            .expose_headers(ExposeHeaders::list(exposed))
            .max_age(PREFLIGHT_MAX_AGE);
        Self {
            origins,
            cors,
            takes_a_stream: |_| true,
            encodes: |_| false,
        }
    }

    /// The same layer, which also refuses a second message where the method at a path does not take
    /// a stream of them: nothing on the wire tells such a call from a stream, and tonic passes over
    /// what follows the first.
    #[must_use]
    pub fn with_streams(self, takes_a_stream: fn(&str) -> bool) -> Self {
        Self {
            takes_a_stream,
            ..self
        }
    }

    /// The same layer, which also encodes what is long in binary gRPC-Web, lists above all, as
    /// `accept-encoding` has it, for those whose request's extensions say so.
    #[must_use]
    pub fn with_encoding(self, when: fn(&Extensions) -> bool) -> Self {
        Self {
            encodes: when,
            ..self
        }
    }
}

impl<S: Clone> Layer<S> for GrpcWebLayer {
    type Service = GrpcWeb<S>;

    fn layer(&self, inner: S) -> Self::Service {
        let native = Native::new(inner);
        let noted = Noted::new(Watched::new(native.clone(), self.takes_a_stream));
        let web = Translate::new(tonic_web::GrpcWebLayer::new().layer(noted));
        let web = Encodes::new(web, self.encodes);
        GrpcWeb {
            origins: self.origins.clone(),
            with_cors: Arc::new(self.cors.layer(web.clone())),
            web,
            native,
            takes_a_stream: self.takes_a_stream,
        }
    }
}

/// What gRPC-Web passes on its way in.
type Web<S> = Encodes<Translate<GrpcWebService<Noted<Watched<Native<S>>>>>>;
/// Boxed: native calls are not to carry the room for it along.
type WebFuture<S> = Pin<
    Box<
        Either<
            <Web<S> as Service<Request<Body>>>::Future,
            <Cors<Web<S>> as Service<Request<Body>>>::Future,
        >,
    >,
>;

/// The service that [`GrpcWebLayer`] makes. Its errors never happen: every refusal is an answer.
#[derive(Debug, Clone)]
pub struct GrpcWeb<S> {
    origins: Origins,
    native: Native<S>,
    takes_a_stream: fn(&str) -> bool,
    web: Web<S>,
    /// Shared: a server clones its service for every request, and the lists of CORS are long.
    with_cors: Arc<Cors<Web<S>>>,
}

impl<S, B, R> Service<Request<B>> for GrpcWeb<S>
where
    S: Service<Request<Body>, Response = Response<R>, Error = Infallible> + Clone,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
    R: http_body::Body<Data = Bytes> + Send + 'static,
    R::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Either<
        Either<
            Ready<Result<Response<Body>, Infallible>>,
            <Native<S> as Service<Request<Body>>>::Future,
        >,
        WebFuture<S>,
    >;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // The service inside says that it is busy by an answer, not by waiting.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        if self.origins.distrust(&request) {
            return Either::Left(Either::Left(ready(Ok(distrusted()))));
        }
        if matches!(admit(&request), Ok(Dialect::Native)) {
            let request = watch(request, self.takes_a_stream);
            Either::Left(Either::Right(self.native.call(request)))
        } else {
            let request = request.map(Body::new);
            // A page of another origin says which (Fetch, section 3.2): the answers to all others
            // need no words on who may read them.
            Either::Right(Box::pin(if request.headers().contains_key(ORIGIN) {
                Either::Right(Cors::clone(&self.with_cors).call(request))
            } else {
                Either::Left(self.web.call(request))
            }))
        }
    }
}
