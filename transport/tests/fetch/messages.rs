//! Messages that are not what the call is to have.

use frontdesk_transport::client::Reason;
use tonic::{Code, Request, metadata::MetadataValue};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    helpers::{PATH, answer, chunk, message, outcome, outcome_of, reason, trailers, unary},
    own,
};

#[wasm_bindgen_test]
async fn a_compression_that_was_not_asked_for_is_an_error() {
    let plan = |encoding: &str, line: &str| {
        let ok = chunk(&trailers("grpc-status: 0\r\n"));
        answer(&[&format!("header grpc-encoding: {encoding}"), line, &ok])
    };
    let one = chunk(&message("one"));
    let compressed = chunk(b"\x01\0\0\0\x01x");
    let unasked = outcome(own(), plan("gzip", &compressed)).await;
    assert_eq!(unasked.code(), Code::Internal);
    // Nothing is amiss where it is not made use of.
    let unused = outcome(own(), plan("gzip", &one)).await;
    assert_eq!((unused.code(), unused.messages.len()), (Code::Ok, 1));

    // Asked for, it is the stub's: these stubs can't read it, and say so themselves.
    let mut request = Request::new(plan("gzip", &compressed));
    let accepted = MetadataValue::from_static("deflate, gzip,identity");
    request
        .metadata_mut()
        .insert("grpc-accept-encoding", accepted);
    let asked = outcome_of(own(), request).await;
    assert_eq!(asked.code(), Code::Unimplemented);
    assert_eq!(reason(&asked.status.expect("an error")), None);

    let fields = ["header grpc-encoding: gzip", "header grpc-status: 5"];
    let refused = outcome(own(), answer(&fields)).await;
    assert_eq!(refused.code(), Code::NotFound);
}

#[wasm_bindgen_test]
async fn an_answer_that_has_to_be_one_message_is_counted() {
    let single = || own().with_single_responses(&[PATH]);
    let [one, two] = ["one", "two"].map(message);
    let ok = trailers("grpc-status: 0\r\n");
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
        let counted = unary(single(), Request::new(answer(lines))).await;
        let status = counted.expect_err("another number of messages");
        assert_eq!(status.code(), Code::Unimplemented, "{lines:?}: {status:?}");
        assert_eq!(reason(&status), Some(Reason::NotSingle), "{lines:?}");
    }

    let good = answer(&[&chunk(&one), &chunk(&ok)]);
    let good = unary(single(), Request::new(good)).await;
    assert_eq!(good.expect("one message"), "one");
    // An error needs no message.
    let end = chunk(&trailers("grpc-status: 5\r\n"));
    for line in [&end[..], "header grpc-status: 5"] {
        let refused = unary(single(), Request::new(answer(&[line]))).await;
        assert_eq!(refused.expect_err("refused").code(), Code::NotFound);
    }
    // Who does not say that there is to be one gets what comes.
    let more = answer(&[&chunk(&[one, two, ok].concat())]);
    assert_eq!(outcome(own(), more).await.messages, ["one", "two"]);
}

#[wasm_bindgen_test]
async fn what_is_no_frame_is_an_error() {
    for bytes in [
        &b"\x02\0\0\0\0"[..],
        b"\x80\xff\xff\xff\xff",
        b"\x80\0\0\0\x01x",
        // Compressed trailers, which nobody has asked for.
        b"\x81\0\0\0\0",
    ] {
        let broken = outcome(own(), answer(&[&chunk(bytes)])).await;
        assert_eq!(broken.code(), Code::Internal, "{bytes:?}");
        let status = broken.status.expect("an error");
        assert_eq!(reason(&status), Some(Reason::Malformed));
    }
}
