//! The services without a package, for clients whose `.proto` has no `package` line.

use frontdesk::{
    greeter::{HelloReply, HelloRequest, greeter_server::Greeter as _},
    unqualified::{greeter_server, user_service_server},
    user::{
        CreateUserRequest, DeleteUserRequest, ImportUsersRequest, ListChangesRequest,
        ListUsersRequest, RestoreUserRequest, UpdateUserRequest, UserRequest, UserResponse,
        WatchUsersRequest, user_service_server::UserService,
    },
};
use tonic::{Request, Response, Status, Streaming};

use super::Greeter;

/// Implements the service without a package by the one with a package.
#[derive(Debug, Clone)]
pub struct Unqualified<S>(pub S);

#[tonic::async_trait]
impl greeter_server::Greeter for Unqualified<Greeter> {
    /// Without the exclamation mark, as these clients expect.
    async fn say_hello(
        &self,
        request: Request<HelloRequest>,
    ) -> Result<Response<HelloReply>, Status> {
        let name = Greeter::parse_name(request.get_ref())?;
        let message = format!("Hello, {name}");
        Ok(Response::new(HelloReply { message }))
    }

    type LotsOfRepliesStream =
        <Greeter as frontdesk::greeter::greeter_server::Greeter>::LotsOfRepliesStream;

    async fn lots_of_replies(
        &self,
        request: Request<HelloRequest>,
    ) -> Result<Response<Self::LotsOfRepliesStream>, Status> {
        self.0.lots_of_replies(request).await
    }

    async fn lots_of_greetings(
        &self,
        request: Request<Streaming<HelloRequest>>,
    ) -> Result<Response<HelloReply>, Status> {
        self.0.lots_of_greetings(request).await
    }

    type BidiHelloStream =
        <Greeter as frontdesk::greeter::greeter_server::Greeter>::BidiHelloStream;

    async fn bidi_hello(
        &self,
        request: Request<Streaming<HelloRequest>>,
    ) -> Result<Response<Self::BidiHelloStream>, Status> {
        self.0.bidi_hello(request).await
    }
}

#[tonic::async_trait]
impl<S: UserService> user_service_server::UserService for Unqualified<S> {
    async fn get_user(
        &self,
        request: Request<UserRequest>,
    ) -> Result<Response<UserResponse>, Status> {
        self.0.get_user(request).await
    }

    type ListUsersStream = S::ListUsersStream;

    async fn list_users(
        &self,
        request: Request<ListUsersRequest>,
    ) -> Result<Response<Self::ListUsersStream>, Status> {
        self.0.list_users(request).await
    }

    async fn create_user(
        &self,
        request: Request<CreateUserRequest>,
    ) -> Result<Response<UserResponse>, Status> {
        self.0.create_user(request).await
    }

    async fn update_user(
        &self,
        request: Request<UpdateUserRequest>,
    ) -> Result<Response<UserResponse>, Status> {
        self.0.update_user(request).await
    }

    async fn delete_user(
        &self,
        request: Request<DeleteUserRequest>,
    ) -> Result<Response<UserResponse>, Status> {
        self.0.delete_user(request).await
    }

    async fn restore_user(
        &self,
        request: Request<RestoreUserRequest>,
    ) -> Result<Response<UserResponse>, Status> {
        self.0.restore_user(request).await
    }

    type ImportUsersStream = S::ImportUsersStream;

    async fn import_users(
        &self,
        request: Request<Streaming<ImportUsersRequest>>,
    ) -> Result<Response<Self::ImportUsersStream>, Status> {
        self.0.import_users(request).await
    }

    type WatchUsersStream = S::WatchUsersStream;

    async fn watch_users(
        &self,
        request: Request<WatchUsersRequest>,
    ) -> Result<Response<Self::WatchUsersStream>, Status> {
        self.0.watch_users(request).await
    }

    type ListChangesStream = S::ListChangesStream;

    async fn list_changes(
        &self,
        request: Request<ListChangesRequest>,
    ) -> Result<Response<Self::ListChangesStream>, Status> {
        self.0.list_changes(request).await
    }
}
