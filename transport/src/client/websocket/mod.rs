//! `grpc-websockets` (improbable-eng/grpc-web): calls whose request is a stream, each over its
//! own `WebSocket`.
//!
//! The first message is the header block. Each further message is `0x00` and bytes of frames; `0x01`
//! ends the request. The response is a header block, messages, and a header block with the trailers,
//! in chunks of any size.
//!
//! gloo-net and `ws_stream_wasm` were considered: neither limits the data that waits to be read or
//! sent.

mod call;
mod close_event;
mod connection;
mod receive_buffer;
mod sender;

pub(super) use self::call::call;
