//! Compression of lists over gRPC-Web (`Content-Encoding`).

mod excluded;
mod negotiation;
mod streaming;

use std::io::Read;

use frontdesk::user::ListUsersRequest;
use frontdesk_server::config::ListCompression;
use http::Method;

use crate::helpers::{HttpResponse, Server, Version, frame_message};

const WEB: &str = "application/grpc-web+proto";
const LIST: &str = "/user.UserService/ListUsers";

/// Compresses for local clients, too: by default it is only for remote ones.
async fn start_server() -> Server {
    start_server_with_max_calls(1_024).await
}

async fn start_server_with_max_calls(max_calls: u32) -> Server {
    Server::start_with(|settings| {
        settings.list_compression = ListCompression::Always;
        settings.max_calls = max_calls;
    })
    .await
}

fn all_users() -> Vec<u8> {
    frame_message(&ListUsersRequest::default())
}

async fn post(
    (server, version): (&Server, Version),
    path: &str,
    content_type: &str,
    accept: &str,
    body: Vec<u8>,
) -> HttpResponse {
    let client = server.http(version);
    let headers = [("content-type", content_type), ("accept-encoding", accept)];
    client.send(Method::POST, path, &headers, body).await
}

/// Decodes as much as possible of a truncated body.
fn decode(encoding: &str, bytes: &[u8]) -> Vec<u8> {
    let mut reader: Box<dyn Read + '_> = match encoding {
        "br" => Box::new(brotli::Decompressor::new(bytes, 4_096)),
        "gzip" => Box::new(flate2::read::GzDecoder::new(bytes)),
        "zstd" => Box::new(zstd::stream::read::Decoder::new(bytes).expect("zstd decoder")),
        other => panic!("{other:?}"),
    };
    let mut decoded = Vec::new();
    let mut part = [0; 1_024];
    while let Ok(read @ 1..) = reader.read(&mut part) {
        decoded.extend_from_slice(&part[..read]);
    }
    decoded
}
