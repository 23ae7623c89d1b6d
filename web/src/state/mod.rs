//! The page's data and rules, without Leptos or a browser: tested on the host.

pub mod call_state;
pub mod call_type;
pub mod deadline;
pub mod error;
pub mod error_text;
pub mod format;
pub mod grid;
pub mod language;
pub mod list_view;
pub mod packed_users;
pub mod progress;
pub mod ring_buffer;
pub mod route;
pub mod transcript;
pub mod user;
pub mod user_list;
pub mod virtual_scroll;
pub mod wire_log;

/// A deterministic pseudo-random generator for tests: each call returns a number below its
/// argument.
#[cfg(test)]
pub(crate) fn random_numbers(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |below| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below.max(1)
    }
}
