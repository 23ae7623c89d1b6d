//! `setTimeout` as a future.
//!
//! gloo-timers was considered: it casts its `u32` to `i32`, so timeouts beyond 24 days fire at once.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, ms: f64) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(handle: &JsValue);
}

/// Browsers store the delay in 31 bits; a longer one would fire at once.
const MAX_DELAY_MS: f64 = 2_147_483_647.0;

/// A future that completes after a delay. Dropping it cancels the timer.
pub struct Timer {
    elapsed: JsFuture,
    handle: JsValue,
}

impl Timer {
    /// Completes after `ms` milliseconds, or after 24.8 days if that is less.
    #[must_use]
    pub fn after(ms: f64) -> Self {
        let mut handle = JsValue::UNDEFINED;
        let elapsed = Promise::new(&mut |resolve, _| {
            handle = set_timeout(&resolve, ms.min(MAX_DELAY_MS));
        });
        Self {
            elapsed: JsFuture::from(elapsed),
            handle,
        }
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.elapsed).poll(cx).map(drop)
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(self.handle.unchecked_ref());
    }
}
