//! Statuses from trailers, headers and HTTP.

use std::{future::poll_fn, pin::pin, task::Poll};

use frontdesk_transport::client::{Channel, Reason};
use http::HeaderMap;
use tonic::{Code, Request};
use wasm_bindgen_test::wasm_bindgen_test;

#[cfg(feature = "tonic-web-wasm-client")]
use super::tonic_web;
use super::{
    all_carriers, fetch,
    helpers::{
        Outcome, PATH, chunk, header_block, message, reason, response, run, signal, stream,
        unique_name,
    },
};

/// A response whose trailers frame is cut after `at` bytes. The rest is sent once the message before
/// it has been read.
async fn run_cut(channel: Channel, at: usize) -> Outcome {
    let name = unique_name();
    let end = header_block("grpc-status: 0\r\n");
    let first = [message("one"), end[..at].to_vec()].concat();
    let script = response(&[&chunk(&first), &format!("wait {name}"), &chunk(&end[at..])]);
    let mut stream = stream(channel, Request::new(script))
        .await
        .expect("a response");
    let first = stream.message().await.expect("a message");
    // Read the rest of the first chunk, so that the channel has to wait for the second.
    let mut next = pin!(stream.message());
    let first_poll = poll_fn(|cx| Poll::Ready(next.as_mut().poll(cx))).await;
    let end = match first_poll {
        Poll::Ready(end) => end,
        Poll::Pending => {
            signal(&name).await;
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
async fn the_status_arrives_wherever_the_trailers_frame_is_cut() {
    let length = header_block("grpc-status: 0\r\n").len();
    for at in 1..length {
        let outcome = run_cut(fetch(), at).await;
        assert_eq!(outcome.messages, ["one"], "cut at {at}");
        assert_eq!(
            outcome.code(),
            Code::Ok,
            "cut at {at}: {:?}",
            outcome.status
        );
    }
    // devashishdxt/tonic-web-wasm-client#97
    #[cfg(feature = "tonic-web-wasm-client")]
    for at in [1, 5, length - 1] {
        let outcome = run_cut(tonic_web(), at).await;
        assert_ne!(outcome.code(), Code::Ok, "cut at {at}: fixed upstream");
    }
}

#[wasm_bindgen_test]
async fn a_response_may_be_trailers_only() {
    for channel in all_carriers() {
        let script = response(&["header grpc-status: 5", "header grpc-message: n%C3%B6"]);
        let outcome = run(channel.clone(), script).await;
        assert_eq!(outcome.code(), Code::NotFound);
        let status = outcome.status.expect("an error");
        assert_eq!((status.message(), reason(&status)), ("nö", None));

        let outcome = run(channel, response(&["header grpc-status: 0"])).await;
        assert_eq!((outcome.code(), outcome.messages.len()), (Code::Ok, 0));
    }
}

#[wasm_bindgen_test]
async fn a_status_in_the_headers_is_ignored_if_a_body_follows() {
    let end = chunk(&header_block("grpc-status: 9\r\n"));
    let one = chunk(&message("one"));
    for header in ["header grpc-status: 0", "header grpc-status: 8"] {
        let outcome = run(fetch(), response(&[header, &one, &end])).await;
        assert_eq!(outcome.messages, ["one"], "{header}");
        assert_eq!(outcome.code(), Code::FailedPrecondition, "{header}");
        let outcome = run(fetch(), response(&[header, &end])).await;
        assert_eq!(outcome.code(), Code::FailedPrecondition, "{header}");
    }
    #[cfg(feature = "tonic-web-wasm-client")]
    {
        let outcome = run(tonic_web(), response(&["header grpc-status: 8", &end])).await;
        assert_eq!(outcome.code(), Code::ResourceExhausted, "fixed upstream");
    }
    // If the connection breaks, it is unknown whether a body would have followed.
    let script = response(&["header grpc-status: 8", "reset"]);
    assert_eq!(run(fetch(), script).await.code(), Code::Unavailable);
}

#[wasm_bindgen_test]
async fn a_stream_with_a_status_in_the_headers_is_not_read_to_its_end_first() {
    let name = unique_name();
    let end = header_block("grpc-status: 0\r\n");
    let script = response(&[
        "header grpc-status: 0",
        &chunk(&message("one")),
        &format!("wait {name}"),
        &chunk(&end),
    ]);
    let mut stream = stream(fetch(), Request::new(script))
        .await
        .expect("a response");
    let first = stream.message().await.expect("a message");
    assert_eq!(first.as_deref(), Some("one"));
    signal(&name).await;
    assert_eq!(stream.message().await.expect("no error"), None);
}

#[wasm_bindgen_test]
async fn a_response_that_is_not_grpc_has_the_code_of_its_http_status() {
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
        for header in ["header content-type: text/html", "header x-other: value"] {
            let script = [&format!("status {http}"), header, &chunk(b"<p>")].join("\n");
            let outcome = run(fetch(), script.clone()).await;
            assert_eq!(outcome.code(), code, "{http}, {header}");
            let status = outcome.status.expect("an error");
            let number = http[..3].parse().expect("a number");
            assert_eq!(reason(&status), Some(Reason::NotGrpc(number)));
            #[cfg(feature = "tonic-web-wasm-client")]
            {
                let outcome = run(tonic_web(), script).await;
                let code = outcome.code();
                assert_eq!(code, Code::Unknown, "{http}, {header}: fixed upstream");
            }
        }
    }
}

#[wasm_bindgen_test]
async fn a_grpc_response_without_a_status_has_the_code_of_its_http_status() {
    let header = "header content-type: application/grpc-web+proto";
    let script = ["status 503 Service Unavailable", header].join("\n");
    let outcome = run(fetch(), script).await;
    assert_eq!(outcome.code(), Code::Unavailable);
    let status = outcome.status.expect("an error");
    assert_eq!(reason(&status), Some(Reason::NotGrpc(503)));
}

#[wasm_bindgen_test]
async fn trailers_without_a_status_are_an_error() {
    let script = response(&[&chunk(&header_block("grpc-message: why\r\n"))]);
    for channel in [fetch(), fetch().with_single_responses(&[PATH])] {
        let outcome = run(channel, script.clone()).await;
        assert_eq!(outcome.code(), Code::Unknown, "{:?}", outcome.status);
    }
}

#[wasm_bindgen_test]
async fn malformed_details_do_not_hide_the_status() {
    let fields = [
        "grpc-status: 5",
        "grpc-message: no",
        "grpc-status-details-bin: !",
    ];
    let [status, message, details] = fields.map(|field| format!("header {field}"));
    let end = chunk(&header_block(&(fields.join("\r\n") + "\r\n")));
    let trailers_only = response(&[&status, &message, &details]);
    for script in [trailers_only, response(&[&end])] {
        let outcome = run(fetch(), script).await;
        assert_eq!(outcome.code(), Code::NotFound);
        assert_eq!(outcome.status.expect("an error").message(), "no");
    }
}
