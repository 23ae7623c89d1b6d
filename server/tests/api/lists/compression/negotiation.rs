//! Which encoding a client gets.

use bytes::Bytes;
use frontdesk_server::config::ListCompression;
use http::Method;

use super::*;
use crate::helpers::{BOTH, Server, Version, parse_frames};

#[tokio::test]
async fn every_encoding_decodes_to_the_same_frames() {
    let server = start_server().await;
    for version in BOTH {
        let plain = post((&server, version), LIST, WEB, "", all_users()).await;
        assert_eq!(plain.header("content-encoding"), "");
        assert_eq!(plain.header("vary"), "accept-encoding");
        assert_eq!(parse_frames(&plain.body).len(), 1_001);
        for encoding in ["br", "gzip", "zstd"] {
            let response = post((&server, version), LIST, WEB, encoding, all_users()).await;
            assert_eq!(response.header("content-encoding"), encoding);
            assert_eq!(response.header("vary"), "accept-encoding");
            assert_eq!(response.header("content-length"), "");
            assert_eq!(response.header("content-type"), WEB);
            assert_eq!(response.header("x-total-count"), "1000");
            let decoded = Bytes::from(decode(encoding, &response.body));
            // Including the trailers frame.
            assert!(decoded == plain.body, "{encoding} over {version:?}");
            let (sent, plain) = (response.body.len(), plain.body.len());
            assert!(sent < plain / 2, "{encoding}: {sent} of {plain} bytes");
        }
    }
}

#[tokio::test]
async fn the_encoding_is_one_that_the_client_accepts() {
    let server = start_server().await;
    for (accept, encoding) in [
        ("br;q=0, gzip", "gzip"),
        ("zstd;q=0.2, br;q=0.4, gzip;q=0.3", "br"),
        ("x-gzip", "gzip"),
        ("gzip;q=0, br;q=0.0, zstd;q=0.000", ""),
        ("*;q=0", ""),
        ("deflate, compress, unknown", ""),
        ("identity", ""),
    ] {
        let response = post((&server, Version::Http1), LIST, WEB, accept, all_users()).await;
        assert_eq!(response.header("content-encoding"), encoding, "{accept}");
        let body = match encoding {
            "" => response.body,
            encoding => decode(encoding, &response.body).into(),
        };
        assert_eq!(parse_frames(&body).len(), 1_001, "{accept}");
    }
}

#[tokio::test]
async fn local_clients_get_no_encoding_by_default() {
    for (peers, encoded) in [
        (None, ""),
        (Some(ListCompression::Never), ""),
        (Some(ListCompression::Remote), ""),
        (Some(ListCompression::Always), "gzip"),
    ] {
        let server = Server::start_with(|settings| {
            settings.list_compression = peers.unwrap_or(settings.list_compression);
        })
        .await;
        let response = post((&server, Version::Http1), LIST, WEB, "gzip", all_users()).await;
        assert_eq!(response.header("content-encoding"), encoded, "{peers:?}");
    }
}

#[tokio::test]
async fn pages_of_allowed_origins_get_compressed_lists() {
    let server = Server::start_with(|settings| {
        settings.list_compression = ListCompression::Always;
        settings.allow_origin = vec!["https://app.example".into()];
    })
    .await;
    let client = server.http(Version::Http1);
    let headers = [
        ("content-type", WEB),
        ("accept-encoding", "gzip"),
        ("origin", "https://app.example"),
    ];
    let response = client.send(Method::POST, LIST, &headers, all_users()).await;
    assert_eq!(response.header("content-encoding"), "gzip");
    let allowed = response.header("access-control-allow-origin");
    assert_eq!(allowed, "https://app.example");
    let vary = response.headers.get_all("vary").iter();
    let vary: Vec<_> = vary.map(|it| it.to_str().expect("UTF-8")).collect();
    assert!(vary.contains(&"accept-encoding"), "{vary:?}");
    assert!(vary.iter().any(|it| it.contains("origin")), "{vary:?}");
}
