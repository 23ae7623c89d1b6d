//! Work in portions: a stream that comes in faster than it can be shown must not keep the
//! browser from painting.

use super::clock;

/// A frame has 16 ms at 60 Hz; this leaves half of it to the browser.
const PORTION_MS: f64 = 8.0;

/// Asking for the time costs as much as taking some rows.
const LOOK_EVERY: usize = 64;

pub(super) struct Pace {
    began_ms: f64,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self {
            began_ms: clock::now_ms(),
        }
    }

    /// Whether the present portion is used up, after `taken` pieces of it.
    pub(super) fn is_over(&self, taken: usize) -> bool {
        taken.is_multiple_of(LOOK_EVERY) && clock::now_ms() - self.began_ms >= PORTION_MS
    }

    /// Gives the browser a turn where the present portion is used up.
    pub(super) async fn rest(&mut self) {
        if self.is_over(0) {
            clock::next_turn().await;
            self.began_ms = clock::now_ms();
        }
    }
}
