//! Unary and server-streaming calls in a browser, against `examples/scripted_server`.
//!
//! With the feature `tonic-web-wasm-client`, the cases run with both carriers. Where that crate falls
//! short, the case asserts the wrong behavior, and fails once it has been fixed.

#![cfg(target_arch = "wasm32")]

mod ends;
#[path = "../helpers/mod.rs"]
mod helpers;
mod messages;
mod metadata;
mod origin;
mod status;

use frontdesk_transport::client::{Carrier, Channel};
use helpers::server;
use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);

fn fetch() -> Channel {
    Channel::new(server()).with_unary_carrier(Carrier::Fetch)
}

/// With the feature, this is the default.
#[cfg(feature = "tonic-web-wasm-client")]
fn tonic_web() -> Channel {
    Channel::new(server())
}

fn all_carriers() -> Vec<Channel> {
    vec![
        fetch(),
        #[cfg(feature = "tonic-web-wasm-client")]
        tonic_web(),
    ]
}
