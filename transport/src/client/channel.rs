use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderName, Request, Response};
use tonic::{Code, body::Body};
use tower_service::Service;

#[cfg(feature = "tonic-web-wasm-client")]
use super::tonic_web;
use super::{
    carrier::Carrier,
    deadline::Deadline,
    error::Error,
    fetch,
    request::{read_all, read_available},
    response::{CarrierBody, ResponseBody, remove_malformed_details},
    websocket,
};
use crate::status;

/// A channel to one server. Cloning is cheap.
///
/// Dropping a call, or the stream that it returned, aborts it, and the server sees a cancellation. A
/// `grpc-timeout` is sent to the server and enforced here as well, for the whole call including its
/// response stream.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Without a trailing slash.
    origin: Box<str>,
    unary_carrier: Carrier,
    /// Paths of the methods whose request is a stream; empty if they are not known.
    client_streaming: &'static [&'static str],
    /// Paths of the methods whose response is a single message.
    single_responses: &'static [&'static str],
}

impl Channel {
    /// A channel to the server at `origin`, such as `https://app.example:50051`. A trailing slash is
    /// ignored. If a proxy serves it below a path, the path is part of the origin:
    /// `https://example.com/app`.
    ///
    /// The carrier is chosen by the request: `fetch` if it is complete at once, as in unary and
    /// server-streaming calls, and `WebSocket` otherwise. A request stream whose messages are all
    /// available at once, such as `stream::iter`, is therefore sent with `fetch`, and a bidirectional
    /// call gets its first reply only after all of it has been sent. [`Channel::with_client_streaming`]
    /// chooses by method instead.
    #[must_use]
    pub fn new(origin: impl Into<String>) -> Self {
        Self {
            origin: origin.into().trim_end_matches('/').into(),
            unary_carrier: Carrier::UNARY,
            client_streaming: &[],
            single_responses: &[],
        }
    }

    /// Chooses the carrier by method: `WebSocket` for these paths, such as
    /// `/greeter.Greeter/BidiHello`, and `fetch` for all others. A build script can generate the list
    /// from the descriptors. A [`Carrier`] in the extensions of a request takes precedence.
    #[must_use]
    pub fn with_client_streaming(self, paths: &'static [&'static str]) -> Self {
        Self {
            client_streaming: paths,
            ..self
        }
    }

    /// Requires exactly one response message from the methods at these paths, such as
    /// `/greeter.Greeter/SayHello`. Any other number is `UNIMPLEMENTED` (grpc/doc/statuscodes.md,
    /// "cardinality violation"). Without this, tonic's stubs report a missing message as `INTERNAL`
    /// and ignore a second one.
    #[must_use]
    pub fn with_single_responses(self, paths: &'static [&'static str]) -> Self {
        Self {
            single_responses: paths,
            ..self
        }
    }

    /// Uses another carrier for unary and server-streaming calls than the default, which is
    /// [`Carrier::Fetch`], or `Carrier::TonicWeb` with the feature `tonic-web-wasm-client`.
    #[must_use]
    pub fn with_unary_carrier(self, carrier: Carrier) -> Self {
        Self {
            unary_carrier: carrier,
            ..self
        }
    }

    /// The carrier for a request, if it can be chosen without reading the request.
    fn choose_carrier(&self, request: &Request<Body>) -> Option<Carrier> {
        if let Some(carrier) = request.extensions().get() {
            return Some(*carrier);
        }
        let is_streaming = self.client_streaming.contains(&request.uri().path());
        match (self.client_streaming, is_streaming) {
            ([], _) => None,
            (_, true) => Some(Carrier::WebSocket),
            (_, false) => Some(self.unary_carrier),
        }
    }

    async fn send(self, request: Request<Body>) -> Result<Response<CarrierBody>, Error> {
        let chosen = self.choose_carrier(&request);
        let (parts, mut body) = request.into_parts();
        let (carrier, message) = match chosen {
            Some(Carrier::WebSocket) => (Carrier::WebSocket, Bytes::new()),
            Some(carrier) => (carrier, read_all(&mut body).await?),
            None => match read_available(&mut body).await? {
                (message, true) => (self.unary_carrier, message),
                (message, false) => (Carrier::WebSocket, message),
            },
        };
        match carrier {
            Carrier::Fetch => fetch::call(&self.origin, &parts, &message).await,
            Carrier::WebSocket => websocket::call(&self.origin, parts, message, body).await,
            #[cfg(feature = "tonic-web-wasm-client")]
            Carrier::TonicWeb => tonic_web::call(&self.origin, parts, message).await,
        }
    }
}

impl Service<Request<Body>> for Channel {
    type Response = Response<ResponseBody>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let mut deadline = Deadline::from_headers(request.headers());
        let accepts_compression = request.headers().contains_key("grpc-accept-encoding");
        let is_single = self.single_responses.contains(&request.uri().path());
        let response = self.clone().send(request);
        Box::pin(async move {
            let mut response = match &mut deadline {
                None => response.await,
                Some(deadline) => deadline.limit(response).await?,
            }?;
            let headers = response.headers_mut();
            remove_malformed_details(headers);
            // If the client did not offer compression, a compressed message must be `INTERNAL`
            // (grpc/doc/compression.md). tonic's stubs report that if `grpc-encoding` is absent; if
            // it is present they fail with `UNIMPLEMENTED`, even if no message follows.
            if !accepts_compression {
                headers.remove(HeaderName::from_static("grpc-encoding"));
            }
            let is_single = is_single && status::code(headers).is_none_or(|code| code == Code::Ok);
            Ok(response.map(|body| ResponseBody::new(body, deadline, is_single)))
        })
    }
}
