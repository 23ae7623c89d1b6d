//! Where a status comes from: trailers, headers, HTTP.

use std::{future::poll_fn, pin::pin, task::Poll};

use frontdesk_transport::client::{Channel, Reason};
use http::HeaderMap;
use tonic::{Code, Request};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    both,
    helpers::{
        Outcome, PATH, answer, chunk, message, name, outcome, reason, stream, tell, trailers,
    },
    own, second,
};

/// An answer whose last frame is cut after `at` bytes, with the rest coming when the message
/// before it has been read.
async fn cut(channel: Channel, at: usize) -> Outcome {
    let name = name();
    let end = trailers("grpc-status: 0\r\n");
    let first = [message("one"), end[..at].to_vec()].concat();
    let plan = answer(&[&chunk(&first), &format!("wait {name}"), &chunk(&end[at..])]);
    let mut stream = stream(channel, Request::new(plan))
        .await
        .expect("an answer");
    let first = stream.message().await.expect("a message");
    // What came with it has been read too: the channel has to wait for more.
    let mut next = pin!(stream.message());
    let early = poll_fn(|cx| Poll::Ready(next.as_mut().poll(cx))).await;
    let end = match early {
        Poll::Ready(early) => early,
        Poll::Pending => {
            tell("go", &name).await;
            next.await
        }
    };
    let status = end.err();
    Outcome {
        messages: first.into_iter().collect(),
        trailers: HeaderMap::new(),
        status,
    }
}

#[wasm_bindgen_test]
async fn a_status_arrives_wherever_its_frame_is_cut() {
    let length = trailers("grpc-status: 0\r\n").len();
    for at in 1..length {
        let whole = cut(own(), at).await;
        assert_eq!(whole.messages, ["one"], "cut at {at}");
        assert_eq!(whole.code(), Code::Ok, "cut at {at}: {:?}", whole.status);
    }
    // devashishdxt/tonic-web-wasm-client#97
    for at in [1, 5, length - 1] {
        let lost = cut(second(), at).await;
        assert_ne!(lost.code(), Code::Ok, "cut at {at}: it is mended");
    }
}

#[wasm_bindgen_test]
async fn an_answer_may_be_its_headers_alone() {
    for channel in both() {
        let refused = answer(&["header grpc-status: 5", "header grpc-message: n%C3%B6"]);
        let refused = outcome(channel.clone(), refused).await;
        assert_eq!(refused.code(), Code::NotFound);
        let status = refused.status.expect("an error");
        assert_eq!((status.message(), reason(&status)), ("nö", None));

        let empty = outcome(channel, answer(&["header grpc-status: 0"])).await;
        assert_eq!((empty.code(), empty.messages.len()), (Code::Ok, 0));
    }
}

#[wasm_bindgen_test]
async fn a_status_in_the_headers_does_not_count_where_a_body_follows() {
    let end = chunk(&trailers("grpc-status: 9\r\n"));
    let one = chunk(&message("one"));
    for header in ["header grpc-status: 0", "header grpc-status: 8"] {
        let both = outcome(own(), answer(&[header, &one, &end])).await;
        assert_eq!(both.messages, ["one"], "{header}");
        assert_eq!(both.code(), Code::FailedPrecondition, "{header}");
        let trailers = outcome(own(), answer(&[header, &end])).await;
        assert_eq!(trailers.code(), Code::FailedPrecondition, "{header}");
    }
    let counted = outcome(second(), answer(&["header grpc-status: 8", &end])).await;
    assert_eq!(counted.code(), Code::ResourceExhausted, "it is mended");
    // What has not ended is no answer that is its headers alone.
    let broken = answer(&["header grpc-status: 8", "reset"]);
    assert_eq!(outcome(own(), broken).await.code(), Code::Unavailable);
}

#[wasm_bindgen_test]
async fn a_stream_whose_headers_have_a_status_is_not_waited_out() {
    let name = name();
    let end = trailers("grpc-status: 0\r\n");
    let plan = answer(&[
        "header grpc-status: 0",
        &chunk(&message("one")),
        &format!("wait {name}"),
        &chunk(&end),
    ]);
    let mut stream = stream(own(), Request::new(plan)).await.expect("an answer");
    let first = stream.message().await.expect("a message");
    assert_eq!(first.as_deref(), Some("one"));
    tell("go", &name).await;
    assert_eq!(stream.message().await.expect("a good end"), None);
}

#[wasm_bindgen_test]
async fn what_is_not_grpc_has_the_code_of_its_http_status() {
    for (http, code) in [
        ("400 Bad Request", Code::Internal),
        ("401 Unauthorized", Code::Unauthenticated),
        ("403 Forbidden", Code::PermissionDenied),
        ("404 Not Found", Code::Unimplemented),
        ("429 Too Many Requests", Code::Unavailable),
        ("500 Internal Server Error", Code::Unknown),
        ("502 Bad Gateway", Code::Unavailable),
        ("503 Service Unavailable", Code::Unavailable),
        ("504 Gateway Timeout", Code::Unavailable),
        ("200 OK", Code::Unknown),
    ] {
        for kind in ["header content-type: text/html", "header x-nothing: at all"] {
            let plan = [&format!("status {http}"), kind, &chunk(b"<p>")].join("\n");
            let mapped = outcome(own(), plan.clone()).await;
            assert_eq!(mapped.code(), code, "{http}, {kind}");
            let status = mapped.status.expect("an error");
            let number = http[..3].parse().expect("a number");
            assert_eq!(reason(&status), Some(Reason::NotGrpc(number)));
            let unmapped = outcome(second(), plan).await;
            assert_eq!(
                unmapped.code(),
                Code::Unknown,
                "{http}, {kind}: it is mended"
            );
        }
    }
}

#[wasm_bindgen_test]
async fn an_answer_without_a_status_has_the_code_of_its_http_status() {
    let kind = "header content-type: application/grpc-web+proto";
    let plan = ["status 503 Service Unavailable", kind].join("\n");
    let busy = outcome(own(), plan).await;
    assert_eq!(busy.code(), Code::Unavailable);
    let status = busy.status.expect("an error");
    assert_eq!(reason(&status), Some(Reason::NotGrpc(503)));
}

#[wasm_bindgen_test]
async fn trailers_without_a_status_are_no_good_end() {
    let nameless = answer(&[&chunk(&trailers("grpc-message: why\r\n"))]);
    for channel in [own(), own().with_single_responses(&[PATH])] {
        let nameless = outcome(channel, nameless.clone()).await;
        assert_eq!(nameless.code(), Code::Unknown, "{:?}", nameless.status);
    }
}

#[wasm_bindgen_test]
async fn details_that_are_no_base64_do_not_hide_the_status() {
    let fields = [
        "grpc-status: 5",
        "grpc-message: no",
        "grpc-status-details-bin: !",
    ];
    let [status, words, details] = fields.map(|field| format!("header {field}"));
    let end = chunk(&trailers(&(fields.join("\r\n") + "\r\n")));
    for plan in [answer(&[&status, &words, &details]), answer(&[&end])] {
        let refused = outcome(own(), plan).await;
        assert_eq!(refused.code(), Code::NotFound);
        assert_eq!(refused.status.expect("an error").message(), "no");
    }
}
