//! The parts of the Fetch and Streams APIs that a call needs, bound so that they work in pages and in
//! workers.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::RequestInit;

#[wasm_bindgen]
extern "C" {
    pub(super) fn fetch(url: &str, init: &RequestInit) -> Promise;

    pub(super) type Response;
    #[wasm_bindgen(method, getter)]
    pub(super) fn status(this: &Response) -> u16;
    #[wasm_bindgen(method, getter)]
    pub(super) fn headers(this: &Response) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(super) fn body(this: &Response) -> Option<ReadableStream>;

    pub(super) type ReadableStream;
    #[wasm_bindgen(method, js_name = getReader)]
    pub(super) fn reader(this: &ReadableStream) -> ReadableStreamDefaultReader;

    pub(super) type ReadableStreamDefaultReader;
    #[wasm_bindgen(method)]
    pub(super) fn read(this: &ReadableStreamDefaultReader) -> Promise;

    /// What [`ReadableStreamDefaultReader::read`] resolves to.
    pub(super) type ReadResult;
    #[wasm_bindgen(method, getter)]
    pub(super) fn value(this: &ReadResult) -> Option<Uint8Array>;
}
