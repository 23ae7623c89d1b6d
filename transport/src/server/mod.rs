//! What stands between a browser and tonic's services.
//!
//! [`GrpcWebLayer`] takes every HTTP request that is meant for a gRPC service and answers it in
//! the dialect that it came in: native gRPC over HTTP/2 goes straight through, gRPC-Web (binary
//! and text, HTTP/1.1 and HTTP/2) is translated, a preflight is answered from [`Origins`], and
//! what is no gRPC call at all is refused with the HTTP status that says why. What is long in binary
//! gRPC-Web has a content coding where it is told to. So a layer inside of this one only ever
//! speaks native gRPC.
//!
//! [`SocketLayer`](socket::SocketLayer) stands outside of it, where pages need more than gRPC-Web
//! gives them: it puts calls that come by WebSocket into native gRPC too, by the same [`Origins`].

mod accept_encoding;
mod binary;
mod client_limit;
mod content_type;
mod correct;
mod encoding;
mod gate;
mod layer;
mod native;
mod one_message;
mod origins;
mod outcome;
pub mod socket;

pub use self::{
    accept_encoding::{Accepted, Encoding},
    client_limit::{ClientLimit, ClientPermit},
    content_type::Dialect,
    layer::{GrpcWeb, GrpcWebLayer},
    origins::{InvalidOrigin, Origins},
    outcome::Outcome,
};

type BoxError = Box<dyn std::error::Error + Send + Sync>;
