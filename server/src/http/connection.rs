//! One connection: HTTP/1.1 or HTTP/2, whichever it begins with, each with its bounds.

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
    BoxError,
    connection_state::{Connection, Counted},
    protocol_sniff::FirstBytes,
    tls::Tls,
};

/// The bounds of a connection.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How long a TLS handshake, the first bytes and an HTTP/1 request's headers may take; also how long an HTTP/1
    /// connection may idle between two requests.
    pub header_timeout: Duration,
    /// How long a peer may be silent before it is asked whether it still lives, over HTTP/2 and
    /// TCP, and how long it may take to answer.
    pub keepalive: Duration,
    /// How long a socket may have bytes on their way that its peer does not take.
    pub send_timeout: Duration,
    /// How long a connection may have no call open; over HTTP/1 `header_timeout` comes first.
    pub idle_timeout: Duration,
    /// How many streams one HTTP/2 connection may have open.
    pub streams: u32,
}

/// How many streams a peer may have reset before we have seen to them, and how many we may have
/// reset for its faults, before the connection is closed (CVE-2023-44487, CVE-2025-8671).
const MAX_RESETS: usize = 100;
/// All headers of one request. Names, addresses and ids fit many times over.
pub const MAX_HEADER_BYTES: usize = 16 * 1024;
/// HTTP/1 headers of one request.
const MAX_HEADERS: usize = 100;
/// What one stream may have on its way to us: a request is small, so a window is too.
const STREAM_WINDOW: u32 = 256 * 1024;
/// What all streams of a connection may have on their way to us.
const CONNECTION_WINDOW: u32 = 1024 * 1024;
/// What h2 may hold for one stream that its peer does not take. Two of tonic's chunks of 32 KiB: one
/// on its way while the next is made. More would only be memory that slow readers cost.
const SEND_BUFFER: usize = 64 * 1024;

/// How long a call may still begin on a new connection that is closed: what its peer had sent by then
/// is here.
const LAST_CALL: Duration = Duration::from_secs(1);

/// A builder with these bounds.
pub(crate) fn builder(limits: Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .keep_alive(true)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEADER_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        // WebSockets over HTTP/2 (RFC 8441).
        .enable_connect_protocol()
        .max_concurrent_streams(limits.streams)
        .max_pending_accept_reset_streams(MAX_RESETS)
        .max_local_error_reset_streams(MAX_RESETS)
        .max_header_list_size(u32::try_from(MAX_HEADER_BYTES).unwrap_or(u32::MAX))
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_send_buf_size(SEND_BUFFER)
        .keep_alive_interval(limits.keepalive)
        .keep_alive_timeout(limits.keepalive);
    builder
}

/// Answers what comes over one socket until it closes, or until `shutdown`: then what has begun is
/// ended and nothing new is taken.
pub(crate) async fn serve<S, B>(
    builder: Builder<TokioExecutor>,
    limits: Limits,
    (socket, tls, calls): (TcpStream, Option<Tls>, Arc<Connection>),
    service: S,
    shutdown: CancellationToken,
) where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>
        + Clone
        + Send
        + 'static,
    S::Future: Send,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    if let Err(error) = prepare(&socket, limits) {
        tracing::debug!(%error, "a socket's options can't be set");
    }
    let socket = match tls {
        None => Either::Left(socket),
        Some(tls) => {
            let agreed = tls.accept(socket, limits.header_timeout);
            match shutdown.run_until_cancelled(agreed).await {
                Some(Ok(encrypted)) => Either::Right(encrypted),
                Some(Err(error)) => {
                    tracing::debug!(%error, "a peer does not speak TLS as we do");
                    return;
                }
                None => return,
            }
        }
    };
    let io = TokioIo::new(FirstBytes::new(socket, limits.header_timeout));
    let service = Counted::new(TowerToHyperService::new(service), Arc::clone(&calls));
    let connection = builder.serve_connection_with_upgrades(io, service);
    let mut connection = std::pin::pin!(connection);

    let until_it_ends = async {
        tokio::select! {
            ended = connection.as_mut() => return ended,
            () = shutdown.cancelled() => {}
            // Its peer answers pings and asks for nothing: others wait for the place.
            () = calls.idle(limits.idle_timeout) => {}
        }
        connection.as_mut().graceful_shutdown();
        tokio::select! {
            ended = connection => ended,
            // Half a header block, or a peer that has never asked for anything: hyper and h2 wait for
            // more, and nothing has begun that it could be the end of.
            () = calls.unused(LAST_CALL) => Ok(()),
        }
    };
    let ended = tokio::select! {
        ended = until_it_ends => ended,
        () = calls.closed() => return,
        // Its peer answers pings, and takes nothing of what it has asked for.
        () = calls.neglected(limits.send_timeout) => return,
    };
    if let Err(error) = ended {
        // The peer's doing nearly always: gone, or not speaking HTTP.
        tracing::debug!(%error, "a connection broke");
    }
}

fn prepare(socket: &TcpStream, limits: Limits) -> io::Result<()> {
    // Small answers leave at once instead of waiting for more (RFC 896's algorithm off).
    let at_once = socket.set_nodelay(true);
    // HTTP/1 cannot ask its peer whether it still lives: TCP does (RFC 9293, section 3.8.4).
    let keepalive = TcpKeepalive::new()
        .with_time(limits.keepalive)
        .with_interval(limits.keepalive);
    let socket = SockRef::from(socket);
    // HTTP/1 has no answer's end in hand while its peer takes nothing, and probes are answered by
    // the peer's kernel: only this closes such a connection (RFC 5482).
    #[cfg(target_os = "linux")]
    let patience = socket.set_tcp_user_timeout(Some(limits.send_timeout));
    #[cfg(not(target_os = "linux"))]
    let patience = Ok(());
    // Each by itself: a system that refuses one may have the others.
    at_once
        .and(socket.set_tcp_keepalive(&keepalive))
        .and(patience)
}
