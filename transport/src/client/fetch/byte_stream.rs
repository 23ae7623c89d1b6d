use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

use super::bindings::{ReadResult, ReadableStream, ReadableStreamDefaultReader};

/// The bytes of a response body as they arrive.
pub(super) struct ByteStream {
    reader: ReadableStreamDefaultReader,
    pending_read: Option<JsFuture>,
    abort: AbortOnDrop,
}

impl ByteStream {
    pub(super) fn new(stream: &ReadableStream, abort: AbortOnDrop) -> Self {
        Self {
            reader: stream.reader(),
            pending_read: None,
            abort,
        }
    }

    pub(super) fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, JsValue>>> {
        let reader = &self.reader;
        let read = self
            .pending_read
            .get_or_insert_with(|| JsFuture::from(reader.read()));
        let result = ready!(Pin::new(read).poll(cx));
        self.pending_read = None;
        let value = result.map(|result| result.unchecked_into::<ReadResult>().value());
        Poll::Ready(match value {
            Ok(Some(bytes)) => Some(Ok(Uint8Array::to_vec(&bytes).into())),
            // The last result has no value.
            Ok(None) => {
                self.disarm_abort();
                None
            }
            Err(error) => Some(Err(error)),
        })
    }

    /// Dropping this does not abort the request any more. To be called when the trailers have
    /// arrived: aborting a request shortly before its end would close its HTTP/1.1 connection.
    pub(super) fn disarm_abort(&mut self) {
        self.abort.is_armed = false;
    }
}

/// Aborts a `fetch` when it is dropped.
pub(super) struct AbortOnDrop {
    controller: AbortController,
    is_armed: bool,
}

impl AbortOnDrop {
    pub(super) fn new() -> Result<Self, JsValue> {
        Ok(Self {
            controller: AbortController::new()?,
            is_armed: true,
        })
    }

    pub(super) fn signal(&self) -> AbortSignal {
        self.controller.signal()
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if self.is_armed {
            self.controller.abort();
        }
    }
}
