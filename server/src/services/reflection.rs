//! gRPC reflection, v1 and v1alpha: grpcurl and its like find every method by asking.

use std::convert::Infallible;

use http::{Request, Response};
use tonic::{body::Body, server::NamedService};
use tonic_reflection::server::Builder;
use tower::util::BoxCloneSyncService;

type Boxed = BoxCloneSyncService<Request<Body>, Response<Body>, Infallible>;

/// Both versions, each with its name.
///
/// # Panics
///
/// Where the descriptor sets that were built in can't be read: a broken build.
#[must_use]
pub fn services(max_message: usize) -> Vec<(&'static str, Boxed)> {
    let v1 = builder()
        .build_v1()
        .expect("the descriptor sets are built in");
    let v1alpha = builder()
        .build_v1alpha()
        .expect("the descriptor sets are built in");
    vec![
        named(v1.max_decoding_message_size(max_message)),
        named(v1alpha.max_decoding_message_size(max_message)),
    ]
}

fn builder() -> Builder<'static> {
    Builder::configure()
        .register_encoded_file_descriptor_set(frontdesk::FILE_DESCRIPTOR_SET)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
}

fn named<S>(service: S) -> (&'static str, Boxed)
where
    S: tower_service::Service<Request<Body>, Response = Response<Body>, Error = Infallible>
        + NamedService
        + Clone
        + Send
        + Sync
        + 'static,
    S::Future: Send,
{
    (S::NAME, BoxCloneSyncService::new(service))
}
