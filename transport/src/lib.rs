//! gRPC for browsers, whatever the services: the server's half and the page's half.
//!
//! | half | module | builds for |
//! |---|---|---|
//! | what stands in front of tonic's services | `server` | hosts |
//! | what the generated client stubs run over in a page | `client` | wasm32 |
//! | what both of them read and write, without I/O | [`frames`], [`timeout`], [`retry`], [`http_status`] | both |
//!
//! gRPC-Web gives browsers two of gRPC's four kinds of calls: a request body can't be sent bit by bit
//! there. The other two go by `grpc-websockets`, each over a `WebSocket` of its own; both halves
//! speak it.

pub mod frames;
pub mod http_status;
pub mod retry;
pub mod timeout;

#[cfg(target_arch = "wasm32")]
pub mod client;
#[cfg(not(target_arch = "wasm32"))]
pub mod server;
