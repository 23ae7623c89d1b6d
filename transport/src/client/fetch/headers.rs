//! Header fields between [`HeaderMap`] and the browser's `Headers`.
//!
//! A browser's strings hold a field's bytes one for one, as code points up to U+00FF
//! (`isomorphic decode`, WHATWG Infra).

use http::{HeaderMap, HeaderName, HeaderValue, header};
use js_sys::{Array, JsString};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::Headers;

/// What a call is sent with: its own fields, and those that make it gRPC-Web.
pub(super) fn of_request(fields: &HeaderMap) -> Result<Headers, JsValue> {
    let headers = Headers::new()?;
    headers.append("content-type", super::CONTENT_TYPE)?;
    headers.append("accept", super::CONTENT_TYPE)?;
    headers.append("x-grpc-web", "1")?;
    for (name, value) in fields {
        // `te` belongs to HTTP/2, where it says that trailers are understood.
        if name != header::CONTENT_TYPE && name != header::TE {
            let value: String = value
                .as_bytes()
                .iter()
                .map(|byte| char::from(*byte))
                .collect();
            headers.append(name.as_str(), &value)?;
        }
    }
    Ok(headers)
}

/// What was answered. What HTTP does not allow in a field is not there: browsers let none of it in.
pub(super) fn of_answer(headers: &JsValue) -> HeaderMap {
    let mut fields = HeaderMap::new();
    for pair in Array::from(headers) {
        let pair: Array = pair.unchecked_into();
        let (name, value) = (latin1(pair.get(0)), latin1(pair.get(1)));
        let Ok(name) = HeaderName::from_bytes(&name) else {
            continue;
        };
        // Browsers join the values of a name that repeats. Of binary metadata each part is base64
        // by itself (`PROTOCOL-HTTP2.md`, «Custom-Metadata»); of text, a comma may be meant.
        let binary = name.as_str().ends_with("-bin");
        for value in value.split(|byte| binary && *byte == b',') {
            if let Ok(value) = HeaderValue::from_bytes(value.trim_ascii()) {
                fields.append(&name, value);
            }
        }
    }
    fields
}

fn latin1(text: JsValue) -> Vec<u8> {
    let text: JsString = text.unchecked_into();
    text.iter().map(|unit| unit.to_le_bytes()[0]).collect()
}
