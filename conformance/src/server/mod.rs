//! The server under test: the layers of `frontdesk serve` around the suite's service.

mod bidi;
mod responses;
mod service;
mod trailers;

use std::{error::Error, fs, io};

use frontdesk_server::{
    app::{self, GrpcServices},
    config::Settings,
};
use service::Conformance;
use tempfile::TempDir;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tokio_util::sync::CancellationToken;
use tonic::codec::CompressionEncoding;
use trailers::TrailersService;

use crate::{
    delimited,
    proto::{
        ServerCompatRequest, ServerCompatResponse,
        conformance_service_server::ConformanceServiceServer,
    },
};

/// Serves as the request on standard input defines, until SIGTERM; reports the address on standard
/// output.
///
/// # Errors
///
/// If standard input is invalid or the server cannot start.
pub async fn run() -> Result<(), Box<dyn Error>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let request: ServerCompatRequest = delimited::read(&mut tokio::io::stdin())
        .await?
        .ok_or("standard input is empty")?;

    let files = tempfile::tempdir()?;
    let settings = settings(&request, &files)?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let response = ServerCompatResponse {
        host: address.ip().to_string(),
        port: address.port().into(),
        pem_cert: request
            .server_creds
            .map(|creds| creds.cert)
            .unwrap_or_default(),
    };

    let service = ConformanceServiceServer::new(Conformance)
        .max_decoding_message_size(match request.message_receive_limit {
            0 => usize::MAX,
            limit => usize::try_from(limit)?,
        })
        .accept_compressed(CompressionEncoding::Gzip)
        .send_compressed(CompressionEncoding::Gzip);
    let services = GrpcServices {
        routes: TrailersService(service),
        is_client_streaming: |path| {
            path.ends_with("/ClientStream") || path.ends_with("/BidiStream")
        },
        is_grpc_path: |path| path.starts_with("/connectrpc.conformance.v1."),
    };
    // The port is bound: connections are queued from here on.
    delimited::write(&mut tokio::io::stdout(), &response).await?;
    app::serve(
        vec![listener],
        &settings,
        services,
        CancellationToken::new(),
        async {
            terminate.recv().await;
        },
    )
    .await?;
    Ok(())
}

/// The default settings, except for those that the suite needs.
fn settings(request: &ServerCompatRequest, files: &TempDir) -> Result<Settings, Box<dyn Error>> {
    let mut settings = Settings {
        // Streams have several messages of the suite's maximum size.
        max_request_bytes: 64 * 1024 * 1024,
        ..Settings::default()
    };
    if request.use_tls {
        let creds = request.server_creds.as_ref();
        let creds = creds.ok_or("TLS without a certificate")?;
        let write = |name, bytes: &[u8]| -> io::Result<_> {
            let file = files.path().join(name);
            fs::write(&file, bytes)?;
            Ok(Some(file))
        };
        settings.tls_cert = write("cert.pem", &creds.cert)?;
        settings.tls_key = write("key.pem", &creds.key)?;
    }
    Ok(settings)
}
