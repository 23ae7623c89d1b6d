//! Tower layers between browsers and tonic services.
//!
//! [`GrpcWebLayer`] responds to every HTTP request for a gRPC service in the dialect of the request:
//! native gRPC over HTTP/2 passes through, gRPC-Web (binary and text, over HTTP/1.1 and HTTP/2) is
//! translated, CORS preflights are handled according to [`AllowedOrigins`], and anything else is
//! rejected with the HTTP status that explains why. Long binary gRPC-Web responses are compressed if
//! configured. The layers inside it handle native gRPC only.
//!
//! [`WebSocketLayer`](websocket::WebSocketLayer) wraps it and translates calls that arrive over a
//! WebSocket into native gRPC, subject to the same [`AllowedOrigins`].

mod accept_encoding;
mod admission;
mod cardinality;
mod client_limit;
mod compression;
mod grpc_web;
mod native_grpc;
mod origins;
mod outcome;
mod rejection;
mod status_fixups;
pub mod websocket;

pub use self::{
    accept_encoding::{AcceptEncoding, Encoding},
    client_limit::{ClientLimit, ClientPermit},
    grpc_web::{GrpcWeb, GrpcWebLayer},
    origins::{AllowedOrigins, InvalidOrigin},
    outcome::Outcome,
};
