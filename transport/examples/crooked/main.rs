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
//!
//! A `WebSocket` of any path has the text in its second message, behind `0x00` as a call's first
//! frame. There a chunk is a message, and these lines mean more:
//!
//! | line | what happens |
//! |---|---|
//! | `text words` | a text message is sent |
//! | `many 1000 00ff` | that message is sent so many times |
//! | `end` | nothing, until the page says that its request has ended |
//! | `close 1000 words` | the socket is closed |

// Compiled for browsers too, where nobody listens.
#[cfg(not(target_arch = "wasm32"))]
mod events;
#[cfg(not(target_arch = "wasm32"))]
mod http;
#[cfg(not(target_arch = "wasm32"))]
mod socket;

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::io::Result<()> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}", listener.local_addr()?);
    let events = std::sync::Arc::new(events::Events::default());
    loop {
        let (stream, _) = listener.accept()?;
        let events = std::sync::Arc::clone(&events);
        // A page opens a few connections; it is gone when its tests are.
        std::thread::spawn(move || http::serve(&stream, &events));
    }
}
