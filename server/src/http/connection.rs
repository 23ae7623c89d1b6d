//! One connection: HTTP/1.1 or HTTP/2 with their limits.

use std::{convert::Infallible, io, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpStream;
use tokio_util::{either::Either, sync::CancellationToken};
use tower_service::Service;

use super::{
    BoxError, call_counter::CallCounter, connection_state::ConnectionState,
    protocol_sniff::ProtocolSniff, tls::Tls,
};

/// Limits from the settings.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionLimits {
    /// For the TLS handshake, for the first bytes, and for the headers of an HTTP/1 request; also how
    /// long an HTTP/1 connection may idle between two requests.
    pub header_timeout: Duration,
    /// How long a client may be silent before it is probed, over HTTP/2 and TCP, and how long it then
    /// has to reply.
    pub keepalive: Duration,
    /// How long sent data may stay unacknowledged.
    pub send_timeout: Duration,
    /// How long a connection may have no open call; for HTTP/1, `header_timeout` applies first.
    pub idle_timeout: Duration,
    /// Open streams of one HTTP/2 connection.
    pub max_streams: u32,
}

/// Streams that a client has reset before they were handled, or that the server has reset because of
/// the client's errors, before the connection is closed (CVE-2023-44487, CVE-2025-8671).
const MAX_RESETS: usize = 100;
/// The maximum size of all headers of one request. Requests need only a fraction of it.
pub const MAX_HEADER_BYTES: usize = 16 * 1024;
const MAX_HTTP1_HEADERS: usize = 100;
/// Received data of one stream that has not been read. Requests are small.
const STREAM_WINDOW: u32 = 256 * 1024;
/// Received data of all streams of a connection that has not been read.
const CONNECTION_WINDOW: u32 = 1024 * 1024;
/// Data of one stream that h2 buffers until the client accepts it: two of tonic's 32 KiB chunks, so
/// that one is produced while the other is sent. Any more would only be memory that slow clients use.
const SEND_BUFFER: usize = 64 * 1024;

/// How long a new connection may take to start its first call during shutdown. What the client sent
/// before has arrived by then.
const FIRST_CALL_TIMEOUT: Duration = Duration::from_secs(1);

/// The configuration that all connections share.
#[derive(Clone)]
pub(super) struct ConnectionServer {
    builder: Builder<TokioExecutor>,
    limits: ConnectionLimits,
    tls: Option<Tls>,
}

impl ConnectionServer {
    pub(super) fn new(limits: ConnectionLimits, tls: Option<Tls>) -> Self {
        let mut builder = Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.header_timeout)
            .keep_alive(true)
            .max_headers(MAX_HTTP1_HEADERS)
            .max_buf_size(MAX_HEADER_BYTES);
        builder
            .http2()
            .timer(TokioTimer::new())
            // WebSockets over HTTP/2 (RFC 8441).
            .enable_connect_protocol()
            .max_concurrent_streams(limits.max_streams)
            .max_pending_accept_reset_streams(MAX_RESETS)
            .max_local_error_reset_streams(MAX_RESETS)
            .max_header_list_size(u32::try_from(MAX_HEADER_BYTES).unwrap_or(u32::MAX))
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_send_buf_size(SEND_BUFFER)
            .keep_alive_interval(limits.keepalive)
            .keep_alive_timeout(limits.keepalive);
        Self {
            builder,
            limits,
            tls,
        }
    }

    /// Serves a connection until it is closed, or until `draining`: then open calls are completed and
    /// no new ones accepted.
    pub(super) async fn serve<S, B>(
        self,
        socket: TcpStream,
        state: Arc<ConnectionState>,
        service: S,
        draining: CancellationToken,
    ) where
        S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>
            + Clone
            + Send
            + 'static,
        S::Future: Send,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let Self {
            builder,
            limits,
            tls,
        } = self;
        if let Err(error) = set_options(&socket, limits) {
            tracing::debug!(%error, "cannot set socket options");
        }
        let socket = match tls {
            None => Either::Left(socket),
            Some(tls) => {
                let handshake = tls.accept(socket, limits.header_timeout);
                match draining.run_until_cancelled(handshake).await {
                    Some(Ok(encrypted)) => Either::Right(encrypted),
                    Some(Err(error)) => {
                        tracing::debug!(%error, "TLS handshake failed");
                        return;
                    }
                    None => return,
                }
            }
        };
        let io = TokioIo::new(ProtocolSniff::new(socket, limits.header_timeout));
        let service = CallCounter::new(TowerToHyperService::new(service), Arc::clone(&state));
        let connection = builder.serve_connection_with_upgrades(io, service);
        let mut connection = std::pin::pin!(connection);

        let served = async {
            tokio::select! {
                ended = connection.as_mut() => return ended,
                () = draining.cancelled() => {}
                // A client that only replies to pings: others wait for the permit.
                () = state.idle(limits.idle_timeout) => {}
            }
            connection.as_mut().graceful_shutdown();
            tokio::select! {
                ended = connection => ended,
                // hyper and h2 wait for the rest of half a header block, or for a client that has
                // never sent a request; no call is lost by closing.
                () = state.unused(FIRST_CALL_TIMEOUT) => Ok(()),
            }
        };
        let ended = tokio::select! {
            ended = served => ended,
            () = state.closed() => return,
            // A client that replies to pings but reads no responses.
            () = state.stalled(limits.send_timeout) => return,
        };
        if let Err(error) = ended {
            // Nearly always caused by the client: disconnected, or not speaking HTTP.
            tracing::debug!(%error, "connection failed");
        }
    }
}

/// Sets each option even if another one fails: a system that lacks one may have the others.
fn set_options(socket: &TcpStream, limits: ConnectionLimits) -> io::Result<()> {
    // Small responses are sent at once (RFC 896's algorithm off).
    let nodelay = socket.set_nodelay(true);
    // HTTP/1 has no pings: TCP probes silent clients (RFC 9293, section 3.8.4).
    let keepalive = TcpKeepalive::new()
        .with_time(limits.keepalive)
        .with_interval(limits.keepalive);
    let socket = SockRef::from(socket);
    // The client's kernel replies to probes even if the client reads nothing, and over HTTP/1 the
    // end of a response is not observable: only this closes such a connection (RFC 5482).
    #[cfg(target_os = "linux")]
    let user_timeout = socket.set_tcp_user_timeout(Some(limits.send_timeout));
    #[cfg(not(target_os = "linux"))]
    let user_timeout = Ok(());
    nodelay
        .and(socket.set_tcp_keepalive(&keepalive))
        .and(user_timeout)
}
