//! Responses with the wrong messages.

use frontdesk_transport::client::{Channel, Reason};
use tonic::{Code, Request, metadata::MetadataValue};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    all_carriers, fetch,
    helpers::{PATH, chunk, header_block, message, reason, response, run, run_request, unary},
};

#[wasm_bindgen_test]
async fn compression_that_was_not_offered_is_an_error() {
    let script = |encoding: &str, line: &str| {
        let ok = chunk(&header_block("grpc-status: 0\r\n"));
        response(&[&format!("header grpc-encoding: {encoding}"), line, &ok])
    };
    let one = chunk(&message("one"));
    let compressed = chunk(b"\x01\0\0\0\x01x");
    let outcome = run(fetch(), script("gzip", &compressed)).await;
    assert_eq!(outcome.code(), Code::Internal);
    // An encoding that no message uses is harmless.
    let outcome = run(fetch(), script("gzip", &one)).await;
    assert_eq!((outcome.code(), outcome.messages.len()), (Code::Ok, 1));

    // If it was offered, decoding is up to the stub; this one does not support compression.
    let mut request = Request::new(script("gzip", &compressed));
    let accepted = MetadataValue::from_static("deflate, gzip,identity");
    request
        .metadata_mut()
        .insert("grpc-accept-encoding", accepted);
    let outcome = run_request(fetch(), request).await;
    assert_eq!(outcome.code(), Code::Unimplemented);
    assert_eq!(reason(&outcome.status.expect("an error")), None);

    let commands = ["header grpc-encoding: gzip", "header grpc-status: 5"];
    let outcome = run(fetch(), response(&commands)).await;
    assert_eq!(outcome.code(), Code::NotFound);
}

#[wasm_bindgen_test]
async fn a_response_that_must_be_one_message_is_checked() {
    for channel in all_carriers() {
        check_single_responses(channel.with_single_responses(&[PATH])).await;
    }
    // Other methods may have any number of messages.
    let ok = header_block("grpc-status: 0\r\n");
    let two = [message("one"), message("two"), ok].concat();
    let outcome = run(fetch(), response(&[&chunk(&two)])).await;
    assert_eq!(outcome.messages, ["one", "two"]);
}

async fn check_single_responses(channel: Channel) {
    let [one, two] = ["one", "two"].map(message);
    let ok = header_block("grpc-status: 0\r\n");
    for lines in [
        &[&chunk(&ok)[..]][..],
        &["header grpc-status: 0"],
        &[&chunk(&[&one[..], &two, &ok].concat())],
        &[
            &chunk(&one),
            &chunk(&two[..3]),
            &chunk(&two[3..]),
            &chunk(&ok),
        ],
    ] {
        let reply = unary(channel.clone(), Request::new(response(lines))).await;
        let status = reply.expect_err("none or several messages");
        assert_eq!(status.code(), Code::Unimplemented, "{lines:?}: {status:?}");
        assert_eq!(reason(&status), Some(Reason::Cardinality), "{lines:?}");
    }

    let script = response(&[&chunk(&one), &chunk(&ok)]);
    let reply = unary(channel.clone(), Request::new(script)).await;
    assert_eq!(reply.expect("one message"), "one");
    // An error has no message.
    let end = chunk(&header_block("grpc-status: 5\r\n"));
    for line in [&end[..], "header grpc-status: 5"] {
        let reply = unary(channel.clone(), Request::new(response(&[line]))).await;
        assert_eq!(reply.expect_err("an error").code(), Code::NotFound);
    }
}

#[wasm_bindgen_test]
async fn invalid_frames_are_errors() {
    for bytes in [
        &b"\x02\0\0\0\0"[..],
        b"\x80\xff\xff\xff\xff",
        b"\x80\0\0\0\x01x",
        // Compressed trailers, which were not offered.
        b"\x81\0\0\0\0",
    ] {
        let outcome = run(fetch(), response(&[&chunk(bytes)])).await;
        assert_eq!(outcome.code(), Code::Internal, "{bytes:?}");
        let status = outcome.status.expect("an error");
        assert_eq!(reason(&status), Some(Reason::Malformed));
    }
}
