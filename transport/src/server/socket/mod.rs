//! `grpc-websockets`: every kind of call for pages, which have no other way to send a request bit
//! by bit.
//!
//! [`SocketLayer`] stands in front of whatever speaks native gRPC. A WebSocket that asks for the
//! subprotocol `grpc-websockets` is one call, and the service inside sees it as native gRPC: so
//! deadlines, limits and statuses are those of every other call. What asks for no WebSocket passes
//! through; a WebSocket of another subprotocol is refused. Where there are such, route them by
//! [`asks`].
//!
//! # On the wire
//!
//! As improbable's client and nice-grpc-web speak it; a WebSocket is RFC 6455 over HTTP/1.1 and
//! RFC 8441 over HTTP/2.
//!
//! 1. `GET /package.Service/Method`, `Sec-WebSocket-Protocol: grpc-websockets`. A page's origin
//!    has to be one of [`Origins`](super::Origins), or it is refused before the upgrade; who
//!    sends no `Origin` is no page.
//! 2. The first message, binary, is the header block: lines `name: value`. It may come in
//!    fragments of WebSocket's, but not in several messages, as nothing says where it ends.
//! 3. Each message after that is `0x00` and bytes of length-prefixed gRPC messages, cut wherever
//!    it suits; `0x01` alone ends the request.
//! 4. The answer is a `0x80` frame with the headers, gRPC's own frames, a `0x80` frame with the
//!    trailers. One that is nothing but a status is one `0x80` frame. Then the socket is closed.
//!
//! | close code | why |
//! |---|---|
//! | 1000 | the call has ended; its status is in the trailers |
//! | 1001 | the server goes down: before there was a call, or with `UNAVAILABLE` in the trailers |
//! | 1002 | what came is not this protocol: text, an empty message, another first byte, anything after `0x01`, a header block that can't be read, or no WebSocket frames |
//! | 1008 | no header block in time, or no answer to a ping; `UNAVAILABLE` is in the trailers |
//! | 1009 | a message, or the header block, is too large; `RESOURCE_EXHAUSTED` is in the trailers |
//!
//! # What is promised
//!
//! - **Nothing is collected.** Bytes reach the handler as their WebSocket message has come; what it
//!   has not read yet is 64 KiB and one message at most. After that the socket is not read any
//!   more, and TCP or HTTP/2 stops the page.
//! - **A page that does not read stops the handler**: more of the answer is asked for when less than
//!   4 KiB of what came before wait to be taken by the connection.
//! - **A socket that closes cancels the call**: what the handler holds is dropped, and its request
//!   ends with an error. A closed socket is seen while it is read. A handler that leaves more than
//!   64 KiB unread hides the end of the connection until something is said over it; its deadline
//!   ends it in any case.
//! - **Silence is asked about** by pings, and ended where nothing comes back; pings of the peer's
//!   are answered. Neither happens while the handler keeps the socket from being read.

mod answer;
mod call;
mod close;
mod exchange;
mod handshake;
mod inbox;
mod layer;
mod limits;
mod ongoing;
mod pulse;
mod session;
mod sockets;
mod wire;

pub use self::{
    handshake::asks,
    layer::{Socket, SocketLayer},
    limits::Limits,
    ongoing::Ongoing,
    sockets::{Sockets, line},
};
