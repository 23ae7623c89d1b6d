use std::time::Duration;

/// Limits on the sockets of a server. There are no defaults: what a server can afford depends on its host.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Sockets that may be open at once.
    pub max_sockets: usize,
    /// Sockets that one client may have open; see [`SocketRegistry`](super::SocketRegistry).
    pub max_sockets_per_client: usize,
    /// Size of the header block, in bytes.
    pub max_header_bytes: usize,
    /// Time for the header block to arrive after the upgrade.
    pub header_timeout: Duration,
    /// Bytes of a gRPC message in one WebSocket message. The WebSocket message itself may have six
    /// more: the byte that marks it as data, and the gRPC prefix.
    pub max_message_bytes: usize,
    /// How long a client may be silent before it is pinged, and how long it then has to reply.
    pub keepalive_interval: Duration,
    /// How long data may wait to be accepted by the client.
    pub send_timeout: Duration,
}
