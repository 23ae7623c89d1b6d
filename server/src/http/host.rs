//! Whom a request is for.

use bytes::Bytes;
use http::{Request, Response, StatusCode, Version, header::HOST, uri::Authority};
use http_body_util::Full;

use super::assets::text;

/// The refusal of a request that does not say whom it is for, says it twice or differently (RFC 9112,
/// section 3.2; RFC 9113, section 8.3.1), or says what is no host and port. What two servers on the
/// way understand differently is how requests are smuggled.
#[must_use]
pub fn refuse<B>(request: &Request<B>) -> Option<Response<Full<Bytes>>> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let (host, another) = (hosts.next(), hosts.next());
    let refuse = |why: &'static str| Some(text(StatusCode::BAD_REQUEST, why));
    if another.is_some() || (host.is_none() && request.version() == Version::HTTP_11) {
        return refuse("a request has one Host\n");
    }
    let authority = request.uri().authority();
    // HTTP/1.1 has the Host passed over where the address names one (RFC 9112, section 3.2.2).
    if let (Some(host), Some(authority), Version::HTTP_2) = (host, authority, request.version())
        && !host
            .as_bytes()
            .eq_ignore_ascii_case(authority.as_str().as_bytes())
    {
        return refuse("the Host is not whom the request is for\n");
    }
    let is_sound =
        authority.is_none_or(has_sound_port) && host.is_none_or(|host| is_host(host.as_bytes()));
    if is_sound {
        return None;
    }
    refuse("the Host is no name or address with a port\n")
}

/// RFC 9110, section 7.2: a host, and perhaps a port. Empty where the address asked for has none.
fn is_host(host: &[u8]) -> bool {
    let authority = || Authority::try_from(host).is_ok_and(|it| has_sound_port(&it));
    host.is_empty() || authority()
}

/// `http` takes anything that an authority may consist of for one.
fn has_sound_port(authority: &Authority) -> bool {
    match authority.as_str().strip_prefix(authority.host()) {
        Some("") => true,
        Some(rest) => rest
            .strip_prefix(':')
            .is_some_and(|port| port.is_empty() || is_port(port)),
        // Somebody's name and password stand before it.
        None => false,
    }
}

fn is_port(port: &str) -> bool {
    // `parse` alone takes a sign as well.
    port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(uri: &str, version: Version, hosts: &[&str]) -> bool {
        let mut request = Request::builder().uri(uri).version(version);
        for host in hosts {
            request = request.header(HOST, *host);
        }
        refuse(&request.body(()).expect("a request")).is_some()
    }

    #[test]
    fn a_request_is_for_one_host() {
        let (one, two) = (Version::HTTP_11, Version::HTTP_2);
        assert!(!refused("/", one, &["desk.example"]));
        assert!(!refused("/", Version::HTTP_10, &[]));
        assert!(!refused("http://desk.example/", two, &[]));
        assert!(!refused("http://desk.example/", two, &["Desk.example"]));
        assert!(refused("/", one, &[]));
        for version in [Version::HTTP_10, one, two] {
            assert!(refused("/", version, &["desk.example", "desk.example"]));
        }
        assert!(refused("http://desk.example/", two, &["other.example"]));
        assert!(!refused("http://desk.example/", one, &["other.example"]));
    }

    #[test]
    fn a_host_has_a_name_or_an_address_and_perhaps_a_port() {
        for sound in [
            "",
            "desk.example",
            "127.0.0.1:50051",
            "[::1]:50051",
            "localhost:",
        ] {
            assert!(is_host(sound.as_bytes()), "{sound}");
        }
        for odd in [
            "127.0.0.1:50051.evil.example",
            "127.0.0.1:65536",
            "127.0.0.1:+80",
            "me@desk.example",
            "desk example",
            "desk.example/",
            "[::1",
        ] {
            assert!(!is_host(odd.as_bytes()), "{odd}");
        }
    }
}
