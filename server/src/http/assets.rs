//! The page and its files. tower-http's `ServeDir` reads from a directory and does not support
//! files that are embedded into the binary; crates that do, like rust-embed with axum-embed,
//! compress them at run time or not with brotli 11.

use bytes::Bytes;
use frontdesk_transport::server::{AcceptEncoding, Encoding};
use http::{
    HeaderMap, HeaderValue, Method, Request, Response, StatusCode,
    header::{
        ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
        VARY,
    },
};
use http_body_util::Full;

use super::{
    embedded_files::{FILES, File},
    plain_text::plain_text,
    security_headers,
};

/// For names with a hash: their content never changes.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Cached, but revalidated on every use: `ETag` makes that cheap.
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

const BUILT_WITHOUT_PAGE: &str = "This server was built without its page: run `trunk build --release` and build it again; `cargo xtask serve` does both.\n";

/// Responds to a request for the page or one of its files.
///
/// A path without a file extension is a route of the page, and gets the page. A path with an extension
/// that matches no file gets 404.
pub(super) fn respond<B>(request: &Request<B>) -> Response<Full<Bytes>> {
    let response = match *request.method() {
        Method::GET | Method::HEAD => match find(request.uri().path()) {
            Some(file) => serve(file, request.headers()),
            None if FILES.is_empty() => plain_text(StatusCode::NOT_FOUND, BUILT_WITHOUT_PAGE),
            None => plain_text(StatusCode::NOT_FOUND, "File not found.\n"),
        },
        _ => {
            let mut response = plain_text(
                StatusCode::METHOD_NOT_ALLOWED,
                "The page and its files are read-only: use GET or HEAD.\n",
            );
            let allowed = HeaderValue::from_static("GET, HEAD");
            response.headers_mut().insert(ALLOW, allowed);
            response
        }
    };
    if request.method() == Method::HEAD {
        without_body(response)
    } else {
        response
    }
}

fn find(path: &str) -> Option<&'static File> {
    let exact = |path| FILES.iter().find(|file| file.path == path);
    let last = path.rsplit('/').next().unwrap_or_default();
    exact(path).or_else(|| {
        let is_file = last.contains('.') || path.contains('%') || path.contains('\\');
        (!is_file).then(|| exact("/index.html")).flatten()
    })
}

fn serve(file: &'static File, headers: &HeaderMap) -> Response<Full<Bytes>> {
    // The smallest first.
    let encodings = [(Encoding::Brotli, file.brotli), (Encoding::Gzip, file.gzip)];
    let available = encodings.into_iter().filter(|(_, bytes)| bytes.is_some());
    let encoding =
        AcceptEncoding::from_headers(headers).preferred(available.map(|(encoding, _)| encoding));
    let (suffix, content) = match encoding {
        Some(Encoding::Brotli) => ("-br", file.brotli),
        Some(Encoding::Gzip) => ("-gz", file.gzip),
        Some(Encoding::Zstd) | None => ("", None),
    };
    let content = content.unwrap_or(file.plain);

    // A strong validator identifies the bytes on the wire (RFC 9110, section 8.8.3.3): one for each
    // encoding.
    let etag = format!("\"{}{suffix}\"", file.etag);
    let is_unchanged = headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .any(|tags| matches(tags, &etag));

    let mut response = Response::new(if is_unchanged {
        Full::default()
    } else {
        Full::from(content)
    });
    if is_unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = response.headers_mut();
    if let Ok(etag) = HeaderValue::try_from(etag) {
        headers.insert(ETAG, etag);
    }
    let cache_control = if file.hashed { IMMUTABLE } else { REVALIDATE };
    headers.insert(CACHE_CONTROL, cache_control);
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if !is_unchanged {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.content_type));
        if let Some(encoding) = encoding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
        }
    }
    security_headers::insert(headers);
    response
}

/// Weak comparison with `If-None-Match` (RFC 9110, section 13.1.2).
fn matches(tags: &HeaderValue, etag: &str) -> bool {
    tags.to_str().is_ok_and(|tags| {
        tags.split(',')
            .map(str::trim)
            .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
    })
}

/// The response to HEAD: `content-length` is that of GET.
fn without_body(response: Response<Full<Bytes>>) -> Response<Full<Bytes>> {
    let length = http_body::Body::size_hint(response.body())
        .exact()
        .unwrap_or_default();
    let mut response = response.map(|_| Full::default());
    if response.status() != StatusCode::NOT_MODIFIED {
        response
            .headers_mut()
            .insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    response
}
