//! Package `connectrpc.conformance.v1`, made from `proto/`.

#![expect(
    missing_docs,
    unused_qualifications,
    clippy::allow_attributes_without_reason,
    clippy::pedantic,
    reason = "generated; the documentation is in the .proto files"
)]

tonic::include_proto!("connectrpc.conformance.v1");

/// The encoded `google.protobuf.FileDescriptorSet` of the suite.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/conformance.bin"));
