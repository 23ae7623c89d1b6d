//! `greeter.Greeter`.

use frontdesk::greeter::{HelloReply, HelloRequest, greeter_server};
use frontdesk_directory::{GREETINGS, GroupGreeting, Name};
use futures_util::stream::{self, BoxStream};
use tonic::{Request, Response, Status, Streaming};

use crate::grpc::bad_request::BadRequest;

/// Greets by name.
#[derive(Debug, Clone, Copy, Default)]
pub struct Greeter;

impl Greeter {
    pub(super) fn parse_name(request: &HelloRequest) -> Result<Name, Status> {
        Name::parse(&request.name).map_err(|error| BadRequest::field("name", error))
    }
}

#[tonic::async_trait]
impl greeter_server::Greeter for Greeter {
    async fn say_hello(
        &self,
        request: Request<HelloRequest>,
    ) -> Result<Response<HelloReply>, Status> {
        let name = Self::parse_name(request.get_ref())?;
        let message = format!("Hello, {name}!");
        Ok(Response::new(HelloReply { message }))
    }

    type LotsOfRepliesStream = BoxStream<'static, Result<HelloReply, Status>>;

    async fn lots_of_replies(
        &self,
        request: Request<HelloRequest>,
    ) -> Result<Response<Self::LotsOfRepliesStream>, Status> {
        let name = Self::parse_name(request.get_ref())?;
        let replies = GREETINGS.iter().map(move |greeting| {
            let message = greeting.greet(&name);
            Ok(HelloReply { message })
        });
        Ok(Response::new(Box::pin(stream::iter(replies))))
    }

    async fn lots_of_greetings(
        &self,
        request: Request<Streaming<HelloRequest>>,
    ) -> Result<Response<HelloReply>, Status> {
        let mut names = NameReader::new(request);
        let mut greeting = GroupGreeting::default();
        while let Some(name) = names.next().await? {
            greeting
                .add(name)
                .map_err(|error| BadRequest::field("requests", error))?;
        }
        let message = greeting
            .greet()
            .ok_or_else(|| BadRequest::field("requests", "at least one is required"))?;
        Ok(Response::new(HelloReply { message }))
    }

    type BidiHelloStream = BoxStream<'static, Result<HelloReply, Status>>;

    async fn bidi_hello(
        &self,
        request: Request<Streaming<HelloRequest>>,
    ) -> Result<Response<Self::BidiHelloStream>, Status> {
        // The next name is only read once the client has accepted the previous reply.
        let replies = stream::try_unfold(NameReader::new(request), |mut names| async move {
            let name = names.next().await?;
            Ok(name.map(|name| {
                let message = format!("Hello, {name}!");
                (HelloReply { message }, names)
            }))
        });
        Ok(Response::new(Box::pin(replies)))
    }
}

/// Reads the names of a stream of requests.
struct NameReader {
    requests: Streaming<HelloRequest>,
    count: usize,
}

impl NameReader {
    fn new(request: Request<Streaming<HelloRequest>>) -> Self {
        Self {
            requests: request.into_inner(),
            count: 0,
        }
    }

    async fn next(&mut self) -> Result<Option<Name>, Status> {
        let Some(request) = self.requests.message().await? else {
            return Ok(None);
        };
        let name = Name::parse(&request.name)
            .map_err(|error| BadRequest::field(format!("requests[{}].name", self.count), error))?;
        self.count += 1;
        Ok(Some(name))
    }
}
