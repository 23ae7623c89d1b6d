use std::{sync::Arc, time::Duration};

use frontdesk::user::{
    CreateUserRequest, DeleteUserRequest, ImportUsersRequest, ImportUsersResponse,
    ListChangesRequest, ListUsersRequest, RestoreUserRequest, UpdateUserRequest, UserEvent,
    UserRequest, UserResponse, WatchUsersRequest, user_service_server,
};
use frontdesk_directory::{Directory, Rejection, User, UserId};
use futures_util::stream::{BoxStream, StreamExt as _};
use tonic::{Extensions, Request, Response, Status, Streaming};

use super::{
    changes,
    commands::{self, ParsedCommand},
    convert, import, list, messages,
    watch::{self, Event, EventStream},
};
use crate::services::{context, status};

type MessageStream<M> = BoxStream<'static, Result<M, Status>>;

/// `user.UserService` over a directory.
#[derive(Clone)]
pub struct Users {
    directory: Arc<dyn Directory>,
    bookmark_interval: Duration,
}

impl Users {
    /// A watch sends a bookmark after each `bookmark_interval` without a change.
    pub fn new(directory: Arc<dyn Directory>, bookmark_interval: Duration) -> Self {
        Self {
            directory,
            bookmark_interval,
        }
    }

    pub(super) async fn watch(
        &self,
        request: Request<WatchUsersRequest>,
    ) -> Result<EventStream, Status> {
        let (_, extensions, request) = request.into_parts();
        let context = context::of(&extensions);
        let (after, filter) = watch::parse(&request)?;
        let watch = self
            .directory
            .watch(&context, after)
            .await
            .map_err(|error| status::error(&error, &context))?;
        Ok(EventStream::new(
            watch,
            filter,
            self.bookmark_interval,
            context,
        ))
    }

    async fn execute(
        &self,
        (command, key): ParsedCommand,
        extensions: &Extensions,
    ) -> Result<Result<User, Rejection>, Status> {
        let context = context::of(extensions);
        self.directory
            .execute(&context, command, key)
            .await
            .map_err(|error| status::error(&error, &context))
    }
}

fn respond(result: Result<User, Rejection>) -> Result<Response<UserResponse>, Status> {
    result
        .map(|user| Response::new(convert::user(user)))
        .map_err(status::rejection)
}

#[tonic::async_trait]
impl user_service_server::UserService for Users {
    async fn get_user(
        &self,
        request: Request<UserRequest>,
    ) -> Result<Response<UserResponse>, Status> {
        let context = context::of(request.extensions());
        let id = request.get_ref().id;
        let user = match UserId::new(id) {
            Some(id) => self
                .directory
                .user(&context, id)
                .await
                .map_err(|error| status::error(&error, &context))?,
            None => None,
        };
        user.map(|user| Response::new(convert::user(user)))
            .ok_or_else(|| status::user_not_found(id))
    }

    type ListUsersStream = MessageStream<UserResponse>;

    async fn list_users(
        &self,
        request: Request<ListUsersRequest>,
    ) -> Result<Response<Self::ListUsersStream>, Status> {
        let (_, extensions, request) = request.into_parts();
        let context = context::of(&extensions);
        let query = list::parse(&request)?;
        let list = self
            .directory
            .list(&context, query.clone())
            .await
            .map_err(|error| status::error(&error, &context))?;
        Ok(list::respond(list, &query, context))
    }

    async fn create_user(
        &self,
        request: Request<CreateUserRequest>,
    ) -> Result<Response<UserResponse>, Status> {
        let command = commands::create(request.get_ref())?;
        respond(self.execute(command, request.extensions()).await?)
    }

    async fn update_user(
        &self,
        request: Request<UpdateUserRequest>,
    ) -> Result<Response<UserResponse>, Status> {
        let command = commands::update(request.get_ref())?;
        respond(self.execute(command, request.extensions()).await?)
    }

    async fn delete_user(
        &self,
        request: Request<DeleteUserRequest>,
    ) -> Result<Response<UserResponse>, Status> {
        let command = commands::delete(request.get_ref())?;
        respond(self.execute(command, request.extensions()).await?)
    }

    async fn restore_user(
        &self,
        request: Request<RestoreUserRequest>,
    ) -> Result<Response<UserResponse>, Status> {
        let command = commands::restore(request.get_ref())?;
        match self.execute(command, request.extensions()).await? {
            Err(Rejection::UserNotFound(id)) => Err(status::not_in_trash(id)),
            result => respond(result),
        }
    }

    type ImportUsersStream = MessageStream<ImportUsersResponse>;

    async fn import_users(
        &self,
        request: Request<Streaming<ImportUsersRequest>>,
    ) -> Result<Response<Self::ImportUsersStream>, Status> {
        let (_, extensions, requests) = request.into_parts();
        let directory = Arc::clone(&self.directory);
        let responses = import::responses(directory, requests, context::of(&extensions));
        Ok(Response::new(responses))
    }

    type WatchUsersStream = MessageStream<UserEvent>;

    /// Required by the trait; calls are routed to [`WatchServer`](super::WatchServer), which sends the
    /// same events.
    async fn watch_users(
        &self,
        request: Request<WatchUsersRequest>,
    ) -> Result<Response<Self::WatchUsersStream>, Status> {
        let events = self.watch(request).await?;
        let messages = events.map(|event| event.map(Event::into_message));
        Ok(Response::new(messages.boxed()))
    }

    type ListChangesStream = MessageStream<UserEvent>;

    async fn list_changes(
        &self,
        request: Request<ListChangesRequest>,
    ) -> Result<Response<Self::ListChangesStream>, Status> {
        let (_, extensions, request) = request.into_parts();
        let context = context::of(&extensions);
        let query = changes::parse(&request)?;
        let changes = self.directory.changes(&context, query);
        let messages = messages::from_batches(changes, convert::event, context);
        Ok(Response::new(messages))
    }
}
