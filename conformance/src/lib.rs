//! Our layers and our channel under <https://github.com/connectrpc/conformance>, as its runner
//! wants them: programs that read what to do from standard input and say on standard output what
//! came of it. `cargo xtask conformance` runs both.
//!
//! | module | what is in it |
//! |---|---|
//! | [`wire`] | the suite's messages and its service |
//! | [`echo`] | the suite's notions in gRPC's: headers, errors, what a request was |
//! | `delimited` | messages on standard input and output |
//! | `client` | the client under test: a page in a browser, and who tells it what to do |
//! | `page` | what runs in that page: the page's channel under generated stubs |
//! | `server` | the server under test: the shipped layers round the suite's service |

pub mod echo;
pub mod wire;

#[cfg(not(target_arch = "wasm32"))]
pub mod client;
#[cfg(not(target_arch = "wasm32"))]
pub mod delimited;
#[cfg(target_arch = "wasm32")]
pub mod page;
#[cfg(not(target_arch = "wasm32"))]
pub mod server;
