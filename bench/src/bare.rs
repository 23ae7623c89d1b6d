//! What Frontdesk is measured against: tonic as its examples have it, with the same handler.
//!
//! No page, no limits, no access lines, no request ids: the price of these is what the figures
//! show.

use frontdesk::greeter::greeter_server::GreeterServer;
use frontdesk_server::services::Greeter;
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::transport::Server;
use tonic_web::GrpcWebLayer;

use crate::{Outcome, host::OPEN};

/// Native gRPC.
pub(crate) async fn serve_tonic() -> Outcome {
    let incoming = listen().await?;
    let greeter = GreeterServer::new(Greeter);
    Server::builder()
        .add_service(greeter)
        .serve_with_incoming(incoming)
        .await?;
    Ok(())
}

/// gRPC-Web.
pub(crate) async fn serve_tonic_web() -> Outcome {
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

/// A port of the system's choice, said in the words that Frontdesk says it in.
async fn listen() -> Outcome<TcpListenerStream> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{OPEN}http://{}/", listener.local_addr()?);
    Ok(TcpListenerStream::new(listener))
}
