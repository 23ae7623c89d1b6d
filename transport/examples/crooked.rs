//! A server that answers as it is told to, for tests of the page's channel: cut anywhere, broken
//! off, or by something that is no gRPC server at all.
//!
//! It listens on a free port of the loopback interface and prints its origin as a line. A call's
//! only message is a text that says, line by line, how to answer it:
//!
//! | line | what happens |
//! |---|---|
//! | `status 200` | the HTTP status; the first line |
//! | `header name: value` | a header field |
//! | `chunk 00ff` | these bytes are sent, in a chunk of their own |
//! | `wait name` | nothing, until `/go/name` is asked for; the headers are sent with what comes next |
//! | `gone name` | nothing, until the page lets go of the call; `/gone/name` is answered then |
//! | `reset` | the connection breaks |
//!
//! After the last line the answer ends as HTTP wants it. Pages of every origin may call.

use std::{
    collections::HashSet,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
};

/// The longest request that is read.
const LARGEST_REQUEST: usize = 1 << 20;

fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}", listener.local_addr()?);
    let events = Arc::new(Events::default());
    loop {
        let (stream, _) = listener.accept()?;
        let events = Arc::clone(&events);
        // A page opens a few connections; it is gone when its tests are.
        thread::spawn(move || serve(&stream, &events));
    }
}

/// What has happened, by name.
#[derive(Default)]
struct Events {
    happened: Mutex<HashSet<String>>,
    changed: Condvar,
}

impl Events {
    fn happen(&self, name: &str) {
        let mut happened = self.happened.lock().unwrap_or_else(PoisonError::into_inner);
        happened.insert(name.to_owned());
        self.changed.notify_all();
    }

    fn wait(&self, name: &str) {
        let happened = self.happened.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .changed
            .wait_while(happened, |happened| !happened.contains(name));
        drop(waited);
    }
}

fn serve(stream: &TcpStream, events: &Events) -> io::Result<()> {
    // Each chunk is a packet: nothing waits for the next one.
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = Request::read(&mut reader)? {
        if request.method == "OPTIONS" {
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

fn bytes(hex: &str) -> Vec<u8> {
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
        let (mut length, mut asked_headers) = (0, String::new());
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else {
                break;
            };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse().map_err(io::Error::other)?,
                "access-control-request-headers" => value.trim().clone_into(&mut asked_headers),
                _ => {}
            }
        }
        let mut body = vec![0; LARGEST_REQUEST.min(length)];
        reader.read_exact(&mut body)?;
        Ok(Some(Self {
            method: method.unwrap_or_default(),
            path: path.unwrap_or_default(),
            asked_headers,
            body,
        }))
    }

    /// The text of the only message: five bytes of prefix, a tag, a length of seven bits a byte.
    fn plan(&self) -> String {
        let message = self.body.get(6..).unwrap_or_default();
        let length = message.iter().take_while(|byte| **byte >= 0x80).count() + 1;
        String::from_utf8_lossy(message.get(length..).unwrap_or_default()).into_owned()
    }
}
