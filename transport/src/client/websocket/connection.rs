use std::{
    cell::RefCell,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use js_sys::{ArrayBuffer, Uint8Array};
use tonic::Status;
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{BinaryType, CloseEvent as JsCloseEvent, MessageEvent, WebSocket};

use super::{
    super::error::Error,
    close_event::CloseEvent,
    receive_buffer::{End, ReceiveBuffer},
};
use crate::grpc_websockets::SUBPROTOCOL;

/// A socket and its receive buffer. Dropping it closes the socket.
pub(super) struct Connection {
    shared: Rc<Shared>,
    // Called by the browser; removed from the socket before they are dropped.
    _handlers: Handlers,
}

struct Handlers {
    _open: Closure<dyn FnMut()>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _close: Closure<dyn FnMut(JsCloseEvent)>,
}

/// The state that is shared by the reading and the writing side.
pub(super) struct Shared {
    socket: WebSocket,
    received: RefCell<ReceiveBuffer>,
    writer: RefCell<Option<Waker>>,
}

impl Connection {
    pub(super) fn open(url: &str) -> Result<Self, Error> {
        let socket = WebSocket::new_with_str(url, SUBPROTOCOL)
            .map_err(|error| Error::unreachable(&error))?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let shared = Rc::new(Shared {
            socket,
            received: RefCell::default(),
            writer: RefCell::default(),
        });
        let handlers = Handlers::new(&shared);
        Ok(Self {
            shared,
            _handlers: handlers,
        })
    }

    pub(super) fn shared(&self) -> &Rc<Shared> {
        &self.shared
    }

    /// Bytes received in total.
    pub(super) fn received(&self) -> u64 {
        self.shared.received.borrow().received()
    }

    /// The next chunk; `None` if the socket was closed in an orderly way.
    pub(super) fn poll_chunk(&self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>, Error>> {
        let mut buffer = self.shared.received.borrow_mut();
        buffer.poll_next(cx).map(|next| match next {
            Ok(chunk) => Ok(Some(chunk)),
            Err(End::Overflow) => Err(Error::buffer_full(buffer.received())),
            Err(End::RequestFailed(status)) => Err(Error::request(status)),
            Err(End::Closed(event)) if event.is_normal() => Ok(None),
            Err(End::Closed(event)) => Err(Error::socket_closed(
                event.status_code(),
                event.code,
                &event.reason,
                buffer.received(),
            )),
        })
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let socket = &self.shared.socket;
        socket.set_onopen(None);
        socket.set_onmessage(None);
        socket.set_onclose(None);
        // Has no effect if it is closed already.
        _ = socket.close();
        self.shared.end(End::Closed(CloseEvent::normal()));
    }
}

impl Handlers {
    fn new(shared: &Rc<Shared>) -> Self {
        let this = Rc::clone(shared);
        let open = Closure::new(move || this.wake_writer());
        let this = Rc::clone(shared);
        let message = Closure::new(move |event: MessageEvent| this.receive(event.data()));
        let this = Rc::clone(shared);
        let close = Closure::new(move |event: JsCloseEvent| {
            this.end(End::Closed(CloseEvent {
                code: event.code(),
                reason: event.reason(),
            }));
        });
        // `onerror` is not needed: every error event is followed by a close event.
        let socket = &shared.socket;
        socket.set_onopen(Some(open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(close.as_ref().unchecked_ref()));
        Self {
            _open: open,
            _message: message,
            _close: close,
        }
    }
}

impl Shared {
    fn receive(&self, data: JsValue) {
        let Ok(buffer) = data.dyn_into::<ArrayBuffer>() else {
            self.close(End::Closed(CloseEvent {
                code: 1003,
                reason: "received a text message".to_owned(),
            }));
            return;
        };
        let bytes = Uint8Array::new(&buffer).to_vec();
        if !self.received.borrow_mut().push(bytes.into()) {
            _ = self.socket.close();
        }
    }

    fn close(&self, end: End) {
        _ = self.socket.close();
        self.end(end);
    }

    fn end(&self, end: End) {
        self.received.borrow_mut().end(end);
        self.wake_writer();
    }

    /// Ends the call because its request failed with this status.
    pub(super) fn fail_request(&self, status: Status) {
        self.close(End::RequestFailed(status));
    }

    fn wake_writer(&self) {
        if let Some(writer) = self.writer.take() {
            writer.wake();
        }
    }

    /// Waits until the socket is open; `false` if it is closed.
    pub(super) fn poll_open(&self, cx: &mut Context<'_>) -> Poll<bool> {
        if self.received.borrow().has_ended() {
            return Poll::Ready(false);
        }
        match self.socket.ready_state() {
            WebSocket::OPEN => Poll::Ready(true),
            WebSocket::CONNECTING => {
                self.wake_on_state_change(cx);
                Poll::Pending
            }
            _ => Poll::Ready(false),
        }
    }

    pub(super) fn is_open(&self) -> bool {
        !self.received.borrow().has_ended() && self.socket.ready_state() == WebSocket::OPEN
    }

    /// Wakes the writing side when the socket opens or closes.
    pub(super) fn wake_on_state_change(&self, cx: &Context<'_>) {
        self.writer.replace(Some(cx.waker().clone()));
    }

    /// Bytes that the browser has queued and not sent yet.
    pub(super) fn unsent(&self) -> u32 {
        self.socket.buffered_amount()
    }

    /// Queues a message in the browser. The socket must be open.
    pub(super) fn send(&self, message: &[u8]) {
        _ = self.socket.send_with_u8_array(message);
    }
}
