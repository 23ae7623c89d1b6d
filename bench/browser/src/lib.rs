//! Code that the benchmarks run in a browser. Each feature is built alone: see `Cargo.toml`.
#![cfg(target_arch = "wasm32")]

#[cfg(feature = "ours")]
pub mod ours;
#[cfg(feature = "peer")]
pub mod peer;
#[cfg(feature = "timed")]
pub mod timed;

use wasm_bindgen::JsValue;

/// Errors are status messages.
type Result<T, E = JsValue> = std::result::Result<T, E>;

#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature that `map_err` needs"
)]
fn to_js(status: tonic::Status) -> JsValue {
    JsValue::from_str(&status.to_string())
}
