//! The origin of a channel.

use frontdesk_transport::client::{Carrier, Channel};
use tonic::{Code, Request};
use wasm_bindgen_test::wasm_bindgen_test;

use super::helpers::{chunk, header_block, response, run_request, server};

#[wasm_bindgen_test]
async fn an_origin_may_have_a_trailing_slash_and_a_path() {
    let end = chunk(&header_block("grpc-status: 0\r\n"));
    for path in ["", "/", "/app", "/app/"] {
        let channel = Channel::new(server().to_owned() + path);
        for (carrier, script) in [
            (Carrier::Fetch, response(&[&end])),
            #[cfg(feature = "tonic-web-wasm-client")]
            (Carrier::TonicWeb, response(&[&end])),
            (Carrier::WebSocket, [&end, "close 1000"].join("\n")),
        ] {
            let mut request = Request::new(script);
            request.extensions_mut().insert(carrier);
            let outcome = run_request(channel.clone(), request).await;
            assert_eq!(outcome.code(), Code::Ok, "{path:?}, {carrier:?}");
        }
    }
}
