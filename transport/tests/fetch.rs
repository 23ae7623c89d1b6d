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
    Outcome, PATH, answer, call, chunk, crooked, message, name, outcome, outcome_of, reason,
    stream, tell, trailers, unary,
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

#[wasm_bindgen_test]
async fn trailers_without_a_status_are_no_good_end() {
    let nameless = answer(&[&chunk(&trailers("grpc-message: why\r\n"))]);
    for channel in [own(), own().with_single_responses(&[PATH])] {
        let nameless = outcome(channel, nameless.clone()).await;
        assert_eq!(nameless.code(), Code::Unknown, "{:?}", nameless.status);
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
    let nothing = "header grpc-message: why".to_owned();
    for line in [chunk(&whole), chunk(&within), nothing] {
        for channel in both() {
            let cut = outcome(channel, answer(&[&line])).await;
            assert_eq!(cut.code(), Code::Internal, "{line}");
            let status = cut.status.expect("an error");
            assert_eq!(reason(&status), Some(Reason::CutShort));
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
