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

use super::{
    super::accept_encoding::{AcceptEncoding, Encoding},
    body::{CompressedBody, PeekedBody},
    encoder::Encoder,
};
use crate::dialect::GRPC_WEB;

/// The least length of the first frame, in bytes, for a response to be compressed. Shorter responses
/// fit into a few packets anyway.
pub(super) const MIN_FIRST_FRAME_BYTES: usize = 8 * 1024;
/// The number of responses that may be compressed at once, which limits the memory of their
/// encoders. Further responses are sent uncompressed.
pub(super) const MAX_CONCURRENT: usize = 64;
/// Used in this order if the client has no preference: the best compression for the CPU time first.
const PREFERENCE: [Encoding; 3] = [Encoding::Zstd, Encoding::Brotli, Encoding::Gzip];

/// Compresses long responses in binary gRPC-Web. All services of one layer share its permits.
#[derive(Debug, Clone)]
pub(in crate::server) struct CompressionLayer {
    /// Whether to compress the response, by the extensions of the request.
    is_enabled: fn(&Extensions) -> bool,
    permits: Arc<Semaphore>,
}

impl CompressionLayer {
    pub(in crate::server) fn new(is_enabled: fn(&Extensions) -> bool) -> Self {
        Self {
            is_enabled,
            permits: Arc::new(Semaphore::new(MAX_CONCURRENT)),
        }
    }
}

impl<S> Layer<S> for CompressionLayer {
    type Service = Compress<S>;

    fn layer(&self, inner: S) -> Compress<S> {
        Compress {
            inner,
            layer: self.clone(),
        }
    }
}

/// The service that [`CompressionLayer`] creates.
#[derive(Debug, Clone)]
pub struct Compress<S> {
    inner: S,
    layer: CompressionLayer,
}

impl<S> Service<Request<Body>> for Compress<S>
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
        let compression = (self.layer.is_enabled)(request.extensions()).then(|| Compression {
            accepted: AcceptEncoding::from_headers(request.headers()),
            permits: Arc::clone(&self.layer.permits),
        });
        ResponseFuture {
            inner: self.inner.call(request),
            compression,
        }
    }
}

/// What is needed of the request to compress its response.
#[derive(Debug)]
struct Compression {
    accepted: AcceptEncoding,
    permits: Arc<Semaphore>,
}

pin_project! {
    /// The response future of [`Compress`].
    #[derive(Debug)]
    pub struct ResponseFuture<F> {
        #[pin]
        inner: F,
        compression: Option<Compression>,
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
        Poll::Ready(Ok(match this.compression.take() {
            Some(compression) if is_compressible(&response) => compression.apply(response, cx),
            _ => response,
        }))
    }
}

/// Whether the response is binary gRPC-Web with a body. The text dialect is not compressed: it exists
/// for clients that cannot handle arbitrary bytes.
fn is_compressible(response: &Response<Body>) -> bool {
    response.headers().get(CONTENT_TYPE) == Some(&GRPC_WEB) && !response.body().is_end_stream()
}

impl Compression {
    /// Compresses the response if the first frame of its body is ready and long. It never waits for
    /// that frame: a watch may have nothing to send for hours.
    fn apply(self, response: Response<Body>, cx: &mut Context<'_>) -> Response<Body> {
        let (mut parts, mut body) = response.into_parts();
        let Poll::Ready(first) = Pin::new(&mut body).poll_frame(cx) else {
            return Response::from_parts(parts, body);
        };
        let long = match &first {
            Some(Ok(frame)) => frame.data_ref(),
            _ => None,
        };
        let long = long
            .filter(|data| data.len() >= MIN_FIRST_FRAME_BYTES)
            .cloned();
        let Some(data) = long else {
            return Response::from_parts(parts, Body::new(PeekedBody::new(first, body)));
        };
        // The response depends on `accept-encoding` even if none was acceptable (RFC 9110, section
        // 12.5.5).
        let vary = HeaderValue::from_static("accept-encoding");
        parts.headers.append(VARY, vary);
        let Some((encoding, encoder, permit)) =
            self.accepted.preferred(PREFERENCE).and_then(|encoding| {
                let permit = self.permits.try_acquire_owned().ok()?;
                Some((encoding, Encoder::new(encoding).ok()?, permit))
            })
        else {
            return Response::from_parts(parts, Body::new(PeekedBody::new(first, body)));
        };
        let name = HeaderValue::from_static(encoding.name());
        parts.headers.insert(CONTENT_ENCODING, name);
        parts.headers.remove(CONTENT_LENGTH);
        let body = CompressedBody::new(data, body, encoder, permit);
        Response::from_parts(parts, Body::new(body))
    }
}
