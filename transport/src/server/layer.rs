//! The layer that puts the parts together.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    mem::replace,
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
    BoxError, Dialect, Origins, binary,
    encoding::{Encodes, EncodesLayer, When},
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
        GrpcWeb {
            origins: self.origins.clone(),
            native: Native::new(inner),
            takes_a_stream: self.takes_a_stream,
            encodes: EncodesLayer::new(self.encodes),
            cors: Arc::new(self.cors.clone()),
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
    encodes: EncodesLayer,
    /// Shared: a server clones its service for every request, and the lists of CORS are long.
    cors: Arc<CorsLayer>,
}

impl<S: Clone> GrpcWeb<S> {
    /// What gRPC-Web passes on its way to the very service that is ready.
    fn web(&mut self) -> Web<S> {
        let next = self.native.clone();
        let ready = replace(&mut self.native, next);
        let noted = Noted::new(Watched::new(ready, self.takes_a_stream));
        let web = Translate::new(tonic_web::GrpcWebLayer::new().layer(noted));
        self.encodes.layer(web)
    }
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

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.native.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        if self.origins.distrust(&request) {
            return Either::Left(Either::Left(ready(Ok(distrusted()))));
        }
        binary::take_apart(request.headers_mut());
        if matches!(admit(&request), Ok(Dialect::Native)) {
            let request = watch(request, self.takes_a_stream);
            Either::Left(Either::Right(self.native.call(request)))
        } else {
            let request = request.map(Body::new);
            // A page of another origin says which (Fetch, section 3.2): the answers to all others
            // need no words on who may read them.
            Either::Right(Box::pin(if request.headers().contains_key(ORIGIN) {
                let web = self.web();
                Either::Right(self.cors.layer(web).call(request))
            } else {
                Either::Left(self.web().call(request))
            }))
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use http::header::{ACCESS_CONTROL_REQUEST_METHOD, CONTENT_TYPE, HOST};

    use super::*;

    /// Is ready every other time that it is asked, and may be called only then. A clone is not
    /// ready because the first one is.
    #[derive(Default)]
    struct Shy {
        asked: bool,
        ready: bool,
    }

    impl Clone for Shy {
        fn clone(&self) -> Self {
            Self::default()
        }
    }

    impl Service<Request<Body>> for Shy {
        type Response = Response<Body>;
        type Error = Infallible;
        type Future = Ready<Result<Response<Body>, Infallible>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            self.ready = replace(&mut self.asked, true);
            if self.ready {
                Poll::Ready(Ok(()))
            } else {
                Poll::Pending
            }
        }

        fn call(&mut self, _: Request<Body>) -> Self::Future {
            assert!(
                std::mem::take(&mut self.ready),
                "called without being ready"
            );
            self.asked = false;
            let mut response = Response::new(Body::empty());
            let status = response.headers_mut();
            status.insert("grpc-status", http::HeaderValue::from_static("0"));
            ready(Ok(response))
        }
    }

    fn request(dialect: Dialect, origin: Option<&str>) -> Request<Body> {
        let mut request = Request::post("/greeter.Greeter/SayHello")
            .version(http::Version::HTTP_2)
            .header(HOST, "127.0.0.1:50051")
            .header(CONTENT_TYPE, dialect.canonical());
        if let Some(origin) = origin {
            request = request.header(ORIGIN, origin);
        }
        request.body(Body::empty()).expect("a request")
    }

    #[test]
    fn the_service_inside_is_asked_whether_it_is_ready_before_each_call() {
        let origins = Origins::new(["https://desk.example"]).expect("an origin");
        let mut web = GrpcWebLayer::new(origins, []).layer(Shy::default());
        let mut cx = Context::from_waker(std::task::Waker::noop());
        let mut poll =
            |web: &mut GrpcWeb<Shy>| Service::<Request<Body>>::poll_ready(web, &mut cx).is_ready();
        let mut preflight = request(Dialect::Web, Some("https://desk.example"));
        *preflight.method_mut() = Method::OPTIONS;
        let asks = http::HeaderValue::from_static("POST");
        preflight
            .headers_mut()
            .insert(ACCESS_CONTROL_REQUEST_METHOD, asks);
        for request in [
            request(Dialect::Native, None),
            request(Dialect::Web, None),
            preflight,
            request(Dialect::WebText, Some("https://desk.example")),
            request(Dialect::Native, None),
        ] {
            assert!(!poll(&mut web), "it is not ready yet");
            assert!(poll(&mut web));
            let answer = web.call(request).now_or_never().expect("at once");
            let Ok(answer) = answer;
            assert!(answer.status().is_success(), "{answer:?}");
        }
    }

    /// Keeps what its last request had in `x-bin`.
    #[derive(Clone, Default)]
    struct Heard(Arc<std::sync::Mutex<Vec<Vec<u8>>>>);

    impl Service<Request<Body>> for Heard {
        type Response = Response<Body>;
        type Error = Infallible;
        type Future = Ready<Result<Response<Body>, Infallible>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, request: Request<Body>) -> Self::Future {
            let values = request.headers().get_all("x-bin").iter();
            let values = values.map(|value| value.as_bytes().to_vec()).collect();
            *self.0.lock().expect("one at a time") = values;
            ready(Ok(tonic::Status::ok("").into_http()))
        }
    }

    #[test]
    fn binary_values_that_a_browser_joined_reach_the_service_one_by_one() {
        let origins = Origins::new(["https://desk.example"]).expect("an origin");
        let heard = Heard::default();
        for dialect in [Dialect::Native, Dialect::Web, Dialect::WebText] {
            let mut web = GrpcWebLayer::new(origins.clone(), []).layer(heard.clone());
            let mut request = request(dialect, None);
            let joined = http::HeaderValue::from_static("AQ, Ag");
            request.headers_mut().insert("x-bin", joined);
            let answer = web.call(request).now_or_never();
            assert!(answer.is_some(), "{dialect:?}");
            let heard = heard.0.lock().expect("one at a time");
            assert_eq!(*heard, [b"AQ", b"Ag"], "{dialect:?}");
        }
    }
}
