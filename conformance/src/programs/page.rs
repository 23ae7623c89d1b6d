//! `conformance-page`: the part of the client under test that runs in a browser.

/// Makes the call that an encoded `ClientCompatRequest` describes and returns an encoded
/// `ClientCompatResponse`.
///
/// # Errors
///
/// If the request cannot be decoded.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub async fn run(request: &[u8]) -> Result<Vec<u8>, String> {
    use prost::Message as _;

    let request = frontdesk_conformance::proto::ClientCompatRequest::decode(request)
        .map_err(|error| error.to_string())?;
    Ok(frontdesk_conformance::page::run(request)
        .await
        .encode_to_vec())
}

fn main() {}
