//! The channel that generated client stubs use in a browser.
//!
//! | call | carrier |
//! |---|---|
//! | unary, server streaming | gRPC-Web (binary) over `fetch` |
//! | client streaming, bidirectional | `grpc-websockets`, one `WebSocket` per call |
//!
//! Statuses of servers and proxies are reported as they are, deadlines are enforced in the browser
//! too, and a call whose future or stream is dropped is aborted.
//!
//! # Features
//!
//! `tonic-web-wasm-client`: unary and server-streaming calls use that crate instead of this crate's
//! own `fetch` code. Its limitations are listed in `client/tonic_web.rs`; the decisive one is that it
//! loses the status of a call if a chunk ends inside the trailers frame
//! (devashishdxt/tonic-web-wasm-client#97).
//!
//! # Limitations
//!
//! - Over HTTP/1.1, browsers open at most six connections per origin across all tabs. A seventh open
//!   stream over `fetch` has to wait. `WebSocket`s do not count.
//! - A browser cannot apply backpressure to a `WebSocket`. A response with more than 8 MiB of unread
//!   data ends with `RESOURCE_EXHAUSTED`.

mod carrier;
mod channel;
mod deadline;
mod error;
mod fetch;
mod inspect;
mod network;
mod request;
mod response;
mod resume;
mod timer;
#[cfg(feature = "tonic-web-wasm-client")]
mod tonic_web;
mod websocket;

pub use self::{
    carrier::Carrier,
    channel::Channel,
    error::{Error, Reason},
    inspect::{Direction, InspectedBody, InspectedChannel, WireEvent, WireEventKind},
    response::ResponseBody,
    resume::{ResumableStream, StreamState},
    timer::Timer,
};
