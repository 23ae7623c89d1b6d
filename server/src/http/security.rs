//! What a browser is told that the page may do: as little as it needs.

use std::sync::LazyLock;

use http::{HeaderMap, HeaderName, HeaderValue, header};

use super::assets::SCRIPT_HASHES;

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// What a browser asks of a document only. A script or a stylesheet that said it would be larger for
/// nothing.
static ON_DOCUMENTS: [(HeaderName, &str); 4] = [
    (header::REFERRER_POLICY, "no-referrer"),
    (
        PERMISSIONS_POLICY,
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

/// A Content-Security-Policy (CSP level 3) that allows the page's own inline scripts only, by their
/// hashes. `wasm-unsafe-eval` lets WebAssembly be compiled and nothing else.
static CONTENT_SECURITY_POLICY: LazyLock<Option<HeaderValue>> = LazyLock::new(|| {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{SCRIPT_HASHES}; style-src 'self'; \
         img-src 'self' data:; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).ok()
});

/// Adds them to an answer of this type. What can be opened by itself in a window is a document:
/// HTML, SVG and text.
pub(crate) fn add_headers(headers: &mut HeaderMap) {
    let nosniff = HeaderValue::from_static("nosniff");
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    let content_type = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let is_subresource = content_type.is_some_and(|content_type| {
        [&b"text/javascript"[..], b"text/css", b"application/wasm"]
            .iter()
            .any(|subresource| content_type.starts_with(subresource))
    });
    if !is_subresource {
        for (name, value) in &ON_DOCUMENTS {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if let Some(policy) = &*CONTENT_SECURITY_POLICY {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy.clone());
        }
    }
}
