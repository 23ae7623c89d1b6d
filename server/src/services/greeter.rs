//! `greeter.Greeter`.

use frontdesk::greeter::{HelloReply, HelloRequest, greeter_server};
use futures_util::stream::{self, BoxStream};
use tonic::{Request, Response, Status, Streaming};

use super::status::{bad_name, bad_name_in, bad_number_of_requests};
use frontdesk_directory::{GREETINGS, GroupGreeting, Name};

/// Greets people by name.
#[derive(Debug, Clone, Copy, Default)]
pub struct Greeter;

impl Greeter {
    /// Reads the name that is to be greeted.
    pub(super) fn name(request: &HelloRequest) -> Result<Name, Status> {
        Name::parse(&request.name).map_err(bad_name)
    }
}

#[tonic::async_trait]
impl greeter_server::Greeter for Greeter {
    async fn say_hello(
        &self,
        request: Request<HelloRequest>,
    ) -> Result<Response<HelloReply>, Status> {
        let name = Self::name(request.get_ref())?;
        let message = format!("Hello, {name}!");
        Ok(Response::new(HelloReply { message }))
    }

    type LotsOfRepliesStream = BoxStream<'static, Result<HelloReply, Status>>;

    async fn lots_of_replies(
        &self,
        request: Request<HelloRequest>,
    ) -> Result<Response<Self::LotsOfRepliesStream>, Status> {
        let name = Self::name(request.get_ref())?;
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
        let mut names = Names::of(request);
        let mut everybody = GroupGreeting::default();
        while let Some(name) = names.next().await? {
            everybody
                .add(name)
                .map_err(|error| bad_number_of_requests(error.to_string()))?;
        }
        let message = everybody
            .greet()
            .ok_or_else(|| bad_number_of_requests("somebody to greet is needed"))?;
        Ok(Response::new(HelloReply { message }))
    }

    type BidiHelloStream = BoxStream<'static, Result<HelloReply, Status>>;

    async fn bidi_hello(
        &self,
        request: Request<Streaming<HelloRequest>>,
    ) -> Result<Response<Self::BidiHelloStream>, Status> {
        // The next name is read when the reply to the one before has been taken.
        let replies = stream::try_unfold(Names::of(request), |mut names| async move {
            let name = names.next().await?;
            Ok(name.map(|name| {
                let message = format!("Hello, {name}!");
                (HelloReply { message }, names)
            }))
        });
        Ok(Response::new(Box::pin(replies)))
    }
}

/// The names in a stream of requests.
struct Names {
    requests: Streaming<HelloRequest>,
    read: usize,
}

impl Names {
    fn of(request: Request<Streaming<HelloRequest>>) -> Self {
        let requests = request.into_inner();
        Self { requests, read: 0 }
    }

    async fn next(&mut self) -> Result<Option<Name>, Status> {
        let Some(request) = self.requests.message().await? else {
            return Ok(None);
        };
        let name = Name::parse(&request.name).map_err(|error| bad_name_in(self.read, error))?;
        self.read += 1;
        Ok(Some(name))
    }
}
