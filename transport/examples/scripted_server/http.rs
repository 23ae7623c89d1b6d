//! HTTP/1.1 requests and scripted responses.

use std::{
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
};

use super::{
    events::Events,
    script::{self, parse_hex, parse_line, unknown_command},
    websocket,
};

/// In bytes.
const MAX_REQUEST_BYTES: usize = 1 << 20;

pub(crate) fn serve(stream: &TcpStream, events: &Events) -> io::Result<()> {
    // Send each chunk as a separate packet.
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = Request::read(&mut reader)? {
        if request.path.starts_with("//") {
            // Like real servers, treat a duplicate slash as a different path.
            respond(stream, "404 Not Found", "content-length: 0\r\n")?;
        } else if request.method == "OPTIONS" {
            let fields = [
                "access-control-allow-headers: ",
                &request.requested_headers,
                "\r\naccess-control-max-age: 600\r\n",
            ];
            respond(stream, "204 No Content", &fields.concat())?;
        } else if let Some(name) = request.path.strip_prefix("/signal/") {
            events.signal(name);
            respond(stream, "200 OK", "content-length: 0\r\n")?;
        } else if let Some(name) = request.path.strip_prefix("/wait-for/") {
            events.wait(&format!("expect-abort {name}"));
            respond(stream, "200 OK", "content-length: 0\r\n")?;
        } else if let Some(key) = &request.websocket_key {
            return websocket::run(stream, key, events).map_err(io::Error::other);
        } else if run(&script::from_frame(&request.body), stream, events)? == Connection::Closed {
            return Ok(());
        }
    }
    Ok(())
}

#[derive(PartialEq)]
enum Connection {
    Open,
    Closed,
}

fn run(script: &str, mut stream: &TcpStream, events: &Events) -> io::Result<Connection> {
    let mut head = String::new();
    let mut status = "200";
    let mut has_begun = false;
    for line in script.lines() {
        let (command, rest) = parse_line(line);
        if !has_begun && !matches!(command, "status" | "header" | "wait") {
            head.push_str("transfer-encoding: chunked\r\n");
            respond(stream, status, &head)?;
            has_begun = true;
        }
        match command {
            "status" => status = rest,
            "header" => head.extend([rest, "\r\n"]),
            "chunk" => {
                let bytes = parse_hex(rest);
                let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
                chunk.extend(bytes);
                chunk.extend(b"\r\n");
                stream.write_all(&chunk)?;
            }
            "wait" => events.wait(rest),
            "expect-abort" => {
                // Over HTTP/1.1 a browser aborts a response by closing the connection.
                let _ = stream.read(&mut [0]);
                events.signal(line);
                return Ok(Connection::Closed);
            }
            "reset" => return Ok(Connection::Closed),
            _ => return Err(unknown_command(line)),
        }
    }
    if has_begun {
        stream.write_all(b"0\r\n\r\n")?;
    } else {
        head.push_str("content-length: 0\r\n");
        respond(stream, status, &head)?;
    }
    Ok(Connection::Open)
}

fn respond(mut stream: &TcpStream, status: &str, fields: &str) -> io::Result<()> {
    let head = [
        "HTTP/1.1 ",
        status,
        "\r\naccess-control-allow-origin: *\r\naccess-control-expose-headers: *\r\n",
        fields,
        "\r\n",
    ];
    stream.write_all(head.concat().as_bytes())
}

struct Request {
    method: String,
    path: String,
    requested_headers: String,
    websocket_key: Option<String>,
    body: Vec<u8>,
}

impl Request {
    fn read(reader: &mut BufReader<&TcpStream>) -> io::Result<Option<Self>> {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let mut parts = line.split(' ').map(str::to_owned);
        let (method, path) = (parts.next(), parts.next());
        let (mut length, mut requested_headers, mut websocket_key) = (0, String::new(), None);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else {
                break;
            };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse().map_err(io::Error::other)?,
                "access-control-request-headers" => value.trim().clone_into(&mut requested_headers),
                "sec-websocket-key" => websocket_key = Some(value.trim().to_owned()),
                _ => {}
            }
        }
        let mut body = vec![0; MAX_REQUEST_BYTES.min(length)];
        reader.read_exact(&mut body)?;
        Ok(Some(Self {
            method: method.unwrap_or_default(),
            path: path.unwrap_or_default(),
            requested_headers,
            websocket_key,
            body,
        }))
    }
}
