//! `WatchUsers` as it is served: an event is encoded once, and each watcher sends a copy.
//!
//! The generated service takes messages, and would have each encoded for each watcher.

use std::{convert::Infallible, sync::Arc};

use bytes::{BufMut, Bytes};
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
    watch::{Said, Watch},
    wire,
};
use frontdesk_directory::{ChangeEvent, Directory};

/// The method alone, for both of its paths.
#[derive(Debug, Clone)]
pub struct WatchServer<D> {
    users: Users<D>,
    max_message: usize,
}

impl<D: Directory> WatchServer<D> {
    /// What the method is called, whatever the service.
    pub const METHOD: &str = "WatchUsers";

    /// Serves these users; takes no message larger than `max_message`.
    #[must_use]
    pub fn new(users: Users<D>, max_message: usize) -> Self {
        Self { users, max_message }
    }

    /// Answers one call.
    pub fn call<B>(&self, request: Request<B>) -> BoxFuture<Response<Body>, Infallible>
    where
        B: http_body::Body + Send + 'static,
        B::Error: Into<tonic::codegen::StdError> + Send,
    {
        let method = Method(self.users.clone());
        let mut grpc = Grpc::new(Ready).max_decoding_message_size(self.max_message);
        Box::pin(async move { Ok(grpc.server_streaming(method, request).await) })
    }
}

struct Method<D>(Users<D>);

impl<D: Directory> ServerStreamingService<WatchUsersRequest> for Method<D> {
    type Response = Said;
    type ResponseStream = Watch<D::Watch>;
    type Future = BoxFuture<tonic::Response<Self::ResponseStream>, Status>;

    fn call(&mut self, request: tonic::Request<WatchUsersRequest>) -> Self::Future {
        let users = self.0.clone();
        Box::pin(async move { users.watch(request).await.map(tonic::Response::new) })
    }
}

/// Reads requests as tonic does, and writes what is ready.
struct Ready;

impl Codec for Ready {
    type Encode = Said;
    type Decode = WatchUsersRequest;
    type Encoder = Self;
    type Decoder = <ProstCodec<UserEvent, WatchUsersRequest> as Codec>::Decoder;

    fn encoder(&mut self) -> Self::Encoder {
        Self
    }

    fn decoder(&mut self) -> Self::Decoder {
        ProstCodec::<UserEvent, _>::default().decoder()
    }
}

impl Encoder for Ready {
    type Item = Said;
    type Error = Status;

    fn encode(&mut self, said: Said, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        write(said, buffer);
        Ok(())
    }

    /// Nothing in advance: who watches waits most of the time, and thousands may.
    fn buffer_settings(&self) -> BufferSettings {
        BufferSettings::new(0, 32 * 1_024)
    }
}

fn write(said: Said, buffer: &mut impl BufMut) {
    match said {
        Said::ChangeEvent(news) => match Arc::try_unwrap(news) {
            // Read from the record, for this watcher and nobody else.
            Ok(ChangeEvent { change, encoded }) => match encoded.get() {
                Some(bytes) => buffer.put_slice(bytes),
                None => put(&wire::event(change), buffer),
            },
            Err(shared) => buffer.put_slice(bytes(&shared)),
        },
        Said::Bookmark(revision) => put(&wire::bookmark(revision), buffer),
    }
}

/// What is ready, made by whoever needs it first.
fn bytes(news: &ChangeEvent) -> &Bytes {
    let encode = || wire::event(news.change.clone()).encode_to_vec().into();
    news.encoded.get_or_init(encode)
}

fn put(event: &UserEvent, buffer: &mut impl BufMut) {
    // It fails where the buffer can't grow; this one can.
    if event.encode(buffer).is_err() {
        tracing::error!("an event had no room");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use frontdesk_directory::{Change, ChangeKind, Email, Name, Revision, Timestamp, User, UserId};

    fn created() -> Arc<ChangeEvent> {
        let user = User {
            id: UserId::new(7).expect("an id"),
            name: Name::parse("Ada").expect("a name"),
            email: Email::parse("ada@example.org").expect("an address"),
            revision: Revision(1_001),
            changed: Timestamp(1_500),
            sample: false,
            purge_time: None,
        };
        Arc::new(ChangeEvent::from(Change {
            kind: ChangeKind::Created,
            user,
            before: None,
        }))
    }

    fn written(news: &Arc<ChangeEvent>) -> Vec<u8> {
        let mut buffer = Vec::new();
        write(Said::ChangeEvent(Arc::clone(news)), &mut buffer);
        buffer
    }

    #[test]
    fn an_event_is_encoded_once_and_not_once_a_watcher() {
        let news = created();
        let first = written(&news);
        let slot = news.encoded.get().expect("encoded by the first").as_ptr();
        assert_eq!(written(&news), first);
        assert_eq!(bytes(&news).as_ptr(), slot, "it was encoded again");
        let event = UserEvent::decode(&first[..]).expect("an event");
        assert_eq!(event, wire::event(news.change.clone()));
    }

    #[test]
    fn what_is_ready_is_what_is_sent() {
        let news = created();
        news.encoded
            .set(Bytes::from_static(b"ready"))
            .expect("once");
        assert_eq!(written(&news), b"ready");
    }

    #[test]
    fn an_event_of_one_watcher_alone_is_the_same_bytes() {
        let shared = written(&created());
        let mut alone = Vec::new();
        write(Said::ChangeEvent(created()), &mut alone);
        assert_eq!(alone, shared);
    }
}
