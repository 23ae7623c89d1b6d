//! What the benchmarks run in a browser. One feature is built at a time: see `Cargo.toml`.
#![cfg(target_arch = "wasm32")]

#[cfg(feature = "ours")]
pub mod ours;
#[cfg(feature = "peer")]
pub mod peer;
#[cfg(feature = "timed")]
pub mod timed;

use wasm_bindgen::JsValue;

/// What a call may end with: the status, in words.
type Outcome<T> = Result<T, JsValue>;

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` has it")]
fn words(status: tonic::Status) -> JsValue {
    JsValue::from_str(&status.to_string())
}
