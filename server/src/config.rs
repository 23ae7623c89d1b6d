//! Every setting: its default, its flag, its variable, its key in a file. A flag goes before the
//! variable, the variable before the file, the file before the default.

mod file;
mod lists;
pub(crate) mod words;

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, ValueEnum};
use confique::{Config, Layer as _, meta::FieldKind};
use serde::Deserialize;

use crate::failure::Failure;

/// Longer is nothing kept: times on the wire end with the year 9999.
const MOST_DAYS: u32 = 36_500;

/// The settings of `frontdesk serve`.
#[derive(Debug, Clone, Config)]
#[config(layer_attr(derive(Args, Debug, Clone)))]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Settings {
    /// Address to answer on; may be given several times, or with commas between
    #[config(
        env = "FRONTDESK_LISTEN",
        parse_env = lists::addresses,
        deserialize_with = lists::addresses_in_file,
        default = ["127.0.0.1:50051", "[::1]:50051"],
        layer_attr(arg(long, value_name = "ADDRESS:PORT", value_delimiter = ',', value_parser = lists::address))
    )]
    pub listen: Vec<SocketAddr>,

    /// Folder that the directory is kept in; made where it is missing
    #[config(
        env = "FRONTDESK_DATA",
        default = "./frontdesk-data",
        layer_attr(arg(long, value_name = "FOLDER"))
    )]
    pub data: PathBuf,

    /// Origin whose pages may call, besides the server's own, like `https://desk.example`; matched
    /// to the letter; may be given several times
    #[config(
        env = "FRONTDESK_ALLOW_ORIGIN",
        parse_env = confique::env::parse::list_by_comma,
        deserialize_with = lists::texts,
        default = [],
        layer_attr(arg(long, value_name = "ORIGIN", value_delimiter = ','))
    )]
    pub allow_origin: Vec<String>,

    /// PEM file with the certificate that encrypts every connection, and those that lead to one that
    /// clients trust; read again at SIGHUP
    #[config(env = "FRONTDESK_TLS_CERT", layer_attr(arg(long, value_name = "FILE")))]
    pub tls_cert: Option<PathBuf>,

    /// PEM file with the certificate's private key
    #[config(env = "FRONTDESK_TLS_KEY", layer_attr(arg(long, value_name = "FILE")))]
    pub tls_key: Option<PathBuf>,

    /// What is written to standard error, by level and by target, like `info,frontdesk::access=off`
    #[config(
        env = "FRONTDESK_LOG",
        default = "info",
        layer_attr(arg(long, value_name = "FILTER"))
    )]
    pub log: String,

    /// How it is written
    #[config(
        env = "FRONTDESK_LOG_FORMAT",
        default = "human",
        layer_attr(arg(long, value_name = "FORMAT"))
    )]
    pub log_format: LogFormat,

    /// Whose long lists are compressed, where they come by gRPC-Web and `accept-encoding` allows it:
    /// `remote` is everybody but this machine, over whose loopback it only costs time. Behind a proxy
    /// that does not do it, `always`
    #[config(
        env = "FRONTDESK_COMPRESS_LISTS",
        default = "remote",
        layer_attr(arg(long, value_name = "PEERS"))
    )]
    pub compress_lists: Peers,

    /// Connections open at once; one more waits until one closes
    #[config(
        env = "FRONTDESK_MAX_CONNECTIONS",
        default = 4096,
        layer_attr(arg(long, value_name = "NUMBER"))
    )]
    pub max_connections: u32,

    /// Connections open at once from one address (IPv6: one /64); one more is closed at once. Behind a
    /// proxy all come from its address: there, as many as `--max-connections`
    #[config(
        env = "FRONTDESK_MAX_CLIENT_CONNECTIONS",
        default = 1024,
        layer_attr(arg(long, value_name = "NUMBER"))
    )]
    pub max_client_connections: u32,

    /// Streams open at once on one HTTP/2 connection; fewer than `--max-calls`, so that no connection
    /// takes every place
    #[config(
        env = "FRONTDESK_MAX_STREAMS",
        default = 256,
        layer_attr(arg(long, value_name = "NUMBER"))
    )]
    pub max_streams: u32,

    /// Calls under way at once, over all connections; one more gets `RESOURCE_EXHAUSTED`
    #[config(
        env = "FRONTDESK_MAX_CALLS",
        default = 1024,
        layer_attr(arg(long, value_name = "NUMBER"))
    )]
    pub max_calls: u32,

    /// Calls of one address (IPv6: one /64) under way at once; one more gets `RESOURCE_EXHAUSTED`.
    /// Behind a proxy all come from its address: there, as many as `--max-calls`
    #[config(
        env = "FRONTDESK_MAX_CLIENT_CALLS",
        default = 768,
        layer_attr(arg(long, value_name = "NUMBER"))
    )]
    pub max_client_calls: u32,

    /// Sockets (`grpc-websockets`) open at once, each of them one call; one more is turned away before
    /// it is opened. More than `--max-calls`, so that a page is told `RESOURCE_EXHAUSTED` first
    #[config(
        env = "FRONTDESK_MAX_SOCKETS",
        default = 2048,
        layer_attr(arg(long, value_name = "NUMBER"))
    )]
    pub max_sockets: u32,

    /// Sockets open at once from one address (IPv6: one /64). Behind a proxy all come from its
    /// address: there, as many as `--max-sockets`
    #[config(
        env = "FRONTDESK_MAX_CLIENT_SOCKETS",
        default = 256,
        layer_attr(arg(long, value_name = "NUMBER"))
    )]
    pub max_client_sockets: u32,

    /// Bytes of one request; where a request is a stream, of each of its messages
    #[config(
        env = "FRONTDESK_MAX_REQUEST_BYTES",
        default = 1_048_576,
        layer_attr(arg(long, value_name = "BYTES"))
    )]
    pub max_request_bytes: u32,

    /// Seconds that a request's headers may take (over a WebSocket those of its call too), that its
    /// only message may take after them, and that an HTTP/1.1 connection may idle
    #[config(
        env = "FRONTDESK_HEADER_TIMEOUT",
        default = 30,
        layer_attr(arg(long, value_name = "SECONDS"))
    )]
    pub header_timeout: u32,

    /// Seconds that an HTTP/2 connection may have no call open, and that a request which is a stream
    /// may rest between its messages
    #[config(
        env = "FRONTDESK_IDLE_TIMEOUT",
        default = 600,
        layer_attr(arg(long, value_name = "SECONDS"))
    )]
    pub idle_timeout: u32,

    /// Seconds of silence after which a peer is asked whether it still lives, and that it has to
    /// answer; over HTTP/2, WebSocket and TCP
    #[config(
        env = "FRONTDESK_KEEPALIVE",
        default = 20,
        layer_attr(arg(long, value_name = "SECONDS"))
    )]
    pub keepalive: u32,

    /// Seconds that an answer may wait for its reader to take more of it; a stream that has nothing to
    /// say waits for nobody
    #[config(
        env = "FRONTDESK_SEND_TIMEOUT",
        default = 60,
        layer_attr(arg(long, value_name = "SECONDS"))
    )]
    pub send_timeout: u32,

    /// Seconds that a call may take, streams included, whatever deadline its client sets
    #[config(
        env = "FRONTDESK_CALL_TIMEOUT",
        default = 3600,
        layer_attr(arg(long, value_name = "SECONDS"))
    )]
    pub call_timeout: u32,

    /// Seconds of silence after which who watches is told how far the directory is
    #[config(
        env = "FRONTDESK_BOOKMARK_INTERVAL",
        default = 15,
        layer_attr(arg(long, value_name = "SECONDS"))
    )]
    pub bookmark_interval: u32,

    /// Days that a deleted user can be restored
    #[config(
        env = "FRONTDESK_BIN_DAYS",
        default = 30,
        layer_attr(arg(long, value_name = "DAYS"))
    )]
    pub bin_days: u32,

    /// Days that changes are on record: so long ago may somebody have watched last and miss nothing
    #[config(
        env = "FRONTDESK_RECORD_DAYS",
        default = 30,
        layer_attr(arg(long, value_name = "DAYS"))
    )]
    pub record_days: u32,

    /// Changes that are on record at most; some 200 bytes of disk each
    #[config(
        env = "FRONTDESK_RECORD_CHANGES",
        default = 4_000_000,
        layer_attr(arg(long, value_name = "NUMBER"))
    )]
    pub record_changes: u32,

    /// Mebibytes that the database may grow to, besides some 70 for its log; beyond them changes get
    /// `RESOURCE_EXHAUSTED`, and reads go on
    #[config(
        env = "FRONTDESK_MAX_DATABASE_MIB",
        layer_attr(arg(long, value_name = "MEBIBYTES"))
    )]
    pub max_database_mib: Option<u32>,

    /// Seconds that calls have to end once the server was told to
    #[config(
        env = "FRONTDESK_SHUTDOWN_TIMEOUT",
        default = 10,
        layer_attr(arg(long, value_name = "SECONDS"))
    )]
    pub shutdown_timeout: u32,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

/// Who something is done for, by where they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Peers {
    /// Nobody.
    Never,
    /// Who does not come over loopback.
    Remote,
    /// Everybody.
    Always,
}

/// The flags of the settings: those that were given.
pub type Flags = <Settings as Config>::Layer;

impl Settings {
    /// Puts flags, variables, the file and the defaults together.
    ///
    /// # Errors
    ///
    /// Where one of them can't be read or makes no sense: names it, and says where it stands.
    pub fn load(flags: Flags, file: Option<&PathBuf>) -> Result<Self, Failure> {
        Self::no_empty_variable()?;
        let mut sources = Self::builder().preloaded(flags).env();
        if let Some(path) = file {
            sources = sources.preloaded(file::read(path)?);
        }
        let settings = sources
            .load()
            .map_err(|error| Failure::usage(words::in_full(&error)))?;
        settings.check()?;
        Ok(settings)
    }

    /// The addresses where nothing else is asked for.
    #[must_use]
    pub fn default_listen() -> Vec<SocketAddr> {
        Flags::default_values().listen.unwrap_or_default()
    }

    /// The folder where nothing else is asked for.
    #[must_use]
    pub fn default_data() -> PathBuf {
        Flags::default_values().data.unwrap_or_default()
    }

    /// An empty variable could mean «the default» or «nothing»: it is not guessed at.
    fn no_empty_variable() -> Result<(), Failure> {
        let empty = Self::META.fields.iter().find_map(|field| match field.kind {
            FieldKind::Leaf { env, .. } => {
                env.filter(|name| std::env::var_os(name).is_some_and(|value| value.is_empty()))
            }
            FieldKind::Nested { .. } => None,
        });
        match empty {
            Some(name) => Err(Failure::usage(format!(
                "{name}: is empty; give it a value, or unset it for the default"
            ))),
            None => Ok(()),
        }
    }

    fn check(&self) -> Result<(), Failure> {
        let positive = [
            ("--max-connections", self.max_connections),
            ("--max-client-connections", self.max_client_connections),
            ("--max-client-calls", self.max_client_calls),
            ("--max-streams", self.max_streams),
            ("--max-calls", self.max_calls),
            ("--max-sockets", self.max_sockets),
            ("--max-client-sockets", self.max_client_sockets),
            ("--max-request-bytes", self.max_request_bytes),
            ("--header-timeout", self.header_timeout),
            ("--idle-timeout", self.idle_timeout),
            ("--keepalive", self.keepalive),
            ("--send-timeout", self.send_timeout),
            ("--call-timeout", self.call_timeout),
            ("--bookmark-interval", self.bookmark_interval),
            ("--max-database-mib", self.max_database_mib.unwrap_or(1)),
        ];
        if let Some((name, _)) = positive.into_iter().find(|(_, value)| *value == 0) {
            return Err(Failure::usage(format!("{name}: must be 1 or more")));
        }
        let days = [
            ("--bin-days", self.bin_days),
            ("--record-days", self.record_days),
        ];
        if let Some((name, _)) = days.into_iter().find(|(_, days)| *days > MOST_DAYS) {
            return Err(Failure::usage(format!(
                "{name}: must be {MOST_DAYS} (a hundred years) or less"
            )));
        }
        if self.data.as_os_str().is_empty() {
            return Err(Failure::usage("--data: is empty; a folder is needed"));
        }
        if self.max_streams >= self.max_calls {
            return Err(Failure::usage(format!(
                "--max-streams: {} on one connection could take all the --max-calls there are, {}; must be fewer",
                self.max_streams, self.max_calls
            )));
        }
        Ok(())
    }
}
