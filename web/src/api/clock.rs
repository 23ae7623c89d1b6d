//! Time, and turns of the event loop.

use js_sys::Promise;
use leptos::prelude::window;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

/// Milliseconds since the page was opened.
pub(super) fn now_ms() -> f64 {
    window()
        .performance()
        .map_or_else(js_sys::Date::now, |clock| clock.now())
}

/// Tenths of a millisecond since the page was opened: of five days, after which they begin anew.
pub(super) fn tenths() -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "what is asked for is a difference"
    )]
    let tenths = (now_ms() * 10.0) as u64 as u32;
    tenths
}

/// Lets the browser paint and hear the person before going on.
///
/// A message to oneself: promises alone never leave the task, and browsers stretch repeated
/// timers to 4 ms.
pub(super) async fn next_turn() {
    // Nothing to wait for where there is none: it goes on at once.
    let Ok(channel) = MessageChannel::new() else {
        return;
    };
    let turn = Promise::new(&mut |resolve, reject| {
        channel.port1().set_onmessage(Some(&resolve));
        if let Err(error) = channel.port2().post_message(&JsValue::NULL) {
            _ = reject.call1(&JsValue::NULL, &error);
        }
    });
    _ = JsFuture::from(turn).await;
    // An open one is kept for what may still come.
    channel.port1().close();
}
