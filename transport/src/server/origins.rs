//! The origins whose pages may call the server, for CORS and WebSocket handshakes alike.
//!
//! tower-http's CORS layer uses this list as its predicate. It covers neither WebSocket handshakes,
//! which CORS does not apply to, nor DNS rebinding.

use std::{collections::HashSet, fmt, net::IpAddr, sync::Arc};

use http::{
    HeaderMap, HeaderValue, Request, Uri,
    header::{HOST, ORIGIN},
    request::Parts,
    uri::Authority,
};

/// The origins that may call the server, in addition to the server's own. Cloning is cheap.
///
/// Origins are compared byte by byte (RFC 6454, section 6.2). There are no wildcards.
#[derive(Debug, Clone, Default)]
pub struct AllowedOrigins(Arc<HashSet<HeaderValue>>);

/// The text is not an origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidOrigin(String);

impl fmt::Display for InvalidOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not an origin: expected a scheme, a host and an optional port, such as `https://app.example:8443`",
            self.0
        )
    }
}

impl std::error::Error for InvalidOrigin {}

impl AllowedOrigins {
    /// These origins and the server's own.
    ///
    /// # Errors
    ///
    /// If one of them could never match a browser's `Origin` header: the scheme is not `http` or
    /// `https`, there is no host, there is a path, query, trailing slash or upper-case letter, or
    /// the port is the scheme's default.
    pub fn new<I: AsRef<str>>(origins: impl IntoIterator<Item = I>) -> Result<Self, InvalidOrigin> {
        origins
            .into_iter()
            .map(|origin| parse(origin.as_ref()))
            .collect::<Result<_, _>>()
            .map(|set| Self(Arc::new(set)))
    }

    /// Whether a page of `origin` may send this request.
    #[must_use]
    pub fn allows(&self, origin: &HeaderValue, request: &Parts) -> bool {
        self.0.contains(origin) || is_same_origin(origin, &request.uri, &request.headers)
    }

    /// Whether a page of an unlisted host name calls that same host name.
    ///
    /// An attacker can point a domain of their own at this machine ("DNS rebinding"). The browser
    /// then regards the attacker's page as same-origin with the server. IP addresses and `localhost`
    /// cannot be rebound; every other host name must be listed.
    #[must_use]
    pub fn is_dns_rebinding<B>(&self, request: &Request<B>) -> bool {
        let Some(origin) = request.headers().get(ORIGIN) else {
            return false;
        };
        !self.0.contains(origin)
            && is_same_origin(origin, request.uri(), request.headers())
            && !cannot_be_rebound(host(request.uri(), request.headers()).unwrap_or_default())
    }
}

fn host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    let authority = uri.authority().map(Authority::as_str);
    authority.or_else(|| headers.get(HOST)?.to_str().ok())
}

/// Whether the host is an IP address, or `localhost`, which browsers resolve without DNS (RFC 6761,
/// section 6.3).
fn cannot_be_rebound(authority: &str) -> bool {
    let Ok(authority) = authority.parse::<Authority>() else {
        return false;
    };
    let host = authority.host();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    address.parse::<IpAddr>().is_ok() || host == "localhost" || host.ends_with(".localhost")
}

fn parse(origin: &str) -> Result<HeaderValue, InvalidOrigin> {
    let invalid = || InvalidOrigin(origin.to_owned());
    let uri: Uri = origin.parse().map_err(|_| invalid())?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(invalid());
    };
    // Browsers omit the default port, so an origin with it would never match.
    let has_default_port = matches!(
        (scheme, authority.port_u16()),
        ("http", Some(80)) | ("https", Some(443))
    );
    if !matches!(scheme, "http" | "https")
        || has_default_port
        || authority.host().is_empty()
        || authority.as_str().contains('@')
        || origin != format!("{scheme}://{authority}").to_ascii_lowercase()
    {
        return Err(invalid());
    }
    HeaderValue::from_str(origin).map_err(|_| invalid())
}

/// Whether `origin` has the host and port of the request. Schemes are not compared: they differ
/// behind a proxy that terminates TLS.
fn is_same_origin(origin: &HeaderValue, uri: &Uri, headers: &HeaderMap) -> bool {
    let Some(host) = host(uri, headers).map(str::as_bytes) else {
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
        let (parts, ()) = Request::builder()
            .uri("/greeter.Greeter/SayHello")
            .header(HOST, host)
            .body(())
            .expect("a request")
            .into_parts();
        parts
    }

    #[test]
    fn a_listed_origin_must_match_exactly() {
        let origins = AllowedOrigins::new(["https://app.example"]).expect("an origin");
        let request = request("127.0.0.1:50051");
        let allows = |origin| origins.allows(&HeaderValue::from_static(origin), &request);
        assert!(allows("https://app.example"));
        assert!(!allows("http://app.example"));
        assert!(!allows("https://app.example:8443"));
        assert!(!allows("https://app.example.evil.test"));
        assert!(!allows("null"));
    }

    #[test]
    fn the_servers_own_origin_is_allowed_without_being_listed() {
        let origins = AllowedOrigins::default();
        let request = request("127.0.0.1:50051");
        assert!(origins.allows(
            &HeaderValue::from_static("http://127.0.0.1:50051"),
            &request
        ));
        assert!(!origins.allows(&HeaderValue::from_static("http://127.0.0.1:5005"), &request));
    }

    #[test]
    fn an_unlisted_host_name_is_dns_rebinding() {
        let origins = AllowedOrigins::new(["http://app.example:50051"]).expect("an origin");
        let is_rebinding = |host: &str, origin: &str| {
            let request = Request::builder()
                .header(HOST, host)
                .header(ORIGIN, origin)
                .body(())
                .expect("a request");
            origins.is_dns_rebinding(&request)
        };
        assert!(is_rebinding("evil.test:50051", "http://evil.test:50051"));
        for host in [
            "127.0.0.1:50051",
            "[::1]:50051",
            "localhost:50051",
            "app.example:50051",
        ] {
            assert!(!is_rebinding(host, &format!("http://{host}")), "{host}");
        }
        // A page of another origin is subject to CORS.
        assert!(!is_rebinding("127.0.0.1:50051", "http://evil.test"));
    }

    #[test]
    fn origins_that_can_never_match_are_rejected() {
        for origin in [
            "*",
            "app.example",
            "https://app.example/",
            "https://App.example",
            "https://app.example:443",
            "ftp://app.example",
            "https://user@app.example",
            "null",
        ] {
            assert!(AllowedOrigins::new([origin]).is_err(), "{origin}");
        }
    }
}
