//! gRPC for browsers, whatever the services: the server's half and the page's half.
//!
//! | half | module | builds for |
//! |---|---|---|
//! | what stands in front of tonic's services | `server` | hosts |
//! | what the generated client stubs run over in a page | `client` | wasm32 |
//! | what both of them read and write, without I/O | [`frames`], [`timeout`] | both |
//!
//! # Limitations
//!
//! Client streaming and bidirectional streaming do not pass through gRPC-Web: browsers have no
//! way to send a request body bit by bit that works everywhere. The server's half answers such
//! calls as tonic-web does, with the whole request collected first. For whom that is too little it
//! speaks `grpc-websockets` as well (`server::socket`), which has all four kinds of calls; the
//! page's half does not speak it yet.

pub mod frames;
pub mod timeout;

#[cfg(target_arch = "wasm32")]
pub mod client;
#[cfg(not(target_arch = "wasm32"))]
pub mod server;
