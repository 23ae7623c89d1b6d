//! Layers around every gRPC call, and the statuses that they share with the services. A layer that ends a call does so with a [`tonic::Status`];
//! `frontdesk-transport`, outside of them, converts it into the client's dialect.

pub(crate) mod bad_request;
pub mod body_limit;
pub mod call_guard;
pub mod catch_panic;
pub mod load_shed;
pub mod request_context;
pub(crate) mod status;
