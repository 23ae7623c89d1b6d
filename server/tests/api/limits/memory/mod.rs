//! Malicious clients cost little memory and do not affect other clients.
//!
//! The server is a separate process, so that its memory can be measured.

mod compressed;
mod false_lengths;
mod idle_sockets;
mod unread_responses;

use std::{fs, net::SocketAddr};

use frontdesk::greeter::HelloRequest;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::helpers::{HttpClient, ServerProcess, TIMEOUT, Version, handshake_bytes, serve_command};

const HELLO: &str = "/greeter.Greeter/SayHello";
const BIDI_HELLO: &str = "/greeter.Greeter/BidiHello";
const WEB: &str = "application/grpc-web+proto";
const KIBIBYTE: usize = 1_024;
const MEBIBYTE: usize = 1_024 * KIBIBYTE;

/// Growth for other reasons, such as memory that the allocator retains.
const TOLERANCE: usize = 24 * MEBIBYTE;

struct MeasuredServer {
    process: ServerProcess,
    /// Resident memory in bytes after a few calls.
    initial_memory: usize,
    _data: TempDir,
}

impl MeasuredServer {
    async fn start(flags: &[&str]) -> Self {
        let data = tempfile::tempdir().expect("temporary directory");
        let mut this = Self {
            process: ServerProcess::start(serve_command(data.path()).args(flags)),
            initial_memory: 0,
            _data: data,
        };
        // Allocate what every call needs.
        for _ in 0..16 {
            this.assert_serves_others().await;
        }
        this.initial_memory = this.memory("VmRSS:");
        fs::write(format!("/proc/{}/clear_refs", this.process.id()), "5")
            .expect("peak memory reset");
        this
    }

    fn address(&self) -> SocketAddr {
        self.process.address()
    }

    async fn assert_serves_others(&self) {
        for version in [Version::Http1, Version::Http2] {
            let client = HttpClient {
                address: self.address(),
                version,
            };
            let ada = HelloRequest { name: "Ada".into() };
            let response = timeout(TIMEOUT, client.grpc_web(HELLO, &ada)).await;
            assert_eq!(response.expect("completed in time").grpc_status(), Some(0));
        }
    }

    /// An entry of `/proc/…/status` in bytes.
    fn memory(&self, entry: &str) -> usize {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()));
        let status = status.expect("running process");
        let kibibytes = status
            .lines()
            .find_map(|line| line.strip_prefix(entry)?.trim().strip_suffix(" kB"))
            .expect("memory size");
        kibibytes.parse::<usize>().expect("number") * KIBIBYTE
    }

    /// Panics if the peak memory exceeds the initial memory by more than `bytes`.
    fn assert_growth_below(&self, bytes: usize) {
        let growth = self.memory("VmHWM:").saturating_sub(self.initial_memory);
        let [growth, limit] = [growth, bytes + TOLERANCE].map(|bytes| bytes / KIBIBYTE);
        assert!(growth < limit, "{growth} KiB, limit {limit} KiB");
    }
}

/// Sends a WebSocket handshake.
async fn open_socket(address: SocketAddr) -> TcpStream {
    let mut socket = TcpStream::connect(address).await.expect("connected");
    let handshake = handshake_bytes(address, BIDI_HELLO);
    socket.write_all(&handshake).await.expect("written");
    socket
}

/// Reads the response headers and at least `body` bytes that follow them.
async fn read_response(socket: &mut TcpStream, body: usize) -> Vec<u8> {
    let mut response = Vec::new();
    let is_complete = |response: &[u8]| {
        let head = response.windows(4).position(|four| four == b"\r\n\r\n");
        head.is_some_and(|head| response.len() >= head + 4 + body)
    };
    while !is_complete(&response) {
        let read = timeout(TIMEOUT, socket.read_buf(&mut response)).await;
        let read = read.expect("completed in time").expect("open connection");
        assert_ne!(read, 0, "{}", String::from_utf8_lossy(&response));
    }
    response
}
