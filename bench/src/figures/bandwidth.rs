//! `ListUsers` with gRPC-Web over a slow connection, with each content coding.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use frontdesk::user::ListUsersRequest;

use crate::{
    Result,
    report::{Row, format_number},
    request_body::encode,
    sample_directory::SampleDirectory,
    server_process::ServerProcess,
};

const USERS: u32 = 100_000;
/// Several, because Linux counts CPU time in hundredths of a second.
const RUNS: u32 = 5;
const BITS_PER_SECOND: f64 = 10_000_000.0;

pub(super) fn measure() -> Result<Vec<Row>> {
    let directory = SampleDirectory::create(USERS)?;
    // By default, clients on the same machine get uncompressed lists.
    let server = ServerProcess::start_with(directory.folder(), &["--list-compression", "always"])?;
    // Warm-up: reads from the disk.
    response_size(&server, "identity")?;
    let rows = [
        (
            "`ListUsers`, 100,000 users, gRPC-Web over 10 Mbit/s, uncompressed",
            "identity",
        ),
        ("the same, zstd", "zstd"),
        ("the same, brotli", "br"),
        ("the same, gzip", "gzip"),
    ];
    let rows = rows.map(|(figure, encoding)| {
        let before = server.cpu_time()?;
        let mut bytes = 0;
        for _ in 0..RUNS {
            bytes = response_size(&server, encoding)?;
        }
        let milliseconds = (server.cpu_time()? - before) / f64::from(RUNS) * 1_000.0;
        let bytes = f64::from(u32::try_from(bytes)?);
        let detail = format!(
            "{} bytes, {} ms of the server's CPU time",
            format_number(bytes),
            format_number(milliseconds)
        );
        Ok(Row::info(
            figure,
            bytes * 8.0 / BITS_PER_SECOND,
            "s",
            &detail,
        ))
    });
    rows.into_iter().collect()
}

/// Lists all users and returns the size of the HTTP/1.1 response in bytes.
fn response_size(server: &ServerProcess, encoding: &str) -> Result<usize> {
    let address = server.origin.trim_start_matches("http://");
    let body = encode(&ListUsersRequest::default())?;
    let head = format!(
        "POST /user.UserService/ListUsers HTTP/1.1\r\nhost: {address}\r\n\
         content-type: application/grpc-web+proto\r\naccept-encoding: {encoding}\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let mut connection = TcpStream::connect(address)?;
    connection.write_all(&[head.as_bytes(), &body].concat())?;
    let mut response = Vec::new();
    connection.read_to_end(&mut response)?;
    let end = response.windows(4).position(|four| four == b"\r\n\r\n");
    let head = String::from_utf8_lossy(&response[..end.ok_or("incomplete response headers")?]);
    let encoded = head
        .lines()
        .any(|line| line == format!("content-encoding: {encoding}"));
    if encoded != (encoding != "identity") || !response.ends_with(b"0\r\n\r\n") {
        return Err(format!("expected {encoding}, got: {head}").into());
    }
    Ok(response.len())
}
