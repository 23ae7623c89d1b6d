//! Content coding of what is long: HTTP's own (RFC 9110, section 8.4), which browsers undo by
//! themselves. gRPC's compression of single messages gains little where messages are small.
//!
//! An answer is encoded when the first of its body that is ready is long: a list is, a watch and a
//! unary answer are not, or not often: a watch that begins with 8 KiB at once is encoded, and keeps
//! its place among them. Nothing is held back for it: whatever comes from inside
//! goes out at once, flushed. tower-http's layer decides by headers alone, which tell a list from a
//! watch by nothing, and its encoders have windows of megabytes.

mod body;
mod encoder;
#[cfg(test)]
mod tests;

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use http::{
    Extensions, HeaderValue, Request, Response,
    header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, VARY},
};
use http_body::Body as _;
use pin_project_lite::pin_project;
use tokio::sync::Semaphore;
use tonic::body::Body;
use tower_layer::Layer;
use tower_service::Service;

use self::{
    body::{Ahead, Encoded},
    encoder::Encoder,
};
use super::{
    Dialect,
    accept_encoding::{Accepted, Encoding},
};

/// What an answer's first bytes have to be for it to be encoded. Shorter ones are sent in one or two
/// packets anyway.
const LONG: usize = 8 * 1024;
/// How many answers are encoded at once: what their encoders hold is bounded by it. One more is sent
/// as it is.
const AT_ONCE: usize = 64;
/// Among what a client wants alike: what takes the fewest bytes for its time.
const PREFERENCE: [Encoding; 3] = [Encoding::Zstd, Encoding::Brotli, Encoding::Gzip];

/// Whether a peer's answers are encoded, by its request's extensions.
pub(super) type When = fn(&Extensions) -> bool;

/// Encodes long answers in binary gRPC-Web. All that it is put round share the places.
#[derive(Debug, Clone)]
pub(super) struct EncodesLayer {
    when: When,
    places: Arc<Semaphore>,
}

impl EncodesLayer {
    pub(super) fn new(when: When) -> Self {
        Self {
            when,
            places: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }
}

impl<S> Layer<S> for EncodesLayer {
    type Service = Encodes<S>;

    fn layer(&self, inner: S) -> Encodes<S> {
        Encodes {
            inner,
            layer: self.clone(),
        }
    }
}

/// The service that [`EncodesLayer`] makes.
#[derive(Debug, Clone)]
pub struct Encodes<S> {
    inner: S,
    layer: EncodesLayer,
}

impl<S> Service<Request<Body>> for Encodes<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let asked = (self.layer.when)(request.extensions()).then(|| Asked {
            accepted: Accepted::of(request.headers()),
            places: Arc::clone(&self.layer.places),
        });
        ResponseFuture {
            inner: self.inner.call(request),
            asked,
        }
    }
}

/// What is kept of a request whose answer may be encoded.
#[derive(Debug)]
struct Asked {
    accepted: Accepted,
    places: Arc<Semaphore>,
}

pin_project! {
    /// An answer on its way.
    #[derive(Debug)]
    pub struct ResponseFuture<F> {
        #[pin]
        inner: F,
        asked: Option<Asked>,
    }
}

impl<F> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<Body>, Infallible>>,
{
    type Output = Result<Response<Body>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = ready!(this.inner.poll(cx))?;
        Poll::Ready(Ok(match this.asked.take() {
            Some(asked) if may_be_long(&response) => asked.encode(response, cx),
            _ => response,
        }))
    }
}

/// Text is left alone: it is for those who can't take bytes, and three quarters of it are base64's.
/// So is what has no body: its status stands in the headers.
fn may_be_long(response: &Response<Body>) -> bool {
    let binary = Dialect::Web.canonical();
    response.headers().get(CONTENT_TYPE) == Some(&binary) && !response.body().is_end_stream()
}

impl Asked {
    /// Looks at what is ready of the body, and encodes it where that is long. What is not ready is
    /// not waited for: a watch has something to say when something happens.
    fn encode(self, response: Response<Body>, cx: &mut Context<'_>) -> Response<Body> {
        let (mut head, mut body) = response.into_parts();
        let first = match Pin::new(&mut body).poll_frame(cx) {
            Poll::Ready(first) => first,
            Poll::Pending => return Response::from_parts(head, body),
        };
        let long = match &first {
            Some(Ok(frame)) => frame.data_ref().filter(|data| data.len() >= LONG).cloned(),
            _ => None,
        };
        let Some(data) = long else {
            return Response::from_parts(head, Body::new(Ahead::new(first, body)));
        };
        // What is sent depends on what the client takes, whether that is anything or not (RFC 9110,
        // section 12.5.5).
        let vary = HeaderValue::from_static("accept-encoding");
        head.headers.append(VARY, vary);
        let Some((encoding, encoder, place)) = self.accepted.best(PREFERENCE).and_then(|it| {
            let place = self.places.try_acquire_owned().ok()?;
            Some((it, Encoder::new(it).ok()?, place))
        }) else {
            return Response::from_parts(head, Body::new(Ahead::new(first, body)));
        };
        let name = HeaderValue::from_static(encoding.name());
        head.headers.insert(CONTENT_ENCODING, name);
        head.headers.remove(CONTENT_LENGTH);
        let body = Encoded::new(data, body, encoder, place);
        Response::from_parts(head, Body::new(body))
    }
}
