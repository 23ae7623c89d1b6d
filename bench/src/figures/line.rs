//! `ListUsers` in gRPC-Web over a slow line: how many bytes that is, encoded and not.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use frontdesk::user::ListUsersRequest;

use crate::{
    Outcome,
    host::Host,
    people::People,
    report::{Row, number},
    wire::framed,
};

const USERS: u32 = 100_000;
/// How often each is asked for: the system counts a process's time in hundredths of a second.
const RUNS: u32 = 5;
const BITS_A_SECOND: f64 = 10_000_000.0;

pub(super) fn measure() -> Outcome<Vec<Row>> {
    let people = People::seeded(USERS)?;
    // This is the same machine: of itself, it would get nothing encoded.
    let host = Host::frontdesk_with(people.data(), &["--list-compression", "always"])?;
    // The first one reads from the disk.
    transferred(&host, "identity")?;
    let rows = [
        (
            "`ListUsers`, 100,000 users, gRPC-Web over 10 Mbit/s, as it is",
            "identity",
        ),
        ("the same in zstd", "zstd"),
        ("the same in brotli", "br"),
        ("the same in gzip", "gzip"),
    ];
    let rows = rows.map(|(figure, encoding)| {
        let before = host.processor_time()?;
        let mut bytes = 0;
        for _ in 0..RUNS {
            bytes = transferred(&host, encoding)?;
        }
        let milliseconds = (host.processor_time()? - before) / f64::from(RUNS) * 1_000.0;
        let bytes = f64::from(u32::try_from(bytes)?);
        let detail = format!(
            "{} bytes, {} ms of the server's processor",
            number(bytes),
            number(milliseconds)
        );
        Ok(Row::told(figure, bytes * 8.0 / BITS_A_SECOND, "s", &detail))
    });
    rows.into_iter().collect()
}

/// Asks for everybody; the bytes of the whole answer, as HTTP/1.1 has it.
fn transferred(host: &Host, encoding: &str) -> Outcome<usize> {
    let address = host.origin.trim_start_matches("http://");
    let body = framed(&ListUsersRequest::default())?;
    let head = format!(
        "POST /user.UserService/ListUsers HTTP/1.1\r\nhost: {address}\r\n\
         content-type: application/grpc-web+proto\r\naccept-encoding: {encoding}\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let mut connection = TcpStream::connect(address)?;
    connection.write_all(&[head.as_bytes(), &body].concat())?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let head = String::from_utf8_lossy(&answer[..end.ok_or("no answer")?]);
    let encoded = head
        .lines()
        .any(|line| line == format!("content-encoding: {encoding}"));
    if encoded != (encoding != "identity") || !answer.ends_with(b"0\r\n\r\n") {
        return Err(format!("asked for {encoding}, and this came: {head}").into());
    }
    Ok(answer.len())
}
