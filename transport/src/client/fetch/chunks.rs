use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

use super::js::{Read, Reader, Stream};

/// An answer's bytes, as they come in.
pub(super) struct Chunks {
    reader: Reader,
    reading: Option<JsFuture>,
    abort: Abort,
}

impl Chunks {
    pub(super) fn new(stream: &Stream, abort: Abort) -> Self {
        Self {
            reader: stream.reader(),
            reading: None,
            abort,
        }
    }

    pub(super) fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, JsValue>>> {
        let reader = &self.reader;
        let reading = self
            .reading
            .get_or_insert_with(|| JsFuture::from(reader.read()));
        let read = ready!(Pin::new(reading).poll(cx));
        self.reading = None;
        Poll::Ready(match read.map(|it| it.unchecked_into::<Read>().value()) {
            Ok(Some(bytes)) => Some(Ok(Uint8Array::to_vec(&bytes).into())),
            // Without a value it is done.
            Ok(None) => {
                self.complete();
                None
            }
            Err(error) => Some(Err(error)),
        })
    }

    /// All that counts has come in: from here on, dropping this ends nothing.
    ///
    /// A call that is aborted within its last bytes takes its connection along.
    pub(super) fn complete(&mut self) {
        self.abort.armed = false;
    }
}

/// Aborts a `fetch` when it is dropped.
pub(super) struct Abort {
    controller: AbortController,
    armed: bool,
}

impl Abort {
    pub(super) fn new() -> Result<Self, JsValue> {
        Ok(Self {
            controller: AbortController::new()?,
            armed: true,
        })
    }

    pub(super) fn signal(&self) -> AbortSignal {
        self.controller.signal()
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        if self.armed {
            self.controller.abort();
        }
    }
}
