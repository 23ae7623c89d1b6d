//! `user.UserService`.

mod changes;
mod commands;
mod encoded_events;
mod import;
mod list;
mod page_token;
mod watch;
mod watch_server;
mod wire;

use std::{sync::Arc, time::Duration};

use frontdesk::user::{
    CreateUserRequest, DeleteUserRequest, ImportUsersRequest, ImportUsersResponse,
    ListChangesRequest, ListUsersRequest, RestoreUserRequest, UpdateUserRequest, UserEvent,
    UserRequest, UserResponse, WatchUsersRequest, user_service_server,
};
use frontdesk_directory::{Directory, UserId};
use futures_util::stream::{BoxStream, StreamExt as _};
use tonic::{Code, Extensions, Request, Response, Status, Streaming};

pub use self::watch_server::WatchServer;
use self::{commands::ParsedCommand, list::UserMessages, watch::EventStream};
use super::{context, status};

/// `user.UserService` over a directory.
#[derive(Clone)]
pub struct Users {
    directory: Arc<dyn Directory>,
    bookmark_interval: Duration,
}

impl Users {
    /// Serves this directory. A watch sends a bookmark after each `bookmark_interval` without a
    /// change.
    pub fn new(directory: Arc<dyn Directory>, bookmark_interval: Duration) -> Self {
        Self {
            directory,
            bookmark_interval,
        }
    }

    async fn watch(&self, request: Request<WatchUsersRequest>) -> Result<EventStream, Status> {
        let (_, extensions, request) = request.into_parts();
        let (after, filter) = watch::parse(&request)?;
        let watch = self
            .directory
            .watch(&context::of(&extensions), after)
            .await
            .map_err(|error| status::directory(&error, &extensions))?;
        Ok(EventStream::new(
            watch,
            filter,
            self.bookmark_interval,
            extensions,
        ))
    }

    async fn execute(
        &self,
        command: ParsedCommand,
        extensions: &Extensions,
    ) -> Result<Response<UserResponse>, Status> {
        let (command, key) = command;
        self.directory
            .execute(&context::of(extensions), command, key)
            .await
            .map_err(|error| status::directory(&error, extensions))?
            .map(|user| Response::new(wire::user(user)))
            .map_err(status::rejection)
    }
}

#[tonic::async_trait]
impl user_service_server::UserService for Users {
    async fn get_user(
        &self,
        request: Request<UserRequest>,
    ) -> Result<Response<UserResponse>, Status> {
        let id = request.get_ref().id;
        let user = match UserId::new(id) {
            Some(id) => self
                .directory
                .user(&context::of(request.extensions()), id)
                .await
                .map_err(|error| status::directory(&error, request.extensions()))?,
            None => None,
        };
        user.map(|user| Response::new(wire::user(user)))
            .ok_or_else(|| status::no_such_user(id))
    }

    type ListUsersStream = UserMessages;

    async fn list_users(
        &self,
        request: Request<ListUsersRequest>,
    ) -> Result<Response<Self::ListUsersStream>, Status> {
        let (_, extensions, request) = request.into_parts();
        let query = list::parse(&request)?;
        let list = self
            .directory
            .list(&context::of(&extensions), query.clone())
            .await
            .map_err(|error| status::directory(&error, &extensions))?;
        Ok(list::response(list, &query, extensions))
    }

    async fn create_user(
        &self,
        request: Request<CreateUserRequest>,
    ) -> Result<Response<UserResponse>, Status> {
        let command = commands::create(request.get_ref())?;
        self.execute(command, request.extensions()).await
    }

    async fn update_user(
        &self,
        request: Request<UpdateUserRequest>,
    ) -> Result<Response<UserResponse>, Status> {
        let command = commands::update(request.get_ref())?;
        self.execute(command, request.extensions()).await
    }

    async fn delete_user(
        &self,
        request: Request<DeleteUserRequest>,
    ) -> Result<Response<UserResponse>, Status> {
        let command = commands::delete(request.get_ref())?;
        self.execute(command, request.extensions()).await
    }

    async fn restore_user(
        &self,
        request: Request<RestoreUserRequest>,
    ) -> Result<Response<UserResponse>, Status> {
        let command = commands::restore(request.get_ref())?;
        let restored = self.execute(command, request.extensions()).await;
        restored.map_err(|status| match status.code() {
            // The user may well exist, but not in the trash.
            Code::NotFound => status::not_in_trash(request.get_ref().id),
            _ => status,
        })
    }

    type ImportUsersStream = BoxStream<'static, Result<ImportUsersResponse, Status>>;

    async fn import_users(
        &self,
        request: Request<Streaming<ImportUsersRequest>>,
    ) -> Result<Response<Self::ImportUsersStream>, Status> {
        let (_, extensions, requests) = request.into_parts();
        let directory = Arc::clone(&self.directory);
        Ok(Response::new(import::responses(
            directory, requests, extensions,
        )))
    }

    // Used only where `WatchServer` is not in front; it sends the same events.
    type WatchUsersStream = BoxStream<'static, Result<UserEvent, Status>>;

    async fn watch_users(
        &self,
        request: Request<WatchUsersRequest>,
    ) -> Result<Response<Self::WatchUsersStream>, Status> {
        let events = self.watch(request).await?;
        let messages = events.map(|event| event.map(watch::Event::into_message));
        Ok(Response::new(messages.boxed()))
    }

    type ListChangesStream = BoxStream<'static, Result<UserEvent, Status>>;

    async fn list_changes(
        &self,
        request: Request<ListChangesRequest>,
    ) -> Result<Response<Self::ListChangesStream>, Status> {
        let (_, extensions, request) = request.into_parts();
        let query = changes::parse(&request)?;
        let changes = self.directory.changes(&context::of(&extensions), query);
        Ok(Response::new(changes::messages(changes, extensions)))
    }
}
