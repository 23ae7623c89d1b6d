//! Scripted calls over `grpc-websockets`.

use std::{io::Write as _, net::TcpStream};

use frontdesk_transport::frames::FrameScanner;
use tungstenite::{
    Message,
    handshake::derive_accept_key,
    protocol::{CloseFrame, Role},
};

use super::{
    events::Events,
    script::{self, parse_hex, parse_line, unknown_command},
};

type Socket<'a> = tungstenite::WebSocket<&'a TcpStream>;

pub(crate) fn run(mut stream: &TcpStream, key: &str, events: &Events) -> tungstenite::Result<()> {
    let accept = derive_accept_key(key.as_bytes());
    let head = [
        "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n",
        "sec-websocket-protocol: grpc-websockets\r\nsec-websocket-accept: ",
        &accept,
        "\r\n\r\n",
    ];
    stream.write_all(head.concat().as_bytes())?;
    let mut socket = Socket::from_raw_socket(stream, Role::Server, None);
    let _header_block = socket.read()?;
    let script = script::from_frame(&read_first_frame(&mut socket)?);
    for line in script.lines() {
        let (command, rest) = parse_line(line);
        match command {
            "chunk" => socket.send(Message::binary(parse_hex(rest)))?,
            "text" => socket.send(Message::text(rest))?,
            "repeat" => {
                let (times, hex) = rest.split_once(' ').unwrap_or_default();
                let message = Message::binary(parse_hex(hex));
                for _ in 0..times.parse().unwrap_or(0) {
                    // The client may close the socket in between; then the next command continues.
                    if socket.send(message.clone()).is_err() {
                        break;
                    }
                }
            }
            "wait" => events.wait(rest),
            "expect-end" => while socket.read()?.into_data().as_ref() != [0x01] {},
            "expect-abort" => {
                while socket.read().is_ok() {}
                events.signal(line);
                return Ok(());
            }
            "close" => {
                let (code, reason) = rest.split_once(' ').unwrap_or((rest, ""));
                let code = code.parse::<u16>().unwrap_or(1000).into();
                let reason = reason.to_owned().into();
                socket.close(Some(CloseFrame { code, reason }))?;
                // Wait for the close frame of the client.
                while socket.read().is_ok() {}
            }
            "reset" => return Ok(()),
            _ => return Err(unknown_command(line).into()),
        }
    }
    Ok(())
}

/// The first frame of the call, which may arrive in several messages.
fn read_first_frame(socket: &mut Socket<'_>) -> tungstenite::Result<Vec<u8>> {
    let (mut frame, mut scanner) = (Vec::new(), FrameScanner::new());
    while !scanner.is_complete() {
        let message = socket.read()?.into_data();
        // The first byte marks the message as bytes of the request.
        let bytes = message.get(1..).unwrap_or_default();
        frame.extend_from_slice(&bytes[..scanner.advance(bytes).total()]);
    }
    Ok(frame)
}
