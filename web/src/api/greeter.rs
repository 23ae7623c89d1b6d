//! The greeter.

use frontdesk::greeter::{HelloReply, HelloRequest, greeter_client::GreeterClient};
use frontdesk_directory::GroupGreeting;
use frontdesk_transport::client::{Channel, Direction, InspectedChannel, WireEvent, WireEventKind};
use futures_channel::mpsc;
use tonic::{Status, Streaming};

use super::{
    clock,
    health::ServerHealth,
    timeout::{self, Timeout, UNARY, with_timeout},
};
use crate::state::{
    call_type::CallType,
    error::Error,
    wire_log::{WireEntry, WireKind},
};

const SERVER_STREAMING_TIMEOUT: &str = "30S";

/// Names that wait to be sent.
const MAX_QUEUED_NAMES: usize = GroupGreeting::MAX_NAMES;

#[derive(Clone)]
pub struct Greeter {
    channel: Channel,
    health: ServerHealth,
}

pub struct GreeterCall {
    pub call_type: CallType,
    /// The first names; exactly one if the request is not a stream.
    pub names: Vec<String>,
    /// `None` means the default for the call type.
    pub deadline_ms: Option<u32>,
}

impl Greeter {
    pub(super) fn new(channel: Channel, health: ServerHealth) -> Self {
        Self { channel, health }
    }

    /// Prepares a call of any type: returns its request stream, if it has one, and the future that
    /// starts it. `on_wire_entry` is called for everything that is sent and received.
    pub fn call<F: Fn(WireEntry) + 'static>(
        &self,
        call: GreeterCall,
        on_wire_entry: F,
    ) -> (
        Option<RequestStream>,
        impl Future<Output = Result<Replies, Error>> + use<F>,
    ) {
        let started = clock::now_tenths();
        let channel = InspectedChannel::new(self.channel.clone(), move |event| {
            on_wire_entry(wire_entry(event, started));
        });
        let client = GreeterClient::new(channel);
        let (sender, receiver) = mpsc::channel(MAX_QUEUED_NAMES);
        let mut requests = RequestStream(sender);
        let GreeterCall {
            call_type,
            names,
            deadline_ms,
        } = call;
        for name in &names {
            requests.send(name.clone());
        }
        let default = match call_type {
            CallType::Unary => Some(UNARY),
            CallType::ServerStreaming => Some(SERVER_STREAMING_TIMEOUT),
            // These last for as long as the user types.
            CallType::ClientStreaming | CallType::Bidirectional => None,
        };
        let timeout = deadline_ms
            .and_then(timeout::from_milliseconds)
            .or(default.map(Timeout::from_static));
        let health = self.health;
        let replies = async move {
            match start(client, call_type, names, receiver, timeout).await {
                Ok(source) => Ok(Replies { source, health }),
                Err(status) => Err(health.to_error(&status)),
            }
        };
        (call_type.streams_requests().then_some(requests), replies)
    }
}

async fn start(
    mut client: GreeterClient<InspectedChannel>,
    call_type: CallType,
    names: Vec<String>,
    requests: mpsc::Receiver<HelloRequest>,
    timeout: Option<Timeout>,
) -> Result<ReplySource, Status> {
    let name = names.into_iter().next().unwrap_or_default();
    let request = HelloRequest { name };
    Ok(match call_type {
        CallType::Unary => {
            let reply = client.say_hello(with_timeout(timeout, request)).await?;
            ReplySource::Single(Some(reply.into_inner()))
        }
        CallType::ServerStreaming => {
            let request = with_timeout(timeout, request);
            ReplySource::Stream(client.lots_of_replies(request).await?.into_inner())
        }
        CallType::ClientStreaming => {
            let requests = with_timeout(timeout, requests);
            let reply = client.lots_of_greetings(requests).await?;
            ReplySource::Single(Some(reply.into_inner()))
        }
        CallType::Bidirectional => {
            let requests = with_timeout(timeout, requests);
            ReplySource::Stream(client.bidi_hello(requests).await?.into_inner())
        }
    })
}

/// The request stream of a call. Dropping it ends the stream; replies still arrive.
pub struct RequestStream(mpsc::Sender<HelloRequest>);

impl RequestStream {
    /// Returns `false` if the call has ended or `MAX_QUEUED_NAMES` are waiting.
    pub fn send(&mut self, name: String) -> bool {
        self.0.try_send(HelloRequest { name }).is_ok()
    }
}

/// Replies as they arrive. Dropping it cancels the call.
pub struct Replies {
    source: ReplySource,
    health: ServerHealth,
}

enum ReplySource {
    Single(Option<HelloReply>),
    Stream(Streaming<HelloReply>),
}

impl Replies {
    /// The next reply, or `None` after the last one.
    pub(super) async fn next(&mut self) -> Result<Option<String>, Error> {
        let reply = match &mut self.source {
            ReplySource::Single(reply) => Ok(reply.take()),
            ReplySource::Stream(stream) => stream.message().await,
        };
        match reply {
            Ok(reply) => Ok(reply.map(|reply| reply.message)),
            Err(status) => Err(self.health.to_error(&status)),
        }
    }
}

fn wire_entry(event: WireEvent, started: u32) -> WireEntry {
    WireEntry {
        is_outgoing: event.direction == Direction::Sent,
        kind: match event.kind {
            WireEventKind::Message => WireKind::Message,
            WireEventKind::EndOfRequest => WireKind::EndOfRequest,
            WireEventKind::Trailers(_) => WireKind::Trailers,
            _ => WireKind::Headers,
        },
        bytes: event.bytes,
        elapsed: clock::now_tenths().wrapping_sub(started),
    }
}
