//! `frontdesk users list`.

use clap::{Args, ValueEnum};
use frontdesk::user::{ListUsersRequest, UserResponse};
use tonic::Streaming;

use super::{Access, Common, Desk, People};
use crate::{
    cli::output::{Unread, ended},
    failure::Failure,
};

/// The flags of `frontdesk users list`.
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    common: Common,

    /// Only people with this text in their name or email, without regard to case and accents
    /// [default: everybody]
    #[arg(long, value_name = "TEXT")]
    query: Option<String>,

    /// `id`, `name`, `email` or `update_time`, and ` desc` behind it for the other way round
    /// [default: the best matches first where there is a query, otherwise id]
    #[arg(long, value_name = "ORDER")]
    order_by: Option<String>,

    /// Only this page [default: all of them]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(i32).range(1..))]
    page: Option<i32>,

    /// How many people a page has
    #[arg(
        long,
        requires = "page",
        value_name = "NUMBER",
        default_value_t = 50,
        value_parser = clap::value_parser!(i32).range(1..=1_000)
    )]
    page_size: i32,

    /// Whether sample people are wanted
    #[arg(long, value_name = "WHICH", value_enum, default_value_t)]
    samples: Samples,

    /// List the users in the trash instead
    #[arg(long)]
    trash: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Samples {
    /// Include sample users
    #[default]
    Include,
    /// Leave sample users out
    Exclude,
    /// Only sample users
    Only,
}

pub(super) fn run(arguments: ListArgs) -> Result<(), Failure> {
    let trash = arguments.trash;
    let list = ListUsersRequest {
        page: arguments.page.unwrap_or_default(),
        page_size: arguments.page_size,
        query: arguments.query.unwrap_or_default(),
        order_by: arguments.order_by.unwrap_or_default(),
        sample_filter: match arguments.samples {
            Samples::Include => frontdesk::user::SampleFilter::Unspecified,
            Samples::Exclude => frontdesk::user::SampleFilter::Exclude,
            Samples::Only => frontdesk::user::SampleFilter::Only,
        }
        .into(),
        show_deleted: trash,
        ..ListUsersRequest::default()
    };
    let common = arguments.common;
    common.run(Access::Finds, async |desk, json| {
        let users = desk.users.clone().list_users(list).await;
        let users = users.map_err(|status| desk.failed(&status))?.into_inner();
        print(desk, users, People::new(json, trash)?).await
    })
}

async fn print(
    desk: &Desk,
    mut users: Streaming<UserResponse>,
    mut people: People,
) -> Result<(), Failure> {
    loop {
        let next = users.message().await;
        match next.map_err(|status| desk.failed(&status)) {
            Ok(Some(user)) => match people.add(&user) {
                Ok(()) => {}
                Err(Unread::ReadEnough) => return Ok(()),
                unwritable => return ended(unwritable),
            },
            Ok(None) => return ended(people.end()),
            // What was there before is shown.
            Err(failure) => return ended(people.end()).and(Err(failure)),
        }
    }
}
