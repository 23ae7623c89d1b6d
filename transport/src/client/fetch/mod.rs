//! gRPC-Web over `fetch`: unary and server-streaming calls.
//!
//! tonic-web-wasm-client is available as a feature. It is not the default, because it loses the
//! status of a call if a chunk ends inside the trailers frame
//! (devashishdxt/tonic-web-wasm-client#97).

mod bindings;
mod byte_stream;
mod call;
mod headers;

pub(super) use self::call::call;
