//! Whether the browser has a network connection.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use js_sys::Promise;
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::EventTarget;

// Spelled without `window`, so that it works in workers too.
#[wasm_bindgen]
extern "C" {
    type Navigator;
    #[wasm_bindgen(thread_local_v2, js_name = navigator)]
    static NAVIGATOR: Navigator;
    #[wasm_bindgen(method, getter, js_name = onLine)]
    fn on_line(this: &Navigator) -> bool;
}

pub(super) fn is_online() -> bool {
    NAVIGATOR.with(Navigator::on_line)
}

/// Completes with the next `online` event. Dropping it removes the listener.
pub(super) struct OnlineEvent {
    event: JsFuture,
    listener: JsValue,
}

impl OnlineEvent {
    const NAME: &str = "online";

    pub(super) fn new() -> Self {
        let mut listener = JsValue::UNDEFINED;
        let event = Promise::new(&mut |resolve, _| {
            // Pages and workers both have this target.
            _ = global().add_event_listener_with_callback(Self::NAME, &resolve);
            listener = resolve.into();
        });
        Self {
            event: JsFuture::from(event),
            listener,
        }
    }
}

impl Future for OnlineEvent {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.event).poll(cx).map(drop)
    }
}

impl Drop for OnlineEvent {
    fn drop(&mut self) {
        let listener = self.listener.unchecked_ref();
        _ = global().remove_event_listener_with_callback(Self::NAME, listener);
    }
}

fn global() -> EventTarget {
    js_sys::global().unchecked_into()
}
