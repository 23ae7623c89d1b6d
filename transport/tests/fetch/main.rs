//! The page's channel over `fetch`, in a browser, against a server that answers as it is told to
//! (`examples/crooked`).
//!
//! Each case runs over both ways that a call can be carried by. Where the second one falls short,
//! the case says so, and fails when it does not any more.

#![cfg(target_arch = "wasm32")]

mod ends;
#[path = "../helpers/mod.rs"]
mod helpers;
mod messages;
mod metadata;
mod origin;
mod status;

use frontdesk_transport::client::Channel;
use wasm_bindgen_test::wasm_bindgen_test_configure;

use helpers::crooked;

wasm_bindgen_test_configure!(run_in_browser);

fn own() -> Channel {
    Channel::new(crooked())
}

fn second() -> Channel {
    Channel::over_tonic_web(crooked())
}

fn both() -> [Channel; 2] {
    [own(), second()]
}
