//! `greeter.Greeter`.

use frontdesk::greeter::{HelloReply, HelloRequest, greeter_server};
use futures_util::stream::{self, BoxStream};
use tonic::{Request, Response, Status};

use super::status::bad_name;
use crate::directory::{GREETINGS, Name};

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
}
