//! What is written down, and what never is.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, ChildStderr, Command, Stdio},
};

use frontdesk::{
    greeter::{HelloReply, HelloRequest},
    user::ListUsersRequest,
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::helpers::{Socket, Version, Wire, frontdesk, message};

/// The binary, with its log in hand.
struct Logged {
    process: Child,
    log: BufReader<ChildStderr>,
    wire: Wire,
    _data: TempDir,
}

impl Logged {
    fn start(arguments: &[&str]) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let mut process = frontdesk()
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(data.path())
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("its output"))
            .read_line(&mut line)
            .expect("a line");
        let address = line
            .trim()
            .trim_start_matches("Frontdesk is listening on http://")
            .trim_end_matches('/')
            .parse()
            .expect("an address");
        let log = BufReader::new(process.stderr.take().expect("its log"));
        let version = Version::Http1;
        Self {
            process,
            log,
            wire: Wire { address, version },
            _data: data,
        }
    }

    /// The next line that has these words.
    fn line_with(&mut self, words: &str) -> String {
        loop {
            let mut line = String::new();
            let read = self.log.read_line(&mut line).expect("a line");
            assert_ne!(read, 0, "the log ended without {words:?}");
            if line.contains(words) {
                return line;
            }
        }
    }
}

impl Drop for Logged {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn every_request_has_a_line_with_the_id_that_its_answer_has() {
    let mut desk = Logged::start(&[]);
    let body = message(&HelloRequest { name: "Ada".into() });
    let answer = desk
        .wire
        .post("/greeter.Greeter/SayHello", "application/grpc-web", body)
        .await;
    let line = desk.line_with("SayHello");
    assert!(line.contains(answer.header("x-request-id")), "{line}");
    assert!(line.contains("OK"), "{line}");
    desk.wire.get("/no-such-file.js", &[]).await;
    assert!(desk.line_with("no-such-file").contains("404"));
}

#[tokio::test]
async fn json_is_one_object_a_line() {
    let mut desk = Logged::start(&["--log-format", "json"]);
    let body = message(&ListUsersRequest {
        page: -1,
        page_size: 0,
        ..ListUsersRequest::default()
    });
    desk.wire
        .post("/user.UserService/ListUsers", "application/grpc-web", body)
        .await;
    let line = desk.line_with("ListUsers");
    let line: serde_json::Value = serde_json::from_str(&line).expect("JSON");
    assert_eq!(line["grpc.status"], "INVALID_ARGUMENT");
    assert_eq!(line["target"], "frontdesk::access");
}

#[tokio::test]
async fn neither_names_nor_credentials_are_written_down() {
    let mut desk = Logged::start(&["--log", "trace,h2=info,hyper=info"]);
    let headers = [
        ("content-type", "application/grpc-web"),
        ("authorization", "Bearer tell-nobody"),
        ("cookie", "session=tell-nobody"),
    ];
    let body = message(&HelloRequest {
        name: "Rumpelstiltskin".into(),
    });
    desk.wire
        .send(
            http::Method::POST,
            "/greeter.Greeter/SayHello?token=tell-nobody",
            &headers,
            body,
        )
        .await;
    let mut line = String::new();
    while !line.contains("frontdesk::access") {
        line = desk.line_with("");
        assert!(
            !line.contains("tell-nobody") && !line.contains("Rumpelstiltskin"),
            "{line}"
        );
    }
}

#[tokio::test]
async fn a_call_whose_client_goes_is_cancelled_and_says_so() {
    let mut desk = Logged::start(&[]);
    let mut socket = TcpStream::connect(desk.wire.address)
        .await
        .expect("the server");
    let head = "POST /grpc.health.v1.Health/Watch HTTP/1.1\r\nhost: desk\r\n\
                content-type: application/grpc-web\r\ncontent-length: 5\r\n\r\n\0\0\0\0\0";
    socket.write_all(head.as_bytes()).await.expect("sent");
    let mut first = [0];
    tokio::io::AsyncReadExt::read_exact(&mut socket, &mut first)
        .await
        .expect("an answer");
    drop(socket);
    assert!(desk.line_with("Watch").contains("CANCELLED"));
}

// Reading the log blocks, and what is over HTTP/2 needs somebody to carry it on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_has_one_line_when_its_call_has_ended() {
    let mut desk = Logged::start(&["--log-format", "json", "--max-calls", "300"]);
    let address = desk.wire.address;
    let path = "/greeter.Greeter/BidiHello";
    for version in [Version::Http1, Version::Http2] {
        let mut socket = Socket::open_by(version, address, path).await;
        socket.block("").await;
        let id = socket.headers().await["x-request-id"][0].clone();
        let name = "Ada".to_owned();
        socket.send(&HelloRequest { name }).await;
        socket.message::<HelloReply>().await;
        // It has no line yet: the next one is of what is asked now.
        desk.wire.get("/healthz", &[]).await;
        let line = desk.line_with("frontdesk::access");
        assert!(line.contains("/healthz"), "{line}");
        socket.end().await;
        socket.rest().await;
        let line = desk.line_with("frontdesk::access");
        let line: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!((&line["path"], &line["id"]), (&path.into(), &id.into()));
        assert_eq!(line["grpc.status"], "OK");
        // The headers, `Hello, Ada!` in a message, the trailers.
        assert!(line["bytes"].as_u64().expect("a number") > 100, "{line}");

        let gone = Socket::open_by(version, address, path).await;
        drop(gone);
        let line = desk.line_with("frontdesk::access");
        assert!(
            line.contains("BidiHello") && line.contains("CANCELLED"),
            "{line}"
        );

        let mut refused = Socket::open_by(version, address, path).await;
        refused.binary(&b""[..]).await;
        refused.rest().await;
        let line = desk.line_with("frontdesk::access");
        assert!(line.contains("INVALID_ARGUMENT"), "{line}");
    }
    // Where there is no socket, the line is that of any other request.
    let refusal = desk.wire.get(path, &[("upgrade", "websocket")]).await;
    assert_eq!(refusal.status, 426);
    let line = desk.line_with("frontdesk::access");
    assert!(line.contains("426"), "{line}");
}

#[tokio::test]
async fn a_signal_ends_it_well() {
    for signal in ["INT", "TERM"] {
        let mut desk = Logged::start(&[]);
        let process = desk.process.id().to_string();
        let killed = Command::new("kill").args(["-s", signal, &process]).status();
        assert!(killed.expect("kill").success());
        let status = desk.process.wait().expect("it ends");
        assert_eq!(status.code(), Some(0), "SIG{signal}");
    }
}

#[tokio::test]
async fn a_stranger_cannot_fill_the_log_with_frames() {
    // A line that was asked for comes, one that was not does not.
    for (filter, expected) in [("info", 0), ("debug", 0), ("info,h2=warn", 100)] {
        let mut logged = Logged::start(&["--log", filter]);
        let mut socket = TcpStream::connect(logged.wire.address)
            .await
            .expect("the server");
        let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec();
        // Answers to pings that nobody sent.
        bytes.extend(b"\0\0\x08\x06\x01\0\0\0\0unasked!".repeat(100));
        // One that is answered: all before it have been read then.
        bytes.extend(b"\0\0\x08\x06\0\0\0\0\0the last");
        socket.write_all(&bytes).await.expect("sent");
        let mut answer = Vec::new();
        while !answer.windows(8).any(|part| part == b"the last") {
            let read = socket.read_buf(&mut answer).await.expect("an answer");
            assert_ne!(read, 0, "closed: {answer:?}");
        }
        logged.wire.get("/last", &[]).await;
        let mut said = 0;
        loop {
            let mut line = String::new();
            logged.log.read_line(&mut line).expect("a line");
            if line.contains("/last") {
                break;
            }
            said += usize::from(line.contains("PING"));
        }
        assert_eq!(said, expected, "{filter}");
    }
}

#[test]
fn fewer_sockets_than_calls_are_warned_of() {
    let mut desk = Logged::start(&["--max-sockets", "1024"]);
    let line = desk.line_with("--max-sockets");
    assert!(line.contains("WARN"), "{line}");
}
