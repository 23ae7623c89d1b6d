//! Conversion between [`HeaderMap`] and the browser's `Headers`.
//!
//! A JavaScript string holds the bytes of a header as code points up to U+00FF ("isomorphic decode",
//! WHATWG Infra).

use http::{HeaderMap, HeaderName, HeaderValue, header};
use js_sys::{Array, JsString};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::Headers;

use crate::{dialect::GRPC_WEB_NAME, metadata::split_joined_binary};

/// The headers of a request: its own, and those of gRPC-Web.
pub(super) fn to_js(fields: &HeaderMap) -> Result<Headers, JsValue> {
    let headers = Headers::new()?;
    headers.append("content-type", GRPC_WEB_NAME)?;
    headers.append("accept", GRPC_WEB_NAME)?;
    headers.append("x-grpc-web", "1")?;
    for (name, value) in fields {
        // `te: trailers` is for native gRPC only; browsers do not allow it.
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

/// The headers of a response. Browsers join repeated fields with commas.
pub(super) fn from_js(headers: &JsValue) -> HeaderMap {
    let mut fields = HeaderMap::new();
    for pair in Array::from(headers) {
        let pair: Array = pair.unchecked_into();
        let (name, value) = (latin1(pair.get(0)), latin1(pair.get(1)));
        // Browsers reject responses with invalid fields, so both conversions succeed.
        if let Ok(name) = HeaderName::from_bytes(&name)
            && let Ok(value) = HeaderValue::from_bytes(value.trim_ascii())
        {
            fields.append(name, value);
        }
    }
    split_joined_binary(&mut fields);
    fields
}

fn latin1(text: JsValue) -> Vec<u8> {
    let text: JsString = text.unchecked_into();
    text.iter().map(|unit| unit.to_le_bytes()[0]).collect()
}
