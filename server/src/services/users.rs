//! `user.UserService`.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    vec,
};

use frontdesk::user::{ListUsersRequest, UserRequest, UserResponse, user_service_server};
use futures_core::Stream;
use tonic::{Extensions, Request, Response, Status, metadata::MetadataValue};

use super::status;
use crate::directory::{Directory, Listing, Selection, User, UserId};

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
            .map(|user| Response::new(to_wire(user)))
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

        let mut response = Response::new(UserStream {
            rows,
            batch: Vec::new().into_iter(),
            extensions,
        });
        let metadata = response.metadata_mut();
        metadata.insert("x-total-count", MetadataValue::from(total));
        metadata.insert("x-revision", MetadataValue::from(revision.0));
        Ok(response)
    }
}

/// Hands out one message after the other. Ready while a batch lasts, so that tonic puts many
/// messages into one HTTP/2 frame.
#[derive(Debug)]
pub struct UserStream<R> {
    rows: R,
    batch: vec::IntoIter<User>,
    extensions: Extensions,
}

impl<R> Stream for UserStream<R>
where
    R: Stream<Item = Result<Vec<User>, crate::directory::Error>> + Unpin,
{
    type Item = Result<UserResponse, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(user) = self.batch.next() {
                return Poll::Ready(Some(Ok(to_wire(user))));
            }
            match ready!(Pin::new(&mut self.rows).poll_next(cx)) {
                Some(Ok(batch)) => self.batch = batch.into_iter(),
                Some(Err(error)) => {
                    return Poll::Ready(Some(Err(status::directory(&error, &self.extensions))));
                }
                None => return Poll::Ready(None),
            }
        }
    }
}

/// Moves a user onto the wire, without a copy.
fn to_wire(user: User) -> UserResponse {
    let (id, name, email) = user.into_parts();
    UserResponse { id, name, email }
}
