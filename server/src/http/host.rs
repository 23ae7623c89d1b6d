//! Validation of the `Host` header and the request's authority. Servers that interpret an ambiguous
//! host differently make request smuggling possible.

use http::{Request, Version, header::HOST, uri::Authority};

/// Rejects a request without a host, with several or contradictory ones (RFC 9112, section 3.2; RFC
/// 9113, section 8.3.1), or with one that is not a host and an optional port.
pub(super) fn validate<B>(request: &Request<B>) -> Result<(), &'static str> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let (host, another) = (hosts.next(), hosts.next());
    if another.is_some() || (host.is_none() && request.version() == Version::HTTP_11) {
        return Err("A request must have exactly one Host header.\n");
    }
    let authority = request.uri().authority();
    // In HTTP/1.1 an absolute URI overrides the Host header (RFC 9112, section 3.2.2).
    if let (Some(host), Some(authority), Version::HTTP_2) = (host, authority, request.version())
        && !host
            .as_bytes()
            .eq_ignore_ascii_case(authority.as_str().as_bytes())
    {
        return Err("The Host header must match the request's authority.\n");
    }
    let is_valid = authority.is_none_or(has_valid_port)
        && host.is_none_or(|host| is_valid_host(host.as_bytes()));
    if is_valid {
        Ok(())
    } else {
        Err("The host must be a name or an address with an optional port.\n")
    }
}

/// RFC 9110, section 7.2. Empty if the target URI has no authority.
fn is_valid_host(host: &[u8]) -> bool {
    host.is_empty() || Authority::try_from(host).is_ok_and(|authority| has_valid_port(&authority))
}

/// [`Authority`] itself accepts user information and any port.
fn has_valid_port(authority: &Authority) -> bool {
    match authority.as_str().strip_prefix(authority.host()) {
        Some("") => true,
        Some(rest) => rest
            .strip_prefix(':')
            .is_some_and(|port| port.is_empty() || is_port(port)),
        // User information precedes the host.
        None => false,
    }
}

fn is_port(port: &str) -> bool {
    // `parse` alone accepts a sign.
    port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_rejected(uri: &str, version: Version, hosts: &[&str]) -> bool {
        let mut request = Request::builder().uri(uri).version(version);
        for host in hosts {
            request = request.header(HOST, *host);
        }
        validate(&request.body(()).expect("a valid request")).is_err()
    }

    #[test]
    fn a_request_has_exactly_one_host() {
        let (http1, http2) = (Version::HTTP_11, Version::HTTP_2);
        let uri = "http://users.example/";
        assert!(!is_rejected("/", http1, &["users.example"]));
        assert!(!is_rejected("/", Version::HTTP_10, &[]));
        assert!(!is_rejected(uri, http2, &[]));
        assert!(!is_rejected(uri, http2, &["Users.example"]));
        assert!(is_rejected("/", http1, &[]));
        for version in [Version::HTTP_10, http1, http2] {
            let twice = ["users.example", "users.example"];
            assert!(is_rejected("/", version, &twice));
        }
        assert!(is_rejected(uri, http2, &["other.example"]));
        assert!(!is_rejected(uri, http1, &["other.example"]));
    }

    #[test]
    fn a_host_is_a_name_or_an_address_with_an_optional_port() {
        for valid in [
            "",
            "users.example",
            "127.0.0.1:50051",
            "[::1]:50051",
            "localhost:",
        ] {
            assert!(is_valid_host(valid.as_bytes()), "{valid}");
        }
        for invalid in [
            "127.0.0.1:50051.evil.example",
            "127.0.0.1:65536",
            "127.0.0.1:+80",
            "me@users.example",
            "users example",
            "users.example/",
            "[::1",
        ] {
            assert!(!is_valid_host(invalid.as_bytes()), "{invalid}");
        }
    }
}
