//! The binary `frontdesk` as a library: tests and benchmarks run servers of their own.

pub mod app;
pub mod cli;
pub mod config;
pub mod grpc;
pub mod http;
pub mod routes;
pub mod services;
mod small_file;
pub mod telemetry;
