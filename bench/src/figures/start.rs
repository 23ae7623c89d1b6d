//! The time from the start of the process to its first response.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use frontdesk::user::UserRequest;

use crate::{
    Result, report::Row, request_body::encode, sample_directory::SampleDirectory,
    server_process::binary, statistics::median,
};

const USERS: u32 = 1_000_000;
const RUNS: usize = 9;
const TARGET: f64 = 150.0;
const LIMIT: Duration = Duration::from_secs(10);
/// In the trailers of a successful call.
const STATUS_OK: &[u8] = b"grpc-status:0";

pub(super) fn measure() -> Result<Vec<Row>> {
    let directory = SampleDirectory::create(USERS)?;
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let start = Instant::now();
        let mut server = Command::new(binary()?)
            .args(["serve", "--listen", &address.to_string(), "--data"])
            .arg(directory.folder())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let result = await_response(address, &mut server, start + LIMIT);
        times.push(start.elapsed().as_secs_f64() * 1_000.0);
        server.kill()?;
        server.wait()?;
        result?;
    }
    Ok(vec![Row::at_most(
        "start to first response, a million users on disk",
        TARGET,
        median(times),
        "ms",
        "`GetUser`",
    )])
}

/// Requests a user until the server responds.
fn await_response(address: SocketAddr, server: &mut Child, deadline: Instant) -> Result {
    let body = encode(&UserRequest { id: 654_321 })?;
    let head = format!(
        "POST /user.UserService/GetUser HTTP/1.1\r\nhost: {address}\r\n\
         content-type: application/grpc-web+proto\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    while Instant::now() < deadline {
        if let Some(status) = server.try_wait()? {
            return Err(format!("the server ended: {status}").into());
        }
        let Ok(mut connection) = TcpStream::connect(address) else {
            thread::sleep(Duration::from_micros(500));
            continue;
        };
        connection.set_read_timeout(Some(LIMIT))?;
        connection.write_all(head.as_bytes())?;
        connection.write_all(&body)?;
        let mut response = Vec::new();
        while !response
            .windows(STATUS_OK.len())
            .any(|part| part == STATUS_OK)
        {
            let mut part = [0; 4096];
            let read = connection.read(&mut part)?;
            if read == 0 {
                return Err(format!("unexpected response: {response:?}").into());
            }
            response.extend_from_slice(&part[..read]);
        }
        return Ok(());
    }
    Err("the server did not respond".into())
}
