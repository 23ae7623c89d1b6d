//! Header fields, there and back.

use tonic::{Code, Request, metadata::MetadataValue};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    helpers::{Outcome, answer, call, chunk, message, outcome, outcome_of, trailers},
    own, second,
};

#[wasm_bindgen_test]
async fn trailers_that_repeat_keep_all_their_values() {
    let plan = || {
        let end = trailers("x-a: 1\r\ngrpc-status: 0\r\nX-A: 2\r\nx-b-bin: AAE\r\n");
        answer(&[&chunk(&message("one")), &chunk(&end)])
    };
    let values = |outcome: &Outcome| outcome.trailers.get_all("x-a").iter().count();
    let kept = outcome(own(), plan()).await;
    assert_eq!((kept.code(), values(&kept)), (Code::Ok, 2));
    let lost = outcome(second(), plan()).await;
    assert_eq!((lost.code(), values(&lost)), (Code::Ok, 1), "it is mended");
}

#[wasm_bindgen_test]
async fn binary_metadata_that_a_browser_has_joined_is_taken_apart() {
    let plan = answer(&[
        "header x-a-bin: AAE",
        "header x-a-bin: AAI=",
        &chunk(&trailers("grpc-status: 0\r\n")),
    ]);
    let answer = call(own(), Request::new(plan)).await.expect("an answer");
    let values: Vec<_> = answer
        .metadata()
        .get_all_bin("x-a-bin")
        .iter()
        .map(|value| value.to_bytes().expect("base64"))
        .collect();
    assert_eq!(values, [&b"\0\x01"[..], b"\0\x02"]);
}

#[wasm_bindgen_test]
async fn metadata_that_is_not_ascii_goes_both_ways() {
    let end = trailers("x-a: ü\r\ngrpc-status: 0\r\n");
    let plan = answer(&["header x-a: ü", &chunk(&end)]);
    let request = || {
        let value = MetadataValue::try_from("ü".as_bytes()).expect("a value");
        let mut request = Request::new(plan.clone());
        request.metadata_mut().insert("x-a", value);
        request
    };
    let mut answer = call(own(), request()).await.expect("an answer");
    assert!(
        answer
            .get_mut()
            .message()
            .await
            .expect("no error")
            .is_none()
    );
    let trailers = answer.get_mut().trailers().await.expect("read to its end");
    let trailers = trailers.expect("trailers");
    for metadata in [answer.metadata(), &trailers] {
        let value = metadata.get("x-a").expect("metadata").as_encoded_bytes();
        assert_eq!(value, "ü".as_bytes());
    }
    let refused = outcome_of(second(), request()).await;
    assert_eq!(refused.code(), Code::Internal, "it is mended");
}

#[wasm_bindgen_test]
async fn a_content_type_may_be_spelled_in_capitals_and_have_parameters() {
    let end = chunk(&trailers("grpc-status: 0\r\n"));
    for kind in ["Application/GRPC-Web", "application/grpc-web+PROTO ; a=b"] {
        let plan = format!("header content-type: {kind}\n{end}");
        assert_eq!(outcome(own(), plan).await.code(), Code::Ok, "{kind}");
    }
}
