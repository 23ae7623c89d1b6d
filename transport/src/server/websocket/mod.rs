//! `grpc-websockets`: all four call types for browsers, which cannot stream a request body.
//!
//! [`WebSocketLayer`] wraps a native gRPC service. Every WebSocket with the subprotocol
//! `grpc-websockets` carries one call, which the service receives as native gRPC, so deadlines, limits
//! and statuses are the same as for any other call. Requests that are not WebSocket handshakes pass
//! through. A WebSocket with another subprotocol is rejected; use [`is_handshake`] to route it
//! elsewhere.
//!
//! # On the wire
//!
//! The protocol is that of improbable-eng/grpc-web and nice-grpc-web. The WebSocket follows RFC 6455
//! over HTTP/1.1 and RFC 8441 over HTTP/2.
//!
//! 1. `GET /package.Service/Method` with `Sec-WebSocket-Protocol: grpc-websockets`. An `Origin` that
//!    is not among the [`AllowedOrigins`](super::AllowedOrigins) is rejected before the upgrade. A
//!    request without `Origin` does not come from a page and is accepted.
//! 2. The first binary message is the header block: `name: value` lines. WebSocket fragmentation is
//!    allowed, but it must be one message, because nothing else marks its end.
//! 3. Each further message is `0x00` followed by bytes of length-prefixed gRPC messages, which may be
//!    cut anywhere. The message `0x01` ends the request.
//! 4. The response is a `0x80` frame with the headers, gRPC frames, and a `0x80` frame with the
//!    trailers. A trailers-only response is a single `0x80` frame. Then the socket is closed.
//!
//! | close code | meaning |
//! |---|---|
//! | 1000 | the call has ended; its status is in the trailers |
//! | 1001 | the server is shutting down; a call in progress has `UNAVAILABLE` in its trailers |
//! | 1002 | protocol violation: text, an empty message, an unknown first byte, anything after `0x01`, an invalid header block, or invalid WebSocket frames |
//! | 1008 | no header block in time, or no reply to a ping; the trailers contain `UNAVAILABLE` |
//! | 1009 | a message or the header block is too large; the trailers contain `RESOURCE_EXHAUSTED` |
//!
//! # Guarantees
//!
//! - **Messages are not collected.** The bytes of a WebSocket message are passed on as soon as it is
//!   complete. At most 64 KiB plus one message wait for the handler; beyond that the socket is not
//!   read, and TCP or HTTP/2 flow control stops the client.
//! - **A client that does not read stops the handler.** The response is polled only while less than
//!   4 KiB wait to be accepted by the connection.
//! - **Closing the socket cancels the call**: the handler is dropped and its request body ends with an
//!   error. This is noticed while the socket is read. If the handler leaves more than 64 KiB of the
//!   request unread, the end of the connection is only noticed on the next write; the deadline ends
//!   such a call in any case.
//! - **Silent clients are pinged**, and disconnected if they do not reply. Their own pings get
//!   a pong. Neither happens while an unread request keeps the socket from being read.

mod close_reason;
mod connection;
mod exchange;
mod handshake;
mod keepalive;
mod layer;
mod limits;
mod registry;
mod request;
mod request_body;
mod response;
mod session;
mod upgraded_call;

pub use self::{
    handshake::is_handshake,
    layer::{WebSocket, WebSocketLayer},
    limits::Limits,
    registry::SocketRegistry,
    upgraded_call::UpgradedCall,
};
