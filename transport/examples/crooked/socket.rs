//! Calls by `grpc-websockets`.

use std::{
    io::{self, Write as _},
    net::TcpStream,
};

use tungstenite::{
    Message,
    handshake::derive_accept_key,
    protocol::{CloseFrame, Role},
};

use super::{
    events::Events,
    http::{bytes, plan},
};

type Socket<'a> = tungstenite::WebSocket<&'a TcpStream>;

pub(crate) fn follow(
    mut stream: &TcpStream,
    key: &str,
    events: &Events,
) -> tungstenite::Result<()> {
    let accept = derive_accept_key(key.as_bytes());
    let head = [
        "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n",
        "sec-websocket-protocol: grpc-websockets\r\nsec-websocket-accept: ",
        &accept,
        "\r\n\r\n",
    ];
    stream.write_all(head.concat().as_bytes())?;
    let mut socket = Socket::from_raw_socket(stream, Role::Server, None);
    let _fields = socket.read()?;
    let plan = plan(&first_frame(&mut socket)?);
    for line in plan.lines() {
        let (what, rest) = line.split_once(' ').unwrap_or((line, ""));
        match what {
            "chunk" => socket.send(Message::binary(bytes(rest)))?,
            "text" => socket.send(Message::text(rest))?,
            "many" => {
                let (times, hex) = rest.split_once(' ').unwrap_or_default();
                let message = Message::binary(bytes(hex));
                for _ in 0..times.parse().unwrap_or(0) {
                    // A page that has had enough closes: what it does then, the next line says.
                    if socket.send(message.clone()).is_err() {
                        break;
                    }
                }
            }
            "wait" => events.wait(rest),
            "end" => while socket.read()?.into_data().as_ref() != [0x01] {},
            "gone" => {
                while socket.read().is_ok() {}
                events.happen(line);
                return Ok(());
            }
            "close" => {
                let (code, reason) = rest.split_once(' ').unwrap_or((rest, ""));
                let code = code.parse::<u16>().unwrap_or(1000).into();
                let reason = reason.to_owned().into();
                socket.close(Some(CloseFrame { code, reason }))?;
                // Until the page has said the same.
                while socket.read().is_ok() {}
            }
            "reset" => return Ok(()),
            _ => return Err(io::Error::other(format!("what is `{line}`?")).into()),
        }
    }
    Ok(())
}

/// The call's first frame, which may come in several messages.
fn first_frame(socket: &mut Socket<'_>) -> tungstenite::Result<Vec<u8>> {
    let mut frame = Vec::new();
    loop {
        let message = socket.read()?.into_data();
        frame.extend(message.get(1..).unwrap_or_default());
        let length = frame
            .get(1..5)
            .map(|it| it.iter().fold(0, |all, byte| all << 8 | usize::from(*byte)));
        if length.is_some_and(|length| frame.len() >= 5 + length) {
            return Ok(frame);
        }
    }
}
