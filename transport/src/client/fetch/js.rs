//! What of the browser a call needs, spelled so that it works in pages and in workers.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::RequestInit;

#[wasm_bindgen]
extern "C" {
    pub(super) fn fetch(url: &str, init: &RequestInit) -> Promise;

    /// A `fetch` that was answered.
    pub(super) type Answer;
    #[wasm_bindgen(method, getter)]
    pub(super) fn status(this: &Answer) -> u16;
    #[wasm_bindgen(method, getter)]
    pub(super) fn headers(this: &Answer) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(super) fn body(this: &Answer) -> Option<Stream>;

    /// A `ReadableStream` of bytes.
    pub(super) type Stream;
    #[wasm_bindgen(method, js_name = getReader)]
    pub(super) fn reader(this: &Stream) -> Reader;

    /// Its `ReadableStreamDefaultReader`.
    pub(super) type Reader;
    #[wasm_bindgen(method)]
    pub(super) fn read(this: &Reader) -> Promise;

    /// What [`Reader::read`] ends with.
    pub(super) type Read;
    #[wasm_bindgen(method, getter)]
    pub(super) fn value(this: &Read) -> Option<Uint8Array>;
}
