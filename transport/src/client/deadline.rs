//! `grpc-timeout`, counted in the page.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::{Context, Poll},
    time::Duration,
};

use http::HeaderMap;
use js_sys::Promise;
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

use super::Error;
use crate::timeout;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(run: &js_sys::Function, ms: f64) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

/// Browsers count milliseconds in 31 bits; more would fire at once.
const LONGEST_MS: f64 = 2_147_483_647.0;

/// The end of the time that a call was given. Dropping it stops the clock.
pub(super) struct Deadline {
    // A browser's page has one thread; tonic wants what it keeps to be `Send` all the same.
    timer: SendWrapper<Timer>,
}

struct Timer {
    passed: JsFuture,
    handle: JsValue,
}

impl Deadline {
    /// From now on, the time that a request with these headers has. One that can't be read is the
    /// server's to refuse.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        timeout::of(headers).ok().flatten().map(Self::after)
    }

    fn after(duration: Duration) -> Self {
        let ms = (duration.as_secs_f64() * 1_000.0).min(LONGEST_MS);
        let mut handle = JsValue::UNDEFINED;
        let passed = Promise::new(&mut |resolve, _| handle = set_timeout(&resolve, ms));
        Self {
            timer: SendWrapper::new(Timer {
                passed: JsFuture::from(passed),
                handle,
            }),
        }
    }

    /// Waits for `answer` no longer than this.
    pub(super) async fn bound<F: Future>(&mut self, answer: F) -> Result<F::Output, Error> {
        let mut answer = pin!(answer);
        poll_fn(|cx| match answer.as_mut().poll(cx) {
            Poll::Ready(answer) => Poll::Ready(Ok(answer)),
            Poll::Pending if self.has_passed(cx) => Poll::Ready(Err(Error::late())),
            Poll::Pending => Poll::Pending,
        })
        .await
    }

    /// Whether the time is over; if not, `cx` is woken when it is.
    pub(super) fn has_passed(&mut self, cx: &mut Context<'_>) -> bool {
        Pin::new(&mut self.timer.passed).poll(cx).is_ready()
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(&self.handle);
    }
}
