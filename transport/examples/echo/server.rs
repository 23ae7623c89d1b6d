use std::{error::Error, time::Duration};

use frontdesk_transport::server::{
    AllowedOrigins, GrpcWebLayer,
    websocket::{Limits, SocketRegistry, WebSocketLayer},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_layer::Layer as _;

use super::{ADDRESS, TALK, service::Echo};

/// The origins whose pages may call the server, in addition to its own.
const ORIGINS: [&str; 1] = ["http://127.0.0.1:8080"];

const LIMITS: Limits = Limits {
    max_sockets: 256,
    max_sockets_per_client: 64,
    max_header_bytes: 16 * 1024,
    header_timeout: Duration::from_secs(10),
    // tonic's default limit.
    max_message_bytes: 4 * 1024 * 1024,
    keepalive_interval: Duration::from_secs(20),
    send_timeout: Duration::from_mins(1),
};

/// Serves until the process is killed. A public server also needs limits on connections and a graceful
/// shutdown; see the crate `server/` in this repository.
pub(crate) async fn run() -> Result<(), Box<dyn Error>> {
    let origins = AllowedOrigins::new(ORIGINS)?;
    let registry = SocketRegistry::new(LIMITS, CancellationToken::new());
    // From the inside out. The service receives native gRPC, whatever the client uses.
    let echo = GrpcWebLayer::new(origins.clone(), [])
        .with_client_streaming(|path| path == TALK)
        .layer(Echo);
    let echo = WebSocketLayer::new(origins, registry).layer(echo);

    let listener = TcpListener::bind(ADDRESS).await?;
    println!("listening on http://{ADDRESS}");
    loop {
        let (stream, _) = listener.accept().await?;
        let service = TowerToHyperService::new(echo.clone());
        tokio::spawn(async move {
            let mut connection = auto::Builder::new(TokioExecutor::new());
            // WebSockets over HTTP/2 (RFC 8441).
            connection.http2().enable_connect_protocol();
            let stream = TokioIo::new(stream);
            // A broken connection is not an error of the server.
            _ = connection
                .serve_connection_with_upgrades(stream, service)
                .await;
        });
    }
}
