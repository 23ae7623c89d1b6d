//! The layer that opens the sockets.

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
use tonic::body::Body;
use tower_layer::Layer;
use tower_service::Service;
use tracing::Instrument as _;

use super::{
    super::{BoxError, Origins, Outcome, gate::distrusted},
    Ongoing, Sockets,
    call::Opening,
    handshake::{full, going_down, is_web_socket, shake, with_a_body},
    session::Session,
};

/// Answers calls over `grpc-websockets`; see [the module](super).
///
/// What stands inside has to be able to answer native gRPC to any path; what stands outside finds
/// an [`Outcome`] and an [`Ongoing`] in the extensions of an answer that opens a socket. What was
/// put into the extensions of a request is there for its call too.
#[derive(Debug, Clone)]
pub struct SocketLayer {
    rules: Arc<Rules>,
}

#[derive(Debug, Clone)]
struct Rules {
    origins: Origins,
    sockets: Sockets,
    client_of: fn(&Extensions) -> Option<IpAddr>,
    headers_of: fn(&Extensions) -> HeaderMap,
}

impl SocketLayer {
    /// A layer for pages of these origins.
    #[must_use]
    pub fn new(origins: Origins, sockets: Sockets) -> Self {
        Self {
            rules: Arc::new(Rules {
                origins,
                sockets,
                client_of: |_| None,
                headers_of: |_| HeaderMap::new(),
            }),
        }
    }

    /// How a request's extensions say where it comes from; without this the sockets of one client
    /// are not counted.
    #[must_use]
    pub fn with_client(mut self, client_of: fn(&Extensions) -> Option<IpAddr>) -> Self {
        Arc::make_mut(&mut self.rules).client_of = client_of;
        self
    }

    /// What is added to the headers of each call's answer: those of the answer that opens the
    /// socket are not shown to pages.
    #[must_use]
    pub fn with_headers(mut self, headers_of: fn(&Extensions) -> HeaderMap) -> Self {
        Arc::make_mut(&mut self.rules).headers_of = headers_of;
        self
    }
}

impl<S> Layer<S> for SocketLayer {
    type Service = Socket<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Socket {
            inner,
            rules: Arc::clone(&self.rules),
        }
    }
}

/// The service that [`SocketLayer`] makes.
#[derive(Debug, Clone)]
pub struct Socket<S> {
    inner: S,
    rules: Arc<Rules>,
}

impl<S> Socket<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>
        + Clone
        + Send
        + 'static,
    S::Future: Send,
{
    fn open<B: http_body::Body>(&mut self, mut request: Request<B>) -> Response<Body> {
        let Rules {
            origins, sockets, ..
        } = &*self.rules;
        if origins.distrust(&request) {
            return distrusted();
        }
        // It would be taken for frames.
        if !request.body().is_end_stream() {
            return with_a_body();
        }
        let upgrade = hyper::upgrade::on(&mut request);
        let (mut parts, _) = request.into_parts();
        let mut answer = match shake(&parts, origins) {
            Ok(answer) => answer,
            Err(refusal) => return *refusal,
        };
        if sockets.draining().is_cancelled() {
            return going_down();
        }
        let place = match sockets.enter((self.rules.client_of)(&parts.extensions)) {
            Ok(place) => place,
            Err(why) => return full(why),
        };

        // The call asks for itself whether there is room, when its headers have come: until then,
        // what was made ready is kept from nobody.
        let service = self.inner.clone();
        self.inner = service.clone();
        let (outcome, ongoing) = (Outcome::new(), Ongoing::default());
        answer.extensions_mut().insert(outcome.clone());
        answer.extensions_mut().insert(ongoing.clone());
        parts.extensions.remove::<hyper::ext::Protocol>();
        let session = Session {
            service,
            sockets: sockets.clone(),
            headers: (self.rules.headers_of)(&parts.extensions),
            opening: Opening {
                uri: parts.uri,
                headers: parts.headers,
                extensions: parts.extensions,
            },
            outcome,
        };
        let span = tracing::Span::current();
        sockets.tasks().spawn(async move {
            let closing = session.run(upgrade).instrument(span.clone()).await;
            ongoing.call_ended();
            if let Some(closing) = closing {
                closing.close().instrument(span).await;
            }
            drop(ongoing);
            drop(place);
        });
        answer
    }
}

impl<S, B> Service<Request<B>> for Socket<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>
        + Clone
        + Send
        + 'static,
    S::Future: Send,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Either<Ready<Result<Response<Body>, Infallible>>, S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        if is_web_socket(&request) {
            Either::Left(ready(Ok(self.open(request))))
        } else {
            Either::Right(self.inner.call(request.map(Body::new)))
        }
    }
}
