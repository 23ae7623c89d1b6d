//! The layer that composes the parts of gRPC-Web: admission, CORS, translation (tonic-web),
//! compression and status fixups.

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
use tonic::{body::Body, codegen::StdError};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer, ExposeHeaders};
use tower_layer::Layer;
use tower_service::Service;

use super::{
    admission::{AdmitCalls, admit},
    compression::Compression,
    native_grpc::NativeGrpc,
    origins::AllowedOrigins,
    rejection::reject_unknown_host,
};
use crate::{dialect::Dialect, metadata::split_joined_binary, status::GRPC_STATUS};

/// How long a browser may cache a preflight response. Browsers have limits of their own; Chromium's
/// is two hours.
const PREFLIGHT_MAX_AGE: Duration = Duration::from_hours(2);

/// Lets browsers call the services inside; see [the module](super).
#[derive(Debug, Clone)]
pub struct GrpcWebLayer {
    origins: AllowedOrigins,
    cors: CorsLayer,
    is_client_streaming: fn(&str) -> bool,
    compress: fn(&Extensions) -> bool,
}

impl GrpcWebLayer {
    /// A layer for pages of these origins. `exposed_headers` are the response headers that pages of
    /// other origins may read, in addition to gRPC's own.
    #[must_use]
    pub fn new(
        origins: AllowedOrigins,
        exposed_headers: impl IntoIterator<Item = HeaderName>,
    ) -> Self {
        let grpc = ["grpc-message", "grpc-status-details-bin"].map(HeaderName::from_static);
        let exposed = grpc.into_iter().chain([GRPC_STATUS]).chain(exposed_headers);
        let allowed = origins.clone();
        let cors = CorsLayer::new()
            .allow_origin(AllowOrigin::predicate(move |origin, request| {
                allowed.allows(origin, request)
            }))
            .allow_methods([Method::POST])
            // Metadata may have any name, so every header that the page asks for is allowed.
            .allow_headers(AllowHeaders::mirror_request())
            .expose_headers(ExposeHeaders::list(exposed))
            .max_age(PREFLIGHT_MAX_AGE);
        Self {
            origins,
            cors,
            is_client_streaming: |_| true,
            compress: |_| false,
        }
    }

    /// Rejects a second request message with `UNIMPLEMENTED`, unless `is_client_streaming` returns
    /// `true` for the request path. Without this, tonic ignores all messages after the first.
    #[must_use]
    pub fn with_client_streaming(self, is_client_streaming: fn(&str) -> bool) -> Self {
        Self {
            is_client_streaming,
            ..self
        }
    }

    /// Compresses long binary gRPC-Web responses with a content coding that `accept-encoding` allows,
    /// if `compress` returns `true` for the extensions of the request.
    #[must_use]
    pub fn with_compression(self, compress: fn(&Extensions) -> bool) -> Self {
        Self { compress, ..self }
    }
}

impl<S: Clone> Layer<S> for GrpcWebLayer {
    type Service = GrpcWeb<S>;

    fn layer(&self, inner: S) -> Self::Service {
        GrpcWeb {
            origins: self.origins.clone(),
            native: NativeGrpc::new(inner, self.is_client_streaming),
            compression: Compression::new(self.compress),
            cors: Arc::new(self.cors.clone()),
        }
    }
}

/// The service that [`GrpcWebLayer`] creates. It never fails: every rejection is a response.
#[derive(Debug, Clone)]
pub struct GrpcWeb<S> {
    origins: AllowedOrigins,
    native: NativeGrpc<S>,
    compression: Compression,
    /// Shared, because servers clone the service for every request and the layer owns several lists.
    cors: Arc<CorsLayer>,
}

type ResponseFuture = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

impl<S> GrpcWeb<S> {
    /// Handles every request other than native gRPC. The future is boxed, so that those of native
    /// calls stay small.
    fn call_web<R>(&mut self, request: Request<Body>) -> ResponseFuture
    where
        S: Service<Request<Body>, Response = Response<R>, Error = Infallible>
            + Clone
            + Send
            + 'static,
        S::Future: Send,
        R: http_body::Body<Data = Bytes> + Send + 'static,
        R::Error: Into<StdError>,
    {
        // The service that is ready makes the call; its clone is not ready.
        let clone = self.native.clone();
        let ready = replace(&mut self.native, clone).with_outcome();
        let mut web = AdmitCalls::new(tonic_web::GrpcWebLayer::new().layer(ready));
        let compression = self.compression.for_request(&request);
        // Browsers send `origin` with every cross-origin request (Fetch standard, "Origin header"),
        // so no other response needs CORS headers.
        let response = if request.headers().contains_key(ORIGIN) {
            Either::Left(self.cors.layer(web).call(request))
        } else {
            Either::Right(web.call(request))
        };
        Box::pin(async move { Ok(compression.apply(response.await?).await) })
    }
}

impl<S, B, R> Service<Request<B>> for GrpcWeb<S>
where
    S: Service<Request<Body>, Response = Response<R>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<StdError>,
    R: http_body::Body<Data = Bytes> + Send + 'static,
    R::Error: Into<StdError>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Either<
        Either<
            Ready<Result<Response<Body>, Infallible>>,
            <NativeGrpc<S> as Service<Request<B>>>::Future,
        >,
        ResponseFuture,
    >;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Service::<Request<B>>::poll_ready(&mut self.native, cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        if self.origins.is_dns_rebinding(&request) {
            return Either::Left(Either::Left(ready(Ok(reject_unknown_host()))));
        }
        split_joined_binary(request.headers_mut());
        if matches!(admit(&request), Ok(Dialect::Native)) {
            Either::Left(Either::Right(self.native.call(request)))
        } else {
            Either::Right(self.call_web(request.map(Body::new)))
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use http::header::{ACCESS_CONTROL_REQUEST_METHOD, CONTENT_TYPE, HOST};

    use super::*;

    /// Ready on every second poll, and may only be called then. Readiness does not carry over to
    /// clones.
    #[derive(Default)]
    struct ReadyOnSecondPoll {
        polled: bool,
        ready: bool,
    }

    impl Clone for ReadyOnSecondPoll {
        fn clone(&self) -> Self {
            Self::default()
        }
    }

    impl Service<Request<Body>> for ReadyOnSecondPoll {
        type Response = Response<Body>;
        type Error = Infallible;
        type Future = Ready<Result<Response<Body>, Infallible>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            self.ready = replace(&mut self.polled, true);
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
            self.polled = false;
            let mut response = Response::new(Body::empty());
            let status = response.headers_mut();
            status.insert(GRPC_STATUS, http::HeaderValue::from_static("0"));
            ready(Ok(response))
        }
    }

    fn request(dialect: Dialect, origin: Option<&str>) -> Request<Body> {
        let mut request = Request::post("/greeter.Greeter/SayHello")
            .version(http::Version::HTTP_2)
            .header(HOST, "127.0.0.1:50051")
            .header(CONTENT_TYPE, dialect.canonical_content_type());
        if let Some(origin) = origin {
            request = request.header(ORIGIN, origin);
        }
        request.body(Body::empty()).expect("a request")
    }

    #[test]
    fn the_inner_service_is_ready_before_each_call() {
        let origins = AllowedOrigins::new(["https://app.example"]).expect("an origin");
        let mut web = GrpcWebLayer::new(origins, []).layer(ReadyOnSecondPoll::default());
        let mut cx = Context::from_waker(std::task::Waker::noop());
        let mut poll = |web: &mut GrpcWeb<ReadyOnSecondPoll>| {
            Service::<Request<Body>>::poll_ready(web, &mut cx).is_ready()
        };
        let mut preflight = request(Dialect::Web, Some("https://app.example"));
        *preflight.method_mut() = Method::OPTIONS;
        let method = http::HeaderValue::from_static("POST");
        preflight
            .headers_mut()
            .insert(ACCESS_CONTROL_REQUEST_METHOD, method);
        for request in [
            request(Dialect::Native, None),
            request(Dialect::Web, None),
            preflight,
            request(Dialect::WebText, Some("https://app.example")),
            request(Dialect::Native, None),
        ] {
            assert!(!poll(&mut web), "not ready yet");
            assert!(poll(&mut web));
            let response = web.call(request).now_or_never().expect("ready");
            let Ok(response) = response;
            assert!(response.status().is_success(), "{response:?}");
        }
    }

    /// Records the `x-bin` values of its last request.
    #[derive(Clone, Default)]
    struct RecordBinary(Arc<std::sync::Mutex<Vec<Vec<u8>>>>);

    impl Service<Request<Body>> for RecordBinary {
        type Response = Response<Body>;
        type Error = Infallible;
        type Future = Ready<Result<Response<Body>, Infallible>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, request: Request<Body>) -> Self::Future {
            let values = request.headers().get_all("x-bin").iter();
            let values = values.map(|value| value.as_bytes().to_vec()).collect();
            *self.0.lock().expect("not poisoned") = values;
            ready(Ok(tonic::Status::ok("").into_http()))
        }
    }

    #[test]
    fn joined_binary_values_reach_the_service_one_by_one() {
        let origins = AllowedOrigins::new(["https://app.example"]).expect("an origin");
        let recorded = RecordBinary::default();
        for dialect in [Dialect::Native, Dialect::Web, Dialect::WebText] {
            let mut web = GrpcWebLayer::new(origins.clone(), []).layer(recorded.clone());
            let mut request = request(dialect, None);
            let joined = http::HeaderValue::from_static("AQ, Ag");
            request.headers_mut().insert("x-bin", joined);
            let response = web.call(request).now_or_never();
            assert!(response.is_some(), "{dialect:?}");
            let recorded = recorded.0.lock().expect("not poisoned");
            assert_eq!(*recorded, [b"AQ", b"Ag"], "{dialect:?}");
        }
    }
}
