//! Time, and yielding to the event loop.

use js_sys::Promise;
use leptos::prelude::window;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

/// Milliseconds since the page was opened.
pub fn now_ms() -> f64 {
    window()
        .performance()
        .map_or_else(js_sys::Date::now, |clock| clock.now())
}

/// Tenths of a millisecond since the page was opened. Wraps around after five days.
pub(super) fn now_tenths() -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "only differences are used"
    )]
    let tenths = (now_ms() * 10.0) as u64 as u32;
    tenths
}

/// Lets the browser paint and handle input.
///
/// Posts a message to itself: promises alone do not leave the task, and browsers stretch repeated
/// timers to 4 ms.
pub(super) async fn yield_to_browser() {
    let Ok(channel) = MessageChannel::new() else {
        return;
    };
    let received = Promise::new(&mut |resolve, reject| {
        channel.port1().set_onmessage(Some(&resolve));
        if let Err(error) = channel.port2().post_message(&JsValue::NULL) {
            _ = reject.call1(&JsValue::NULL, &error);
        }
    });
    _ = JsFuture::from(received).await;
    // An open port would keep the channel alive.
    channel.port1().close();
}
