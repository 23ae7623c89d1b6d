//! A timer over the browser's `setTimeout`.

use std::time::Duration;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, ms: f64);
}

pub(super) async fn sleep(duration: Duration) {
    let ms = duration.as_secs_f64() * 1_000.0;
    let elapsed = Promise::new(&mut |resolve, _| set_timeout(&resolve, ms));
    // The promise is never rejected.
    let _ = JsFuture::from(elapsed).await;
}
