//! `ListUsers`: pages, searches, orders and filters.

mod compression;
mod filters;
mod invalid;
mod naughty_strings;
mod pages;
mod search;
mod tokens;
mod transports;

use frontdesk::user::{ListUsersRequest, UserResponse};
use tokio_stream::StreamExt as _;
use tonic::{Response, Streaming};

use crate::helpers::Users;

/// A complete list with its metadata.
#[derive(Debug, PartialEq)]
struct List {
    users: Vec<UserResponse>,
    total: u64,
    revision: u64,
    next_page_token: Option<String>,
}

impl List {
    fn ids(&self) -> Vec<i32> {
        self.users.iter().map(|user| user.id).collect()
    }

    fn names(&self) -> Vec<&str> {
        self.users.iter().map(|user| user.name.as_str()).collect()
    }
}

async fn collect(list: Response<Streaming<UserResponse>>) -> List {
    let text = |name| {
        let value = list.metadata().get(name)?;
        Some(value.to_str().expect("UTF-8").to_owned())
    };
    let number = |name| text(name).expect(name).parse().expect("number");
    let (total, revision) = (number("x-total-count"), number("x-revision"));
    let next_page_token = text("x-next-page-token");
    let users = list.into_inner().map(|user| user.expect("user"));
    List {
        users: users.collect().await,
        total,
        revision,
        next_page_token,
    }
}

async fn list_users(users: &mut Users, request: ListUsersRequest) -> List {
    collect(users.list_users(request).await.expect("list")).await
}

fn query(query: &str) -> ListUsersRequest {
    ListUsersRequest {
        query: query.to_owned(),
        ..ListUsersRequest::default()
    }
}
