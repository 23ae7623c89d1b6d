//! Constants of the `grpc-websockets` protocol (improbable-eng/grpc-web).

/// The WebSocket subprotocol.
pub(crate) const SUBPROTOCOL: &str = "grpc-websockets";

/// The first byte of a client message that carries bytes of the request.
pub(crate) const DATA: u8 = 0x00;

/// The only byte of the client message that ends the request.
pub(crate) const END: u8 = 0x01;
