//! `Accept-Encoding` (RFC 9110, section 12.5.3).
//!
//! tower-http parses this header too, but keeps the result private.

use http::{HeaderMap, header::ACCEPT_ENCODING};

/// A content coding (RFC 9110, section 8.4.1) that responses may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// RFC 7932.
    Brotli,
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
}

impl Encoding {
    /// The name in `Accept-Encoding` and `Content-Encoding`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// The weights (RFC 9110, section 12.4.2) that a client gives to each coding, from 0 (not accepted)
/// to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct AcceptEncoding {
    brotli: f32,
    gzip: f32,
    zstd: f32,
    /// The weight of a response without a coding, if the client gives one. Such a response is always
    /// accepted.
    identity: f32,
}

impl AcceptEncoding {
    /// Parses the header. If it is absent or not ASCII, no coding is accepted.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let (mut brotli, mut gzip, mut zstd, mut identity) = (None, None, None, None);
        let mut any = None;
        for value in headers.get_all(ACCEPT_ENCODING) {
            let Ok(value) = value.to_str() else {
                return Self::default();
            };
            for item in value.split(',') {
                let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
                let weight = match name.trim().to_ascii_lowercase().as_str() {
                    "br" => &mut brotli,
                    // `x-gzip` is an alias (section 8.4.1.3).
                    "gzip" | "x-gzip" => &mut gzip,
                    "zstd" => &mut zstd,
                    "identity" => &mut identity,
                    "*" => &mut any,
                    _ => continue,
                };
                *weight = Some(parse_weight(parameters));
            }
        }
        let any = any.unwrap_or(0.0);
        Self {
            brotli: brotli.unwrap_or(any),
            gzip: gzip.unwrap_or(any),
            zstd: zstd.unwrap_or(any),
            identity: identity.unwrap_or(0.0),
        }
    }

    /// The coding among `available` with the highest weight; the first of them on a tie.
    #[must_use]
    pub fn preferred(self, available: impl IntoIterator<Item = Encoding>) -> Option<Encoding> {
        let (mut preferred, mut highest) = (None, 0.0);
        for encoding in available {
            let weight = match encoding {
                Encoding::Brotli => self.brotli,
                Encoding::Gzip => self.gzip,
                Encoding::Zstd => self.zstd,
            };
            if weight > highest && weight >= self.identity {
                (preferred, highest) = (Some(encoding), weight);
            }
        }
        preferred
    }
}

/// The `q` parameter; 1 if it is absent or malformed.
fn parse_weight(parameters: &str) -> f32 {
    parameters
        .split(';')
        .find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            let is_weight = name.trim().eq_ignore_ascii_case("q");
            is_weight.then(|| value.trim().parse().ok())?
        })
        .unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::{
        Encoding::{Brotli, Gzip, Zstd},
        *,
    };

    fn preferred(header: &'static str) -> Option<Encoding> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(header));
        AcceptEncoding::from_headers(&headers).preferred([Brotli, Zstd, Gzip])
    }

    #[test]
    fn listed_codings_are_accepted_unless_their_weight_is_zero() {
        assert_eq!(preferred("gzip, deflate, br, zstd"), Some(Brotli));
        assert_eq!(preferred("gzip, zstd"), Some(Zstd));
        assert_eq!(preferred("X-GZIP"), Some(Gzip));
        assert_eq!(preferred("br;q=0, gzip"), Some(Gzip));
        assert_eq!(preferred("br; Q=0.000 , zstd ; q=0,gzip"), Some(Gzip));
        assert_eq!(preferred("*;q=0"), None);
        assert_eq!(preferred("*, br;q=0.0"), Some(Zstd));
        assert_eq!(preferred("deflate, compress, unknown"), None);
        assert_eq!(preferred("identity"), None);
        assert_eq!(preferred(""), None);
    }

    #[test]
    fn the_clients_weights_take_precedence_over_the_servers_order() {
        assert_eq!(preferred("br;q=0.5, gzip;q=0.8"), Some(Gzip));
        assert_eq!(preferred("br;q=0.5, *"), Some(Zstd));
        assert_eq!(preferred("identity, br;q=0.5"), None);
        assert_eq!(preferred("identity;q=0.5, br"), Some(Brotli));
        assert_eq!(preferred("br;q=much, gzip;q=0.5"), Some(Brotli));
    }

    #[test]
    fn an_absent_or_unreadable_header_accepts_no_coding() {
        assert_eq!(
            AcceptEncoding::from_headers(&HeaderMap::new()).preferred([Gzip]),
            None
        );
        let mut headers = HeaderMap::new();
        let unreadable = HeaderValue::from_bytes(b"gzip, \xff").expect("a value");
        headers.insert(ACCEPT_ENCODING, unreadable);
        assert_eq!(
            AcceptEncoding::from_headers(&headers).preferred([Gzip]),
            None
        );
    }

    #[test]
    fn repeated_headers_are_one_list() {
        let mut headers = HeaderMap::new();
        headers.append(ACCEPT_ENCODING, HeaderValue::from_static("deflate"));
        headers.append(ACCEPT_ENCODING, HeaderValue::from_static("zstd"));
        assert_eq!(
            AcceptEncoding::from_headers(&headers).preferred([Gzip, Zstd]),
            Some(Zstd)
        );
    }
}
