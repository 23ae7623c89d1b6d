//! The page and its files, built into the binary (`build.rs` makes the table).

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

use super::security;

include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// One file, in every form that it is sent in.
pub(crate) struct File {
    path: &'static str,
    content_type: &'static str,
    /// Whether its name changes with its content.
    hashed: bool,
    etag: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

/// Names with a hash never change their content.
const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Kept, but asked for again each time: `ETag` makes that cheap.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");
/// What is said of nothing else.
const NOTHING_KEPT: HeaderValue = HeaderValue::from_static("no-store");

const WITHOUT_PAGE: &str = "This frontdesk was built without its page: `trunk build --release`, then build it again; `cargo xtask serve` does both.\n";

/// Answers a request for the page or one of its files.
///
/// A path without a file ending is a place in the page, so it gets the page: links into it work. A
/// path with one that is no file of ours gets 404.
pub fn answer<B>(request: &Request<B>) -> Response<Full<Bytes>> {
    let response = match *request.method() {
        Method::GET | Method::HEAD => match find(request.uri().path()) {
            Some(file) => send(file, request.headers()),
            None if FILES.is_empty() => text(StatusCode::NOT_FOUND, WITHOUT_PAGE),
            None => text(StatusCode::NOT_FOUND, "There is no such file here.\n"),
        },
        _ => {
            let mut response = text(
                StatusCode::METHOD_NOT_ALLOWED,
                "The page and its files are read: use GET or HEAD.\n",
            );
            response
                .headers_mut()
                .insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
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

fn send(file: &'static File, headers: &HeaderMap) -> Response<Full<Bytes>> {
    // The smallest first.
    let forms = [(Encoding::Brotli, file.brotli), (Encoding::Gzip, file.gzip)];
    let there = forms.into_iter().filter(|(_, form)| form.is_some());
    let encoding =
        AcceptEncoding::from_headers(headers).preferred(there.map(|(encoding, _)| encoding));
    let (suffix, content) = match encoding {
        Some(Encoding::Brotli) => ("-br", file.brotli),
        Some(Encoding::Gzip) => ("-gz", file.gzip),
        Some(Encoding::Zstd) | None => ("", None),
    };
    let content = content.unwrap_or(file.plain);

    // A strong validator names the bytes that are sent (RFC 9110, section 8.8.3.3): each form has
    // its own.
    let etag = format!("\"{}{suffix}\"", file.etag);
    let unchanged = headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .any(|tags| matches(tags, &etag));

    let mut response = Response::new(if unchanged {
        Full::default()
    } else {
        Full::from(content)
    });
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = response.headers_mut();
    if let Ok(etag) = HeaderValue::try_from(etag) {
        headers.insert(ETAG, etag);
    }
    headers.insert(
        CACHE_CONTROL,
        if file.hashed { FOR_GOOD } else { ASK_AGAIN },
    );
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if !unchanged {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.content_type));
        if let Some(encoding) = encoding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
        }
    }
    security::add_headers(headers);
    response
}

/// Whether `If-None-Match` names this form (weak comparison, RFC 9110, section 13.1.2).
fn matches(tags: &HeaderValue, etag: &str) -> bool {
    tags.to_str().is_ok_and(|tags| {
        tags.split(',')
            .map(str::trim)
            .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
    })
}

/// A short answer in words.
pub(crate) fn text(status: StatusCode, words: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(words));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    headers.insert(CACHE_CONTROL, NOTHING_KEPT);
    security::add_headers(headers);
    response
}

/// The same answer as HEAD gives it: the length that GET would send, and nothing of it.
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
