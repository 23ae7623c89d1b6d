//! Header blocks: the trailers of gRPC-Web, and the headers and trailers of `grpc-websockets`.

use bytes::{BufMut as _, Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::{error::Error, scanner::PREFIX_BYTES};

/// The flag byte of a frame that carries a header block.
pub const FLAG: u8 = 0x80;

/// The largest header block that is accepted, in bytes. HTTP/2 implementations limit a header list
/// to about 16 KiB; no status needs more.
pub const MAX_HEADER_BLOCK_BYTES: usize = 64 * 1024;

/// Parses `name: value` lines. Repeated names keep all their values. Upper case in names, lines that
/// end without a carriage return, and empty lines are accepted.
///
/// # Errors
///
/// [`Error::InvalidHeaderField`] if a line has no colon, or if its name or value has bytes that HTTP
/// does not allow there (RFC 9110, section 5).
pub fn parse(block: &[u8]) -> Result<HeaderMap, Error> {
    let mut fields = HeaderMap::new();
    for line in block.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            continue;
        }
        let (name, value) = parse_line(line).ok_or(Error::InvalidHeaderField)?;
        fields
            .try_append(name, value)
            .map_err(|_| Error::InvalidHeaderField)?;
    }
    Ok(fields)
}

fn parse_line(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
    let name = HeaderName::from_bytes(name).ok()?;
    Some((name, HeaderValue::from_bytes(value).ok()?))
}

/// Writes fields as lines, one for each value, without a frame around them.
#[must_use]
pub fn encode_lines(fields: &HeaderMap) -> BytesMut {
    let mut lines = BytesMut::new();
    put_lines(fields, &mut lines);
    lines
}

/// Writes fields as a frame: the flag, the length, the lines.
#[must_use]
pub fn encode_frame(fields: &HeaderMap) -> Bytes {
    let mut frame = BytesMut::new();
    frame.put_u8(FLAG);
    frame.put_u32(0);
    put_lines(fields, &mut frame);
    // A `HeaderMap` holds at most 32,768 fields, and its producer limits the size of each.
    let length = u32::try_from(frame.len() - PREFIX_BYTES).unwrap_or(u32::MAX);
    frame[1..PREFIX_BYTES].copy_from_slice(&length.to_be_bytes());
    frame.freeze()
}

fn put_lines(fields: &HeaderMap, into: &mut BytesMut) {
    for (name, value) in fields {
        for part in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
            into.put_slice(part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values<'a>(fields: &'a HeaderMap, name: &str) -> Vec<&'a [u8]> {
        fields
            .get_all(name)
            .iter()
            .map(HeaderValue::as_bytes)
            .collect()
    }

    #[test]
    fn repeated_names_are_kept_and_whitespace_and_line_ends_are_ignored() {
        let fields = parse(b"grpc-status:0\r\nA: 1\na:  2 \r\n\r\nb:\r\n").expect("fields");
        assert_eq!(values(&fields, "grpc-status"), [b"0"]);
        assert_eq!(values(&fields, "a"), [b"1", b"2"]);
        assert_eq!(values(&fields, "b"), [b""]);
    }

    #[test]
    fn bytes_beyond_ascii_are_kept() {
        let fields = parse(b"a: \xc3\xbc:\xff\r\n").expect("fields");
        assert_eq!(values(&fields, "a"), [b"\xc3\xbc:\xff"]);
    }

    #[test]
    fn invalid_fields_are_rejected() {
        for block in [
            &b"grpc-status"[..],
            b": 0\r\n",
            b"a b: c",
            b"a: \0",
            b"a: b\rc: d\n",
        ] {
            assert_eq!(parse(block), Err(Error::InvalidHeaderField), "{block:?}");
        }
    }

    #[test]
    fn encoded_fields_parse_back() {
        let fields = parse(b"a: 1\r\nb: \r\na: 2\r\n").expect("fields");
        assert_eq!(parse(&encode_lines(&fields)), Ok(fields.clone()));
        let frame = encode_frame(&fields);
        assert_eq!(frame[0], FLAG);
        assert_eq!(
            frame[1..5],
            u32::try_from(frame.len() - 5).expect("short").to_be_bytes()
        );
        assert_eq!(parse(&frame[5..]), Ok(fields));
    }
}
