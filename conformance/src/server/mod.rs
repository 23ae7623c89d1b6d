//! The server under test: what `frontdesk serve` puts round its services, round the suite's.

mod bidi;
mod replies;
mod service;
mod trailers;

use std::{error::Error, fs, io};

use frontdesk_server::{
    app::{self, GrpcServices},
    config::Settings,
};
use tempfile::TempDir;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tokio_util::sync::CancellationToken;
use tonic::codec::CompressionEncoding;

use crate::{
    delimited,
    wire::{
        ServerCompatRequest, ServerCompatResponse,
        conformance_service_server::ConformanceServiceServer,
    },
};
use service::Conformance;
use trailers::WithTrailers;

/// Serves as standard input says, until SIGTERM, and says on standard output where.
///
/// # Errors
///
/// Where the runner does not say what it should, or it can't be done.
pub async fn run() -> Result<(), Box<dyn Error>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let wanted: ServerCompatRequest = delimited::read(&mut tokio::io::stdin())
        .await?
        .ok_or("the runner has said nothing")?;

    let files = tempfile::tempdir()?;
    let settings = settings(&wanted, &files)?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let answer = ServerCompatResponse {
        host: address.ip().to_string(),
        port: address.port().into(),
        pem_cert: wanted.server_creds.map(|it| it.cert).unwrap_or_default(),
    };

    let service = ConformanceServiceServer::new(Conformance)
        .max_decoding_message_size(match wanted.message_receive_limit {
            0 => usize::MAX,
            limit => usize::try_from(limit)?,
        })
        .accept_compressed(CompressionEncoding::Gzip)
        .send_compressed(CompressionEncoding::Gzip);
    let services = GrpcServices {
        routes: WithTrailers(service),
        is_client_streaming: |path| {
            path.ends_with("/ClientStream") || path.ends_with("/BidiStream")
        },
        is_grpc_path: |path| path.starts_with("/connectrpc.conformance.v1."),
    };
    // The port is bound: who connects from here on waits until it is answered.
    delimited::write(&mut tokio::io::stdout(), &answer).await?;
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

/// The settings that nobody has to give, but for what the suite asks for.
fn settings(wanted: &ServerCompatRequest, files: &TempDir) -> Result<Settings, Box<dyn Error>> {
    let mut settings = Settings::default();
    // Streams of several messages, each as large as the suite's limit.
    settings.max_request_bytes = 64 * 1024 * 1024;
    if wanted.use_tls {
        let creds = wanted.server_creds.as_ref();
        let creds = creds.ok_or("the runner wants TLS and gives no certificate")?;
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
