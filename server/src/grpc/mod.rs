//! Layers around every gRPC call. A layer that ends a call does so with a [`tonic::Status`];
//! `frontdesk-transport`, outside of them, converts it into the client's dialect.

pub mod body_limit;
pub mod call_guard;
pub mod catch_panic;
pub mod load_shed;
pub mod request_context;
