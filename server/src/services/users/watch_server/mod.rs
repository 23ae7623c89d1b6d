//! Serving `WatchUsers`: each event is encoded once, and every watcher sends a copy of the bytes.
//!
//! tonic's generated service takes messages, and would encode every event again for each watcher.

mod encoded_events;

use std::{convert::Infallible, sync::Arc};

use bytes::BufMut;
use frontdesk::user::{UserEvent, WatchUsersRequest};
use http::{Request, Response};
use prost::Message as _;
use tonic::{
    Status,
    body::Body,
    codec::{BufferSettings, Codec, EncodeBuf, Encoder},
    codegen::BoxFuture,
    server::{Grpc, ServerStreamingService},
};
use tonic_prost::ProstCodec;

use self::encoded_events::EncodedEvents;
use super::{
    convert,
    service::Users,
    watch::{Event, EventStream},
};

/// Serves the method, both with and without the service's package.
#[derive(Clone)]
pub struct WatchServer {
    users: Users,
    encoded: Arc<EncodedEvents>,
    max_message_bytes: usize,
}

impl WatchServer {
    /// The name of the method, in every service that has it.
    pub const METHOD: &str = "WatchUsers";

    #[must_use]
    pub fn new(users: Users, max_message_bytes: usize) -> Self {
        Self {
            users,
            encoded: Arc::default(),
            max_message_bytes,
        }
    }

    pub fn call<B>(&self, request: Request<B>) -> BoxFuture<Response<Body>, Infallible>
    where
        B: http_body::Body + Send + 'static,
        B::Error: Into<tonic::codegen::StdError> + Send,
    {
        let method = Method(self.users.clone());
        let mut grpc = Grpc::new(EventCodec(Arc::clone(&self.encoded)))
            .max_decoding_message_size(self.max_message_bytes);
        Box::pin(async move { Ok(grpc.server_streaming(method, request).await) })
    }
}

struct Method(Users);

impl ServerStreamingService<WatchUsersRequest> for Method {
    type Response = Event;
    type ResponseStream = EventStream;
    type Future = BoxFuture<tonic::Response<Self::ResponseStream>, Status>;

    fn call(&mut self, request: tonic::Request<WatchUsersRequest>) -> Self::Future {
        let users = self.0.clone();
        Box::pin(async move { users.watch(request).await.map(tonic::Response::new) })
    }
}

/// Decodes requests like tonic, and writes events that are already encoded.
struct EventCodec(Arc<EncodedEvents>);

impl Codec for EventCodec {
    type Encode = Event;
    type Decode = WatchUsersRequest;
    type Encoder = Self;
    type Decoder = <ProstCodec<UserEvent, WatchUsersRequest> as Codec>::Decoder;

    fn encoder(&mut self) -> Self::Encoder {
        Self(Arc::clone(&self.0))
    }

    fn decoder(&mut self) -> Self::Decoder {
        ProstCodec::<UserEvent, _>::default().decoder()
    }
}

impl Encoder for EventCodec {
    type Item = Event;
    type Error = Status;

    fn encode(&mut self, event: Event, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        write(event, &self.0, buffer);
        Ok(())
    }

    /// No buffer in advance: there may be thousands of watchers, and most of them wait.
    fn buffer_settings(&self) -> BufferSettings {
        BufferSettings::new(0, 32 * 1_024)
    }
}

fn write(event: Event, encoded: &EncodedEvents, buffer: &mut impl BufMut) {
    match event {
        Event::Change(change) => match Arc::try_unwrap(change) {
            // Read from the change log, for this watcher only.
            Ok(change) => encode(&convert::event(change), buffer),
            Err(shared) => buffer.put_slice(&encoded.get(&shared)),
        },
        Event::Bookmark(revision) => encode(&convert::bookmark(revision), buffer),
    }
}

fn encode(event: &UserEvent, buffer: &mut impl BufMut) {
    // This only fails for a buffer of fixed size.
    if let Err(error) = event.encode(buffer) {
        tracing::error!(%error, "cannot encode an event");
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_directory::{
        Actor, Change, ChangeKind, Email, Name, Revision, Timestamp, User, UserId,
    };

    use super::*;

    fn created() -> Arc<Change> {
        let user = User {
            id: UserId::new(7).expect("a valid id"),
            name: Name::parse("Ada").expect("a valid name"),
            email: Email::parse("ada@example.org").expect("a valid email"),
            revision: Revision(1_001),
            update_time: Timestamp(1_500),
            sample: false,
            purge_time: None,
        };
        Arc::new(Change {
            kind: ChangeKind::Created,
            user,
            before: None,
            previous_revision: None,
            actor: Actor::LOCAL_OPERATOR,
        })
    }

    fn written(change: &Arc<Change>, encoded: &EncodedEvents) -> Vec<u8> {
        let mut buffer = Vec::new();
        write(Event::Change(Arc::clone(change)), encoded, &mut buffer);
        buffer
    }

    #[test]
    fn a_shared_event_is_encoded_once() {
        let (change, encoded) = (created(), EncodedEvents::default());
        let first = written(&change, &encoded);
        let cached = encoded.get(&change).as_ptr();
        assert_eq!(written(&change, &encoded), first);
        assert_eq!(encoded.get(&change).as_ptr(), cached, "encoded again");
        let event = UserEvent::decode(&first[..]).expect("a valid event");
        assert_eq!(event, convert::event(Change::clone(&change)));
    }

    #[test]
    fn a_slot_is_reused_by_a_later_revision() {
        let encoded = EncodedEvents::default();
        let (first, mut later) = (created(), Change::clone(&created()));
        later.user.revision.0 += encoded_events::CAPACITY;
        let before = encoded.get(&first);
        assert_ne!(encoded.get(&later), before);
        assert_eq!(encoded.get(&first), before);
    }

    #[test]
    fn an_event_for_a_single_watcher_has_the_same_bytes() {
        let encoded = EncodedEvents::default();
        let shared = written(&created(), &encoded);
        let mut single = Vec::new();
        write(Event::Change(created()), &encoded, &mut single);
        assert_eq!(single, shared);
    }
}
