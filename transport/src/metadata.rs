//! Binary metadata.

use http::{HeaderMap, HeaderName, HeaderValue};

/// Splits values of `-bin` fields that a browser or proxy has joined with commas.
///
/// Base64 has no comma, so the split is unambiguous (grpc/doc/PROTOCOL-HTTP2.md, "Custom-Metadata").
/// Text values stay joined: a comma in them may be part of the value.
pub(crate) fn split_joined_binary(headers: &mut HeaderMap) {
    let is_joined = |name: &&HeaderName| {
        name.as_str().ends_with("-bin")
            && headers
                .get_all(*name)
                .iter()
                .any(|value| value.as_bytes().contains(&b','))
    };
    // Usually empty, and then nothing is allocated.
    let joined: Vec<_> = headers.keys().filter(is_joined).cloned().collect();
    for name in joined {
        let parts: Vec<_> = headers
            .get_all(&name)
            .iter()
            .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
            .filter_map(|part| HeaderValue::from_bytes(part.trim_ascii()).ok())
            .collect();
        headers.remove(&name);
        for part in parts {
            headers.append(&name, part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frames::header_block;

    #[test]
    fn joined_binary_values_are_split_in_order_and_text_values_are_not() {
        let mut headers =
            header_block::parse(b"x-bin: AQ, Ag\r\nx-bin: Aw\r\nx: 1, 2\r\n").expect("headers");
        split_joined_binary(&mut headers);
        let values = |name| {
            let values = headers.get_all(name).iter();
            values
                .map(|value| value.to_str().expect("text").to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(values("x-bin"), ["AQ", "Ag", "Aw"]);
        assert_eq!(values("x"), ["1, 2"]);
    }
}
