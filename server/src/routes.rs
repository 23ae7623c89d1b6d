//! Which path leads to which gRPC service.

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
use frontdesk_directory::Directory;

type PlainGreeter = unqualified::greeter_server::GreeterServer<Unqualified<Greeter>>;
type PlainUsers = unqualified::user_service_server::UserServiceServer<Unqualified<Users>>;
/// A service that is called seldom: it may cost a box more.
type Rare = BoxCloneSyncService<Request<Body>, Response<Body>, Infallible>;

/// Every service that this binary answers for, health and reflection left out.
pub const SERVICES: [&str; 4] = [
    GreeterServer::<Greeter>::NAME,
    frontdesk::user::user_service_server::SERVICE_NAME,
    PlainGreeter::NAME,
    unqualified::user_service_server::SERVICE_NAME,
];

/// Whether `path` is one that a gRPC service answers to, be there such a method or not.
#[must_use]
pub fn serves(path: &str) -> bool {
    let service = service_of(path);
    SERVICES.contains(&service)
        || service.starts_with("grpc.health.v1.")
        || service.starts_with("grpc.reflection.")
}

/// The methods of services of tonic's whose requests are streams.
const REFLECTION: [&str; 2] = [
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
];

/// Whether the requests to `path` are streams of messages.
#[must_use]
pub fn takes_a_stream(path: &str) -> bool {
    frontdesk::CLIENT_STREAMING.contains(&path) || REFLECTION.contains(&path)
}

/// The service in `/service/method`, or nothing.
fn service_of(path: &str) -> &str {
    path.strip_prefix('/')
        .and_then(|path| path.split_once('/'))
        .map_or("", |(service, _)| service)
}

/// Whether the method is that of [`WatchServer`], in a service that has it.
fn is_watch(path: &str) -> bool {
    path.strip_prefix('/')
        .and_then(|path| path.split_once('/'))
        .is_some_and(|(_, method)| method == WatchServer::METHOD)
}

/// The gRPC services. Cloning is shallow: every request is answered by a clone.
///
/// Names in a row rather than a router: four services on hot paths are found without a
/// lookup, a boxed clone and a second boxed body for each request.
pub struct Routes(Arc<Services>);

struct Services {
    greeter: GreeterServer<Greeter>,
    users: UserServiceServer<Users>,
    plain_greeter: PlainGreeter,
    plain_users: PlainUsers,
    /// In front of the method of both.
    watch: WatchServer,
    health: HealthServer<HealthService>,
    reflection: Vec<(&'static str, Rare)>,
}

impl Clone for Routes {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl Routes {
    /// The services over this directory, none of which takes a message larger than `max_message`.
    /// Who watches gets a bookmark when nothing was said for as long as `bookmarks`.
    #[must_use]
    pub fn new(
        directory: Arc<dyn Directory>,
        max_message: usize,
        bookmarks: Duration,
        health: &Health,
    ) -> Self {
        let users = Users::new(directory, bookmarks);
        let reflection = Reflection::of_all();
        Self(Arc::new(Services {
            greeter: GreeterServer::new(Greeter).max_decoding_message_size(max_message),
            plain_greeter: PlainGreeter::new(Unqualified(Greeter))
                .max_decoding_message_size(max_message),
            plain_users: PlainUsers::new(Unqualified(users.clone()))
                .max_decoding_message_size(max_message),
            watch: WatchServer::new(users.clone(), max_message),
            users: UserServiceServer::new(users).max_decoding_message_size(max_message),
            health: health.server().max_decoding_message_size(max_message),
            reflection: vec![
                rare(
                    reflection::V1::new(reflection.clone()).max_decoding_message_size(max_message),
                ),
                rare(reflection::V1Alpha::new(reflection).max_decoding_message_size(max_message)),
            ],
        }))
    }
}

fn rare<S>(service: S) -> (&'static str, Rare)
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
        let path = request.uri().path();
        let service = service_of(path);
        Either::Left(if service == GreeterServer::<Greeter>::NAME {
            services.greeter.clone().call(request)
        } else if service == UserServiceServer::<Users>::NAME {
            if is_watch(path) {
                services.watch.call(request)
            } else {
                services.users.clone().call(request)
            }
        } else if service == PlainGreeter::NAME {
            services.plain_greeter.clone().call(request)
        } else if service == PlainUsers::NAME {
            if is_watch(path) {
                services.watch.call(request)
            } else {
                services.plain_users.clone().call(request)
            }
        } else if service == HealthServer::<HealthService>::NAME {
            services.health.clone().call(request)
        } else if let Some((_, reflection)) = services
            .reflection
            .iter()
            .find(|(name, _)| *name == service)
        {
            Box::pin(reflection.clone().call(request.map(Body::new)))
        } else {
            let status = Status::unimplemented("there is no such service here");
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
    fn the_methods_that_take_streams_are_those_of_the_protos() {
        let files = FileDescriptorSet::decode(frontdesk::FILE_DESCRIPTOR_SET).expect("protos");
        for file in &files.file {
            for service in &file.service {
                for method in &service.method {
                    let package = match file.package() {
                        "" => String::new(),
                        package => format!("{package}."),
                    };
                    let path = format!("/{package}{}/{}", service.name(), method.name());
                    assert_eq!(takes_a_stream(&path), method.client_streaming(), "{path}");
                }
            }
        }
    }
}
