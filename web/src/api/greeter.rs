//! The greeter.

use frontdesk::greeter::{HelloReply, HelloRequest, greeter_client::GreeterClient};
use frontdesk_transport::client::{Channel, Direction, InspectedChannel, WireEvent, WireEventKind};
use futures_channel::mpsc;
use tonic::{Status, Streaming};

use super::{
    Failure, Link, clock,
    stream::Messages,
    timeout::{self, Timeout, UNARY, given},
};
use crate::model::{
    Call,
    wire::{Entry, Kind},
};

/// All greetings together are given this long.
const GREETINGS: &str = "30S";

/// How many names may wait to be sent: as many as the server takes for one greeting.
const WAITING: usize = 1_000;

/// Greets people by name.
#[derive(Clone)]
pub struct Greeter {
    channel: Channel,
    link: Link,
}

/// A call that is to be made.
pub struct Wish {
    /// Its type.
    pub call: Call,
    /// The first names; of those whose request is no stream, the one.
    pub names: Vec<String>,
    /// How many milliseconds it has; as long as such a call usually has, where nothing is said.
    pub deadline: Option<u32>,
}

impl Greeter {
    pub(super) fn new(channel: Channel, link: Link) -> Self {
        Self { channel, link }
    }

    /// Makes a call of any type: what there is to say in it, and what opens its replies. `ear` is
    /// told what passes on the wire.
    pub fn begin<E: Fn(Entry) + 'static>(
        &self,
        wish: Wish,
        ear: E,
    ) -> (
        Option<Outgoing>,
        impl Future<Output = Result<Replies, Failure>> + use<E>,
    ) {
        let began = clock::tenths();
        let tap = InspectedChannel::new(self.channel.clone(), move |passed| {
            ear(entry(passed, began));
        });
        let client = GreeterClient::new(tap);
        let (sender, names) = mpsc::channel(WAITING);
        let mut outgoing = Outgoing(sender);
        let Wish {
            call,
            names: first,
            deadline,
        } = wish;
        for name in &first {
            outgoing.say(name.clone());
        }
        let timeout = deadline.and_then(timeout::milliseconds).or(match call {
            Call::Unary => Some(Timeout::from_static(UNARY)),
            Call::ServerStreaming => Some(Timeout::from_static(GREETINGS)),
            // People type as slowly as they like.
            Call::ClientStreaming | Call::Bidirectional => None,
        });
        let link = self.link;
        let opening = async move {
            match open(client, call, first, names, timeout).await {
                Ok(stream) => Ok(Replies { stream, link }),
                Err(status) => Err(link.learn_from(&status)),
            }
        };
        (call.is_talk().then_some(outgoing), opening)
    }
}

async fn open(
    mut client: GreeterClient<InspectedChannel>,
    call: Call,
    first: Vec<String>,
    names: mpsc::Receiver<HelloRequest>,
    timeout: Option<Timeout>,
) -> Result<Incoming, Status> {
    let name = first.into_iter().next().unwrap_or_default();
    let one = HelloRequest { name };
    Ok(match call {
        Call::Unary => {
            let reply = client.say_hello(given(timeout, one)).await?;
            Incoming::One(Some(reply.into_inner()))
        }
        Call::ServerStreaming => {
            let replies = client.lots_of_replies(given(timeout, one)).await?;
            Incoming::Many(replies.into_inner())
        }
        Call::ClientStreaming => {
            let reply = client.lots_of_greetings(given(timeout, names)).await?;
            Incoming::One(Some(reply.into_inner()))
        }
        Call::Bidirectional => {
            let replies = client.bidi_hello(given(timeout, names)).await?;
            Incoming::Many(replies.into_inner())
        }
    })
}

/// What there is to say in a call whose request is a stream. Dropping it says that no more comes.
pub struct Outgoing(mpsc::Sender<HelloRequest>);

impl Outgoing {
    /// Sends a name. `false` where the call is over, or too many names have not been taken yet.
    pub fn say(&mut self, name: String) -> bool {
        self.0.try_send(HelloRequest { name }).is_ok()
    }

    /// No more names come; the replies still do.
    pub fn finish(self) {}
}

/// Replies as they come in. Dropping it cancels the call.
pub struct Replies {
    stream: Incoming,
    link: Link,
}

enum Incoming {
    One(Option<HelloReply>),
    Many(Streaming<HelloReply>),
}

impl Messages for Replies {
    type Item = String;

    async fn next(&mut self) -> Option<Result<String, Failure>> {
        let reply = match &mut self.stream {
            Incoming::One(reply) => Ok(reply.take()),
            Incoming::Many(stream) => stream.message().await,
        };
        match reply {
            Ok(reply) => reply.map(|reply| Ok(reply.message)),
            Err(status) => Some(Err(self.link.learn_from(&status))),
        }
    }
}

fn entry(passed: WireEvent, began: u32) -> Entry {
    Entry {
        sent: passed.direction == Direction::Sent,
        kind: match passed.kind {
            WireEventKind::Message => Kind::Message,
            WireEventKind::EndOfRequest => Kind::EndOfRequest,
            WireEventKind::Trailers(_) => Kind::Trailers,
            _ => Kind::Headers,
        },
        bytes: passed.bytes,
        ms: clock::tenths().wrapping_sub(began),
    }
}
