//! The greeter.

use frontdesk::greeter::{HelloReply, HelloRequest, greeter_client::GreeterClient};
use frontdesk_transport::client::Channel;
use tonic::Streaming;

use super::{
    Failure, Link,
    timeout::{UNARY, within},
};

/// All greetings together are given this long.
const GREETINGS: &str = "30S";

/// Greets people by name.
#[derive(Clone)]
pub struct Greeter {
    client: GreeterClient<Channel>,
    link: Link,
}

impl Greeter {
    pub(super) fn new(channel: Channel, link: Link) -> Self {
        Self {
            client: GreeterClient::new(channel),
            link,
        }
    }

    /// A greeting for `name`.
    ///
    /// # Errors
    ///
    /// [`Failure::Refused`] for a name that the server does not take; any other failure of a call.
    pub async fn hello(&self, name: String) -> Result<String, Failure> {
        let request = within(UNARY, HelloRequest { name });
        match self.client.clone().say_hello(request).await {
            Ok(reply) => Ok(reply.into_inner().message),
            Err(status) => Err(self.link.learn_from(&status)),
        }
    }

    /// The same greeting in many languages, as they are ready.
    ///
    /// # Errors
    ///
    /// As [`Greeter::hello`].
    pub async fn in_many_languages(&self, name: String) -> Result<Greetings, Failure> {
        let request = within(GREETINGS, HelloRequest { name });
        match self.client.clone().lots_of_replies(request).await {
            Ok(reply) => Ok(Greetings {
                stream: reply.into_inner(),
                link: self.link,
            }),
            Err(status) => Err(self.link.learn_from(&status)),
        }
    }
}

/// Greetings as they come in. Dropping it cancels the call.
pub struct Greetings {
    stream: Streaming<HelloReply>,
    link: Link,
}

impl Greetings {
    /// The next greeting, or `None` after the last.
    pub async fn next(&mut self) -> Option<Result<String, Failure>> {
        match self.stream.message().await {
            Ok(reply) => reply.map(|reply| Ok(reply.message)),
            Err(status) => Some(Err(self.link.learn_from(&status))),
        }
    }
}
