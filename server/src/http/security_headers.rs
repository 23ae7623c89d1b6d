//! Response headers that restrict what a browser lets the page do.
//!
//! tower-http's `SetResponseHeader` sets one header per layer and would need five layers here, four of
//! them with a condition on the content type.

use std::sync::LazyLock;

use http::{HeaderMap, HeaderName, HeaderValue, header};

use super::embedded_files::SCRIPT_HASHES;

/// Browsers only evaluate these on documents; on scripts and stylesheets they would waste bytes.
static DOCUMENT_HEADERS: [(HeaderName, &str); 4] = [
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// A Content-Security-Policy (CSP level 3) that allows the page's own inline scripts by their hashes.
/// `wasm-unsafe-eval` allows compiling WebAssembly and nothing else.
static CONTENT_SECURITY_POLICY: LazyLock<Option<HeaderValue>> = LazyLock::new(|| {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{SCRIPT_HASHES}; style-src 'self'; \
         img-src 'self' data:; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).ok()
});

/// Inserts the headers for a response with this content type. Everything that a window can display is
/// a document: HTML, SVG and text.
pub(super) fn insert(headers: &mut HeaderMap) {
    let nosniff = HeaderValue::from_static("nosniff");
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    let content_type = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let is_subresource = content_type.is_some_and(|content_type| {
        [&b"text/javascript"[..], b"text/css", b"application/wasm"]
            .iter()
            .any(|subresource| content_type.starts_with(subresource))
    });
    if !is_subresource {
        for (name, value) in &DOCUMENT_HEADERS {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if let Some(policy) = &*CONTENT_SECURITY_POLICY {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy.clone());
        }
    }
}
