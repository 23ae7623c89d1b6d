//! Work in portions: a stream that comes in faster than it can be shown must not keep the
//! browser from painting.

use frontdesk_transport::client::Timer;

use super::clock;

/// A frame has 16 ms at 60 Hz; this leaves half of it to the browser, so that the first rows are
/// seen at once.
const FIRST_PORTION_MS: f64 = 8.0;

/// Then portions grow: to paint after each costs more than the portion, while fewer than some twenty
/// in a second are not missed. What is over 50 ms, browsers call long.
const LAST_PORTION_MS: f64 = 32.0;

/// Asking for the time costs as much as taking some rows.
const LOOK_EVERY: usize = 64;

/// How long the present portion is, and since when it is filled.
pub(super) struct Pace {
    began_ms: f64,
    portion_ms: f64,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self {
            began_ms: clock::now_ms(),
            portion_ms: FIRST_PORTION_MS,
        }
    }

    /// Whether the present portion is used up, after `taken` pieces of it; looks now and then.
    pub(super) fn is_over(&self, taken: usize) -> bool {
        taken.is_multiple_of(LOOK_EVERY) && self.left_ms() <= 0.0
    }

    /// Ends when the present portion is used up, though nothing comes. The first is used up when
    /// nothing comes: somebody waits for it.
    pub(super) fn over(&self) -> impl Future<Output = ()> + use<> {
        let ms = (self.portion_ms > FIRST_PORTION_MS).then(|| self.left_ms());
        async move {
            if let Some(ms) = ms {
                Timer::after(ms).await;
            }
        }
    }

    fn left_ms(&self) -> f64 {
        self.began_ms + self.portion_ms - clock::now_ms()
    }

    /// Gives the browser a turn where the present portion is used up.
    pub(super) async fn rest(&mut self) {
        if self.left_ms() <= 0.0 {
            clock::next_turn().await;
            self.began_ms = clock::now_ms();
            self.portion_ms = (self.portion_ms * 2.0).min(LAST_PORTION_MS);
        }
    }
}
