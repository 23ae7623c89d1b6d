//! A whole small server, and the page that calls it: for the host this is the one, for wasm32 the
//! other.
//!
//! README.md says how to run them. Both have by hand what tonic-prost-build makes of this, so that the
//! example needs no build script:
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

/// Where the server is.
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
