//! Blocks of header fields: trailers in gRPC-Web, and headers and trailers in `grpc-websockets`.

use bytes::{BufMut as _, Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::{BLOCK, Error};

/// Reads `name: value` lines. A name that repeats has all its values; names in capitals are taken,
/// so are lines that end without a carriage return, and empty ones.
///
/// # Errors
///
/// [`Error::NotAField`] where a line has no colon, or its name or value has bytes that HTTP does
/// not allow there (RFC 9110, section 5).
pub fn parse(block: &[u8]) -> Result<HeaderMap, Error> {
    let mut fields = HeaderMap::new();
    for line in block.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            continue;
        }
        let colon = line.iter().position(|byte| *byte == b':');
        let (name, value) = line.split_at(colon.ok_or(Error::NotAField)?);
        let name = HeaderName::from_bytes(name).map_err(|_| Error::NotAField)?;
        let value =
            HeaderValue::from_bytes(value[1..].trim_ascii()).map_err(|_| Error::NotAField)?;
        fields
            .try_append(name, value)
            .map_err(|_| Error::NotAField)?;
    }
    Ok(fields)
}

/// Writes fields as lines, without a frame around them. Each value has a line of its own.
#[must_use]
pub fn lines(fields: &HeaderMap) -> BytesMut {
    let mut lines = BytesMut::new();
    put_lines(fields, &mut lines);
    lines
}

/// Writes fields as a whole frame: the flag, the length, the lines.
#[must_use]
pub fn frame(fields: &HeaderMap) -> Bytes {
    let mut frame = BytesMut::new();
    frame.put_u8(BLOCK);
    frame.put_u32(0);
    put_lines(fields, &mut frame);
    // A `HeaderMap` holds at most 32,768 fields, and what made it bounds each.
    let length = u32::try_from(frame.len() - 5).unwrap_or(u32::MAX);
    frame[1..5].copy_from_slice(&length.to_be_bytes());
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
    fn names_repeat_and_spaces_and_line_ends_do_not_matter() {
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
    fn what_is_no_field_is_refused() {
        for block in [
            &b"grpc-status"[..],
            b": 0\r\n",
            b"a b: c",
            b"a: \0",
            b"a: b\rc: d\n",
        ] {
            assert_eq!(parse(block), Err(Error::NotAField), "{block:?}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let fields = parse(b"a: 1\r\nb: \r\na: 2\r\n").expect("fields");
        assert_eq!(parse(&lines(&fields)), Ok(fields.clone()));
        let frame = frame(&fields);
        assert_eq!(frame[0], BLOCK);
        assert_eq!(
            frame[1..5],
            u32::try_from(frame.len() - 5).expect("short").to_be_bytes()
        );
        assert_eq!(parse(&frame[5..]), Ok(fields));
    }
}
