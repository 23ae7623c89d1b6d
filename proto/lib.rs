//! The wire of Frontdesk: messages, client stubs and server stubs, made from the `.proto` files
//! that lie beside this file.
//!
//! | feature | what it adds | builds for wasm32 |
//! |---|---|---|
//! | `client` (default) | [`greeter::greeter_client`], [`user::user_service_client`] | yes |
//! | `server` | `greeter::greeter_server`, `user::user_service_server`, `FILE_DESCRIPTOR_SET` | yes |
//!
//! The stubs run over any [`tonic::client::GrpcService`]: a native channel, a browser's `fetch`.

/// Package `greeter`: greets people by name.
#[allow(
    missing_docs,
    unused_qualifications,
    clippy::allow_attributes_without_reason,
    clippy::pedantic,
    reason = "generated, differently for each feature; the documentation is in greeter.proto"
)]
pub mod greeter {
    tonic::include_proto!("greeter");
}

/// Package `user`: the people in the directory.
#[allow(
    missing_docs,
    unused_qualifications,
    clippy::allow_attributes_without_reason,
    clippy::pedantic,
    reason = "generated, differently for each feature; the documentation is in user.proto"
)]
pub mod user {
    tonic::include_proto!("user");
}

/// The same services for clients whose `.proto` has no `package` line.
#[allow(
    missing_docs,
    unused_qualifications,
    clippy::allow_attributes_without_reason,
    clippy::pedantic,
    reason = "generated, differently for each feature; the documentation is in unqualified.proto"
)]
pub mod unqualified {
    use super::{greeter, user};

    tonic::include_proto!("_");
}

/// The encoded `google.protobuf.FileDescriptorSet` of all three files, as gRPC reflection hands it out.
#[cfg(feature = "server")]
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/frontdesk.bin"));

/// The paths of the methods whose request is a stream, such as `/greeter.Greeter/BidiHello`: what a
/// transport has to know that carries them in another way than the others.
pub const CLIENT_STREAMING: &[&str] = include!(concat!(env!("OUT_DIR"), "/client_streaming.rs"));

/// The paths of the methods whose answer is one message, such as `/greeter.Greeter/SayHello`: what a
/// transport has to know that refuses any other number of them.
pub const SINGLE_RESPONSE: &[&str] = include!(concat!(env!("OUT_DIR"), "/single_response.rs"));
