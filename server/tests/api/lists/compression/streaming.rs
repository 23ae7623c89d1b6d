//! A compressed list is sent while it is read.

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Incoming, client::conn::http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{net::TcpStream, time::timeout};

use super::*;
use crate::helpers::{
    Frame, Server, TIMEOUT, acquire_permit, has_permit, parse_frames, wait_for_permit,
};

/// Counts the complete messages of a truncated body.
fn rows(mut bytes: &[u8]) -> usize {
    let mut rows = 0;
    while let Some((head, rest)) = bytes.split_first_chunk::<5>() {
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]);
        let Some(rest) = rest.get(length as usize..) else {
            break;
        };
        rows += usize::from(head[0] == 0);
        bytes = rest;
    }
    rows
}

/// Lists all users over HTTP/2, with this flow-control window.
async fn list_with_window(
    server: &Server,
    window: u32,
    headers: &[(&str, &str)],
) -> Response<Incoming> {
    let socket = TcpStream::connect(server.address).await.expect("connected");
    let (mut sender, connection) = http2::Builder::new(TokioExecutor::new())
        .initial_stream_window_size(window)
        .handshake(TokioIo::new(socket))
        .await
        .expect("HTTP/2 handshake");
    tokio::spawn(connection);
    let mut request = Request::post(format!("{}{LIST}", server.url()))
        .header("content-type", WEB)
        .header("accept-encoding", "gzip");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request
        .body(Full::new(Bytes::from(all_users())))
        .expect("valid request");
    let response = sender.send_request(request).await.expect("response");
    assert_eq!(response.headers()["content-encoding"], "gzip");
    response
}

#[tokio::test]
async fn the_first_rows_arrive_early_and_dropping_the_stream_ends_the_call() {
    let server = start_server_with_max_calls(1).await;
    let mut response = list_with_window(&server, 4_096, &[]).await;
    let first = timeout(TIMEOUT, response.body_mut().frame()).await;
    let first = first.expect("completed in time").expect("frame");
    let first = first
        .expect("valid message")
        .into_data()
        .expect("data frame");
    let rows = rows(&decode("gzip", &first));
    assert!(0 < rows && rows < 1_000, "{rows} rows");

    let mut greeter = server.greeter().await;
    assert!(!has_permit(&mut greeter).await, "the list has ended");
    drop(response);
    wait_for_permit(&mut greeter).await;
}

#[tokio::test]
async fn the_final_status_is_compressed_with_the_body() {
    let server = start_server_with_max_calls(1).await;
    let response = list_with_window(&server, 4_096, &[("grpc-timeout", "300m")]).await;
    acquire_permit(&server).await;
    let body = timeout(TIMEOUT, response.into_body().collect()).await;
    let body = body
        .expect("end of stream")
        .expect("complete body")
        .to_bytes();
    let mut frames = parse_frames(&decode("gzip", &body).into());
    let Some(Frame::Trailers(trailers)) = frames.pop() else {
        panic!("no trailers");
    };
    assert!(trailers.contains("grpc-status:4"), "{trailers}");
    assert!(
        !frames.is_empty(),
        "the messages before the status are missing"
    );
}
