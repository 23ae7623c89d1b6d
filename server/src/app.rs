//! The composition root: the only place where the layers are put together.

use std::{convert::Infallible, future::Future, sync::Arc, time::Duration};

use frontdesk_directory::Directory;
use frontdesk_transport::server::{
    AllowedOrigins, GrpcWebLayer,
    websocket::{self, SocketRegistry, WebSocketLayer},
};
use http::{HeaderName, Request, Response};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::body::Body;
use tower::{ServiceBuilder, util::MapRequestLayer};
use tower_http::request_id::{PropagateRequestIdLayer, SetRequestIdLayer};
use tower_service::Service;

use crate::{
    config::{ListCompression, Settings},
    grpc::{
        body_limit::{BodyLimit, BodyLimits, LimitedBody},
        call_guard::CallGuard,
        catch_panic::CatchPanic,
        load_shed::LoadShed,
        request_context::WithRequestContext,
        status,
    },
    http::{
        SetupError,
        accept::{self, AcceptOptions, GracefulShutdown},
        access_log::AccessLog,
        client_address,
        connection::{ConnectionLimits, MAX_HEADER_BYTES},
        dispatch::Dispatch,
        drained_body::DrainLimits,
        request_id::{self, RequestIdGenerator, X_REQUEST_ID},
        tls::Tls,
    },
    routes::{self, Routes},
    services::Health,
};

/// Serves the directory until `shutdown` completes, then shuts down gracefully; see [`accept::serve`].
///
/// # Errors
///
/// A setting is invalid; nothing has been served.
pub async fn run(
    listeners: Vec<TcpListener>,
    settings: &Settings,
    directory: Arc<dyn Directory>,
    shutdown: impl Future<Output = ()>,
) -> Result<(), SetupError> {
    let draining = CancellationToken::new();
    let health = Health::serving(&routes::SERVICES).await;
    let routes = Routes::new(
        directory,
        number(settings.max_request_bytes),
        seconds(settings.bookmark_interval),
        &health,
    );
    tokio::spawn(health.serve_until(draining.clone()));
    let services = GrpcServices {
        routes,
        is_grpc_path: routes::is_grpc_path,
        is_client_streaming: routes::is_client_streaming,
    };
    serve(listeners, settings, services, draining, shutdown).await
}

/// The services inside the layers.
#[derive(Debug, Clone)]
pub struct GrpcServices<R> {
    pub routes: R,
    /// Whether a path belongs to one of the services, even if it has no such method.
    pub is_grpc_path: fn(&str) -> bool,
    /// Whether the requests to a path are streams.
    pub is_client_streaming: fn(&str) -> bool,
}

/// Serves any services like [`run`]; `shutdown` cancels `draining`. The conformance suite uses this to
/// test the layers that ship.
///
/// # Errors
///
/// A setting is invalid; nothing has been served.
pub async fn serve<R>(
    listeners: Vec<TcpListener>,
    settings: &Settings,
    services: GrpcServices<R>,
    draining: CancellationToken,
    shutdown: impl Future<Output = ()>,
) -> Result<(), SetupError>
where
    R: Service<Request<LimitedBody<Body>>, Response = Response<Body>, Error = Infallible>
        + Clone
        + Send
        + Sync
        + 'static,
    R::Future: Send,
{
    let origins = origins(settings)?;
    let tls = tls(settings)?;
    if let Some(tls) = &tls {
        tls.reload_on_hangup(draining.clone())?;
    }
    let sockets = SocketRegistry::new(socket_limits(settings), draining.clone())
        .with_shutdown_status(status::shutting_down("the server has shut down"));
    let exposed_headers =
        ["x-total-count", "x-revision", "x-next-page-token"].map(HeaderName::from_static);
    let exposed_headers = exposed_headers.into_iter().chain([X_REQUEST_ID]);

    // From the outside in.
    let grpc = ServiceBuilder::new()
        // Calls over WebSockets become native gRPC, and pass through all other layers.
        .layer(
            WebSocketLayer::new(origins.clone(), sockets.clone())
                .with_client_address(client_address::of)
                .with_response_headers(request_id::response_header),
        )
        // gRPC-Web becomes native gRPC, so the layers below only handle that; their statuses are
        // converted back, with the CORS headers that a browser needs to read them.
        .layer(
            GrpcWebLayer::new(origins, exposed_headers)
                .with_client_streaming(services.is_client_streaming)
                .with_compression(match settings.list_compression {
                    ListCompression::Never => |_| false,
                    ListCompression::Remote => client_address::is_remote,
                    ListCompression::Always => |_| true,
                }),
        )
        // A panic in any layer below only ends its own call.
        .layer_fn(CatchPanic)
        // The layers below and the services read the context.
        .layer_fn(|inner| WithRequestContext {
            inner,
            max_timeout: seconds(settings.call_timeout),
        })
        // Drops everything below when it ends a call, so everything that holds resources is below.
        .layer_fn(|inner| {
            CallGuard::new(
                inner,
                seconds(settings.send_timeout),
                number(settings.max_calls),
                services.is_client_streaming,
                draining.clone(),
            )
        })
        // Rejects excess calls before their requests are read.
        .layer_fn(|inner| {
            LoadShed::new(
                inner,
                number(settings.max_calls),
                number(settings.max_client_calls),
            )
        })
        // Limits what the services read.
        .layer_fn(|inner| BodyLimit {
            inner,
            limits: BodyLimits {
                max_bytes: number(settings.max_request_bytes),
                timeout: seconds(settings.header_timeout),
                is_client_streaming: services.is_client_streaming,
                stream_idle_timeout: seconds(settings.idle_timeout),
            },
        })
        .service(services.routes);

    let service = ServiceBuilder::new()
        // A client must not choose the id of its requests.
        .layer(MapRequestLayer::new(request_id::remove_client_id))
        // Before the access log, which contains the id.
        .layer(SetRequestIdLayer::x_request_id(
            RequestIdGenerator::default(),
        ))
        // Outside of everything that responds.
        .layer(PropagateRequestIdLayer::x_request_id())
        // Logs all requests, including those for static files.
        .layer_fn(AccessLog)
        .service(Dispatch {
            grpc,
            is_grpc_path: services.is_grpc_path,
            drain_limits: DrainLimits {
                max_bytes: number(settings.max_request_bytes),
                timeout: seconds(settings.header_timeout),
            },
            draining: Arc::new(draining.clone()),
        });

    let options = AcceptOptions {
        listeners,
        tls,
        max_connections: number(settings.max_connections),
        max_client_connections: number(settings.max_client_connections),
        limits: ConnectionLimits {
            header_timeout: seconds(settings.header_timeout),
            keepalive: seconds(settings.keepalive),
            send_timeout: seconds(settings.send_timeout),
            idle_timeout: seconds(settings.idle_timeout),
            max_streams: settings.max_streams,
        },
    };
    let graceful = GracefulShutdown {
        timeout: seconds(settings.shutdown_timeout),
        draining,
        sockets,
    };
    accept::serve(options, service, graceful, shutdown).await;
    Ok(())
}

/// Checks the settings that [`serve`] parses, before anything is opened.
///
/// # Errors
///
/// A setting is invalid.
pub fn check(settings: &Settings) -> Result<(), SetupError> {
    tls(settings)?;
    origins(settings).map(drop)
}

fn seconds(seconds: u32) -> Duration {
    Duration::from_secs(seconds.into())
}

fn number(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn tls(settings: &Settings) -> Result<Option<Tls>, SetupError> {
    Tls::from_files(settings.tls_cert.as_ref(), settings.tls_key.as_ref())
}

fn origins(settings: &Settings) -> Result<AllowedOrigins, SetupError> {
    AllowedOrigins::new(&settings.allow_origin)
        .map_err(|error| SetupError::setting("--allow-origin", error.to_string()))
}

/// The limits of other calls, where they apply to WebSockets.
fn socket_limits(settings: &Settings) -> websocket::Limits {
    websocket::Limits {
        max_sockets: number(settings.max_sockets),
        max_sockets_per_client: number(settings.max_client_sockets),
        max_header_bytes: MAX_HEADER_BYTES,
        header_timeout: seconds(settings.header_timeout),
        max_message_bytes: number(settings.max_request_bytes),
        keepalive_interval: seconds(settings.keepalive),
        send_timeout: seconds(settings.send_timeout),
    }
}
