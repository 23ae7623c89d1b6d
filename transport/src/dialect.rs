//! The variants of gRPC on the wire.

use http::{HeaderMap, HeaderValue, header::CONTENT_TYPE};

/// The variant of gRPC that a message uses, by its `content-type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// `application/grpc`: gRPC over HTTP/2 (PROTOCOL-HTTP2.md).
    Native,
    /// `application/grpc-web`: the same messages, with the trailers as the last frame of the body
    /// (PROTOCOL-WEB.md).
    Web,
    /// `application/grpc-web-text`: gRPC-Web encoded as base64.
    WebText,
}

/// The `content-type` of binary gRPC-Web.
pub(crate) const GRPC_WEB_NAME: &str = "application/grpc-web+proto";
pub(crate) const GRPC_WEB: HeaderValue = HeaderValue::from_static(GRPC_WEB_NAME);

impl Dialect {
    /// Parses `content-type`; `None` if it is not gRPC with protobuf messages. Parameters such as
    /// `; charset=utf-8` and upper case are ignored (RFC 9110, section 8.3.1).
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Option<Self> {
        const ALL: [(&str, Dialect); 6] = [
            ("application/grpc", Dialect::Native),
            ("application/grpc+proto", Dialect::Native),
            ("application/grpc-web", Dialect::Web),
            ("application/grpc-web+proto", Dialect::Web),
            ("application/grpc-web-text", Dialect::WebText),
            ("application/grpc-web-text+proto", Dialect::WebText),
        ];
        let value = headers.get(CONTENT_TYPE)?.as_bytes();
        let essence = value.split(|byte| *byte == b';').next()?.trim_ascii();
        ALL.into_iter()
            .find(|(name, _)| essence.eq_ignore_ascii_case(name.as_bytes()))
            .map(|(_, dialect)| dialect)
    }

    /// The only spelling that tonic-web accepts: lower case, without parameters.
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn canonical_content_type(self) -> HeaderValue {
        match self {
            Self::Native => HeaderValue::from_static("application/grpc"),
            Self::Web => GRPC_WEB,
            Self::WebText => HeaderValue::from_static("application/grpc-web-text+proto"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(value: &'static str) -> Option<Dialect> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(value));
        Dialect::from_headers(&headers)
    }

    #[test]
    fn parameters_and_case_are_ignored() {
        assert_eq!(
            parse("application/grpc-web+proto; charset=utf-8"),
            Some(Dialect::Web)
        );
        assert_eq!(parse("Application/GRPC-Web-Text"), Some(Dialect::WebText));
        assert_eq!(parse("application/grpc;x=y"), Some(Dialect::Native));
    }

    #[test]
    fn other_codecs_and_other_types_have_no_dialect() {
        for value in [
            "application/grpc+json",
            "application/grpcx",
            "application/json",
            "",
        ] {
            assert_eq!(parse(value), None, "{value}");
        }
        assert_eq!(Dialect::from_headers(&HeaderMap::new()), None);
    }
}
