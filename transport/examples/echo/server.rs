use std::{error::Error, time::Duration};

use frontdesk_transport::server::{
    GrpcWebLayer, Origins,
    socket::{Limits, SocketLayer, Sockets},
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

/// Where pages come from, besides the server's own origin.
const PAGES: [&str; 1] = ["http://127.0.0.1:8080"];

const LIMITS: Limits = Limits {
    sockets: 256,
    sockets_a_client: 64,
    header_bytes: 16 * 1024,
    header_timeout: Duration::from_secs(10),
    // The largest message that tonic takes, its prefix and the byte before it.
    message_bytes: 4 * 1024 * 1024,
    ping: Duration::from_secs(20),
    send_timeout: Duration::from_mins(1),
};

/// Serves until it is ended from outside. A server that strangers reach has more to do: bounds on
/// connections, an orderly end; `server/src/net` of this repository shows them.
pub(crate) async fn run() -> Result<(), Box<dyn Error>> {
    let origins = Origins::new(PAGES)?;
    let sockets = Sockets::new(LIMITS, CancellationToken::new());
    // From the inside out: the service speaks native gRPC, whatever the caller speaks.
    let echo = GrpcWebLayer::new(origins.clone(), [])
        .with_streams(|path| path == TALK)
        .layer(Echo);
    let echo = SocketLayer::new(origins, sockets).layer(echo);

    let listener = TcpListener::bind(ADDRESS).await?;
    println!("echo is open on http://{ADDRESS}");
    loop {
        let (stream, _) = listener.accept().await?;
        let service = TowerToHyperService::new(echo.clone());
        tokio::spawn(async move {
            let mut connection = auto::Builder::new(TokioExecutor::new());
            // WebSockets over HTTP/2 (RFC 8441).
            connection.http2().enable_connect_protocol();
            let stream = TokioIo::new(stream);
            // A connection that breaks is the client's affair.
            _ = connection
                .serve_connection_with_upgrades(stream, service)
                .await;
        });
    }
}
