//! Whom a request is for.

use bytes::Bytes;
use http::{Request, Response, StatusCode, Version, header::HOST, uri::Authority};
use http_body_util::Full;

use super::page::text;

/// The refusal of a request that does not say whom it is for, says it twice, or says what is no host
/// and port: RFC 9112, section 3.2, wants one `Host` in HTTP/1.1. What two servers on the way
/// understand differently is how requests are smuggled.
#[must_use]
pub fn refuse<B>(request: &Request<B>) -> Option<Response<Full<Bytes>>> {
    let hosts = request.headers().get_all(HOST);
    let refuse = |why: &'static str| Some(text(StatusCode::BAD_REQUEST, why));
    if request.version() == Version::HTTP_11 && hosts.iter().count() != 1 {
        return refuse("HTTP/1.1 wants one Host\n");
    }
    let is_sound = request.uri().authority().is_none_or(has_sound_port)
        && hosts.iter().all(|host| is_host(host.as_bytes()));
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
            .is_some_and(|port| port.is_empty() || port.parse::<u16>().is_ok()),
        // Somebody's name and password stand before it.
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            "me@desk.example",
            "desk example",
            "desk.example/",
            "[::1",
        ] {
            assert!(!is_host(odd.as_bytes()), "{odd}");
        }
    }
}
