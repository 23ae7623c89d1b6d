//! `user.UserService`.

mod edits;
mod import;
mod list;
mod wire;

use frontdesk::user::{
    CreateUserRequest, DeleteUserRequest, ImportUsersRequest, ImportUsersResponse,
    ListChangesRequest, ListUsersRequest, RestoreUserRequest, UpdateUserRequest, UserEvent,
    UserRequest, UserResponse, WatchUsersRequest, user_service_server,
};
use futures_util::stream::BoxStream;
use tonic::{Extensions, Request, Response, Status, Streaming, metadata::MetadataValue};

use self::list::UserStream;
use super::status;
use crate::directory::{Directory, Listing, Selection, UserId};

/// The people of a directory.
#[derive(Debug, Clone)]
pub struct Users<D> {
    directory: D,
}

impl<D: Directory> Users<D> {
    /// Serves this directory.
    pub fn new(directory: D) -> Self {
        Self { directory }
    }

    async fn edit(
        &self,
        (edit, id): (crate::directory::Edit, Option<crate::directory::EditId>),
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
        let selection = Selection::parse(request.page, request.page_size)
            .map_err(|violations| status::bad_fields(&violations))?;
        let Listing {
            total,
            revision,
            rows,
        } = self
            .directory
            .list(selection)
            .await
            .map_err(|error| status::directory(&error, &extensions))?;

        let mut response = Response::new(UserStream::new(rows, extensions));
        let metadata = response.metadata_mut();
        metadata.insert("x-total-count", MetadataValue::from(total));
        metadata.insert("x-revision", MetadataValue::from(revision.0));
        Ok(response)
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
        self.edit(asked, request.extensions()).await
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

    type WatchUsersStream = BoxStream<'static, Result<UserEvent, Status>>;

    async fn watch_users(
        &self,
        _: Request<WatchUsersRequest>,
    ) -> Result<Response<Self::WatchUsersStream>, Status> {
        Err(Status::unimplemented("not yet"))
    }

    type ListChangesStream = BoxStream<'static, Result<UserEvent, Status>>;

    async fn list_changes(
        &self,
        _: Request<ListChangesRequest>,
    ) -> Result<Response<Self::ListChangesStream>, Status> {
        Err(Status::unimplemented("not yet"))
    }
}
