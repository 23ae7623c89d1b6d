//! Metadata in both directions.

use tonic::{Code, Request, metadata::MetadataValue};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    fetch,
    helpers::{Outcome, call, chunk, header_block, message, response, run},
};
#[cfg(feature = "tonic-web-wasm-client")]
use super::{helpers::run_request, tonic_web};

#[wasm_bindgen_test]
async fn repeated_trailers_keep_all_their_values() {
    let script = || {
        let end = header_block("x-a: 1\r\ngrpc-status: 0\r\nX-A: 2\r\nx-b-bin: AAE\r\n");
        response(&[&chunk(&message("one")), &chunk(&end)])
    };
    let values = |outcome: &Outcome| outcome.trailers.get_all("x-a").iter().count();
    let outcome = run(fetch(), script()).await;
    assert_eq!((outcome.code(), values(&outcome)), (Code::Ok, 2));
    #[cfg(feature = "tonic-web-wasm-client")]
    {
        let outcome = run(tonic_web(), script()).await;
        let found = (outcome.code(), values(&outcome));
        assert_eq!(found, (Code::Ok, 1), "fixed upstream");
    }
}

#[wasm_bindgen_test]
async fn binary_metadata_that_the_browser_joined_is_split() {
    let script = response(&[
        "header x-a-bin: AAE",
        "header x-a-bin: AAI=",
        &chunk(&header_block("grpc-status: 0\r\n")),
    ]);
    let response = call(fetch(), Request::new(script))
        .await
        .expect("a response");
    let values: Vec<_> = response
        .metadata()
        .get_all_bin("x-a-bin")
        .iter()
        .map(|value| value.to_bytes().expect("base64"))
        .collect();
    assert_eq!(values, [&b"\0\x01"[..], b"\0\x02"]);
}

#[wasm_bindgen_test]
async fn metadata_that_is_not_ascii_is_transferred_in_both_directions() {
    let end = header_block("x-a: ü\r\ngrpc-status: 0\r\n");
    let script = response(&["header x-a: ü", &chunk(&end)]);
    let request = || {
        let value = MetadataValue::try_from("ü".as_bytes()).expect("a value");
        let mut request = Request::new(script.clone());
        request.metadata_mut().insert("x-a", value);
        request
    };
    let mut response = call(fetch(), request()).await.expect("a response");
    assert!(
        response
            .get_mut()
            .message()
            .await
            .expect("no error")
            .is_none()
    );
    let trailers = response.get_mut().trailers().await.expect("no error");
    let trailers = trailers.expect("trailers");
    for metadata in [response.metadata(), &trailers] {
        let value = metadata.get("x-a").expect("metadata").as_encoded_bytes();
        assert_eq!(value, "ü".as_bytes());
    }
    #[cfg(feature = "tonic-web-wasm-client")]
    {
        let outcome = run_request(tonic_web(), request()).await;
        assert_eq!(outcome.code(), Code::Internal, "fixed upstream");
    }
}

#[wasm_bindgen_test]
async fn the_content_type_may_be_in_upper_case_and_have_parameters() {
    let end = chunk(&header_block("grpc-status: 0\r\n"));
    for content_type in ["Application/GRPC-Web", "application/grpc-web+PROTO ; a=b"] {
        let script = format!("header content-type: {content_type}\n{end}");
        let outcome = run(fetch(), script).await;
        assert_eq!(outcome.code(), Code::Ok, "{content_type}");
    }
}
