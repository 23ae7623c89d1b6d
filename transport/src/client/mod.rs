//! The page's half: what generated client stubs run over in a browser.
//!
//! [`Channel`] speaks gRPC-Web (binary) by `fetch`: every status that a server or a proxy gives
//! arrives as what it is, deadlines count in the page too, and a call that nobody waits for any
//! more is aborted.
//!
//! # Features
//!
//! `tonic-web-wasm-client`: `Channel::over_tonic_web`, the same calls carried by that crate, to
//! compare them with; its module says where it falls short.
//!
//! # Limitations
//!
//! - Client streaming works for streams that end: the whole request is collected before any of
//!   it is sent. Bidirectional streaming does not work.
//! - Over HTTP/1.1 a browser opens six connections to one origin, all tabs together: the seventh
//!   open stream waits.

mod body;
mod deadline;
mod error;
mod fetch;
#[cfg(feature = "tonic-web-wasm-client")]
mod tonic_web;
mod way;

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use http::{Request, Response};
use tower_service::Service;

pub use self::{
    body::Body,
    error::{Error, Reason},
};
use self::{deadline::Deadline, way::Way};

/// A way to one server. Cloning is cheap, and all clones are the same way.
///
/// Dropping a call, or the stream that it gave, aborts its `fetch`: the server sees the
/// cancellation. A `grpc-timeout` is sent, and also kept here: it bounds the whole call, its
/// stream included, whether or not the server can be reached.
#[derive(Clone, Debug)]
pub struct Channel {
    way: Way,
}

impl Channel {
    /// A channel to the server at `origin`, such as `https://desk.example:50051`.
    #[must_use]
    pub fn new(origin: impl Into<String>) -> Self {
        let origin = origin.into().into_boxed_str();
        Self {
            way: Way::Fetch { origin },
        }
    }

    /// The same, by [`tonic_web_wasm_client`].
    #[cfg(feature = "tonic-web-wasm-client")]
    #[must_use]
    pub fn over_tonic_web(origin: impl Into<String>) -> Self {
        let client = tonic_web::Client::new(origin.into());
        Self {
            way: Way::TonicWeb(client),
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
        let mut deadline = Deadline::of(request.headers());
        let answer = self.way.clone().call(request);
        Box::pin(async move {
            let answer = match &mut deadline {
                None => answer.await,
                Some(deadline) => deadline.bound(answer).await?,
            };
            Ok(answer?.map(|answer| Body::new(answer, deadline)))
        })
    }
}
