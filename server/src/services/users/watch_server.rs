//! `WatchUsers` as it is served: an event is encoded once, and each watcher sends a copy.
//!
//! The generated service takes messages, and would have each encoded for each watcher.

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

use super::{
    Users,
    encoded_events::EncodedEvents,
    watch::{Event, EventStream},
    wire,
};

/// The method alone, for both of its paths.
#[derive(Clone)]
pub struct WatchServer {
    users: Users,
    encoded: Arc<EncodedEvents>,
    max_message: usize,
}

impl WatchServer {
    /// What the method is called, whatever the service.
    pub const METHOD: &str = "WatchUsers";

    /// Serves these users; takes no message larger than `max_message`.
    #[must_use]
    pub fn new(users: Users, max_message: usize) -> Self {
        Self {
            users,
            encoded: Arc::default(),
            max_message,
        }
    }

    /// Answers one call.
    pub fn call<B>(&self, request: Request<B>) -> BoxFuture<Response<Body>, Infallible>
    where
        B: http_body::Body + Send + 'static,
        B::Error: Into<tonic::codegen::StdError> + Send,
    {
        let method = Method(self.users.clone());
        let mut grpc = Grpc::new(EventCodec(Arc::clone(&self.encoded)))
            .max_decoding_message_size(self.max_message);
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

/// Reads requests as tonic does, and writes what is ready.
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

    fn encode(&mut self, said: Event, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        write(said, &self.0, buffer);
        Ok(())
    }

    /// Nothing in advance: who watches waits most of the time, and thousands may.
    fn buffer_settings(&self) -> BufferSettings {
        BufferSettings::new(0, 32 * 1_024)
    }
}

fn write(event: Event, encoded: &EncodedEvents, buffer: &mut impl BufMut) {
    match event {
        Event::Change(change) => match Arc::try_unwrap(change) {
            // Read from the change log, for this watcher alone.
            Ok(change) => put(&wire::event(change), buffer),
            Err(shared) => buffer.put_slice(&encoded.get(&shared)),
        },
        Event::Bookmark(revision) => put(&wire::bookmark(revision), buffer),
    }
}

fn put(event: &UserEvent, buffer: &mut impl BufMut) {
    // It fails where the buffer can't grow; this one can.
    if event.encode(buffer).is_err() {
        tracing::error!("an event had no room");
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_directory::{Change, ChangeKind, Email, Name, Revision, Timestamp, User, UserId};

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
        let event = UserEvent::decode(&first[..]).expect("an event");
        assert_eq!(event, wire::event(Change::clone(&change)));
    }

    #[test]
    fn a_slot_is_reused_by_a_later_revision() {
        let encoded = EncodedEvents::default();
        let (first, mut later) = (created(), Change::clone(&created()));
        later.user.revision.0 += 1_024;
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
