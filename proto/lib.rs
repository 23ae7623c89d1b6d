//! Messages, client stubs and server stubs of Frontdesk, generated from the `.proto` files next to
//! this file.
//!
//! | feature | adds | builds for wasm32 |
//! |---|---|---|
//! | `client` (default) | [`greeter::greeter_client`], [`user::user_service_client`] | yes |
//! | `server` | `greeter::greeter_server`, `user::user_service_server`, `FILE_DESCRIPTOR_SET` | yes |
//!
//! The stubs run over any [`tonic::client::GrpcService`]: a native channel, a browser's `fetch`.

/// Package `greeter`.
#[allow(
    missing_docs,
    unused_qualifications,
    clippy::allow_attributes_without_reason,
    clippy::pedantic,
    reason = "generated code; the documentation is in greeter.proto"
)]
pub mod greeter {
    tonic::include_proto!("greeter");
}

/// Package `user`.
#[allow(
    missing_docs,
    unused_qualifications,
    clippy::allow_attributes_without_reason,
    clippy::pedantic,
    reason = "generated code; the documentation is in user.proto"
)]
pub mod user {
    tonic::include_proto!("user");
}

/// The same services without a package, for clients whose `.proto` has no `package` line.
#[allow(
    missing_docs,
    unused_qualifications,
    clippy::allow_attributes_without_reason,
    clippy::pedantic,
    reason = "generated code; the documentation is in unqualified.proto"
)]
pub mod unqualified {
    use super::{greeter, user};

    tonic::include_proto!("_");
}

/// The encoded `google.protobuf.FileDescriptorSet` of all three files, as served by gRPC reflection.
#[cfg(feature = "server")]
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/frontdesk.bin"));

/// The paths of the methods with streaming requests, such as `/greeter.Greeter/BidiHello`, for
/// transports that carry them differently.
pub const CLIENT_STREAMING: &[&str] = include!(concat!(env!("OUT_DIR"), "/client_streaming.rs"));

/// The paths of the methods that return a single message, such as `/greeter.Greeter/SayHello`, for
/// transports that reject any other number of messages.
pub const SINGLE_RESPONSE: &[&str] = include!(concat!(env!("OUT_DIR"), "/single_response.rs"));
