//! The binary `frontdesk` as a library, so that tests can start servers of their own.

pub mod app;
pub mod cli;
pub mod config;
pub mod failure;
pub mod grpc;
pub mod http;
pub mod request_id;
pub mod routes;
pub mod services;
mod small_file;
mod status;
pub mod telemetry;
