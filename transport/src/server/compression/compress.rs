use std::{future::poll_fn, pin::Pin, sync::Arc, task::Poll};

use http::{
    Extensions, HeaderValue, Request, Response,
    header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, VARY},
};
use http_body::Body as _;
use tokio::sync::Semaphore;
use tonic::body::Body;

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

/// Compresses long responses in binary gRPC-Web. All clones share their permits.
#[derive(Debug, Clone)]
pub(in crate::server) struct Compression {
    /// Whether to compress the response, by the extensions of the request.
    is_enabled: fn(&Extensions) -> bool,
    permits: Arc<Semaphore>,
}

/// What is needed of the request to compress its response; `None` if compression is disabled.
pub(in crate::server) struct ResponseCompression(Option<(AcceptEncoding, Arc<Semaphore>)>);

impl Compression {
    pub(in crate::server) fn new(is_enabled: fn(&Extensions) -> bool) -> Self {
        Self {
            is_enabled,
            permits: Arc::new(Semaphore::new(MAX_CONCURRENT)),
        }
    }

    pub(in crate::server) fn for_request<B>(&self, request: &Request<B>) -> ResponseCompression {
        let is_enabled = (self.is_enabled)(request.extensions());
        ResponseCompression(is_enabled.then(|| {
            let accepted = AcceptEncoding::from_headers(request.headers());
            (accepted, Arc::clone(&self.permits))
        }))
    }
}

impl ResponseCompression {
    /// Compresses the response if the first frame of its body is ready and long. It never waits for
    /// that frame: a watch may have nothing to send for hours.
    pub(in crate::server) async fn apply(self, response: Response<Body>) -> Response<Body> {
        let Some((accepted, permits)) = self.0 else {
            return response;
        };
        if !is_compressible(&response) {
            return response;
        }
        let (mut parts, mut body) = response.into_parts();
        let first = poll_fn(|cx| Poll::Ready(Pin::new(&mut body).poll_frame(cx))).await;
        let Poll::Ready(first) = first else {
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
            accepted.preferred(PREFERENCE).and_then(|encoding| {
                let permit = permits.try_acquire_owned().ok()?;
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

/// Whether the response is binary gRPC-Web with a body. The text dialect is not compressed: it exists
/// for clients that cannot handle arbitrary bytes.
fn is_compressible(response: &Response<Body>) -> bool {
    response.headers().get(CONTENT_TYPE) == Some(&GRPC_WEB) && !response.body().is_end_stream()
}
