//! Calls over `grpc-websockets`, the bounds that they have, and what is refused.

mod bounds;
mod calls;
mod ends;
mod flow;
mod handshake;
mod malformed;
