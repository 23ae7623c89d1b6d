//! gRPC reflection, v1 and v1alpha: grpcurl and its like find every method by asking.

use tonic_reflection::server::{Builder, v1, v1alpha};

/// Version 1.
///
/// # Panics
///
/// Where the descriptor sets that were built in can't be read: a broken build.
#[must_use]
pub fn v1(max_message: usize) -> v1::ServerReflectionServer<impl v1::ServerReflection> {
    let service = builder().build_v1();
    service
        .expect("the descriptor sets are built in")
        .max_decoding_message_size(max_message)
}

/// The version that older clients ask.
///
/// # Panics
///
/// Like [`v1()`].
#[must_use]
pub fn v1alpha(
    max_message: usize,
) -> v1alpha::ServerReflectionServer<impl v1alpha::ServerReflection> {
    let service = builder().build_v1alpha();
    service
        .expect("the descriptor sets are built in")
        .max_decoding_message_size(max_message)
}

fn builder() -> Builder<'static> {
    Builder::configure()
        .register_encoded_file_descriptor_set(frontdesk::FILE_DESCRIPTOR_SET)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        // What errors carry: without it grpcurl shows bytes where the field is named.
        .register_encoded_file_descriptor_set(tonic_types::pb::FILE_DESCRIPTOR_SET)
}
