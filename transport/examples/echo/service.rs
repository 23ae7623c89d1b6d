//! What a generated `EchoServer` and its implementation would be.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    pin::Pin,
    task::{Context, Poll},
};

use http::{Request as HttpRequest, Response as HttpResponse};
use tonic::{
    Request, Response, Status, Streaming,
    body::Body,
    server::{Grpc, StreamingService, UnaryService},
};
use tonic_prost::ProstCodec;
use tower_service::Service;

use super::{SAY, TALK};

type ResponseFuture<T> = Ready<Result<Response<T>, Status>>;

/// Responds with the messages it receives.
#[derive(Clone)]
pub(crate) struct Echo;

impl UnaryService<String> for Echo {
    type Response = String;
    type Future = ResponseFuture<String>;

    fn call(&mut self, request: Request<String>) -> Self::Future {
        ready(Ok(Response::new(request.into_inner())))
    }
}

impl StreamingService<String> for Echo {
    type Response = String;
    type ResponseStream = Streaming<String>;
    type Future = ResponseFuture<Streaming<String>>;

    fn call(&mut self, request: Request<Streaming<String>>) -> Self::Future {
        ready(Ok(Response::new(request.into_inner())))
    }
}

impl Service<HttpRequest<Body>> for Echo {
    type Response = HttpResponse<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: HttpRequest<Body>) -> Self::Future {
        Box::pin(async move {
            let mut grpc = Grpc::new(ProstCodec::<String, String>::default());
            Ok(match request.uri().path() {
                SAY => grpc.unary(Self, request).await,
                TALK => grpc.streaming(Self, request).await,
                _ => Status::unimplemented("unknown method").into_http(),
            })
        })
    }
}
