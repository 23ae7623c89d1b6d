//! `Accept-Encoding` (RFC 9110, section 12.5.3).

use http::{HeaderMap, header::ACCEPT_ENCODING};

/// A content coding (RFC 9110, section 8.4.1) that answers may have here.
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
    /// Its name in HTTP.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// What a client takes: how much it wants each, or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Accepted {
    brotli: f32,
    gzip: f32,
    zstd: f32,
    /// How much it wants nothing done to the answer, where it says so. It takes that anyway.
    identity: f32,
}

impl Accepted {
    /// Reads the header. Where it is not there or can't be read, nothing is taken.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let (mut brotli, mut gzip, mut zstd, mut identity) = (None, None, None, None);
        let mut any = None;
        for value in headers.get_all(ACCEPT_ENCODING) {
            let Ok(value) = value.to_str() else {
                return Self::default();
            };
            for item in value.split(',') {
                let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
                let slot = match name.trim().to_ascii_lowercase().as_str() {
                    "br" => &mut brotli,
                    // The same by its old name (section 8.4.1.3).
                    "gzip" | "x-gzip" => &mut gzip,
                    "zstd" => &mut zstd,
                    "identity" => &mut identity,
                    "*" => &mut any,
                    _ => continue,
                };
                *slot = Some(weight(parameters));
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

    fn weight(self, encoding: Encoding) -> f32 {
        match encoding {
            Encoding::Brotli => self.brotli,
            Encoding::Gzip => self.gzip,
            Encoding::Zstd => self.zstd,
        }
    }

    /// Which of these the client wants most; the first of them, where it has no preference.
    #[must_use]
    pub fn best(self, of: impl IntoIterator<Item = Encoding>) -> Option<Encoding> {
        let mut best = None;
        let mut most = 0.0;
        for encoding in of {
            let weight = self.weight(encoding);
            if weight > most && weight >= self.identity {
                (best, most) = (Some(encoding), weight);
            }
        }
        best
    }
}

/// The weight among an item's parameters (section 12.4.2): 1 where none can be read.
fn weight(parameters: &str) -> f32 {
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

    fn best(header: &'static str) -> Option<Encoding> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(header));
        Accepted::of(&headers).best([Brotli, Zstd, Gzip])
    }

    #[test]
    fn what_is_named_is_taken_and_what_weighs_nothing_is_not() {
        assert_eq!(best("gzip, deflate, br, zstd"), Some(Brotli));
        assert_eq!(best("gzip, zstd"), Some(Zstd));
        assert_eq!(best("X-GZIP"), Some(Gzip));
        assert_eq!(best("br;q=0, gzip"), Some(Gzip));
        assert_eq!(best("br; Q=0.000 , zstd ; q=0,gzip"), Some(Gzip));
        assert_eq!(best("*;q=0"), None);
        assert_eq!(best("*, br;q=0.0"), Some(Zstd));
        assert_eq!(best("deflate, compress, unheard-of"), None);
        assert_eq!(best("identity"), None);
        assert_eq!(best(""), None);
    }

    #[test]
    fn what_is_wanted_more_goes_before_what_we_would_choose() {
        assert_eq!(best("br;q=0.5, gzip;q=0.8"), Some(Gzip));
        assert_eq!(best("br;q=0.5, *"), Some(Zstd));
        assert_eq!(best("identity, br;q=0.5"), None);
        assert_eq!(best("identity;q=0.5, br"), Some(Brotli));
        assert_eq!(best("br;q=much, gzip;q=0.5"), Some(Brotli));
    }

    #[test]
    fn a_header_that_is_not_there_or_cannot_be_read_takes_nothing() {
        assert_eq!(Accepted::of(&HeaderMap::new()).best([Gzip]), None);
        let mut headers = HeaderMap::new();
        let unreadable = HeaderValue::from_bytes(b"gzip, \xff").expect("a value");
        headers.insert(ACCEPT_ENCODING, unreadable);
        assert_eq!(Accepted::of(&headers).best([Gzip]), None);
    }

    #[test]
    fn lines_of_the_same_name_are_one_list() {
        let mut headers = HeaderMap::new();
        headers.append(ACCEPT_ENCODING, HeaderValue::from_static("deflate"));
        headers.append(ACCEPT_ENCODING, HeaderValue::from_static("zstd"));
        assert_eq!(Accepted::of(&headers).best([Gzip, Zstd]), Some(Zstd));
    }
}
