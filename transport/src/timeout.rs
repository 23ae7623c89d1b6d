//! The `grpc-timeout` header (grpc/doc/PROTOCOL-HTTP2.md, "Timeout"). tonic's parser is private.

use std::{fmt, time::Duration};

use http::{HeaderMap, HeaderName};

/// `grpc-timeout`.
pub const GRPC_TIMEOUT: HeaderName = HeaderName::from_static("grpc-timeout");

/// The value of `grpc-timeout` does not follow the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidTimeout;

impl fmt::Display for InvalidTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("grpc-timeout must be 1 to 8 digits and one of H, M, S, m, u, n")
    }
}

impl std::error::Error for InvalidTimeout {}

/// The timeout of the whole call, counted from the moment the client made the request; `None`
/// without the header.
///
/// # Errors
///
/// If the header is malformed. Such a call should be rejected: the client asked for a deadline and
/// must not run without one.
pub fn from_headers(headers: &HeaderMap) -> Result<Option<Duration>, InvalidTimeout> {
    headers
        .get(GRPC_TIMEOUT)
        .map(|value| parse(value.as_bytes()))
        .transpose()
}

fn parse(value: &[u8]) -> Result<Duration, InvalidTimeout> {
    let (unit, digits) = value.split_last().ok_or(InvalidTimeout)?;
    if !(1..=8).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
        return Err(InvalidTimeout);
    }
    let number = digits
        .iter()
        .fold(0, |number, digit| number * 10 + u64::from(digit - b'0'));
    match unit {
        b'H' => Ok(Duration::from_secs(number * 60 * 60)),
        b'M' => Ok(Duration::from_secs(number * 60)),
        b'S' => Ok(Duration::from_secs(number)),
        b'm' => Ok(Duration::from_millis(number)),
        b'u' => Ok(Duration::from_micros(number)),
        b'n' => Ok(Duration::from_nanos(number)),
        _ => Err(InvalidTimeout),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_is_parsed() {
        assert_eq!(parse(b"2H"), Ok(Duration::from_hours(2)));
        assert_eq!(parse(b"3M"), Ok(Duration::from_mins(3)));
        assert_eq!(parse(b"4S"), Ok(Duration::from_secs(4)));
        assert_eq!(parse(b"5m"), Ok(Duration::from_millis(5)));
        assert_eq!(parse(b"6u"), Ok(Duration::from_micros(6)));
        assert_eq!(parse(b"99999999n"), Ok(Duration::from_nanos(99_999_999)));
    }

    #[test]
    fn malformed_values_are_rejected() {
        for value in [
            "",
            "S",
            "5",
            "5s",
            "-5S",
            "+5S",
            "1.5S",
            "123456789S",
            " 5S",
            "5 S",
        ] {
            assert_eq!(parse(value.as_bytes()), Err(InvalidTimeout), "{value:?}");
        }
    }
}
