//! The page's half: what generated client stubs run over in a browser.
//!
//! | call | carried by |
//! |---|---|
//! | unary, server streaming | gRPC-Web (binary) over `fetch` |
//! | client streaming, bidirectional | `grpc-websockets`, each call over a `WebSocket` of its own |
//!
//! Every status that a server or a proxy gives arrives as what it is, deadlines count in the page
//! too, and a call that nobody waits for any more is aborted.
//!
//! # Features
//!
//! `tonic-web-wasm-client`: `Channel::over_tonic_web`, calls carried by that crate, to compare them
//! with; its module says where it falls short.
//!
//! # Limitations
//!
//! - Over HTTP/1.1 a browser opens six connections to one origin, all tabs together: the seventh
//!   open stream over `fetch` waits. A `WebSocket` does not count there.
//! - A `WebSocket` can't be told to wait: an answer of which 8 MiB have not been taken ends in
//!   `RESOURCE_EXHAUSTED`.

mod body;
mod deadline;
mod error;
mod fetch;
mod gather;
mod resume;
mod socket;
mod status;
mod tap;
mod timer;
#[cfg(feature = "tonic-web-wasm-client")]
mod tonic_web;
mod way;

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use http::{HeaderName, Request, Response};
use tonic::Code;
use tower_service::Service;

pub use self::{
    body::Body,
    error::{Error, Reason},
    resume::{Resumed, State},
    tap::{Direction, Kind, Passed, Tap},
    timer::Timer,
    way::Via,
};
use self::{deadline::Deadline, way::Way};

/// A way to one server. Cloning is cheap, and all clones are the same way.
///
/// Dropping a call, or the stream that it gave, aborts it: the server sees the cancellation. A
/// `grpc-timeout` is sent, and also kept here: it bounds the whole call, its stream included,
/// whether or not the server can be reached.
#[derive(Clone, Debug)]
pub struct Channel {
    way: Way,
    /// The paths of the methods whose answer is one message, as far as they are known.
    single: &'static [&'static str],
}

impl Channel {
    /// A channel to the server at `origin`, such as `https://desk.example:50051`. A slash at its end
    /// does not matter. Where a proxy has the server below a path, that belongs to it:
    /// `https://example.com/desk`.
    ///
    /// A request that is there at once, as those of unary calls and of server streams are, goes by
    /// `fetch`; one that is still to come goes by `WebSocket`. A stream whose messages are all there
    /// already, such as `stream::iter` makes, goes by `fetch` too: then a bidirectional call is
    /// answered when the server has all of it. [`Channel::with_streaming`] goes by the methods.
    #[must_use]
    pub fn new(origin: impl Into<String>) -> Self {
        Self::with_streaming(origin, &[])
    }

    /// The same, with the paths of those methods whose request is a stream, such as
    /// `/greeter.Greeter/BidiHello`: they go by `WebSocket`, all others by `fetch`. Who has the
    /// `.proto` files has the list; a [`Via`] in a request's extensions says otherwise for one call.
    #[must_use]
    pub fn with_streaming(origin: impl Into<String>, streaming: &'static [&'static str]) -> Self {
        let origin = origin.into().trim_end_matches('/').into();
        Self {
            way: Way::Own { origin, streaming },
            single: &[],
        }
    }

    /// The same, with the paths of those methods whose answer is one message, such as
    /// `/greeter.Greeter/SayHello`: there, none and a second one are `UNIMPLEMENTED`
    /// (`statuscodes.md`, «cardinality violation»). To tonic's stubs none is `INTERNAL`, and they
    /// pass over a second one. Of other methods any number of messages is taken.
    #[must_use]
    pub fn with_single_responses(self, single: &'static [&'static str]) -> Self {
        Self { single, ..self }
    }

    /// The same, by [`tonic_web_wasm_client`].
    #[cfg(feature = "tonic-web-wasm-client")]
    #[must_use]
    pub fn over_tonic_web(origin: impl Into<String>) -> Self {
        let client = tonic_web::Client::new(origin.into());
        Self {
            way: Way::TonicWeb(client),
            single: &[],
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
        let compressed = request.headers().contains_key("grpc-accept-encoding");
        let single = self.single.contains(&request.uri().path());
        let answer = self.way.clone().call(request);
        Box::pin(async move {
            let mut answer = match &mut deadline {
                None => answer.await,
                Some(deadline) => deadline.bound(answer).await?,
            }?;
            let fields = answer.headers_mut();
            status::mend(fields);
            // Where no compression was asked for, a message that is compressed is `INTERNAL`
            // (`compression.md`): so it is to tonic's stubs where none is named. Named, it is
            // `UNIMPLEMENTED` to them, even if no message comes.
            if !compressed {
                fields.remove(HeaderName::from_static("grpc-encoding"));
            }
            let single = single && status::code(fields).is_none_or(|code| code == Code::Ok);
            Ok(answer.map(|answer| Body::new(answer, deadline, single)))
        })
    }
}
