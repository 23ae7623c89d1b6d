//! `Accept-Encoding` (RFC 9110, section 12.5.3).

use http::HeaderValue;

/// What the files are compressed with, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
}

impl Encoding {
    /// Its name in HTTP.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    pub(super) fn etag_suffix(self) -> &'static str {
        match self {
            Self::Brotli => "-br",
            Self::Gzip => "-gz",
        }
    }
}

/// What a client takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Accepted {
    brotli: bool,
    gzip: bool,
}

impl Accepted {
    pub(super) fn accepts(self, encoding: Encoding) -> bool {
        match encoding {
            Encoding::Brotli => self.brotli,
            Encoding::Gzip => self.gzip,
        }
    }
}

/// Reads the header; `None` where it is not there or can't be read: then nothing is compressed.
/// Weights only count as «not at all» or «yes»: of what a client takes it gets the smallest.
pub(super) fn negotiate<'a>(values: impl IntoIterator<Item = &'a HeaderValue>) -> Option<Accepted> {
    let (mut brotli, mut gzip, mut any) = (None, None, None);
    for value in values {
        for item in value.to_str().ok()?.split(',') {
            let mut parts = item.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let wanted = !parts.any(|part| {
                part.strip_prefix("q=")
                    .is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q <= 0.0))
            });
            let slot = match name.to_ascii_lowercase().as_str() {
                "br" => &mut brotli,
                "gzip" | "x-gzip" => &mut gzip,
                "*" => &mut any,
                _ => continue,
            };
            *slot = Some(wanted);
        }
    }
    let any = any.unwrap_or(false);
    Some(Accepted {
        brotli: brotli.unwrap_or(any),
        gzip: gzip.unwrap_or(any),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &'static str) -> (bool, bool) {
        let header = HeaderValue::from_static(header);
        let accepted = negotiate([&header]).expect("a header that can be read");
        (accepted.brotli, accepted.gzip)
    }

    #[test]
    fn what_is_named_is_taken_and_what_weighs_nothing_is_not() {
        assert_eq!(read("gzip, deflate, br, zstd"), (true, true));
        assert_eq!(read("gzip;q=0.5"), (false, true));
        assert_eq!(read("br;q=0, gzip"), (false, true));
        assert_eq!(read("*;q=0"), (false, false));
        assert_eq!(read("*, gzip;q=0.0"), (true, false));
        assert_eq!(read("identity"), (false, false));
        assert_eq!(read(""), (false, false));
    }
}
