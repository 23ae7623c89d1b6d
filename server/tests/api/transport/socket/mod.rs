//! Calls over `grpc-websockets`.

mod calls;
mod close;
mod flow_control;
mod handshake;
mod keepalive;
mod limits;
mod malformed;
mod messages;
mod timeouts;

use frontdesk::greeter::{HelloReply, HelloRequest};

use crate::helpers::{Server, Socket};

const SAY_HELLO: &str = "/greeter.Greeter/SayHello";
const LOTS_OF_GREETINGS: &str = "/greeter.Greeter/LotsOfGreetings";
const BIDI_HELLO: &str = "/greeter.Greeter/BidiHello";

fn hello(name: &str) -> HelloRequest {
    HelloRequest { name: name.into() }
}

/// A socket whose `BidiHello` call has started.
async fn start_bidi_hello(server: &Server) -> Socket {
    let mut socket = Socket::start_call(server.address, BIDI_HELLO).await;
    socket.receive_headers().await;
    socket
}

/// Whether the `BidiHello` call of this socket still replies.
async fn is_open(socket: &mut Socket) -> bool {
    socket.send(&hello("Ada")).await;
    socket.receive::<HelloReply>().await.message == "Hello, Ada!"
}
