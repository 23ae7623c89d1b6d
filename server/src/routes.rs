//! Routing from paths to the gRPC services.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use frontdesk::{
    greeter::greeter_server::GreeterServer, unqualified,
    user::user_service_server::UserServiceServer,
};
use frontdesk_directory::Directory;
use futures_util::future::Either;
use http::{Request, Response};
use tonic::{Status, body::Body, codegen::BoxFuture, server::NamedService};
use tonic_health::{pb::health_server::HealthServer, server::HealthService};
use tower::util::BoxCloneSyncService;
use tower_service::Service;

use crate::{
    http::BoxError,
    services::{
        Greeter, Health, Unqualified, Users, WatchServer,
        reflection::{self, Reflection},
    },
};

type UnqualifiedGreeter = unqualified::greeter_server::GreeterServer<Unqualified<Greeter>>;
type UnqualifiedUsers = unqualified::user_service_server::UserServiceServer<Unqualified<Users>>;
type BoxedService = BoxCloneSyncService<Request<Body>, Response<Body>, Infallible>;

/// All services except health and reflection.
pub const SERVICES: [&str; 4] = [
    GreeterServer::<Greeter>::NAME,
    UserServiceServer::<Users>::NAME,
    UnqualifiedGreeter::NAME,
    UnqualifiedUsers::NAME,
];

/// The client-streaming methods of tonic's services.
const REFLECTION_METHODS: [&str; 2] = [
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
];

/// Whether a path belongs to one of the services, even if it has no such method.
#[must_use]
pub fn is_grpc_path(path: &str) -> bool {
    let (service, _) = split(path);
    SERVICES.contains(&service)
        || service.starts_with("grpc.health.v1.")
        || service.starts_with("grpc.reflection.")
}

/// Whether the requests to a method are streams.
#[must_use]
pub fn is_client_streaming(path: &str) -> bool {
    frontdesk::CLIENT_STREAMING.contains(&path) || REFLECTION_METHODS.contains(&path)
}

/// Splits `/service/method`; empty for other paths.
fn split(path: &str) -> (&str, &str) {
    path.strip_prefix('/')
        .and_then(|path| path.split_once('/'))
        .unwrap_or_default()
}

/// The gRPC services. Cloning is cheap.
///
/// Not `tonic::service::Routes`: axum's router would add a lookup, a boxed clone of the service and a
/// second boxed body to every call, for a handful of services.
pub struct Routes(Arc<Services>);

struct Services {
    greeter: GreeterServer<Greeter>,
    users: UserServiceServer<Users>,
    unqualified_greeter: UnqualifiedGreeter,
    unqualified_users: UnqualifiedUsers,
    /// Serves one method of both user services.
    watch: WatchServer,
    health: HealthServer<HealthService>,
    reflection: Vec<(&'static str, BoxedService)>,
}

impl Clone for Routes {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl Routes {
    /// The services over a directory. Messages are limited to `max_message_bytes`; a watch sends a
    /// bookmark after each `bookmark_interval` without a change.
    #[must_use]
    pub fn new(
        directory: Arc<dyn Directory>,
        max_message_bytes: usize,
        bookmark_interval: Duration,
        health: &Health,
    ) -> Self {
        let max = max_message_bytes;
        let users = Users::new(directory, bookmark_interval);
        let reflection = Reflection::new();
        Self(Arc::new(Services {
            greeter: GreeterServer::new(Greeter).max_decoding_message_size(max),
            unqualified_greeter: UnqualifiedGreeter::new(Unqualified(Greeter))
                .max_decoding_message_size(max),
            unqualified_users: UnqualifiedUsers::new(Unqualified(users.clone()))
                .max_decoding_message_size(max),
            watch: WatchServer::new(users.clone(), max),
            users: UserServiceServer::new(users).max_decoding_message_size(max),
            health: health.server().max_decoding_message_size(max),
            reflection: vec![
                boxed(reflection::V1::new(reflection.clone()).max_decoding_message_size(max)),
                boxed(reflection::V1Alpha::new(reflection).max_decoding_message_size(max)),
            ],
        }))
    }
}

fn boxed<S>(service: S) -> (&'static str, BoxedService)
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>
        + NamedService
        + Clone
        + Send
        + Sync
        + 'static,
    S::Future: Send,
{
    (S::NAME, BoxCloneSyncService::new(service))
}

impl<B> Service<Request<B>> for Routes
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError> + Send,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future =
        Either<BoxFuture<Response<Body>, Infallible>, Ready<Result<Response<Body>, Infallible>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let services = &*self.0;
        let (service, method) = split(request.uri().path());
        let is_users =
            service == UserServiceServer::<Users>::NAME || service == UnqualifiedUsers::NAME;
        Either::Left(if service == GreeterServer::<Greeter>::NAME {
            services.greeter.clone().call(request)
        } else if is_users && method == WatchServer::METHOD {
            services.watch.call(request)
        } else if service == UserServiceServer::<Users>::NAME {
            services.users.clone().call(request)
        } else if service == UnqualifiedGreeter::NAME {
            services.unqualified_greeter.clone().call(request)
        } else if service == UnqualifiedUsers::NAME {
            services.unqualified_users.clone().call(request)
        } else if service == HealthServer::<HealthService>::NAME {
            services.health.clone().call(request)
        } else if let Some((_, reflection)) = services
            .reflection
            .iter()
            .find(|(name, _)| *name == service)
        {
            Box::pin(reflection.clone().call(request.map(Body::new)))
        } else {
            let status = Status::unimplemented("unknown service");
            return Either::Right(ready(Ok(status.into_http())));
        })
    }
}

#[cfg(test)]
mod tests {
    use prost::Message as _;
    use prost_types::FileDescriptorSet;

    use super::*;

    #[test]
    fn client_streaming_methods_are_those_of_the_protos() {
        let files = FileDescriptorSet::decode(frontdesk::FILE_DESCRIPTOR_SET)
            .expect("a valid descriptor set");
        for file in &files.file {
            for service in &file.service {
                for method in &service.method {
                    let package = match file.package() {
                        "" => String::new(),
                        package => format!("{package}."),
                    };
                    let path = format!("/{package}{}/{}", service.name(), method.name());
                    let expected = method.client_streaming();
                    assert_eq!(is_client_streaming(&path), expected, "{path}");
                }
            }
        }
    }
}
