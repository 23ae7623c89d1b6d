//! Package `connectrpc.conformance.v1`, made from `proto/`.

#![expect(
    missing_docs,
    unused_qualifications,
    clippy::allow_attributes_without_reason,
    clippy::pedantic,
    reason = "generated; the documentation is in the .proto files"
)]

tonic::include_proto!("connectrpc.conformance.v1");
