//! Plain state and rules: no leptos, no browser. What is here is tested on the host.

pub mod address;
pub mod backoff;
pub mod call;
pub mod deadline;
pub mod failure;
pub mod grid;
pub mod kept;
pub mod line;
pub mod number;
pub mod packed;
pub mod person;
pub mod progress;
pub mod roster;
pub mod scroll;
pub mod stream;
pub mod tongue;
pub mod wire;
pub mod words;

pub use self::{
    call::Call, failure::Failure, kept::Kept, line::Line, packed::Packed, person::Person,
    roster::Roster,
};

/// Numbers without a pattern, the same in every run: what the tests here draw from.
#[cfg(test)]
pub(crate) fn draws(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |below| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below.max(1)
    }
}
