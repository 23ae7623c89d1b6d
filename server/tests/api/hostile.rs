//! Peers who mean ill: what they cost is bounded, and others are served meanwhile.
//!
//! The server is a process of its own here, so that its memory can be asked for.

use std::{
    fs,
    io::Write as _,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use frontdesk::greeter::{HelloRequest, greeter_client::GreeterClient};
use futures_util::{SinkExt as _, StreamExt as _};
use http::Method;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{sleep, timeout},
};
use tokio_tungstenite::tungstenite::Message as Sent;
use tonic::transport::Channel;

use crate::helpers::{
    BLOCK, IN_TIME, Open, Socket, Version, Wire, frontdesk, message, opening_bytes,
};

const HELLO: &str = "/greeter.Greeter/SayHello";
const TALK: &str = "/greeter.Greeter/BidiHello";
const WEB: &str = "application/grpc-web+proto";
const KIBIBYTE: usize = 1_024;
const MEBIBYTE: usize = 1_024 * KIBIBYTE;
/// What the server's memory may grow by for other reasons: allocators keep what they had once.
const LEEWAY: usize = 24 * MEBIBYTE;

/// A server that is put to the test.
struct Besieged {
    open: Open,
    before: usize,
    _data: TempDir,
}

impl Besieged {
    async fn open(flags: &[&str]) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let mut command = frontdesk();
        command.args(["--listen", "127.0.0.1:0"]).args(flags);
        let mut this = Self {
            open: Open::start(command.arg("--data").arg(data.path())),
            before: 0,
            _data: data,
        };
        // What it needs for anything at all, it has after these.
        for _ in 0..16 {
            this.serves_others().await;
        }
        this.before = this.memory("VmRSS:");
        fs::write(format!("/proc/{}/clear_refs", this.open.id()), "5").expect("a new peak");
        this
    }

    fn address(&self) -> SocketAddr {
        self.open.address()
    }

    async fn serves_others(&self) {
        for version in [Version::Http1, Version::Http2] {
            let wire = Wire {
                address: self.address(),
                version,
            };
            let ada = message(&HelloRequest { name: "Ada".into() });
            let answer = timeout(IN_TIME, wire.post(HELLO, WEB, ada)).await;
            assert_eq!(answer.expect("in time").grpc_status(), Some(0));
        }
    }

    fn memory(&self, entry: &str) -> usize {
        let status = fs::read_to_string(format!("/proc/{}/status", self.open.id()));
        let status = status.expect("it is still there");
        let kibibytes = status
            .lines()
            .find_map(|line| line.strip_prefix(entry)?.trim().strip_suffix(" kB"))
            .expect("a size");
        kibibytes.parse::<usize>().expect("a number") * KIBIBYTE
    }

    /// What it had at most, beyond what it began with.
    fn grown(&self) -> usize {
        self.memory("VmHWM:").saturating_sub(self.before)
    }

    fn assert_grown_less_than(&self, bytes: usize) {
        let grown = self.grown();
        let [grown, bound] = [grown, bytes + LEEWAY].map(|it| it / KIBIBYTE);
        assert!(grown < bound, "{grown} KiB, {bound} at most");
    }
}

/// As many as there may be of `wanted`, which are files of this process as well as of the server.
fn allowed(wanted: usize) -> usize {
    let both = u64::try_from(2 * wanted).expect("a number");
    let limit = rlimit::increase_nofile_limit(both).expect("a limit");
    // The other half is for the tests that run meanwhile.
    let allowed = wanted.min(usize::try_from(limit / 2).unwrap_or(wanted));
    if allowed < wanted {
        eprintln!("{limit} files may be open: {allowed} sockets, not {wanted}");
    }
    allowed
}

/// Opens a socket, and says nothing over it.
async fn opened(address: SocketAddr) -> TcpStream {
    let mut socket = TcpStream::connect(address).await.expect("the server");
    let opening = opening_bytes(address, TALK);
    socket.write_all(&opening).await.expect("sent");
    socket
}

/// Reads an answer's head, and so many bytes of what follows it, or more.
async fn head_and(socket: &mut TcpStream, more: usize) -> Vec<u8> {
    let mut answer = Vec::new();
    let begun = |answer: &[u8]| {
        let head = answer.windows(4).position(|four| four == b"\r\n\r\n");
        head.is_some_and(|head| answer.len() >= head + 4 + more)
    };
    while !begun(&answer) {
        let read = timeout(IN_TIME, socket.read_buf(&mut answer)).await;
        let read = read.expect("in time").expect("it is open");
        assert_ne!(read, 0, "{}", String::from_utf8_lossy(&answer));
    }
    answer
}

#[tokio::test]
async fn sockets_that_say_nothing_cost_little_each() {
    let sockets = allowed(10_000);
    let places = (sockets + 100).to_string();
    let desk = Besieged::open(&[
        "--max-connections",
        &places,
        "--max-sockets",
        &places,
        "--max-client-sockets",
        &places,
        "--max-client-connections",
        &places,
        "--header-timeout",
        "300",
        "--keepalive",
        "300",
    ])
    .await;
    let mut open = Vec::with_capacity(sockets);
    while open.len() < sockets {
        // Some at a time, so that none waits for a place among those that wait to be accepted.
        let some = 100.min(sockets - open.len());
        let mut new = Vec::with_capacity(some);
        for _ in 0..some {
            new.push(opened(desk.address()).await);
        }
        for socket in &mut new {
            let answer = head_and(socket, 0).await;
            assert!(answer.starts_with(b"HTTP/1.1 101 "));
        }
        open.append(&mut new);
    }
    desk.serves_others().await;
    desk.assert_grown_less_than(sockets * 40 * KIBIBYTE);
    drop(open);
    desk.serves_others().await;
}

/// How long a message says that it is, of which a byte comes: nearly as long as it may be.
const LENGTH: u32 = 1_000_000;

/// A prefix of gRPC's, and the byte.
fn lie() -> Vec<u8> {
    [&[0], &LENGTH.to_be_bytes()[..], b"\x0a"].concat()
}

/// Calls over a socket, and says this after the header block.
async fn over_a_socket(address: SocketAddr, said: &[u8]) -> TcpStream {
    let mut socket = opened(address).await;
    let length = u8::try_from(BLOCK.len()).expect("a short block");
    let begin = [0x82, 0x80 | length, 0, 0, 0, 0];
    let bytes = [&begin, BLOCK.as_bytes(), said].concat();
    socket.write_all(&bytes).await.expect("sent");
    // What follows is a frame with the answer's headers: the call has begun.
    let answer = head_and(&mut socket, 1).await;
    assert!(answer.starts_with(b"HTTP/1.1 101 "));
    socket
}

async fn over_http1(address: SocketAddr) -> TcpStream {
    let mut socket = TcpStream::connect(address).await.expect("the server");
    let request = format!(
        "POST {TALK} HTTP/1.1\r\nhost: {address}\r\ncontent-type: {WEB}\r\n\
         content-length: {}\r\n\r\n",
        LENGTH + 5
    );
    let bytes = [request.as_bytes(), &lie()].concat();
    socket.write_all(&bytes).await.expect("sent");
    let answer = head_and(&mut socket, 0).await;
    assert!(answer.starts_with(b"HTTP/1.1 200 "));
    socket
}

#[tokio::test]
async fn a_length_that_lies_takes_no_memory() {
    const PEERS: usize = 100;
    // A gRPC message in a whole WebSocket message, and a WebSocket message that is not whole.
    let within = [&[0x82, 0x87, 0, 0, 0, 0, 0][..], &lie()].concat();
    let length = u64::from(LENGTH).to_be_bytes();
    let around = [&[0x82, 0xff], &length[..], &[0; 5], &lie()].concat();
    for said in [Some(&within), Some(&around), None] {
        let desk = Besieged::open(&[]).await;
        let mut open = Vec::with_capacity(PEERS);
        for _ in 0..PEERS {
            open.push(match said {
                Some(said) => over_a_socket(desk.address(), said).await,
                None => over_http1(desk.address()).await,
            });
        }
        desk.serves_others().await;
        desk.assert_grown_less_than(PEERS * 128 * KIBIBYTE);
    }
}

/// Zeros that a limit on what comes does not tell from a request that is small.
fn bomb() -> Vec<u8> {
    let mut zipped = GzEncoder::new(Vec::new(), Compression::fast());
    for _ in 0..64 {
        zipped.write_all(&vec![0; MEBIBYTE]).expect("zipped");
    }
    zipped.finish().expect("zipped")
}

#[tokio::test]
async fn what_is_compressed_is_refused_and_never_unpacked() {
    let desk = Besieged::open(&[]).await;
    let bomb = bomb();
    let length = u32::try_from(bomb.len()).expect("a small one");
    let compressed = [&[1], &length.to_be_bytes()[..], &bomb].concat();
    for path in [HELLO, TALK] {
        for (version, content_type) in [
            (Version::Http2, "application/grpc"),
            (Version::Http2, WEB),
            (Version::Http1, WEB),
        ] {
            let wire = Wire {
                address: desk.address(),
                version,
            };
            for (encoding, body, status) in [
                // gRPC's own, of one message, and HTTP's, of all that is sent.
                ("grpc-encoding", &compressed, 12),
                ("content-encoding", &bomb, 3),
            ] {
                let headers = [("content-type", content_type), (encoding, "gzip")];
                let body = body.clone();
                let answer = wire.send(Method::POST, path, &headers, body).await;
                let what = format!("{encoding} over {version:?}, {content_type}, {path}");
                assert_eq!(answer.grpc_status(), Some(status), "{what}");
            }
        }
        let lines = "grpc-encoding: gzip\r\n";
        let mut socket = Socket::call_with(desk.address(), path, lines).await;
        socket.bytes(&compressed).await;
        socket.end().await;
        assert_eq!(socket.rest().await.status(), Some(12), "{path}");
    }
    desk.serves_others().await;
    desk.assert_grown_less_than(16 * MEBIBYTE);
}

/// How many were said; done when nobody takes any more of them.
async fn stuck(said: &[Arc<AtomicUsize>], most: usize) {
    let now = || -> Vec<_> { said.iter().map(|it| it.load(Ordering::Relaxed)).collect() };
    let mut before = Vec::new();
    while before != now() {
        before = now();
        assert!(before.iter().all(|it| *it < most), "all of it was taken");
        sleep(Duration::from_secs(1)).await;
    }
}

#[tokio::test]
async fn who_says_much_and_reads_nothing_is_not_listened_to() {
    /// Of each kind.
    const PEERS: usize = 8;
    /// More than all buffers have room for: 250 MB of each.
    const MOST: usize = 1_200_000;
    /// In one message of WebSocket's.
    const TOGETHER: usize = 300;
    let desk = Besieged::open(&[]).await;
    let hello = HelloRequest {
        name: "x".repeat(200),
    };
    let (mut said, mut held, mut writers) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..PEERS {
        let count = Arc::new(AtomicUsize::new(0));
        said.push(Arc::clone(&count));
        let requests = tokio_stream::iter(std::iter::repeat_n(hello.clone(), MOST));
        let requests = requests.inspect(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
        });
        let channel = Channel::from_shared(desk.open.url.clone()).expect("an address");
        let mut greeter = GreeterClient::new(channel.connect().await.expect("the server"));
        held.push(greeter.bidi_hello(requests).await.expect("a stream"));

        let count = Arc::new(AtomicUsize::new(0));
        said.push(Arc::clone(&count));
        let socket = Socket::call(desk.address(), TALK).await;
        let (mut requests, answers) = socket.ws.split();
        let together = message(&hello).repeat(TOGETHER);
        let together = Bytes::from([&[0], &together[..]].concat());
        writers.push(tokio::spawn(async move {
            let _unread = answers;
            while requests.send(Sent::Binary(together.clone())).await.is_ok() {
                count.fetch_add(TOGETHER, Ordering::Relaxed);
            }
        }));
    }
    stuck(&said, MOST).await;
    desk.serves_others().await;
    desk.assert_grown_less_than(said.len() * MEBIBYTE);
    for writer in writers {
        writer.abort();
    }
}

/// Who pings and never reads what is answered is not read either, before its call and in it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pings_whose_answers_nobody_reads_cost_no_memory() {
    /// More than all buffers on the way hold.
    const FLOOD: usize = 256 * MEBIBYTE;
    /// Nothing has been taken for so long.
    const STUCK: Duration = Duration::from_secs(5);
    let besieged = Besieged::open(&["--send-timeout", "60"]).await;
    // A masked ping of 125 bytes (RFC 6455, section 5.2), as often as it fits.
    let ping = [&[0x89, 0x80 | 0x7d, 0, 0, 0, 0][..], &[b'x'; 125]].concat();
    let pings = ping.repeat(64 * KIBIBYTE / ping.len());
    for block in [None, Some(BLOCK)] {
        let mut io = TcpStream::connect(besieged.address())
            .await
            .expect("the server");
        let mut bytes = opening_bytes(besieged.address(), TALK);
        if let Some(block) = block {
            let length = u8::try_from(block.len()).expect("a short block");
            bytes.extend([0x82, 0x80 | length, 0, 0, 0, 0]);
            bytes.extend(block.as_bytes());
        }
        io.write_all(&bytes).await.expect("an opening");
        let mut sent = 0;
        while let Ok(written) = timeout(STUCK, io.write_all(&pings)).await {
            // A header block that does not come ends the socket: then nothing is taken either.
            if written.is_err() {
                break;
            }
            sent += pings.len();
            assert!(sent < FLOOD, "{sent} bytes of pings were taken");
        }
        besieged.serves_others().await;
    }
    besieged.assert_grown_less_than(MEBIBYTE);
}
