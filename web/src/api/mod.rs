//! The only room that knows stubs, channels and `fetch`. Hands out plain values, streams and one
//! error, [`Failure`].

mod clock;
mod failure;
mod greeter;
mod link;
mod pace;
mod run;
mod stream;
mod timeout;
mod users;

pub use self::{
    greeter::{Greeter, Outgoing, Replies, Wish},
    link::Link,
    run::Run,
    stream::{Messages, Stream},
    users::{Listing, Rows, Users},
};
pub use crate::model::Failure;
use frontdesk_transport::client::Channel;

/// Where calls go, if not to where the page comes from: while it is worked on, a proxy stands in
/// between that breaks off what goes over a `WebSocket` (see Trunk.toml).
const SERVER: Option<&str> = option_env!("FRONTDESK_PAGE_SERVER");

/// Milliseconds since the page was opened.
#[must_use]
pub fn now_ms() -> f64 {
    clock::now_ms()
}

/// The server, as the page sees it. Cloning is shallow.
#[derive(Clone)]
pub struct Api {
    /// Greets people by name.
    pub greeter: Greeter,
    /// The directory.
    pub users: Users,
    /// Whether the server can be reached.
    pub link: Link,
}

impl Api {
    /// The server at `origin`. Keeps watch over it for as long as the present owner lives.
    #[must_use]
    pub fn new(origin: &str) -> Self {
        let channel = Channel::new(SERVER.unwrap_or(origin))
            .with_client_streaming(frontdesk::CLIENT_STREAMING)
            .with_single_responses(frontdesk::SINGLE_RESPONSE);
        let link = Link::watch(origin);
        Self {
            greeter: Greeter::new(channel.clone(), link),
            users: Users::new(channel, link),
            link,
        }
    }
}
