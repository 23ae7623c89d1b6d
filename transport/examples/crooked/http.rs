//! Requests by HTTP/1.1, and what is answered to them.

use std::{
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
};

use super::{events::Events, socket};

/// The longest request that is read.
const LARGEST_REQUEST: usize = 1 << 20;

pub(crate) fn serve(stream: &TcpStream, events: &Events) -> io::Result<()> {
    // Each chunk is a packet: nothing waits for the next one.
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = Request::read(&mut reader)? {
        if request.path.starts_with("//") {
            // As real servers have it: a slash too many is another path.
            answer(stream, "404 Not Found", "content-length: 0\r\n")?;
        } else if request.method == "OPTIONS" {
            let fields = [
                "access-control-allow-headers: ",
                &request.asked_headers,
                "\r\naccess-control-max-age: 600\r\n",
            ];
            answer(stream, "204 No Content", &fields.concat())?;
        } else if let Some(name) = request.path.strip_prefix("/go/") {
            events.happen(name);
            answer(stream, "200 OK", "content-length: 0\r\n")?;
        } else if let Some(name) = request.path.strip_prefix("/gone/") {
            events.wait(&format!("gone {name}"));
            answer(stream, "200 OK", "content-length: 0\r\n")?;
        } else if let Some(key) = &request.socket_key {
            return socket::follow(stream, key, events).map_err(io::Error::other);
        } else if follow(&request.plan(), stream, events)? == Connection::Over {
            return Ok(());
        }
    }
    Ok(())
}

#[derive(PartialEq)]
enum Connection {
    Open,
    Over,
}

fn follow(plan: &str, mut stream: &TcpStream, events: &Events) -> io::Result<Connection> {
    let mut head = String::new();
    let mut status = "200";
    let mut begun = false;
    for line in plan.lines() {
        let (what, rest) = line.split_once(' ').unwrap_or((line, ""));
        if !begun && !matches!(what, "status" | "header" | "wait") {
            head.push_str("transfer-encoding: chunked\r\n");
            answer(stream, status, &head)?;
            begun = true;
        }
        match what {
            "status" => status = rest,
            "header" => head.extend([rest, "\r\n"]),
            "chunk" => {
                let bytes = bytes(rest);
                let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
                chunk.extend(bytes);
                chunk.extend(b"\r\n");
                stream.write_all(&chunk)?;
            }
            "wait" => events.wait(rest),
            "gone" => {
                // A page that lets go of an answer closes its connection.
                let _ = stream.read(&mut [0]);
                events.happen(line);
                return Ok(Connection::Over);
            }
            "reset" => return Ok(Connection::Over),
            _ => return Err(io::Error::other(format!("what is `{line}`?"))),
        }
    }
    if begun {
        stream.write_all(b"0\r\n\r\n")?;
    } else {
        head.push_str("content-length: 0\r\n");
        answer(stream, status, &head)?;
    }
    Ok(Connection::Open)
}

fn answer(mut stream: &TcpStream, status: &str, fields: &str) -> io::Result<()> {
    let head = [
        "HTTP/1.1 ",
        status,
        "\r\naccess-control-allow-origin: *\r\naccess-control-expose-headers: *\r\n",
        fields,
        "\r\n",
    ];
    stream.write_all(head.concat().as_bytes())
}

pub(crate) fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex
        .chars()
        .filter_map(|digit| digit.to_digit(16)?.try_into().ok())
        .collect();
    digits
        .chunks_exact(2)
        .map(|it| it[0] << 4 | it[1])
        .collect()
}

struct Request {
    method: String,
    path: String,
    asked_headers: String,
    socket_key: Option<String>,
    body: Vec<u8>,
}

impl Request {
    fn read(reader: &mut BufReader<&TcpStream>) -> io::Result<Option<Self>> {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let mut words = line.split(' ').map(str::to_owned);
        let (method, path) = (words.next(), words.next());
        let (mut length, mut asked_headers, mut socket_key) = (0, String::new(), None);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else {
                break;
            };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse().map_err(io::Error::other)?,
                "access-control-request-headers" => value.trim().clone_into(&mut asked_headers),
                "sec-websocket-key" => socket_key = Some(value.trim().to_owned()),
                _ => {}
            }
        }
        let mut body = vec![0; LARGEST_REQUEST.min(length)];
        reader.read_exact(&mut body)?;
        Ok(Some(Self {
            method: method.unwrap_or_default(),
            path: path.unwrap_or_default(),
            asked_headers,
            socket_key,
            body,
        }))
    }

    fn plan(&self) -> String {
        plan(&self.body)
    }
}

/// The text of the only message: five bytes of prefix, a tag, a length of seven bits a byte.
pub(crate) fn plan(frame: &[u8]) -> String {
    let message = frame.get(6..).unwrap_or_default();
    let length = message.iter().take_while(|byte| **byte >= 0x80).count() + 1;
    String::from_utf8_lossy(message.get(length..).unwrap_or_default()).into_owned()
}
