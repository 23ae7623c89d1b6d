//! The page's channel over `fetch`, in a browser, against a server that answers as it is told to
//! (`examples/crooked`).
//!
//! Each case runs over both ways that a call can be carried by. Where the second one falls short,
//! the case says so, and fails when it does not any more.

#![cfg(target_arch = "wasm32")]

mod helpers;

use std::{future::poll_fn, pin::pin, task::Poll, time::Duration};

use frontdesk_transport::client::{Channel, Reason};
use http::HeaderMap;
use tonic::{Code, Request, metadata::MetadataValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use helpers::{
    Outcome, answer, call, chunk, crooked, message, name, outcome, outcome_of, reason, stream,
    tell, trailers,
};

wasm_bindgen_test_configure!(run_in_browser);

fn own() -> Channel {
    Channel::new(crooked())
}

fn second() -> Channel {
    Channel::over_tonic_web(crooked())
}

fn both() -> [Channel; 2] {
    [own(), second()]
}

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
async fn a_connection_that_breaks_says_what_was_lost() {
    for (channel, own) in both().into_iter().zip([true, false]) {
        let name = name();
        let wait = format!("wait {name}");
        let plan = answer(&[&chunk(&message("one")), &wait, "reset"]);
        let mut stream = stream(channel, Request::new(plan))
            .await
            .expect("an answer");
        let first = stream.message().await.expect("a message");
        assert_eq!(first.as_deref(), Some("one"));
        tell("go", &name).await;
        let status = stream.message().await.expect_err("it broke");
        assert_eq!(status.code(), Code::Unavailable, "{status:?}");
        if own {
            assert_eq!(reason(&status), Some(Reason::Broken));
            assert!(status.message().contains("after 10 bytes"), "{status:?}");
        }
    }
}

#[wasm_bindgen_test]
async fn an_answer_that_ends_without_its_status_is_no_good_one() {
    let whole = message("one");
    let within = [message("one"), message("two")[..6].to_vec()].concat();
    for bytes in [&whole[..], &within[..]] {
        for channel in both() {
            let cut = outcome(channel, answer(&[&chunk(bytes)])).await;
            assert_eq!(cut.code(), Code::Unavailable);
            let status = cut.status.expect("an error");
            assert_eq!(reason(&status), Some(Reason::CutShort));
        }
    }
}

#[wasm_bindgen_test]
async fn what_is_no_frame_is_an_error() {
    for bytes in [
        &b"\x02\0\0\0\0"[..],
        b"\x80\xff\xff\xff\xff",
        b"\x80\0\0\0\x01x",
    ] {
        let broken = outcome(own(), answer(&[&chunk(bytes)])).await;
        assert_eq!(broken.code(), Code::Internal, "{bytes:?}");
        let status = broken.status.expect("an error");
        assert_eq!(reason(&status), Some(Reason::Malformed));
    }
}

#[wasm_bindgen_test]
async fn a_deadline_counts_before_an_answer_and_within_it() {
    for channel in both() {
        for plan in [
            answer(&["wait never"]),
            answer(&[&chunk(&message("one")), "wait never"]),
        ] {
            let mut request = Request::new(plan);
            request.set_timeout(Duration::from_millis(100));
            let late = outcome_of(channel.clone(), request).await;
            assert_eq!(late.code(), Code::DeadlineExceeded, "{:?}", late.status);
        }
    }
}

#[wasm_bindgen_test]
async fn a_stream_that_is_dropped_is_aborted() {
    for channel in both() {
        let name = name();
        let gone = format!("gone {name}");
        let plan = answer(&[&chunk(&message("one")), &gone]);
        let mut stream = stream(channel, Request::new(plan))
            .await
            .expect("an answer");
        assert!(stream.message().await.expect("a message").is_some());
        drop(stream);
        // Answered when the server has seen it.
        tell("gone", &name).await;
    }
}
