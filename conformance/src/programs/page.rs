//! `conformance-page`: what the client under test has run in a browser.

/// Makes the call of an encoded `ClientCompatRequest`; answers an encoded `ClientCompatResponse`.
///
/// # Errors
///
/// Where the request is none.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub async fn run(request: &[u8]) -> Result<Vec<u8>, String> {
    use prost::Message as _;

    let request = frontdesk_conformance::wire::ClientCompatRequest::decode(request)
        .map_err(|error| error.to_string())?;
    Ok(frontdesk_conformance::page::run(request)
        .await
        .encode_to_vec())
}

fn main() {}
