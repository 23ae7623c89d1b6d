//! A complete server, and a page that calls it: a native build is the server, a wasm32 build the page.
//!
//! README.md explains how to run them. Both define by hand what tonic-prost-build would generate from
//! this file, so that the example needs no build script:
//!
//! ```proto
//! package echo;
//!
//! service Echo {
//!   rpc Say(google.protobuf.StringValue) returns (google.protobuf.StringValue);
//!   rpc Talk(stream google.protobuf.StringValue) returns (stream google.protobuf.StringValue);
//! }
//! ```

#[cfg(target_arch = "wasm32")]
mod page;
#[cfg(not(target_arch = "wasm32"))]
mod server;
#[cfg(not(target_arch = "wasm32"))]
mod service;

/// The address that the server listens on.
const ADDRESS: &str = "127.0.0.1:50052";

const SAY: &str = "/echo.Echo/Say";
const TALK: &str = "/echo.Echo/Talk";

#[cfg(target_arch = "wasm32")]
fn main() {
    wasm_bindgen_futures::spawn_local(page::run());
}

#[cfg(not(target_arch = "wasm32"))]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    server::run().await
}
