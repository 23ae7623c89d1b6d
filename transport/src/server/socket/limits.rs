//! What one socket may use, and how many there may be.

use std::time::Duration;

/// The bounds of sockets. There are no defaults: who opens a server knows what it can bear.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many sockets may be open.
    pub sockets: usize,
    /// How many of them one client may have; see [`Sockets`](super::Sockets).
    pub sockets_a_client: usize,
    /// How many bytes the header block may have.
    pub header_bytes: usize,
    /// How long the header block may take to come.
    pub header_timeout: Duration,
    /// How many bytes of a gRPC message one WebSocket message may bring. It may have six more: one
    /// that says what it is, and gRPC's prefix.
    pub message_bytes: usize,
    /// How long a peer may be silent before it is sent a ping, and how long it has to answer.
    pub ping: Duration,
    /// How long something may be on its way that the peer does not take.
    pub send_timeout: Duration,
}
