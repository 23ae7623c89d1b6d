//! Calls over `WebSocket` in a browser, against `examples/scripted_server`.

#![cfg(target_arch = "wasm32")]

mod helpers;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use frontdesk_transport::client::{Carrier, Channel, Reason, Timer};
use futures_util::{Stream, StreamExt as _, stream};
use helpers::{
    PATH, chunk, header_block, message, reason, run, run_request, server, signal, stream, unary,
    unique_name, wait_for_abort,
};
use http::uri::PathAndQuery;
use tonic::{Code, Request, Streaming, client::Grpc};
use tonic_prost::ProstCodec;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// All calls in these tests use a `WebSocket`.
const ALL: &[&str] = &[PATH];

fn channel() -> Channel {
    Channel::new(server()).with_client_streaming(ALL)
}

fn headers() -> Vec<u8> {
    header_block("x-a: 1\r\n")
}

fn ok() -> Vec<u8> {
    header_block("grpc-status: 0\r\nx-b: 2\r\n")
}

fn script(commands: &[&str]) -> String {
    commands.join("\n")
}

/// The response to a request stream whose first message is the script.
async fn call_streaming(
    requests: impl Stream<Item = String> + Send + 'static,
) -> Streaming<String> {
    let mut grpc = Grpc::new(channel());
    grpc.ready().await.expect("always ready");
    let path = PathAndQuery::from_static(PATH);
    let codec = ProstCodec::<String, String>::default();
    let response = grpc.streaming(Request::new(requests), path, codec).await;
    response.expect("a response").into_inner()
}

#[wasm_bindgen_test]
async fn a_response_decodes_the_same_wherever_it_is_cut() {
    let response = [headers(), message("one"), message("two"), ok()].concat();
    for at in 1..response.len() {
        let (first, rest) = response.split_at(at);
        let script = script(&[&chunk(first), &chunk(rest), "close 1000"]);
        let outcome = run(channel(), script).await;
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
async fn a_response_may_be_trailers_only() {
    let trailers = header_block("grpc-status: 5\r\ngrpc-message: no user\r\n");
    let outcome = run(channel(), script(&[&chunk(&trailers), "close 1000"])).await;
    let status = outcome.status.expect("an error");
    assert_eq!(
        (status.code(), status.message()),
        (Code::NotFound, "no user")
    );
    assert_eq!(reason(&status), None, "the status of the server");
}

#[wasm_bindgen_test]
async fn close_codes_map_to_status_codes() {
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
        let begin = [headers(), message("one")].concat();
        let command = format!("close {close} reason");
        let later = run(channel(), script(&[&chunk(&begin), &command])).await;
        assert_eq!(later.messages, ["one"], "{close}");
        assert_eq!(later.code(), code, "{close}: {:?}", later.status);
        let at_once = run(channel(), script(&[&command])).await;
        assert_eq!(
            at_once.code(),
            code,
            "{close} at once: {:?}",
            at_once.status
        );
    }
}

#[wasm_bindgen_test]
async fn a_lost_connection_reports_the_bytes_received() {
    let begin = [headers(), message("one")].concat();
    let outcome = run(channel(), script(&[&chunk(&begin), "reset"])).await;
    let status = outcome.status.expect("an error");
    assert_eq!(
        (status.code(), reason(&status)),
        (Code::Unavailable, Some(Reason::ConnectionLost))
    );
    assert!(
        status.message().contains("bytes of the response"),
        "{status:?}"
    );
}

#[wasm_bindgen_test]
async fn an_unreachable_server_is_unavailable() {
    let channel = Channel::new("http://127.0.0.1:9").with_client_streaming(ALL);
    let outcome = run(channel, String::new()).await;
    let status = outcome.status.expect("an error");
    assert_eq!(
        (status.code(), reason(&status)),
        (Code::Unavailable, Some(Reason::Unreachable))
    );
}

#[wasm_bindgen_test]
async fn protocol_violations_are_errors() {
    for (command, violation) in [
        ("text hello".to_owned(), "a text message"),
        (chunk(b"\x02\0\0\0\0"), "an unknown flag"),
        (chunk(&message("early")), "a message before the headers"),
    ] {
        let outcome = run(channel(), script(&[&command, "wait never"])).await;
        let (code, status) = (outcome.code(), outcome.status);
        assert_eq!(code, Code::Internal, "{violation}: {status:?}");
    }
}

#[wasm_bindgen_test]
async fn a_response_that_must_be_one_message_is_checked() {
    let single = || channel().with_single_responses(ALL);
    let request = |messages: &[&str]| {
        let messages = messages.iter().flat_map(|text| message(text)).collect();
        let bytes = [headers(), messages, ok()].concat();
        Request::new(script(&[&chunk(&bytes), "close 1000"]))
    };
    for messages in [&[][..], &["one", "two"]] {
        let reply = unary(single(), request(messages)).await;
        let status = reply.expect_err("none or several messages");
        assert_eq!(
            (status.code(), reason(&status)),
            (Code::Unimplemented, Some(Reason::Cardinality)),
            "{messages:?}"
        );
    }
    let reply = unary(single(), request(&["one"])).await;
    assert_eq!(reply.expect("one message"), "one");
}

#[wasm_bindgen_test]
async fn compression_that_was_not_offered_is_an_error() {
    let compressed = b"\x01\0\0\0\x01x".to_vec();
    let headers = header_block("grpc-encoding: gzip\r\n");
    let bytes = [headers, compressed, ok()].concat();
    let outcome = run(channel(), script(&[&chunk(&bytes), "close 1000"])).await;
    assert_eq!(outcome.code(), Code::Internal, "{:?}", outcome.status);
}

#[wasm_bindgen_test]
async fn too_much_unread_data_ends_the_call() {
    let name = unique_name();
    // 40 MiB, none of which is read until the socket has been closed.
    let message = [&[0, 0, 0, 0xff, 0xfb][..], &vec![0x55; 0xfffb]].concat();
    let repeat = format!("repeat 640 {}", &chunk(&message)["chunk ".len()..]);
    let expect_abort = format!("expect-abort {name}");
    let script = script(&[&chunk(&headers()), &repeat, &expect_abort]);
    let response = stream(channel(), Request::new(script)).await;
    let mut stream = response.expect("a response");
    wait_for_abort(&name).await;
    let status = loop {
        match stream.message().await {
            Ok(_) => {}
            Err(status) => break status,
        }
    };
    assert_eq!(
        (status.code(), reason(&status)),
        (Code::ResourceExhausted, Some(Reason::BufferFull))
    );
}

#[wasm_bindgen_test]
async fn the_deadline_applies_before_and_during_the_response() {
    let begin = chunk(&headers());
    for commands in [&["wait never"][..], &[&begin, "wait never"]] {
        let mut request = Request::new(script(commands));
        request.set_timeout(Duration::from_millis(100));
        let outcome = run_request(channel(), request).await;
        let (code, status) = (outcome.code(), outcome.status);
        assert_eq!(code, Code::DeadlineExceeded, "{status:?}");
    }
}

#[wasm_bindgen_test]
async fn dropping_a_stream_closes_its_socket() {
    let name = unique_name();
    let script = script(&[&chunk(&headers()), &format!("expect-abort {name}")]);
    let response = stream(channel(), Request::new(script)).await;
    drop(response.expect("a response"));
    wait_for_abort(&name).await;
}

#[wasm_bindgen_test]
async fn responses_arrive_while_the_request_is_open() {
    let begin = [headers(), message("one")].concat();
    let script = script(&[&chunk(&begin), "expect-end", &chunk(&ok()), "close 1000"]);
    let (rest, half_close) = stream::abortable(stream::pending());
    let requests = stream::iter([script]).chain(rest);
    let mut responses = call_streaming(requests).await;
    let first = responses.message().await.expect("a message");
    assert_eq!(first.as_deref(), Some("one"));
    half_close.abort();
    assert_eq!(responses.message().await.expect("no error"), None);
}

#[wasm_bindgen_test]
async fn a_failed_request_ends_the_call_with_its_status() {
    let before_response = script(&["wait never"]);
    let during_response = script(&[&chunk(&headers()), "wait never"]);
    for (carrier, script) in [
        (Carrier::Fetch, &before_response),
        #[cfg(feature = "tonic-web-wasm-client")]
        (Carrier::TonicWeb, &before_response),
        (Carrier::WebSocket, &before_response),
        (Carrier::WebSocket, &during_response),
    ] {
        let limit = 1_000;
        let requests = stream::iter([script.clone(), "x".repeat(limit)]);
        let mut request = Request::new(requests);
        request.extensions_mut().insert(carrier);
        let mut grpc = Grpc::new(channel()).max_encoding_message_size(limit);
        grpc.ready().await.expect("always ready");
        let path = PathAndQuery::from_static(PATH);
        let codec = ProstCodec::<String, String>::default();
        let status = match grpc.streaming(request, path, codec).await {
            Ok(response) => response.into_inner().message().await.map(drop),
            Err(status) => Err(status),
        };
        let status = status.expect_err("the second message is too large");
        assert_eq!(
            status.code(),
            Code::OutOfRange,
            "{carrier:?}, {script}: {status:?}"
        );
        assert!(status.message().contains("too large"), "{status:?}");
    }
}

#[wasm_bindgen_test]
async fn a_server_that_does_not_read_stops_the_request() {
    /// More than all buffers between the page and a server that does not read.
    const MEBIBYTES: usize = 64;
    let name = unique_name();
    let wait = format!("wait {name}");
    let script = script(&[
        &chunk(&headers()),
        &wait,
        "expect-end",
        &chunk(&ok()),
        "close 1000",
    ]);
    let produced = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&produced);
    let message = "x".repeat(1 << 20);
    let requests = std::iter::once(script).chain((0..MEBIBYTES).map(move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
        message.clone()
    }));
    let mut responses = call_streaming(stream::iter(requests)).await;
    // Wait until no more messages are produced.
    let mut before = 0;
    loop {
        Timer::after(200.0).await;
        let now = produced.load(Ordering::Relaxed);
        if now == before {
            break;
        }
        before = now;
    }
    assert!(before > 0, "nothing was sent");
    assert!(before < MEBIBYTES, "all {before} MiB were sent");
    signal(&name).await;
    assert_eq!(responses.message().await.expect("no error"), None);
    assert_eq!(produced.load(Ordering::Relaxed), MEBIBYTES);
}

#[wasm_bindgen_test]
async fn a_long_request_arrives_completely_before_its_end() {
    let response = chunk(&[headers(), ok()].concat());
    let script = script(&["expect-end", &response, "close 1000"]);
    let message = "x".repeat(1 << 20);
    let requests = std::iter::once(script).chain((0..8).map(move |_| message.clone()));
    let mut responses = call_streaming(stream::iter(requests)).await;
    assert_eq!(responses.message().await.expect("no error"), None);
}
