//! Binary metadata.

use http::{HeaderMap, HeaderName, HeaderValue};

/// Takes binary values apart that were joined on the way, as browsers and proxies do: no base64 has
/// a comma (PROTOCOL-HTTP2.md, «Binary-Header»). Texts are left joined, which says the same of them.
pub(super) fn take_apart(headers: &mut HeaderMap) {
    let joined = |name: &&HeaderName| {
        name.as_str().ends_with("-bin")
            && headers
                .get_all(*name)
                .iter()
                .any(|value| value.as_bytes().contains(&b','))
    };
    // As a rule there is none, and nothing is made.
    let joined: Vec<_> = headers.keys().filter(joined).cloned().collect();
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
    use crate::frames::block;

    #[test]
    fn binary_values_that_were_joined_are_apart_and_in_order_and_texts_stay_joined() {
        let mut headers =
            block::parse(b"x-bin: AQ, Ag\r\nx-bin: Aw\r\nx: 1, 2\r\n").expect("headers");
        take_apart(&mut headers);
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
