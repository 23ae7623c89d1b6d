//! The server and the client under test of <https://github.com/connectrpc/conformance>. Each is a
//! program that reads its task from standard input and writes its result to standard output;
//! `cargo xtask conformance` runs both.
//!
//! | module | contents |
//! |---|---|
//! | `proto` | the suite's messages and its service |
//! | `convert` | the suite's headers and errors from and to gRPC's |
//! | `delimited` | messages on standard input and output |
//! | `client` | the client under test: starts a browser and passes calls to its page |
//! | `page` | runs in that page: the page's channel under generated stubs |
//! | `server` | the server under test: the server's layers around the suite's service |

#![cfg(feature = "suite")]

pub mod convert;
pub mod proto;

#[cfg(not(target_arch = "wasm32"))]
pub mod client;
#[cfg(not(target_arch = "wasm32"))]
pub mod delimited;
#[cfg(target_arch = "wasm32")]
pub mod page;
#[cfg(not(target_arch = "wasm32"))]
pub mod server;
