//! Compressed requests.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use http::Method;

use super::{BIDI_HELLO, HELLO, MEBIBYTE, MeasuredServer, WEB};
use crate::helpers::{HttpClient, Socket, Version};

/// 64 MiB of zeros, compressed to less than the limit on requests.
fn zip_bomb() -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    for _ in 0..64 {
        encoder.write_all(&vec![0; MEBIBYTE]).expect("compressed");
    }
    encoder.finish().expect("compressed")
}

#[tokio::test]
async fn a_compressed_request_is_rejected_and_not_decompressed() {
    let server = MeasuredServer::start(&[]).await;
    let bomb = zip_bomb();
    let length = u32::try_from(bomb.len()).expect("small payload");
    let compressed = [&[1], &length.to_be_bytes()[..], &bomb].concat();
    for path in [HELLO, BIDI_HELLO] {
        for (version, content_type) in [
            (Version::Http2, "application/grpc"),
            (Version::Http2, WEB),
            (Version::Http1, WEB),
        ] {
            let client = HttpClient {
                address: server.address(),
                version,
            };
            for (encoding, body, status) in [
                // gRPC's per-message compression, and HTTP's of the whole body.
                ("grpc-encoding", &compressed, 12),
                ("content-encoding", &bomb, 3),
            ] {
                let headers = [("content-type", content_type), (encoding, "gzip")];
                let body = body.clone();
                let response = client.send(Method::POST, path, &headers, body).await;
                let case = format!("{encoding} over {version:?}, {content_type}, {path}");
                assert_eq!(response.grpc_status(), Some(status), "{case}");
            }
        }
        let lines = "grpc-encoding: gzip\r\n";
        let mut socket = Socket::start_call_with(server.address(), path, lines).await;
        socket.send_bytes(&compressed).await;
        socket.finish().await;
        assert_eq!(socket.response().await.status(), Some(12), "{path}");
    }
    server.assert_serves_others().await;
    server.assert_growth_below(16 * MEBIBYTE);
}
