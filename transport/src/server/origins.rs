//! Which pages may call: one list for everything that a browser reaches.

use std::{collections::HashSet, fmt, sync::Arc};

use http::{HeaderValue, Uri, header::HOST, request::Parts};

/// The origins that may call from a page, besides the server's own. Cloning is shallow.
///
/// An origin matches where scheme, host and port are the same to the letter (RFC 6454, section
/// 6.2); there are no patterns.
#[derive(Debug, Clone, Default)]
pub struct Origins(Arc<HashSet<HeaderValue>>);

/// A text that is not an origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidOrigin(String);

impl fmt::Display for InvalidOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not an origin: it has a scheme, a host and perhaps a port, and no path, like `https://desk.example:8443`",
            self.0
        )
    }
}

impl std::error::Error for InvalidOrigin {}

impl Origins {
    /// These origins, and the server's own.
    ///
    /// # Errors
    ///
    /// Where one is not `http` or `https` with a host, or has more than that: a path, a query, a
    /// trailing slash, capital letters, the scheme's own port.
    pub fn new<I: AsRef<str>>(origins: impl IntoIterator<Item = I>) -> Result<Self, InvalidOrigin> {
        origins
            .into_iter()
            .map(|origin| parse(origin.as_ref()))
            .collect::<Result<_, _>>()
            .map(|set| Self(Arc::new(set)))
    }

    /// Whether a page of this origin may send this request.
    #[must_use]
    pub fn allow(&self, origin: &HeaderValue, request: &Parts) -> bool {
        self.0.contains(origin) || is_own(origin, request)
    }
}

fn parse(origin: &str) -> Result<HeaderValue, InvalidOrigin> {
    let invalid = || InvalidOrigin(origin.to_owned());
    let uri: Uri = origin.parse().map_err(|_| invalid())?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(invalid());
    };
    // A browser leaves out the scheme's own port: listed with it, the origin would never match.
    let own_port = matches!(
        (scheme, authority.port_u16()),
        ("http", Some(80)) | ("https", Some(443))
    );
    if !matches!(scheme, "http" | "https")
        || own_port
        || authority.host().is_empty()
        || authority.as_str().contains('@')
        || origin != format!("{scheme}://{authority}").to_ascii_lowercase()
    {
        return Err(invalid());
    }
    HeaderValue::from_str(origin).map_err(|_| invalid())
}

/// Whether the page came from the host and port that it now calls. Behind a proxy that ends TLS
/// the schemes differ, so they are not compared.
fn is_own(origin: &HeaderValue, request: &Parts) -> bool {
    let Some(host) = request
        .uri
        .authority()
        .map(|authority| authority.as_str().as_bytes())
        .or_else(|| request.headers.get(HOST).map(HeaderValue::as_bytes))
    else {
        return false;
    };
    let origin = origin.as_bytes();
    [b"http://".as_slice(), b"https://"]
        .into_iter()
        .filter_map(|scheme| origin.strip_prefix(scheme))
        .any(|authority| authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(host: &str) -> Parts {
        let (parts, ()) = http::Request::builder()
            .uri("/greeter.Greeter/SayHello")
            .header(HOST, host)
            .body(())
            .expect("a request")
            .into_parts();
        parts
    }

    #[test]
    fn a_listed_origin_matches_to_the_letter_only() {
        let origins = Origins::new(["https://desk.example"]).expect("an origin");
        let request = request("127.0.0.1:50051");
        let allow = |origin| origins.allow(&HeaderValue::from_static(origin), &request);
        assert!(allow("https://desk.example"));
        assert!(!allow("http://desk.example"));
        assert!(!allow("https://desk.example:8443"));
        assert!(!allow("https://desk.example.evil.test"));
        assert!(!allow("null"));
    }

    #[test]
    fn the_servers_own_origin_needs_no_listing() {
        let origins = Origins::default();
        let request = request("127.0.0.1:50051");
        assert!(origins.allow(
            &HeaderValue::from_static("http://127.0.0.1:50051"),
            &request
        ));
        assert!(!origins.allow(&HeaderValue::from_static("http://127.0.0.1:5005"), &request));
    }

    #[test]
    fn what_can_never_match_is_refused() {
        for origin in [
            "*",
            "desk.example",
            "https://desk.example/",
            "https://Desk.example",
            "https://desk.example:443",
            "ftp://desk.example",
            "https://user@desk.example",
            "null",
        ] {
            assert!(Origins::new([origin]).is_err(), "{origin}");
        }
    }
}
