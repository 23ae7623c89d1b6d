//! Which pages may call: one list for everything that a browser reaches.

use std::{collections::HashSet, fmt, net::IpAddr, sync::Arc};

use http::{
    HeaderMap, HeaderValue, Request, Uri,
    header::{HOST, ORIGIN},
    request::Parts,
    uri::Authority,
};

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
        self.0.contains(origin) || is_own(origin, &request.uri, &request.headers)
    }

    /// Whether this comes from a page that calls us by a name that we were not told of. Somebody
    /// who has their own name lead to this machine («DNS rebinding») has their page taken for ours
    /// by the browser, and everything that only we can see with it. Numbers and `localhost` can't
    /// be made to lead elsewhere; every other name has to be listed.
    #[must_use]
    pub fn distrust<B>(&self, request: &Request<B>) -> bool {
        let Some(origin) = request.headers().get(ORIGIN) else {
            return false;
        };
        !self.0.contains(origin)
            && is_own(origin, request.uri(), request.headers())
            && !is_certain(host(request.uri(), request.headers()).unwrap_or_default())
    }
}

fn host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    let authority = uri.authority().map(Authority::as_str);
    authority.or_else(|| headers.get(HOST)?.to_str().ok())
}

/// Whether an authority is an address, or `localhost`, which browsers resolve by themselves
/// (RFC 6761, section 6.3).
fn is_certain(authority: &str) -> bool {
    let Ok(authority) = authority.parse::<Authority>() else {
        return false;
    };
    let host = authority.host();
    let number = host.trim_start_matches('[').trim_end_matches(']');
    number.parse::<IpAddr>().is_ok() || host == "localhost" || host.ends_with(".localhost")
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
fn is_own(origin: &HeaderValue, uri: &Uri, headers: &HeaderMap) -> bool {
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
    fn a_name_that_leads_here_has_to_be_listed() {
        let origins = Origins::new(["http://desk.example:50051"]).expect("an origin");
        let distrust = |host: &str, origin: &str| {
            let request = Request::builder()
                .header(HOST, host)
                .header(ORIGIN, origin)
                .body(())
                .expect("a request");
            origins.distrust(&request)
        };
        assert!(distrust("evil.test:50051", "http://evil.test:50051"));
        for host in [
            "127.0.0.1:50051",
            "[::1]:50051",
            "localhost:50051",
            "desk.example:50051",
        ] {
            assert!(!distrust(host, &format!("http://{host}")), "{host}");
        }
        // Another origin is none of ours: CORS keeps it from reading.
        assert!(!distrust("127.0.0.1:50051", "http://evil.test"));
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
