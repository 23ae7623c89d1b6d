//! `user.UserService`.

mod changes;
mod edits;
mod import;
mod list;
mod ready;
mod watch;
mod wire;

use std::time::Duration;

use frontdesk::user::{
    CreateUserRequest, DeleteUserRequest, ImportUsersRequest, ImportUsersResponse,
    ListChangesRequest, ListUsersRequest, RestoreUserRequest, UpdateUserRequest, UserEvent,
    UserRequest, UserResponse, WatchUsersRequest, user_service_server,
};
use futures_util::stream::{BoxStream, StreamExt as _};
use tonic::{Code, Extensions, Request, Response, Status, Streaming};

pub use self::ready::WatchServer;
use self::{list::UserStream, watch::Watch};
use super::status;
use frontdesk_directory::{Directory, UserId};

/// The people of a directory.
#[derive(Debug, Clone)]
pub struct Users<D> {
    directory: D,
    bookmarks: Duration,
}

impl<D: Directory> Users<D> {
    /// Serves this directory. Who watches it gets a bookmark when nothing was said for as long as
    /// `bookmarks`.
    pub fn new(directory: D, bookmarks: Duration) -> Self {
        Self {
            directory,
            bookmarks,
        }
    }

    async fn watch(&self, request: Request<WatchUsersRequest>) -> Result<Watch<D::Watch>, Status> {
        let (_, extensions, request) = request.into_parts();
        let (from, interest) = watch::asked(&request)?;
        let watching = self.directory.watch(from).await;
        let watching = watching.map_err(|error| status::directory(&error, &extensions))?;
        Ok(Watch::new(watching, interest, self.bookmarks, extensions))
    }

    async fn edit(
        &self,
        (edit, id): (
            frontdesk_directory::Command,
            Option<frontdesk_directory::IdempotencyKey>,
        ),
        extensions: &Extensions,
    ) -> Result<Response<UserResponse>, Status> {
        let edited = self.directory.edit(edit, id).await;
        edited
            .map_err(|error| status::directory(&error, extensions))?
            .map(|user| Response::new(wire::user(user)))
            .map_err(status::refused)
    }
}

#[tonic::async_trait]
impl<D: Directory> user_service_server::UserService for Users<D> {
    async fn get_user(
        &self,
        request: Request<UserRequest>,
    ) -> Result<Response<UserResponse>, Status> {
        let id = request.get_ref().id;
        let found = match UserId::new(id) {
            Some(id) => self
                .directory
                .user(id)
                .await
                .map_err(|error| status::directory(&error, request.extensions()))?,
            None => None,
        };
        found
            .map(|user| Response::new(wire::user(user)))
            .ok_or_else(|| status::no_such_user(id))
    }

    type ListUsersStream = UserStream<D::Rows>;

    async fn list_users(
        &self,
        request: Request<ListUsersRequest>,
    ) -> Result<Response<Self::ListUsersStream>, Status> {
        let (_, extensions, request) = request.into_parts();
        let selection = list::selection(&request)?;
        let listing = self.directory.list(selection).await;
        let listing = listing.map_err(|error| status::directory(&error, &extensions))?;
        Ok(list::answer(listing, extensions))
    }

    async fn create_user(
        &self,
        request: Request<CreateUserRequest>,
    ) -> Result<Response<UserResponse>, Status> {
        let asked = edits::create(request.get_ref())?;
        self.edit(asked, request.extensions()).await
    }

    async fn update_user(
        &self,
        request: Request<UpdateUserRequest>,
    ) -> Result<Response<UserResponse>, Status> {
        let asked = edits::update(request.get_ref())?;
        self.edit(asked, request.extensions()).await
    }

    async fn delete_user(
        &self,
        request: Request<DeleteUserRequest>,
    ) -> Result<Response<UserResponse>, Status> {
        let asked = edits::delete(request.get_ref())?;
        self.edit(asked, request.extensions()).await
    }

    async fn restore_user(
        &self,
        request: Request<RestoreUserRequest>,
    ) -> Result<Response<UserResponse>, Status> {
        let asked = edits::restore(request.get_ref())?;
        let restored = self.edit(asked, request.extensions()).await;
        restored.map_err(|status| match status.code() {
            // They may well be in the directory.
            Code::NotFound => status::not_in_bin(request.get_ref().id),
            _ => status,
        })
    }

    type ImportUsersStream = BoxStream<'static, Result<ImportUsersResponse, Status>>;

    async fn import_users(
        &self,
        request: Request<Streaming<ImportUsersRequest>>,
    ) -> Result<Response<Self::ImportUsersStream>, Status> {
        let (_, extensions, requests) = request.into_parts();
        let directory = self.directory.clone();
        Ok(Response::new(import::answers(
            directory, requests, extensions,
        )))
    }

    // Not called where `WatchServer` is in front: it sends the same events.
    type WatchUsersStream = BoxStream<'static, Result<UserEvent, Status>>;

    async fn watch_users(
        &self,
        request: Request<WatchUsersRequest>,
    ) -> Result<Response<Self::WatchUsersStream>, Status> {
        let said = self.watch(request).await?;
        let messages = said.map(|said| said.map(watch::Said::into_message));
        Ok(Response::new(messages.boxed()))
    }

    type ListChangesStream = BoxStream<'static, Result<UserEvent, Status>>;

    async fn list_changes(
        &self,
        request: Request<ListChangesRequest>,
    ) -> Result<Response<Self::ListChangesStream>, Status> {
        let (_, extensions, request) = request.into_parts();
        let history = changes::asked(&request)?;
        let changes = self.directory.changes(history);
        Ok(Response::new(changes::messages(changes, extensions)))
    }
}
