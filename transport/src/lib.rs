//! gRPC between browsers and tonic, for any service: a server half and a client half.
//!
//! | half | module | target |
//! |---|---|---|
//! | tower layers in front of tonic services | `server` | native |
//! | the channel that generated client stubs run over | `client` | wasm32 |
//! | protocol rules that both halves share, without I/O | [`dialect`], [`frames`], [`timeout`], [`retry`], [`status`] | both |
//!
//! gRPC-Web supports unary and server-streaming calls only, because browsers send a request body as
//! a whole. Client-streaming and bidirectional calls use `grpc-websockets` (improbable-eng/grpc-web),
//! with one `WebSocket` per call. Both halves implement both protocols.

#![warn(missing_docs)]

pub mod dialect;
pub mod frames;
mod grpc_websockets;
mod metadata;
pub mod retry;
pub mod status;
pub mod timeout;

#[cfg(target_arch = "wasm32")]
pub mod client;
#[cfg(not(target_arch = "wasm32"))]
pub mod server;
