//! Protocols on the wire: native gRPC, gRPC-Web, `grpc-websockets`, TLS and CORS.

mod cors;
mod deadlines;
mod grpc_web;
mod invalid;
mod socket;
mod tls;
mod unread_requests;
