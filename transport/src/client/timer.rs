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
    fn set_timeout(run: &Function, ms: f64) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

/// Browsers count milliseconds in 31 bits; more would fire at once.
const LONGEST_MS: f64 = 2_147_483_647.0;

/// Ends after some time. Dropping it stops the clock.
pub struct Timer {
    passed: JsFuture,
    handle: JsValue,
}

impl Timer {
    /// Ends after `ms` milliseconds.
    #[must_use]
    pub fn after(ms: f64) -> Self {
        let mut handle = JsValue::UNDEFINED;
        let passed = Promise::new(&mut |resolve, _| {
            handle = set_timeout(&resolve, ms.min(LONGEST_MS));
        });
        Self {
            passed: JsFuture::from(passed),
            handle,
        }
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.passed).poll(cx).map(drop)
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(self.handle.unchecked_ref());
    }
}
