//! Which dialect of gRPC a request speaks.

use http::{HeaderMap, HeaderValue, header::CONTENT_TYPE};

/// What a request's `content-type` says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// `application/grpc`, gRPC over HTTP/2.
    Native,
    /// `application/grpc-web`: the same frames, with the trailers as a last frame.
    Web,
    /// `application/grpc-web-text`: gRPC-Web in base64.
    WebText,
}

impl Dialect {
    /// Reads the header; `None` where it is not gRPC with protobuf messages. Parameters
    /// (`; charset=utf-8`) and case do not matter (RFC 9110, section 8.3.1).
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(CONTENT_TYPE)?.as_bytes();
        // What nearly every client sends, before the slower look.
        if value == b"application/grpc" || value == b"application/grpc+proto" {
            return Some(Self::Native);
        }
        let value = std::str::from_utf8(value).ok()?;
        let essence = value.split(';').next()?.trim().to_ascii_lowercase();
        match essence.as_str() {
            "application/grpc" | "application/grpc+proto" => Some(Self::Native),
            "application/grpc-web" | "application/grpc-web+proto" => Some(Self::Web),
            "application/grpc-web-text" | "application/grpc-web-text+proto" => Some(Self::WebText),
            _ => None,
        }
    }

    /// The header as tonic-web reads it: to the letter, without parameters.
    pub(super) fn canonical(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Native => "application/grpc",
            Self::Web => "application/grpc-web+proto",
            Self::WebText => "application/grpc-web-text+proto",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: &'static str) -> Option<Dialect> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(value));
        Dialect::of(&headers)
    }

    #[test]
    fn parameters_and_case_do_not_matter() {
        assert_eq!(
            of("application/grpc-web+proto; charset=utf-8"),
            Some(Dialect::Web)
        );
        assert_eq!(of("Application/GRPC-Web-Text"), Some(Dialect::WebText));
        assert_eq!(of("application/grpc;x=y"), Some(Dialect::Native));
    }

    #[test]
    fn other_codecs_and_other_types_are_not_ours() {
        for value in [
            "application/grpc+json",
            "application/grpcx",
            "application/json",
            "",
        ] {
            assert_eq!(of(value), None, "{value}");
        }
        assert_eq!(Dialect::of(&HeaderMap::new()), None);
    }
}
