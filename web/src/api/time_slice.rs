//! Time slices: a stream that arrives faster than it can be shown must not keep the browser from
//! painting.

use frontdesk_transport::client::Timer;

use super::clock;

/// Half of a frame at 60 Hz, so that the first rows are shown at once.
const FIRST_SLICE_MS: f64 = 8.0;

/// Later slices grow up to this: painting after each one costs more than the work in it. Browsers
/// report tasks of more than 50 ms as long.
const MAX_SLICE_MS: f64 = 32.0;

/// Reading the clock costs as much as receiving a few rows.
const CLOCK_CHECK_INTERVAL: usize = 64;

pub(super) struct TimeSlice {
    started_ms: f64,
    length_ms: f64,
}

impl TimeSlice {
    pub(super) fn new() -> Self {
        Self {
            started_ms: clock::now_ms(),
            length_ms: FIRST_SLICE_MS,
        }
    }

    /// Whether the slice is used up after `items` items. Only reads the clock now and then.
    pub(super) fn is_over(&self, items: usize) -> bool {
        items.is_multiple_of(CLOCK_CHECK_INTERVAL) && self.remaining_ms() <= 0.0
    }

    /// Completes when the slice is used up; the first slice completes as soon as no more items are
    /// ready.
    pub(super) fn over(&self) -> impl Future<Output = ()> + use<> {
        let ms = (self.length_ms > FIRST_SLICE_MS).then(|| self.remaining_ms());
        async move {
            if let Some(ms) = ms {
                Timer::after(ms).await;
            }
        }
    }

    fn remaining_ms(&self) -> f64 {
        self.started_ms + self.length_ms - clock::now_ms()
    }

    /// Yields to the browser if the slice is used up, and starts the next one.
    pub(super) async fn yield_if_over(&mut self) {
        if self.remaining_ms() <= 0.0 {
            clock::yield_to_browser().await;
            self.started_ms = clock::now_ms();
            self.length_ms = (self.length_ms * 2.0).min(MAX_SLICE_MS);
        }
    }
}
