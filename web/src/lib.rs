//! The page of Frontdesk.
//!
//! | room | what is there | may use |
//! |---|---|---|
//! | [`model`] | plain state and rules, tested on the host | std |
//! | `api` | stubs, channels, `fetch`: hands out plain values, streams and one error | model, `transport` |
//! | `components` | what pages are made of: signals in, callbacks out | model |
//! | `pages` | one file a page: owns the resources and actions | components, api, model |
//! | `app` | providers and the router | all |
//!
//! All but `model` is for wasm32 only.

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
pub mod model;
#[cfg(target_arch = "wasm32")]
#[expect(
    unreachable_pub,
    reason = "`#[component]` makes public functions that take their props by value"
)]
mod pages;
