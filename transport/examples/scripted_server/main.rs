//! A server for tests of the client: every call contains a script that defines its response.
//! Responses can be cut anywhere, broken off, or not be gRPC at all.
//!
//! It listens on a free port of the loopback interface and prints its origin on one line. The only
//! message of a call is a string with one command per line:
//!
//! | command | effect |
//! |---|---|
//! | `status 200` | sets the HTTP status; must be the first line |
//! | `header name: value` | adds a header |
//! | `chunk 00ff` | sends these bytes in a chunk of their own |
//! | `wait name` | waits until `/signal/name` is requested; headers are sent with the next chunk |
//! | `expect-abort name` | waits until the client aborts the call; then the response to `/wait-for/name` is sent |
//! | `reset` | closes the connection |
//!
//! After the last line the response ends as HTTP requires. Pages of all origins may call it.
//!
//! Over a `WebSocket` with any path, the script is in the second message, as the first frame of the
//! call behind `0x00`. There, `chunk` sends a message, and these commands are available too:
//!
//! | command | effect |
//! |---|---|
//! | `text hello` | sends a text message |
//! | `repeat 1000 00ff` | sends this message 1,000 times |
//! | `expect-end` | waits until the client ends its request |
//! | `close 1000 reason` | closes the socket |

// The example is also compiled for wasm32, where it does nothing.
#[cfg(not(target_arch = "wasm32"))]
mod events;
#[cfg(not(target_arch = "wasm32"))]
mod http;
#[cfg(not(target_arch = "wasm32"))]
mod script;
#[cfg(not(target_arch = "wasm32"))]
mod websocket;

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
        // A browser opens only a few connections, so a thread for each is enough.
        std::thread::spawn(move || http::serve(&stream, &events));
    }
}
