//! Where a channel leads.

use frontdesk_transport::client::{Channel, Via};
use tonic::{Code, Request};
use wasm_bindgen_test::wasm_bindgen_test;

use super::helpers::{answer, chunk, crooked, outcome_of, trailers};

#[wasm_bindgen_test]
async fn an_origin_may_end_with_a_slash_and_have_a_path() {
    let end = chunk(&trailers("grpc-status: 0\r\n"));
    for path in ["", "/", "/desk", "/desk/"] {
        let channel = Channel::new(crooked().to_owned() + path);
        for (via, plan) in [
            (Via::Fetch, answer(&[&end])),
            (Via::WebSocket, [&end, "close 1000"].join("\n")),
        ] {
            let mut request = Request::new(plan);
            request.extensions_mut().insert(via);
            let answered = outcome_of(channel.clone(), request).await;
            assert_eq!(answered.code(), Code::Ok, "{path:?}, {via:?}");
        }
    }
}
