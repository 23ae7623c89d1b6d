//! From the start of the process to its first answer.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use frontdesk::user::UserRequest;

use crate::{Outcome, host::binary, people::People, report::Row, statistics::median, wire::framed};

const USERS: u32 = 1_000_000;
const RUNS: usize = 9;
const AIM: f64 = 150.0;
const LIMIT: Duration = Duration::from_secs(10);
/// The trailers of a call that went well, in the body of a gRPC-Web answer.
const GOOD: &[u8] = b"grpc-status:0";

pub(super) fn measure() -> Outcome<Vec<Row>> {
    let people = People::seeded(USERS)?;
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let began = Instant::now();
        let mut server = Command::new(binary()?)
            .args(["serve", "--listen", &address.to_string(), "--data"])
            .arg(people.data())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let answered = first_answer(address, &mut server, began + LIMIT);
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
        server.kill()?;
        server.wait()?;
        answered?;
    }
    Ok(vec![Row::at_most(
        "start to first answer, a million users on disk",
        AIM,
        median(times),
        "ms",
        "`GetUser`",
    )])
}

/// Asks for a user again and again until the answer is there.
fn first_answer(address: SocketAddr, server: &mut Child, deadline: Instant) -> Outcome {
    let body = framed(&UserRequest { id: 654_321 })?;
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
        let mut answer = Vec::new();
        while !answer.windows(GOOD.len()).any(|part| part == GOOD) {
            let mut part = [0; 4096];
            let read = connection.read(&mut part)?;
            if read == 0 {
                return Err(format!("the answer is another: {answer:?}").into());
            }
            answer.extend_from_slice(&part[..read]);
        }
        return Ok(());
    }
    Err("the server did not answer".into())
}
