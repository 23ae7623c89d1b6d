//! The page and its files. They are built into the binary by `trunk build --release` before the
//! server: `cargo xtask test` does both.

use std::io::Read as _;

use http::Method;

use crate::helpers::{Answer, Server, Version, Wire};

async fn page(desk: &Server) -> Answer {
    let answer = wire(desk).get("/", &[]).await;
    assert_eq!(
        answer.status, 200,
        "the page is not built in: run `cargo xtask test`"
    );
    answer
}

fn wire(desk: &Server) -> Wire {
    Wire {
        address: desk.address,
        version: Version::Http1,
    }
}

fn text(answer: &Answer) -> &str {
    std::str::from_utf8(&answer.body).expect("text")
}

/// The path of the first file with this ending that the page names.
fn named(page: &Answer, ending: &str) -> String {
    text(page)
        .split(['"', '\'', '=', ' ', '>'])
        .find(|part| part.starts_with('/') && part.ends_with(ending))
        .unwrap_or_else(|| panic!("the page names a {ending}"))
        .to_owned()
}

#[tokio::test]
async fn every_security_header_is_there_on_the_page_its_files_and_what_is_not_there() {
    let desk = Server::open().await;
    let script = named(&page(&desk).await, ".js");
    for path in ["/", "/users/7", &script, "/no-such-file.js", "/healthz"] {
        let answer = wire(&desk).get(path, &[]).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        // The others are about documents.
        if path == script {
            continue;
        }
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert!(
            answer.header("permissions-policy").contains("camera=()"),
            "{path}"
        );
        let policy = answer.header("content-security-policy");
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
async fn the_page_is_asked_for_again_and_hashed_files_never() {
    let desk = Server::open().await;
    let page = page(&desk).await;
    assert_eq!(page.header("cache-control"), "no-cache");
    for ending in [".js", ".wasm", ".css"] {
        let answer = wire(&desk).get(&named(&page, ending), &[]).await;
        assert_eq!(answer.status, 200, "{ending}");
        assert_eq!(
            answer.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
    }
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let desk = Server::open().await;
    let etag = page(&desk).await.header("etag").to_owned();
    assert!(etag.starts_with('"'));
    for tags in [
        etag.clone(),
        format!("W/{etag}"),
        format!("\"other\", {etag}"),
        "*".into(),
    ] {
        let answer = wire(&desk).get("/", &[("if-none-match", &tags)]).await;
        assert_eq!(answer.status, 304, "{tags}");
        assert!(answer.body.is_empty());
        assert_eq!(answer.header("etag"), etag);
    }
    let answer = wire(&desk)
        .get("/", &[("if-none-match", "\"other\"")])
        .await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn files_are_sent_as_small_as_the_browser_takes_them() {
    let desk = Server::open().await;
    let plain = page(&desk).await;
    assert_eq!(plain.header("content-encoding"), "");

    let brotli = wire(&desk)
        .get("/", &[("accept-encoding", "gzip, deflate, br")])
        .await;
    assert_eq!(brotli.header("content-encoding"), "br");
    assert_eq!(brotli.header("vary"), "accept-encoding");
    assert_ne!(brotli.header("etag"), plain.header("etag"));
    let mut unpacked = Vec::new();
    brotli::Decompressor::new(&brotli.body[..], 4096)
        .read_to_end(&mut unpacked)
        .expect("brotli");
    assert_eq!(unpacked, plain.body);

    let gzip = wire(&desk)
        .get("/", &[("accept-encoding", "gzip;q=1, br;q=0")])
        .await;
    assert_eq!(gzip.header("content-encoding"), "gzip");
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(&gzip.body[..])
        .read_to_end(&mut unpacked)
        .expect("gzip");
    assert_eq!(unpacked, plain.body);
}

#[tokio::test]
async fn links_into_the_page_work_and_files_that_are_not_there_do_not() {
    let desk = Server::open().await;
    let page = page(&desk).await;
    for path in ["/users", "/users/7", "/users?page=3", "/no/such/place"] {
        let answer = wire(&desk).get(path, &[]).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.body),
            (200, &page.body),
            "{path}"
        );
    }
    for path in ["/missing.js", "/users/7.css", "/favicon.png"] {
        assert_eq!(wire(&desk).get(path, &[]).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn head_says_what_get_would_and_sends_nothing() {
    let desk = Server::open().await;
    let get = page(&desk).await;
    let head = wire(&desk).send(Method::HEAD, "/", &[], Vec::new()).await;
    assert_eq!(head.status, 200);
    assert!(head.body.is_empty());
    assert_eq!(head.header("content-length"), get.body.len().to_string());
    assert_eq!(head.header("etag"), get.header("etag"));
}

#[tokio::test]
async fn webassembly_has_the_type_that_lets_it_be_compiled_as_it_comes() {
    let desk = Server::open().await;
    let wasm = named(&page(&desk).await, ".wasm");
    let answer = wire(&desk).get(&wasm, &[]).await;
    assert_eq!(answer.header("content-type"), "application/wasm");
}
