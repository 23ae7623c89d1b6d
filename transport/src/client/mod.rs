//! The page's half: what generated client stubs run over in a browser.
//!
//! [`Channel`] speaks gRPC-Web (binary) by `fetch`, over [`tonic_web_wasm_client`]. Around it
//! this adds what that leaves out: deadlines that count in the page too, and errors that say
//! whether an answer came at all.
//!
//! # Limitations
//!
//! - Client streaming works for streams that end: the whole request is collected before any of
//!   it is sent. Bidirectional streaming does not work.
//! - An answer whose last chunk ends inside the trailers loses its status
//!   (devashishdxt/tonic-web-wasm-client#97). It ends in [`Error::CutShort`] here, with all its
//!   messages delivered: who knows how many there should be can tell it from a broken one.
//! - Trailers that repeat keep their last value only.
//! - An answer that is not gRPC (a proxy's 429 or 503) is [`Error::NotGrpc`], without the HTTP
//!   status.
//! - Over HTTP/1.1 a browser opens six connections to one origin, all tabs together: the seventh
//!   open stream waits.

mod body;
mod deadline;
mod error;

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use http::{Request, Response};
use tonic_web_wasm_client::Client;
use tower_service::Service;

use self::deadline::Deadline;
pub use self::{body::Body, error::Error};

/// A way to one server. Cloning is cheap, and all clones are the same way.
///
/// Dropping a call, or the stream that it gave, aborts its `fetch`: the server sees the
/// cancellation. A `grpc-timeout` is sent, and also kept here: it bounds the whole call, its
/// stream included, whether or not the server can be reached.
#[derive(Clone, Debug)]
pub struct Channel {
    client: Client,
}

impl Channel {
    /// A channel to the server at `origin`, such as `https://desk.example:50051`.
    #[must_use]
    pub fn new(origin: impl Into<String>) -> Self {
        Self {
            client: Client::new(origin.into()),
        }
    }
}

impl Service<Request<tonic::body::Body>> for Channel {
    type Response = Response<Body>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<tonic::body::Body>) -> Self::Future {
        let deadline = Deadline::of(request.headers());
        let answer = self.client.call(request);
        Box::pin(async move {
            let (answer, deadline) = match deadline {
                None => (answer.await, None),
                Some(deadline) => deadline.bound(answer).await?,
            };
            Ok(answer?.map(|body| Body::new(body, deadline)))
        })
    }
}
