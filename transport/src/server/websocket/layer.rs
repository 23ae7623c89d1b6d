use std::{
    convert::Infallible,
    future::{Ready, ready},
    net::IpAddr,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::future::Either;
use http::{Extensions, HeaderMap, Request, Response};
use tonic::{body::Body, codegen::StdError};
use tower_layer::Layer;
use tower_service::Service;
use tracing::Instrument as _;

use super::{
    super::{origins::AllowedOrigins, outcome::Outcome, rejection::reject_unknown_host},
    handshake::{accept, is_websocket_handshake, reject_body, reject_limit, reject_shutdown},
    registry::SocketRegistry,
    request::Handshake,
    session::Session,
    upgraded_call::UpgradedCall,
};

/// Handles calls over `grpc-websockets`; see [the module](super).
///
/// The service inside must respond to any path in native gRPC. The extensions of the handshake are
/// available to the call too. The response that opens a socket has an [`Outcome`] and an
/// [`UpgradedCall`] in its extensions.
#[derive(Debug, Clone)]
pub struct WebSocketLayer {
    config: Arc<Config>,
}

#[derive(Debug, Clone)]
struct Config {
    origins: AllowedOrigins,
    registry: SocketRegistry,
    client_address: fn(&Extensions) -> Option<IpAddr>,
    response_headers: fn(&Extensions) -> HeaderMap,
}

impl WebSocketLayer {
    /// A layer for pages of these origins.
    #[must_use]
    pub fn new(origins: AllowedOrigins, registry: SocketRegistry) -> Self {
        Self {
            config: Arc::new(Config {
                origins,
                registry,
                client_address: |_| None,
                response_headers: |_| HeaderMap::new(),
            }),
        }
    }

    /// Reads the client's address from the request extensions. Without it, the limit per client does
    /// not apply.
    #[must_use]
    pub fn with_client_address(
        mut self,
        client_address: fn(&Extensions) -> Option<IpAddr>,
    ) -> Self {
        Arc::make_mut(&mut self.config).client_address = client_address;
        self
    }

    /// Adds headers to the response of each call. Pages cannot read the headers of the handshake
    /// response.
    #[must_use]
    pub fn with_response_headers(mut self, response_headers: fn(&Extensions) -> HeaderMap) -> Self {
        Arc::make_mut(&mut self.config).response_headers = response_headers;
        self
    }
}

impl<S> Layer<S> for WebSocketLayer {
    type Service = WebSocket<S>;

    fn layer(&self, inner: S) -> Self::Service {
        WebSocket {
            inner,
            config: Arc::clone(&self.config),
        }
    }
}

/// The service that [`WebSocketLayer`] creates.
#[derive(Debug, Clone)]
pub struct WebSocket<S> {
    inner: S,
    config: Arc<Config>,
}

impl<S> WebSocket<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>
        + Clone
        + Send
        + 'static,
    S::Future: Send,
{
    fn open<B: http_body::Body>(
        &mut self,
        mut request: Request<B>,
    ) -> Result<Response<Body>, Box<Response<Body>>> {
        let Config {
            origins, registry, ..
        } = &*self.config;
        if origins.is_dns_rebinding(&request) {
            return Err(Box::new(reject_unknown_host()));
        }
        if !request.body().is_end_stream() {
            return Err(Box::new(reject_body()));
        }
        let upgrade = hyper::upgrade::on(&mut request);
        let (mut parts, _) = request.into_parts();
        let mut response = accept(&parts, origins)?;
        if registry.shared().shutdown.is_cancelled() {
            return Err(Box::new(reject_shutdown()));
        }
        let permit = registry
            .acquire((self.config.client_address)(&parts.extensions))
            .map_err(|limit| Box::new(reject_limit(limit)))?;

        // The session waits for readiness itself, once the header block has arrived. The readiness of
        // this service is not reserved for it until then.
        let service = self.inner.clone();
        self.inner = service.clone();
        let (outcome, upgraded_call) = (Outcome::new(), UpgradedCall::default());
        response.extensions_mut().insert(outcome.clone());
        response.extensions_mut().insert(upgraded_call.clone());
        parts.extensions.remove::<hyper::ext::Protocol>();
        let session = Session {
            service,
            registry: registry.clone(),
            extra_headers: (self.config.response_headers)(&parts.extensions),
            handshake: Handshake {
                uri: parts.uri,
                headers: parts.headers,
                extensions: parts.extensions,
            },
            outcome,
        };
        let span = tracing::Span::current();
        registry.shared().tasks.spawn(async move {
            let ended = session.run(upgrade).instrument(span.clone()).await;
            upgraded_call.end_call();
            if let Some(ended) = ended {
                ended.close().instrument(span).await;
            }
            drop(upgraded_call);
            drop(permit);
        });
        Ok(response)
    }
}

impl<S, B> Service<Request<B>> for WebSocket<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>
        + Clone
        + Send
        + 'static,
    S::Future: Send,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<StdError>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Either<Ready<Result<Response<Body>, Infallible>>, S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        if is_websocket_handshake(&request) {
            let response = self.open(request).unwrap_or_else(|rejection| *rejection);
            Either::Left(ready(Ok(response)))
        } else {
            Either::Right(self.inner.call(request.map(Body::new)))
        }
    }
}
