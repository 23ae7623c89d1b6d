//! The accept loop. tonic's own transport disables hyper's limits on streams and resets, has no HTTP/1
//! timeouts, and drains without a time limit.

use std::{
    convert::Infallible,
    future::Future,
    io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use frontdesk_transport::server::{ClientLimit, websocket::SocketRegistry};
use http::{Request, Response};
use hyper::body::Incoming;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower_service::Service;

use super::{
    BoxError,
    connection::{ConnectionLimits, ConnectionServer},
    connection_state::ConnectionState,
    log_throttle::LogThrottle,
    tls::Tls,
};

/// The pause after a failed `accept`: without it the loop would spin while the process has no free
/// file descriptor.
const ACCEPT_RETRY: Duration = Duration::from_millis(50);

/// What connections are accepted on, and how many.
#[derive(Debug)]
pub struct AcceptOptions {
    pub listeners: Vec<TcpListener>,
    pub tls: Option<Tls>,
    pub max_connections: usize,
    pub max_client_connections: usize,
    pub limits: ConnectionLimits,
}

/// A graceful shutdown.
#[derive(Debug)]
pub struct GracefulShutdown {
    /// How long open calls may take to complete.
    pub timeout: Duration,
    /// Cancelled when the shutdown begins.
    pub draining: CancellationToken,
    /// Connections that were upgraded to WebSockets.
    pub sockets: SocketRegistry,
}

/// Accepts connections on every listener until `shutdown` completes, then waits until open calls have
/// ended, at most for the timeout. After that, WebSockets have two more seconds to send a status.
pub async fn serve<S, B>(
    options: AcceptOptions,
    service: S,
    graceful: GracefulShutdown,
    shutdown: impl Future<Output = ()>,
) where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>
        + Clone
        + Send
        + 'static,
    S::Future: Send,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let GracefulShutdown {
        timeout: shutdown_timeout,
        draining,
        sockets,
    } = graceful;
    let acceptor = Acceptor {
        server: ConnectionServer::new(options.limits, options.tls),
        service,
        permits: Arc::new(Semaphore::new(options.max_connections)),
        client_limit: ClientLimit::new(options.max_client_connections),
        connections: TaskTracker::new(),
        draining: draining.clone(),
        abort: CancellationToken::new(),
    };
    let (connections, abort) = (acceptor.connections.clone(), acceptor.abort.clone());
    let loops = TaskTracker::new();
    for listener in options.listeners {
        loops.spawn(acceptor.clone().run(listener));
    }
    drop(acceptor);

    shutdown.await;
    draining.cancel();
    loops.close();
    loops.wait().await;
    connections.close();
    tracing::info!(
        connections = connections.len(),
        sockets = sockets.open_count(),
        "shutting down: completing open calls"
    );
    let all_ended = async {
        connections.wait().await;
        sockets.wait_closed().await;
    };
    if timeout(shutdown_timeout, all_ended).await.is_err() {
        tracing::warn!(
            connections = connections.len(),
            sockets = sockets.open_count(),
            "shutdown timeout reached: closing what is still open"
        );
        // First, because a WebSocket over HTTP/2 sends its status over one of the connections.
        sockets.abort_all().await;
        abort.cancel();
        connections.wait().await;
    }
}

/// One per listener; clones share their limits.
#[derive(Clone)]
struct Acceptor<S> {
    server: ConnectionServer,
    service: S,
    permits: Arc<Semaphore>,
    client_limit: ClientLimit,
    connections: TaskTracker,
    draining: CancellationToken,
    abort: CancellationToken,
}

impl<S, B> Acceptor<S>
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>
        + Clone
        + Send
        + 'static,
    S::Future: Send,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    async fn run(self, listener: TcpListener) {
        let mut throttle = LogThrottle::default();
        // At the connection limit, the next connection waits for a permit, the others in the backlog.
        while let Some(Some((permit, socket, peer))) = self
            .draining
            .run_until_cancelled(next(&listener, &self.permits, &mut throttle))
            .await
        {
            // At its client's limit, a connection is closed at once.
            let Some(client_permit) = self.client_limit.acquire(peer.ip()) else {
                continue;
            };
            let state = ConnectionState::new(peer.ip(), permit, client_permit);
            let connection = self.server.clone().serve(
                socket,
                Arc::new(state),
                self.service.clone(),
                self.draining.clone(),
            );
            let abort = self.abort.clone();
            self.connections
                .spawn(async move { abort.run_until_cancelled(connection).await });
        }
    }
}

async fn next(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
    throttle: &mut LogThrottle,
) -> Option<(OwnedSemaphorePermit, TcpStream, SocketAddr)> {
    // The connection first: an idle listener must not hold a permit that another one needs.
    let (socket, peer) = loop {
        match listener.accept().await {
            Ok(accepted) => break accepted,
            Err(error) if is_client_error(&error) => {}
            Err(error) => {
                if let Some(count) = throttle.record(Instant::now()) {
                    tracing::error!(%error, count, "cannot accept connections");
                }
                sleep(ACCEPT_RETRY).await;
            }
        }
    };
    let permit = Arc::clone(permits).acquire_owned().await.ok()?;
    Some((permit, socket, peer))
}

/// Whether `accept` failed because the client has already disconnected.
fn is_client_error(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
    )
}
