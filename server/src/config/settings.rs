//! The settings, with their flags, environment variables and defaults.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args as _, Command, FromArgMatches as _, ValueEnum};

use super::values;
use crate::cli::error::CliError;

/// The settings of `frontdesk serve`.
#[derive(Debug, Clone, clap::Args)]
pub struct Settings {
    /// Address to listen on. Can be repeated, or a comma-separated list
    #[arg(
        long,
        env = "FRONTDESK_LISTEN",
        value_name = "ADDRESS:PORT",
        value_delimiter = ',',
        value_parser = values::address,
        default_value = "127.0.0.1:50051,[::1]:50051"
    )]
    pub listen: Vec<SocketAddr>,

    /// Data directory, created if it does not exist
    #[arg(
        long,
        env = "FRONTDESK_DATA",
        value_name = "DIR",
        default_value = "./frontdesk-data"
    )]
    pub data: PathBuf,

    /// Origin whose pages may call this server, in addition to its own, for example
    /// `https://directory.example`. Must match exactly. Can be repeated, or a comma-separated list
    /// [default: none]
    #[arg(
        long,
        env = "FRONTDESK_ALLOW_ORIGIN",
        value_name = "ORIGIN",
        value_delimiter = ',',
        value_parser = values::trimmed
    )]
    pub allow_origin: Vec<String>,

    /// PEM file with the TLS certificate and its intermediate certificates. Enables TLS for all
    /// connections. Reloaded on SIGHUP [default: none]
    #[arg(long, env = "FRONTDESK_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,

    /// PEM file with the private key of the TLS certificate [default: none]
    #[arg(long, env = "FRONTDESK_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,

    /// Which messages to log to standard error, by level and target, for example
    /// `info,frontdesk_server=debug`
    #[arg(
        long,
        env = "FRONTDESK_LOG",
        value_name = "FILTER",
        default_value = "info"
    )]
    pub log: String,

    /// Format of log messages
    #[arg(
        long,
        env = "FRONTDESK_LOG_FORMAT",
        value_name = "FORMAT",
        default_value = "text"
    )]
    pub log_format: LogFormat,

    /// Whether to log every request, with target `frontdesk::access`
    #[arg(
        long,
        env = "FRONTDESK_ACCESS_LOG",
        value_name = "BOOL",
        action = clap::ArgAction::Set,
        default_value = "true"
    )]
    pub access_log: bool,

    /// Which clients get large gRPC-Web lists compressed, if their `accept-encoding` allows it.
    /// Behind a reverse proxy that does not compress, use `always`
    #[arg(
        long,
        env = "FRONTDESK_LIST_COMPRESSION",
        value_name = "CLIENTS",
        default_value = "remote"
    )]
    pub list_compression: ListCompression,

    /// Maximum number of open connections. Further connections wait until one is closed
    #[arg(
        long,
        env = "FRONTDESK_MAX_CONNECTIONS",
        value_name = "NUMBER",
        value_parser = values::positive,
        default_value = "4096"
    )]
    pub max_connections: u32,

    /// Maximum number of open connections per client address (IPv6: per /64). Further connections
    /// are closed. Behind a reverse proxy all clients share its address: set this to
    /// `--max-connections`
    #[arg(
        long,
        env = "FRONTDESK_MAX_CLIENT_CONNECTIONS",
        value_name = "NUMBER",
        value_parser = values::positive,
        default_value = "1024"
    )]
    pub max_client_connections: u32,

    /// Maximum number of concurrent streams per HTTP/2 connection. Must be less than `--max-calls`,
    /// so that one connection cannot use up all calls
    #[arg(
        long,
        env = "FRONTDESK_MAX_STREAMS",
        value_name = "NUMBER",
        value_parser = values::positive,
        default_value = "256"
    )]
    pub max_streams: u32,

    /// Maximum number of concurrent calls. Further calls fail with `RESOURCE_EXHAUSTED`
    #[arg(
        long,
        env = "FRONTDESK_MAX_CALLS",
        value_name = "NUMBER",
        value_parser = values::positive,
        default_value = "1024"
    )]
    pub max_calls: u32,

    /// Maximum number of concurrent calls per client address (IPv6: per /64). Further calls fail
    /// with `RESOURCE_EXHAUSTED`. Behind a reverse proxy all clients share its address: set this to
    /// `--max-calls`
    #[arg(
        long,
        env = "FRONTDESK_MAX_CLIENT_CALLS",
        value_name = "NUMBER",
        value_parser = values::positive,
        default_value = "768"
    )]
    pub max_client_calls: u32,

    /// Maximum number of open WebSocket connections (`grpc-websockets`), each for one call.
    /// Further handshakes are rejected. Should be greater than `--max-calls`, because a browser
    /// reports `RESOURCE_EXHAUSTED` to its page, but not why a handshake failed
    #[arg(
        long,
        env = "FRONTDESK_MAX_SOCKETS",
        value_name = "NUMBER",
        value_parser = values::positive,
        default_value = "2048"
    )]
    pub max_sockets: u32,

    /// Maximum number of open WebSocket connections per client address (IPv6: per /64). Behind a
    /// reverse proxy all clients share its address: set this to `--max-sockets`
    #[arg(
        long,
        env = "FRONTDESK_MAX_CLIENT_SOCKETS",
        value_name = "NUMBER",
        value_parser = values::positive,
        default_value = "256"
    )]
    pub max_client_sockets: u32,

    /// Maximum size of a request in bytes; of each message, if the request is a stream
    #[arg(
        long,
        env = "FRONTDESK_MAX_REQUEST_BYTES",
        value_name = "BYTES",
        value_parser = values::positive,
        default_value = "1048576"
    )]
    pub max_request_bytes: u32,

    /// Timeout in seconds for receiving request headers, for receiving the message of a unary
    /// request after its headers, and for idle HTTP/1.1 connections
    #[arg(
        long,
        env = "FRONTDESK_HEADER_TIMEOUT",
        value_name = "SECONDS",
        value_parser = values::positive,
        default_value = "30"
    )]
    pub header_timeout: u32,

    /// Timeout in seconds for HTTP/2 connections without calls, and between the messages of a
    /// streaming request
    #[arg(
        long,
        env = "FRONTDESK_IDLE_TIMEOUT",
        value_name = "SECONDS",
        value_parser = values::positive,
        default_value = "600"
    )]
    pub idle_timeout: u32,

    /// Interval in seconds between keepalive pings on idle HTTP/2, WebSocket and TCP connections,
    /// and the timeout for their acknowledgement
    #[arg(
        long,
        env = "FRONTDESK_KEEPALIVE",
        value_name = "SECONDS",
        value_parser = values::positive,
        default_value = "20"
    )]
    pub keepalive: u32,

    /// Timeout in seconds for a client to read pending response data. A stream without pending data
    /// does not time out
    #[arg(
        long,
        env = "FRONTDESK_SEND_TIMEOUT",
        value_name = "SECONDS",
        value_parser = values::positive,
        default_value = "60"
    )]
    pub send_timeout: u32,

    /// Maximum duration of a call in seconds, including streams, even if the client sets a later
    /// deadline
    #[arg(
        long,
        env = "FRONTDESK_CALL_TIMEOUT",
        value_name = "SECONDS",
        value_parser = values::positive,
        default_value = "3600"
    )]
    pub call_timeout: u32,

    /// Seconds without changes after which a watcher is sent a bookmark with the current revision
    #[arg(
        long,
        env = "FRONTDESK_BOOKMARK_INTERVAL",
        value_name = "SECONDS",
        value_parser = values::positive,
        default_value = "15"
    )]
    pub bookmark_interval: u32,

    /// Number of days after which users in the trash are permanently deleted
    #[arg(
        long,
        env = "FRONTDESK_TRASH_DAYS",
        value_name = "DAYS",
        value_parser = values::days,
        default_value = "30"
    )]
    pub trash_days: u32,

    /// Number of days to keep entries of the change log. A watcher can resume from any revision in
    /// the change log
    #[arg(
        long,
        env = "FRONTDESK_CHANGE_LOG_DAYS",
        value_name = "DAYS",
        value_parser = values::days,
        default_value = "30"
    )]
    pub change_log_days: u32,

    /// Maximum number of entries in the change log, of about 200 bytes each
    #[arg(
        long,
        env = "FRONTDESK_CHANGE_LOG_MAX_CHANGES",
        value_name = "NUMBER",
        value_parser = values::number,
        default_value = "4000000"
    )]
    pub change_log_max_changes: u32,

    /// Maximum size of the database in MiB, without its write-ahead log of up to about 70 MiB.
    /// Writes beyond it fail with `RESOURCE_EXHAUSTED`; reads still succeed [default: none]
    #[arg(
        long,
        env = "FRONTDESK_MAX_DATABASE_MIB",
        value_name = "MIB",
        value_parser = values::positive
    )]
    pub max_database_mib: Option<u32>,

    /// Seconds to wait for calls to end after SIGINT or SIGTERM before they are aborted
    #[arg(
        long,
        env = "FRONTDESK_SHUTDOWN_TIMEOUT",
        value_name = "SECONDS",
        value_parser = values::number,
        default_value = "10"
    )]
    pub shutdown_timeout: u32,
}

/// How log messages are formatted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// One line of text per message
    Text,
    /// One JSON object per message
    Json,
}

/// Which clients get long lists compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListCompression {
    /// None
    Never,
    /// Clients that do not connect over loopback, where compression only costs time
    Remote,
    /// All
    Always,
}

impl Settings {
    /// Checks what depends on more than one setting.
    pub(super) fn check(&self) -> Result<(), CliError> {
        if self.max_streams >= self.max_calls {
            return Err(CliError::usage(format!(
                "--max-streams: must be less than --max-calls ({}), so that one connection cannot \
                 use up all calls; is {}",
                self.max_calls, self.max_streams
            )));
        }
        Ok(())
    }
}

/// The defaults, without values from the environment.
impl Default for Settings {
    fn default() -> Self {
        let command = Self::augment_args(Command::new("frontdesk").no_binary_name(true))
            .mut_args(|argument| argument.env(None::<&str>));
        let matches = command.get_matches_from([] as [&str; 0]);
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }
}
