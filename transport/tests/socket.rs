//! The page's channel over `WebSocket`, in a browser, against a server that answers as it is told to
//! (`examples/crooked`).

#![cfg(target_arch = "wasm32")]

mod helpers;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use frontdesk_transport::client::{Channel, Reason, Timer, Via};
use futures_util::{Stream, StreamExt as _, stream};
use http::uri::PathAndQuery;
use tonic::{Code, Request, Streaming, client::Grpc};
use tonic_prost::ProstCodec;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use helpers::{
    PATH, chunk, crooked, message, name, outcome, outcome_of, reason, stream, tell, trailers, unary,
};

wasm_bindgen_test_configure!(run_in_browser);

/// All calls of these tests go by `WebSocket`.
const STREAMING: &[&str] = &[PATH];

fn channel() -> Channel {
    Channel::with_streaming(crooked(), STREAMING)
}

fn headers() -> Vec<u8> {
    trailers("x-a: 1\r\n")
}

fn ok() -> Vec<u8> {
    trailers("grpc-status: 0\r\nx-b: 2\r\n")
}

fn plan(lines: &[&str]) -> String {
    lines.join("\n")
}

/// What the server answers to a request that is a stream; its first message is the plan.
async fn streaming(requests: impl Stream<Item = String> + Send + 'static) -> Streaming<String> {
    let mut grpc = Grpc::new(channel());
    grpc.ready().await.expect("always ready");
    let path = PathAndQuery::from_static(PATH);
    let codec = ProstCodec::<String, String>::default();
    let answer = grpc.streaming(Request::new(requests), path, codec).await;
    answer.expect("an answer").into_inner()
}

#[wasm_bindgen_test]
async fn an_answer_reads_the_same_wherever_its_messages_are_cut() {
    let answer = [headers(), message("one"), message("two"), ok()].concat();
    for at in 1..answer.len() {
        let (first, rest) = answer.split_at(at);
        let plan = plan(&[&chunk(first), &chunk(rest), "close 1000"]);
        let outcome = outcome(channel(), plan).await;
        assert_eq!(outcome.messages, ["one", "two"], "cut at {at}");
        assert_eq!(
            outcome.code(),
            Code::Ok,
            "cut at {at}: {:?}",
            outcome.status
        );
        assert_eq!(
            outcome.trailers.get("x-b").map(http::HeaderValue::as_bytes),
            Some(&b"2"[..])
        );
    }
}

#[wasm_bindgen_test]
async fn an_answer_may_be_one_block_alone() {
    let refusal = trailers("grpc-status: 5\r\ngrpc-message: nobody\r\n");
    let refused = outcome(channel(), plan(&[&chunk(&refusal), "close 1000"])).await;
    let status = refused.status.expect("an error");
    assert_eq!(
        (status.code(), status.message()),
        (Code::NotFound, "nobody")
    );
    assert_eq!(reason(&status), None, "the server's own");
}

#[wasm_bindgen_test]
async fn close_codes_have_statuses() {
    for (close, code) in [
        ("1000", Code::Unavailable),
        ("1001", Code::Unavailable),
        ("1002", Code::Internal),
        ("1007", Code::Internal),
        ("1008", Code::PermissionDenied),
        ("1009", Code::ResourceExhausted),
        ("1011", Code::Internal),
        ("1013", Code::Unavailable),
        ("4000", Code::Unavailable),
    ] {
        let begun = [headers(), message("one")].concat();
        let close_line = format!("close {close} why");
        let closed = outcome(channel(), plan(&[&chunk(&begun), &close_line])).await;
        assert_eq!(closed.messages, ["one"], "{close}");
        assert_eq!(closed.code(), code, "{close}: {:?}", closed.status);
        let at_once = outcome(channel(), plan(&[&close_line])).await;
        assert_eq!(
            at_once.code(),
            code,
            "{close} at once: {:?}",
            at_once.status
        );
    }
}

#[wasm_bindgen_test]
async fn a_connection_that_breaks_says_what_was_lost() {
    let begun = [headers(), message("one")].concat();
    let broken = outcome(channel(), plan(&[&chunk(&begun), "reset"])).await;
    let status = broken.status.expect("it broke");
    assert_eq!(
        (status.code(), reason(&status)),
        (Code::Unavailable, Some(Reason::Broken))
    );
    assert!(
        status.message().contains("bytes of the answer"),
        "{status:?}"
    );
}

#[wasm_bindgen_test]
async fn a_server_that_is_not_there_is_unavailable() {
    let nowhere = Channel::with_streaming("http://127.0.0.1:9", STREAMING);
    let status = outcome(nowhere, String::new())
        .await
        .status
        .expect("nobody");
    assert_eq!(
        (status.code(), reason(&status)),
        (Code::Unavailable, Some(Reason::Unreachable))
    );
}

#[wasm_bindgen_test]
async fn what_the_protocol_does_not_have_is_an_error() {
    for (line, why) in [
        ("text hello".to_owned(), "a text message"),
        (chunk(b"\x02\0\0\0\0"), "an unknown flag"),
        (chunk(&message("early")), "a message before the headers"),
    ] {
        let broken = outcome(channel(), plan(&[&line, "wait never"])).await;
        assert_eq!(broken.code(), Code::Internal, "{why}: {:?}", broken.status);
    }
}

#[wasm_bindgen_test]
async fn an_answer_that_has_to_be_one_message_is_counted() {
    let single = || channel().with_single_responses(STREAMING);
    let answer = |messages: &[&str]| {
        let messages = messages.iter().flat_map(|text| message(text)).collect();
        let bytes = [headers(), messages, ok()].concat();
        Request::new(plan(&[&chunk(&bytes), "close 1000"]))
    };
    for messages in [&[][..], &["one", "two"]] {
        let status = unary(single(), answer(messages))
            .await
            .expect_err("no answer");
        assert_eq!(
            (status.code(), reason(&status)),
            (Code::Unimplemented, Some(Reason::NotSingle)),
            "{messages:?}"
        );
    }
    let good = unary(single(), answer(&["one"])).await;
    assert_eq!(good.expect("one message"), "one");
}

#[wasm_bindgen_test]
async fn a_compression_that_was_not_asked_for_is_an_error() {
    let compressed = b"\x01\0\0\0\x01x".to_vec();
    let bytes = [trailers("grpc-encoding: gzip\r\n"), compressed, ok()].concat();
    let unasked = outcome(channel(), plan(&[&chunk(&bytes), "close 1000"])).await;
    assert_eq!(unasked.code(), Code::Internal, "{:?}", unasked.status);
}

#[wasm_bindgen_test]
async fn what_is_not_taken_ends_the_call_and_not_the_tab() {
    let name = name();
    // 40 MiB, of which nothing is taken until all has come or the socket was closed.
    let kilobytes = [&[0, 0, 0, 0xff, 0xfb][..], &vec![0x55; 0xfffb]].concat();
    let many = format!("many 640 {}", &chunk(&kilobytes)["chunk ".len()..]);
    let plan = plan(&[&chunk(&headers()), &many, &format!("gone {name}")]);
    let mut stream = stream(channel(), Request::new(plan))
        .await
        .expect("an answer");
    tell("gone", &name).await;
    let status = loop {
        match stream.message().await {
            Ok(_) => {}
            Err(status) => break status,
        }
    };
    assert_eq!(
        (status.code(), reason(&status)),
        (Code::ResourceExhausted, Some(Reason::NotTaken))
    );
}

#[wasm_bindgen_test]
async fn a_deadline_counts_before_an_answer_and_within_it() {
    for lines in [vec![], vec![chunk(&headers())]] {
        let mut lines: Vec<_> = lines.iter().map(String::as_str).collect();
        lines.push("wait never");
        let mut request = Request::new(plan(&lines));
        request.set_timeout(Duration::from_millis(100));
        let late = outcome_of(channel(), request).await;
        assert_eq!(late.code(), Code::DeadlineExceeded, "{:?}", late.status);
    }
}

#[wasm_bindgen_test]
async fn a_stream_that_is_dropped_closes_its_socket() {
    let name = name();
    let plan = plan(&[&chunk(&headers()), &format!("gone {name}")]);
    drop(
        stream(channel(), Request::new(plan))
            .await
            .expect("an answer"),
    );
    // Answered when the server has seen it.
    tell("gone", &name).await;
}

#[wasm_bindgen_test]
async fn an_answer_comes_while_the_request_goes_on() {
    let begun = [headers(), message("one")].concat();
    let plan = plan(&[&chunk(&begun), "end", &chunk(&ok()), "close 1000"]);
    let (rest, half_close) = stream::abortable(stream::pending());
    let requests = stream::iter([plan]).chain(rest);
    let mut answer = streaming(requests).await;
    let first = answer.message().await.expect("a message");
    assert_eq!(first.as_deref(), Some("one"));
    half_close.abort();
    assert_eq!(answer.message().await.expect("a good end"), None);
}

#[wasm_bindgen_test]
async fn a_request_that_fails_ends_the_call_with_the_status_that_it_failed_with() {
    let [unanswered, begun] = [vec![], vec![chunk(&headers())]].map(|mut lines| {
        lines.push("wait never".to_owned());
        lines.join("\n")
    });
    for (via, plan) in [
        (Via::Fetch, &unanswered),
        (Via::WebSocket, &unanswered),
        (Via::WebSocket, &begun),
    ] {
        let limit = 1_000;
        let requests = stream::iter([plan.clone(), "x".repeat(limit)]);
        let mut request = Request::new(requests);
        request.extensions_mut().insert(via);
        let mut grpc = Grpc::new(channel()).max_encoding_message_size(limit);
        grpc.ready().await.expect("always ready");
        let path = PathAndQuery::from_static(PATH);
        let codec = ProstCodec::<String, String>::default();
        let status = match grpc.streaming(request, path, codec).await {
            Ok(answer) => answer.into_inner().message().await.map(drop),
            Err(status) => Err(status),
        };
        let status = status.expect_err("the second message is too long");
        assert_eq!(
            status.code(),
            Code::OutOfRange,
            "{via:?}, {plan}: {status:?}"
        );
        assert!(status.message().contains("too large"), "{status:?}");
    }
}

#[wasm_bindgen_test]
async fn a_server_that_does_not_read_stops_the_requests_source() {
    /// More than all that lies between the page and a server that does not read.
    const MEBIBYTES: usize = 64;
    let name = name();
    let wait = format!("wait {name}");
    let plan = plan(&[
        &chunk(&headers()),
        &wait,
        "end",
        &chunk(&ok()),
        "close 1000",
    ]);
    let taken = Arc::new(AtomicUsize::new(0));
    let asked = Arc::clone(&taken);
    let long = "x".repeat(1 << 20);
    let requests = std::iter::once(plan).chain((0..MEBIBYTES).map(move |_| {
        asked.fetch_add(1, Ordering::Relaxed);
        long.clone()
    }));
    let mut answer = streaming(stream::iter(requests)).await;
    // Until nothing more is asked for: what does not happen can only be waited for.
    let mut before = 0;
    loop {
        Timer::after(200.0).await;
        let now = taken.load(Ordering::Relaxed);
        if now == before {
            break;
        }
        before = now;
    }
    assert!(before > 0, "something is sent");
    assert!(before < MEBIBYTES, "all {before} MiB were taken");
    tell("go", &name).await;
    assert_eq!(answer.message().await.expect("a good end"), None);
    assert_eq!(taken.load(Ordering::Relaxed), MEBIBYTES);
}

#[wasm_bindgen_test]
async fn a_long_request_arrives_whole_before_its_end_is_said() {
    let plan = plan(&["end", &chunk(&[headers(), ok()].concat()), "close 1000"]);
    let long = "x".repeat(1 << 20);
    let requests = std::iter::once(plan).chain((0..8).map(move |_| long.clone()));
    let mut answer = streaming(stream::iter(requests)).await;
    assert_eq!(answer.message().await.expect("a good end"), None);
}
