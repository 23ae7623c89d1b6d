//! The page and its files.
//!
//! `cargo xtask test` builds the page into the binary first (`trunk build --release`).

use std::io::Read as _;

use http::Method;

use crate::helpers::{HttpClient, HttpResponse, Server, Version};

async fn page(server: &Server) -> HttpResponse {
    let response = http(server).get("/", &[]).await;
    assert_eq!(
        response.status, 200,
        "the binary has no page: run `cargo xtask test`"
    );
    response
}

fn http(server: &Server) -> HttpClient {
    server.http(Version::Http1)
}

fn text(response: &HttpResponse) -> &str {
    std::str::from_utf8(&response.body).expect("UTF-8")
}

/// The path of the first file with this extension that the page refers to.
fn referenced_file(page: &HttpResponse, extension: &str) -> String {
    text(page)
        .split(['"', '\'', '=', ' ', '>'])
        .find(|part| part.starts_with('/') && part.ends_with(extension))
        .unwrap_or_else(|| panic!("no {extension} in the page"))
        .to_owned()
}

#[tokio::test]
async fn every_response_has_the_security_headers() {
    let server = Server::start().await;
    let script = referenced_file(&page(&server).await, ".js");
    for path in ["/", "/users/7", &script, "/no-such-file.js", "/healthz"] {
        let response = http(&server).get(path, &[]).await;
        assert_eq!(
            response.header("x-content-type-options"),
            "nosniff",
            "{path}"
        );
        // The other headers only apply to documents.
        if path == script {
            continue;
        }
        assert_eq!(response.header("referrer-policy"), "no-referrer", "{path}");
        assert!(
            response.header("permissions-policy").contains("camera=()"),
            "{path}"
        );
        let policy = response.header("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(
            policy.contains("script-src 'self' 'wasm-unsafe-eval' 'sha256-"),
            "{path}: {policy}"
        );
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
            "{policy}"
        );
    }
}

#[tokio::test]
async fn the_page_is_revalidated_and_hashed_files_are_immutable() {
    let server = Server::start().await;
    let page = page(&server).await;
    assert_eq!(page.header("cache-control"), "no-cache");
    for extension in [".js", ".wasm", ".css"] {
        let response = http(&server)
            .get(&referenced_file(&page, extension), &[])
            .await;
        assert_eq!(response.status, 200, "{extension}");
        assert_eq!(
            response.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
    }
}

#[tokio::test]
async fn an_unchanged_page_is_not_sent_again() {
    let server = Server::start().await;
    let etag = page(&server).await.header("etag").to_owned();
    assert!(etag.starts_with('"'));
    for tags in [
        etag.clone(),
        format!("W/{etag}"),
        format!("\"other\", {etag}"),
        "*".into(),
    ] {
        let response = http(&server).get("/", &[("if-none-match", &tags)]).await;
        assert_eq!(response.status, 304, "{tags}");
        assert!(response.body.is_empty());
        assert_eq!(response.header("etag"), etag);
    }
    let response = http(&server)
        .get("/", &[("if-none-match", "\"other\"")])
        .await;
    assert_eq!(response.status, 200);
}

#[tokio::test]
async fn the_page_is_compressed_if_the_browser_accepts_it() {
    let server = Server::start().await;
    let plain = page(&server).await;
    assert_eq!(plain.header("content-encoding"), "");

    let brotli = http(&server)
        .get("/", &[("accept-encoding", "gzip, deflate, br")])
        .await;
    assert_eq!(brotli.header("content-encoding"), "br");
    assert_eq!(brotli.header("vary"), "accept-encoding");
    assert_ne!(brotli.header("etag"), plain.header("etag"));
    let mut decompressed = Vec::new();
    brotli::Decompressor::new(&brotli.body[..], 4096)
        .read_to_end(&mut decompressed)
        .expect("brotli data");
    assert_eq!(decompressed, plain.body);

    let gzip = http(&server)
        .get("/", &[("accept-encoding", "gzip;q=1, br;q=0")])
        .await;
    assert_eq!(gzip.header("content-encoding"), "gzip");
    let mut decompressed = Vec::new();
    flate2::read::GzDecoder::new(&gzip.body[..])
        .read_to_end(&mut decompressed)
        .expect("gzip data");
    assert_eq!(decompressed, plain.body);
}

#[tokio::test]
async fn routes_of_the_page_return_it_and_missing_files_are_not_found() {
    let server = Server::start().await;
    let page = page(&server).await;
    for path in ["/users", "/users/7", "/users?page=3", "/no/such/route"] {
        let response = http(&server).get(path, &[]).await;
        assert_eq!(
            (response.status.as_u16(), &response.body),
            (200, &page.body),
            "{path}"
        );
    }
    for path in ["/missing.js", "/users/7.css", "/favicon.png"] {
        assert_eq!(http(&server).get(path, &[]).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn head_has_the_headers_of_get_and_no_body() {
    let server = Server::start().await;
    let get = page(&server).await;
    let head = http(&server).send(Method::HEAD, "/", &[], Vec::new()).await;
    assert_eq!(head.status, 200);
    assert!(head.body.is_empty());
    assert_eq!(head.header("content-length"), get.body.len().to_string());
    assert_eq!(head.header("etag"), get.header("etag"));
}

#[tokio::test]
async fn webassembly_has_the_content_type_for_streaming_compilation() {
    let server = Server::start().await;
    let wasm = referenced_file(&page(&server).await, ".wasm");
    let response = http(&server).get(&wasm, &[]).await;
    assert_eq!(response.header("content-type"), "application/wasm");
}
