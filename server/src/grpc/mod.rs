//! Layers around every gRPC call. A layer that ends a call early does so with a [`tonic::Status`];
//! `transport`, outside of it, converts that into the caller's dialect.

pub mod body_limit;
mod buffered_response;
pub mod call_guard;
mod deadline;
mod guarded_body;
pub mod load_shed;
pub mod panic;
