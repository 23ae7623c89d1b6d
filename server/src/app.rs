//! The only place that puts the layers together.

use std::{
    convert::Infallible,
    future::{Future, Ready, ready},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use frontdesk_transport::{
    dialect::Dialect,
    server::{
        AllowedOrigins, GrpcWebLayer,
        websocket::{self, SocketRegistry, WebSocketLayer},
    },
};
use futures_util::future::Either;
use http::{HeaderName, Request, Response, header::ACCESS_CONTROL_REQUEST_METHOD};
use hyper::body::Incoming;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::body::Body;
use tower_layer::Layer as _;
use tower_service::Service;

use frontdesk_directory::Directory;

use crate::{
    config::{Peers, Settings},
    failure::Failure,
    grpc::{
        body_limit::{BodyLimitLayer, Limited},
        call_guard::CutoffLayer,
        load_shed::ShedLayer,
        panic::CatchPanicLayer,
    },
    http::{
        accept::{self, Drain, Entrance},
        access_log::AccessLayer,
        assets,
        clients::Share,
        connection::{Limits, MAX_HEADER_BYTES},
        connection_state,
        drain::{self, Drained},
        host, probes,
        request_id::{self, RequestIdLayer, X_REQUEST_ID},
        tls::Tls,
    },
    routes::{self, Routes},
    services::Health,
    status,
};

/// Serves the directory on these listeners until `shutdown`, then ends what has begun; see
/// [`accept::serve`] for how.
///
/// # Errors
///
/// Where a setting makes no sense; nothing has been answered then.
pub async fn run(
    listeners: Vec<TcpListener>,
    settings: &Settings,
    directory: Arc<dyn Directory>,
    shutdown: impl Future<Output = ()>,
) -> Result<(), Failure> {
    let draining = CancellationToken::new();
    let health = Health::serving(&routes::SERVICES).await;
    let routes = Routes::new(
        directory,
        number(settings.max_request_bytes),
        seconds(settings.bookmark_interval),
        &health,
    );
    tokio::spawn(health.until(draining.clone()));
    let services = Services {
        routes,
        serves: routes::serves,
        takes_a_stream: routes::takes_a_stream,
    };
    serve(listeners, settings, services, draining, shutdown).await
}

/// The gRPC services that the layers are put round.
#[derive(Debug, Clone)]
pub struct Services<R> {
    /// What answers the calls.
    pub routes: R,
    /// Whether a path is one of theirs, be there such a method or not.
    pub serves: fn(&str) -> bool,
    /// Whether the requests to a path are streams.
    pub takes_a_stream: fn(&str) -> bool,
}

/// Puts the layers round any services, and answers as [`run`] does; `draining` is cancelled by
/// `shutdown`. Of its own, so that the conformance suite tests the very layers that ship.
///
/// # Errors
///
/// Where a setting makes no sense; nothing has been answered then.
pub async fn serve<R>(
    listeners: Vec<TcpListener>,
    settings: &Settings,
    services: Services<R>,
    draining: CancellationToken,
    shutdown: impl Future<Output = ()>,
) -> Result<(), Failure>
where
    R: Service<Request<Limited<Body>>, Response = Response<Body>, Error = Infallible>
        + Clone
        + Send
        + Sync
        + 'static,
    R::Future: Send,
{
    let origins = origins(settings)?;
    let tls = tls(settings)?;
    if let Some(tls) = &tls {
        tls.renew_on_hangup(draining.clone())?;
    }

    // From the outside in. What the gRPC layers inside say, they say in native gRPC: `GrpcWebLayer`
    // puts it into the caller's dialect, with the headers that let a browser read it.
    // Calls end at their deadline, streams when nobody takes what they say, or when the server goes
    // down: with all that they hold, so everything that holds something lies inside.
    let cutoff = CutoffLayer::new(
        seconds(settings.call_timeout),
        seconds(settings.send_timeout),
        number(settings.max_calls),
        services.takes_a_stream,
        draining.clone(),
    );
    let grpc = cutoff.layer(
        // A call too many is turned away before anything is read of it.
        ShedLayer::new(number(settings.max_calls)).layer(
            // A request that never ends, however its bytes trickle in, is not read for ever.
            BodyLimitLayer {
                bytes: number(settings.max_request_bytes),
                time: seconds(settings.header_timeout),
                takes_a_stream: services.takes_a_stream,
                rest_of_a_stream: seconds(settings.idle_timeout),
            }
            .layer(services.routes),
        ),
    );
    // A panic in any of them is an answer too.
    let grpc = CatchPanicLayer.layer(grpc);
    // Dialects and origins, for gRPC only: the page needs neither.
    let exposed = ["x-total-count", "x-revision", "x-next-page-token"].map(HeaderName::from_static);
    let grpc = GrpcWebLayer::new(origins.clone(), exposed.into_iter().chain([X_REQUEST_ID]))
        .with_client_streaming(services.takes_a_stream)
        .with_compression(match settings.compress_lists {
            Peers::Never => |_| false,
            Peers::Remote => connection_state::is_remote,
            Peers::Always => |_| true,
        })
        .layer(grpc);
    // Calls over sockets go in as native gRPC, from the same origins.
    let sockets = SocketRegistry::new(socket_limits(settings), draining.clone())
        .with_shutdown_status(status::going_down("the server has gone down"));
    let grpc = WebSocketLayer::new(origins, sockets.clone())
        .with_client_address(connection_state::peer)
        .with_response_headers(request_id::header)
        .layer(grpc);
    let desk = Desk {
        grpc,
        serves: services.serves,
        unwanted: drain::Bounds {
            bytes: number(settings.max_request_bytes),
            within: seconds(settings.header_timeout),
        },
        draining: Arc::new(draining.clone()),
    };
    // The id comes first, so that the access line has it; the line is written for everything.
    let service = RequestIdLayer.layer(AccessLayer.layer(desk));

    let limits = Limits {
        header_timeout: seconds(settings.header_timeout),
        keepalive: seconds(settings.keepalive),
        send_timeout: seconds(settings.send_timeout),
        idle_timeout: seconds(settings.idle_timeout),
        streams: settings.max_streams,
    };
    accept::serve(
        Entrance { listeners, tls },
        service,
        limits,
        (
            number(settings.max_connections),
            Share {
                connections: number(settings.max_client_connections),
                calls: number(settings.max_client_calls),
            },
        ),
        Drain {
            bound: seconds(settings.shutdown_timeout),
            begun: draining,
            sockets,
        },
        shutdown,
    )
    .await;
    Ok(())
}

/// Looks at the settings that only make sense here.
///
/// # Errors
///
/// Names the setting that does not.
pub fn check(settings: &Settings) -> Result<(), Failure> {
    tls(settings)?;
    origins(settings).map(drop)
}

fn seconds(seconds: u32) -> Duration {
    Duration::from_secs(seconds.into())
}

fn number(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn tls(settings: &Settings) -> Result<Option<Tls>, Failure> {
    Tls::of(settings.tls_cert.as_ref(), settings.tls_key.as_ref())
}

/// The same bounds as for every other call, where there are such.
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

fn origins(settings: &Settings) -> Result<AllowedOrigins, Failure> {
    AllowedOrigins::new(&settings.allow_origin)
        .map_err(|error| Failure::usage(format!("--allow-origin: {error}")))
}

/// gRPC to the services, probes and everything else to the page.
#[derive(Clone)]
struct Desk<G> {
    grpc: G,
    serves: fn(&str) -> bool,
    unwanted: drain::Bounds,
    /// Behind an `Arc`, as cloning a token takes a lock that all requests share.
    draining: Arc<CancellationToken>,
}

impl<G> Service<Request<Incoming>> for Desk<G>
where
    G: Service<Request<Drained>, Response = Response<Body>, Error = Infallible>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Either<G::Future, Ready<Result<Response<Body>, Infallible>>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.grpc.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Incoming>) -> Self::Future {
        if let Some(refusal) = host::refuse(&request) {
            return Either::Right(ready(Ok(refusal.map(into_body))));
        }
        // An unknown service is gRPC's to refuse where the caller speaks gRPC, or asks whether it
        // may.
        let is_grpc = (self.serves)(request.uri().path())
            || Dialect::from_headers(request.headers()).is_some()
            || websocket::is_handshake(&request)
            || request
                .headers()
                .contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        if is_grpc {
            let request = Drained::request(request, self.unwanted);
            return Either::Left(self.grpc.call(request));
        }
        let answer = probes::answer(request.uri().path(), self.draining.is_cancelled())
            .unwrap_or_else(|| assets::answer(&request));
        Either::Right(ready(Ok(answer.map(into_body))))
    }
}

fn into_body(body: http_body_util::Full<Bytes>) -> Body {
    Body::new(body)
}
