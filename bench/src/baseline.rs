//! The baseline: bare tonic as in its examples, with the same handler.
//!
//! Without page, limits, access log and request ids, whose cost the figures show.

use frontdesk::greeter::greeter_server::GreeterServer;
use frontdesk_server::services::Greeter;
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::transport::Server;
use tonic_web::GrpcWebLayer;

use crate::{Result, server_process::ADDRESS_PREFIX};

/// Native gRPC.
pub(crate) async fn serve_tonic() -> Result {
    let incoming = listen().await?;
    let greeter = GreeterServer::new(Greeter);
    Server::builder()
        .add_service(greeter)
        .serve_with_incoming(incoming)
        .await?;
    Ok(())
}

/// gRPC-Web.
pub(crate) async fn serve_tonic_web() -> Result {
    let incoming = listen().await?;
    let greeter = GreeterServer::new(Greeter);
    Server::builder()
        .accept_http1(true)
        .layer(GrpcWebLayer::new())
        .add_service(greeter)
        .serve_with_incoming(incoming)
        .await?;
    Ok(())
}

/// Binds a free port and reports it as Frontdesk does.
async fn listen() -> Result<TcpListenerStream> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{ADDRESS_PREFIX}http://{}/", listener.local_addr()?);
    Ok(TcpListenerStream::new(listener))
}
