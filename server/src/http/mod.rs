//! Listeners, TLS, connections and their limits, client addresses, static files and probes.

pub mod accept;
pub mod access_log;
mod assets;
pub(crate) mod body_guard;
mod call_counter;
pub mod client_address;
pub mod connection;
pub(crate) mod connection_state;
pub mod dispatch;
pub mod drained_body;
mod embedded_files;
mod host;
pub mod listen;
mod log_throttle;
mod plain_text;
mod probes;
mod protocol_sniff;
pub mod request_id;
mod security_headers;
mod setup_error;
pub mod tls;

pub use self::setup_error::SetupError;

/// A boxed error of a body.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
