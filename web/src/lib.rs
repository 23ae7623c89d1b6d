//! The Frontdesk page.
//!
//! | module | job | may use |
//! |---|---|---|
//! | [`state`] | plain data and rules, tested on the host | |
//! | `api` | the only user of stubs, channels and `fetch`; returns plain values, streams and one [`Error`](state::error::Error) | `state`, `transport` |
//! | `components` | signals in, callbacks out | `state` |
//! | `pages` | one file per route: owns its calls and their results | `components`, `api`, `state` |
//! | `app` | contexts and routes | all of them |
//!
//! Everything but [`state`] is compiled for wasm32 only.
#![allow(
    clippy::must_use_candidate,
    reason = "not an API: only the binary and the tests use this crate"
)]

#[cfg(target_arch = "wasm32")]
pub mod api;
#[cfg(target_arch = "wasm32")]
pub mod app;
#[cfg(target_arch = "wasm32")]
#[expect(
    unreachable_pub,
    clippy::needless_pass_by_value,
    reason = "`#[component]` makes public functions that take their props by value"
)]
mod components;
#[cfg(target_arch = "wasm32")]
#[expect(
    unreachable_pub,
    reason = "`#[component]` makes public functions that take their props by value"
)]
mod pages;
pub mod state;
