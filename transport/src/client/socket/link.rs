use std::{
    cell::RefCell,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use js_sys::{ArrayBuffer, Uint8Array};
use tonic::Status;
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{BinaryType, CloseEvent, Event, MessageEvent, WebSocket};

use super::{
    super::Error,
    closed::Closed,
    inbox::{End, Inbox},
};

/// The name by which both sides know what they speak.
const PROTOCOL: &str = "grpc-websockets";
/// RFC 6455, section 7.4.1: nothing was wrong.
const NORMAL: u16 = 1000;

/// A socket, and what it has brought. Dropping it closes the socket.
pub(super) struct Link {
    shared: Rc<Shared>,
    // Called by the browser as long as the socket is open; taken off it before they go.
    _handlers: Handlers,
}

struct Handlers {
    _open: Closure<dyn FnMut()>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _close: Closure<dyn FnMut(CloseEvent)>,
    _error: Closure<dyn FnMut(Event)>,
}

/// What reading and writing share.
pub(super) struct Shared {
    socket: WebSocket,
    inbox: RefCell<Inbox>,
    writer: RefCell<Option<Waker>>,
}

impl Link {
    pub(super) fn open(url: &str) -> Result<Self, Error> {
        let socket =
            WebSocket::new_with_str(url, PROTOCOL).map_err(|error| Error::unreachable(&error))?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let shared = Rc::new(Shared {
            socket,
            inbox: RefCell::default(),
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

    /// How many bytes came in.
    pub(super) fn received(&self) -> u64 {
        self.shared.inbox.borrow().received()
    }

    /// What came in next; `None` when the socket was closed as it should be.
    pub(super) fn poll_chunk(&self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>, Error>> {
        let mut inbox = self.shared.inbox.borrow_mut();
        inbox.poll_take(cx).map(|taken| match taken {
            Ok(chunk) => Ok(Some(chunk)),
            Err(End::Overflowed) => Err(Error::not_taken(inbox.received())),
            Err(End::Request(status)) => Err(Error::request(status)),
            Err(End::Closed(closed)) if closed.code == NORMAL => Ok(None),
            Err(End::Closed(closed)) => Err(Error::closed(
                closed.status(),
                closed.code,
                &closed.reason,
                inbox.received(),
            )),
        })
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        let socket = &self.shared.socket;
        socket.set_onopen(None);
        socket.set_onmessage(None);
        socket.set_onclose(None);
        socket.set_onerror(None);
        // What is closed already stays so.
        _ = socket.close();
        self.shared.end(End::Closed(Closed {
            code: NORMAL,
            reason: String::new(),
        }));
    }
}

impl Handlers {
    fn new(shared: &Rc<Shared>) -> Self {
        let on = Rc::clone(shared);
        let open = Closure::new(move || on.wake_writer());
        let on = Rc::clone(shared);
        let message = Closure::new(move |event: MessageEvent| on.receive(event.data()));
        let on = Rc::clone(shared);
        let close = Closure::new(move |event: CloseEvent| {
            on.end(End::Closed(Closed {
                code: event.code(),
                reason: event.reason(),
            }));
        });
        // A close event follows every error, and says more.
        let error = Closure::new(|_: Event| {});
        let socket = &shared.socket;
        socket.set_onopen(Some(open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(close.as_ref().unchecked_ref()));
        socket.set_onerror(Some(error.as_ref().unchecked_ref()));
        Self {
            _open: open,
            _message: message,
            _close: close,
            _error: error,
        }
    }
}

impl Shared {
    fn receive(&self, data: JsValue) {
        let Ok(buffer) = data.dyn_into::<ArrayBuffer>() else {
            // The protocol has no text.
            self.fail(End::Closed(Closed {
                code: 1003,
                reason: "a text message came".to_owned(),
            }));
            return;
        };
        let bytes = Uint8Array::new(&buffer).to_vec();
        if !self.inbox.borrow_mut().put(bytes.into()) {
            _ = self.socket.close();
        }
    }

    fn fail(&self, end: End) {
        _ = self.socket.close();
        self.end(end);
    }

    fn end(&self, end: End) {
        self.inbox.borrow_mut().end(end);
        self.wake_writer();
    }

    /// Ends the call from the writing side: its request failed with this.
    pub(super) fn abandon(&self, status: Status) {
        self.fail(End::Request(status));
    }

    fn wake_writer(&self) {
        if let Some(writer) = self.writer.take() {
            writer.wake();
        }
    }

    /// Waits for the socket to be open; `false` where it is closed.
    pub(super) fn poll_open(&self, cx: &mut Context<'_>) -> Poll<bool> {
        if self.inbox.borrow().has_ended() {
            return Poll::Ready(false);
        }
        match self.socket.ready_state() {
            WebSocket::OPEN => Poll::Ready(true),
            WebSocket::CONNECTING => {
                self.writer.replace(Some(cx.waker().clone()));
                Poll::Pending
            }
            _ => Poll::Ready(false),
        }
    }

    pub(super) fn is_open(&self) -> bool {
        !self.inbox.borrow().has_ended() && self.socket.ready_state() == WebSocket::OPEN
    }

    /// Has the writing side woken when the socket closes.
    pub(super) fn wake_on_close(&self, cx: &Context<'_>) {
        self.writer.replace(Some(cx.waker().clone()));
    }

    /// How many bytes the browser has been given and has not sent.
    pub(super) fn unsent(&self) -> u32 {
        self.socket.buffered_amount()
    }

    /// Hands a message to the browser. Fails in states that [`Shared::is_open`] excludes.
    pub(super) fn send(&self, message: &[u8]) {
        _ = self.socket.send_with_u8_array(message);
    }
}
