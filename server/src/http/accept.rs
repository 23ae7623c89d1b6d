//! The accept loop. tonic's own takes hyper's bounds away, knows no HTTP/1 timeouts and drains
//! without an end; this one gives each of these a number.

use std::{
    convert::Infallible,
    future::Future,
    io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use frontdesk_transport::server::websocket::SocketRegistry;
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
    clients::{Clients, Share},
    connection::{self, Limits},
    connection_state::Connection,
    log_throttle::Seldom,
    tls::Tls,
};

/// How long to wait when the process is out of file descriptors: an answer that ends frees one.
const OUT_OF_DESCRIPTORS: Duration = Duration::from_millis(50);

/// Where connections come in.
#[derive(Debug)]
pub struct Entrance {
    /// The addresses.
    pub listeners: Vec<TcpListener>,
    /// How all of them are encrypted; not at all where there is none.
    pub tls: Option<Tls>,
}

/// What is told that the server goes down, and waited for.
#[derive(Debug)]
pub struct Drain {
    /// How long what has begun may take to end.
    pub bound: Duration,
    /// Cancelled at once, for those who end streams.
    pub begun: CancellationToken,
    /// Which connections turn into, and then live on without.
    pub sockets: SocketRegistry,
}

/// Answers on every listener until `shutdown`, then lets what has begun come to its end, within
/// the bound of `drain`. Sockets that have not ended then have up to two seconds more, to be told.
pub async fn serve<S, B>(
    entrance: Entrance,
    service: S,
    limits: Limits,
    (max_connections, share): (usize, Share),
    drain: Drain,
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
    let connections = TaskTracker::new();
    let places = Arc::new(Semaphore::new(max_connections));
    let clients = Clients::new(share);
    let builder = connection::builder(limits);
    let Drain {
        bound,
        begun: draining,
        sockets,
    } = drain;
    let cut_off = CancellationToken::new();

    let loops = TaskTracker::new();
    for listener in entrance.listeners {
        let tls = entrance.tls.clone();
        let (service, builder) = (service.clone(), builder.clone());
        let (connections, places) = (connections.clone(), Arc::clone(&places));
        let clients = Arc::clone(&clients);
        let (draining, cut_off) = (draining.clone(), cut_off.clone());
        loops.spawn(async move {
            // A connection too many waits until one closes, those behind it in the backlog.
            let mut failed = Seldom::default();
            while let Some((place, socket, peer)) =
                next(&listener, &mut failed, &places, &draining).await
            {
                // One that is its client's one too many is closed, and waits for nobody.
                let Some(client) = Clients::enter(&clients, peer.ip()) else {
                    continue;
                };
                let calls = Arc::new(Connection::new(peer.ip(), client, place));
                let one = connection::serve(
                    builder.clone(),
                    limits,
                    (socket, tls.clone(), calls),
                    service.clone(),
                    draining.clone(),
                );
                let cut_off = cut_off.clone();
                connections.spawn(async move { cut_off.run_until_cancelled(one).await });
            }
        });
    }
    drop(service);

    shutdown.await;
    draining.cancel();
    loops.close();
    loops.wait().await;
    connections.close();
    tracing::info!(
        connections = connections.len(),
        sockets = sockets.open_count(),
        "going down: ending what has begun"
    );
    let all_ended = async {
        connections.wait().await;
        sockets.wait_closed().await;
    };
    if timeout(bound, all_ended).await.is_err() {
        tracing::warn!(
            connections = connections.len(),
            sockets = sockets.open_count(),
            "cut off what had not ended in time"
        );
        // They first: those over HTTP/2 are told so while their connection is still there.
        sockets.abort_all().await;
        cut_off.cancel();
        connections.wait().await;
    }
}

/// The next connection with its place among `max_connections`; `None` when going down.
async fn next(
    listener: &TcpListener,
    failed: &mut Seldom,
    places: &Arc<Semaphore>,
    draining: &CancellationToken,
) -> Option<(OwnedSemaphorePermit, TcpStream, SocketAddr)> {
    tokio::select! {
        () = draining.cancelled() => None,
        next = async {
            // The connection first: a listener that waits for one must hold no other's place.
            let (socket, peer) = loop {
                match listener.accept().await {
                    Ok(accepted) => break accepted,
                    Err(error) => pause_for(&error, failed).await,
                }
            };
            let place = Arc::clone(places).acquire_owned().await.ok()?;
            Some((place, socket, peer))
        } => next,
    }
}

/// `accept` fails for a peer that has gone already, which is nothing, or for want of something,
/// which would make the loop spin.
async fn pause_for(error: &io::Error, failed: &mut Seldom) {
    let is_the_peers = matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
    );
    if !is_the_peers {
        if let Some(times) = failed.due(Instant::now()) {
            tracing::error!(%error, times, "can't accept a connection");
        }
        sleep(OUT_OF_DESCRIPTORS).await;
    }
}
