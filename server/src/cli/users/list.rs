//! `frontdesk users list`.

use clap::{Args, ValueEnum};
use frontdesk::user::{ListUsersRequest, SampleFilter};

use super::{common::CommonArgs, output::UserPrinter};
use crate::cli::{
    client::Access,
    error::CliError,
    output::{PrintError, finish},
};

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    common: CommonArgs,

    /// Only users whose name or email address contains this text, ignoring case and diacritics
    /// [default: all users]
    #[arg(long, value_name = "TEXT")]
    query: Option<String>,

    /// `id`, `name`, `email` or `update_time`, optionally followed by ` desc`
    /// [default: by relevance with a query, otherwise by id]
    #[arg(long, value_name = "FIELD")]
    order_by: Option<String>,

    /// Only this page, counted from 1 [default: all pages]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(i32).range(1..))]
    page: Option<i32>,

    /// Number of users per page
    #[arg(
        long,
        requires = "page",
        value_name = "NUMBER",
        default_value_t = 50,
        value_parser = clap::value_parser!(i32).range(1..=1_000)
    )]
    page_size: i32,

    /// Whether to include sample users
    #[arg(long, value_name = "FILTER", value_enum, default_value_t)]
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
    /// Exclude sample users
    Exclude,
    /// List sample users only
    Only,
}

pub(super) fn run(arguments: ListArgs) -> Result<(), CliError> {
    let trash = arguments.trash;
    let request = ListUsersRequest {
        page: arguments.page.unwrap_or_default(),
        page_size: arguments.page_size,
        query: arguments.query.unwrap_or_default(),
        order_by: arguments.order_by.unwrap_or_default(),
        sample_filter: match arguments.samples {
            Samples::Include => SampleFilter::Unspecified,
            Samples::Exclude => SampleFilter::Exclude,
            Samples::Only => SampleFilter::Only,
        }
        .into(),
        show_deleted: trash,
        ..ListUsersRequest::default()
    };
    let common = arguments.common;
    common.run(Access::Search, async |client, json| {
        let failed = |status| client.error(&status);
        let users = client.users.clone().list_users(request).await;
        let mut users = users.map_err(failed)?.into_inner();
        let mut printer = UserPrinter::new(json, trash)?;
        loop {
            match users.message().await.map_err(failed) {
                Ok(Some(user)) => match printer.print(&user) {
                    Ok(()) => {}
                    Err(PrintError::Closed) => return Ok(()),
                    error => return finish(error),
                },
                Ok(None) => return finish(printer.end()),
                // The users before the error are printed.
                Err(error) => return finish(printer.end()).and(Err(error)),
            }
        }
    })
}
