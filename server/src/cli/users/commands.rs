//! `frontdesk users get`, `create`, `update`, `delete` and `restore`.

use clap::{ArgGroup, Args};
use frontdesk::user::{
    CreateUserRequest, DeleteUserRequest, RestoreUserRequest, UpdateUserRequest, UserRequest,
    UserResponse,
};
use prost_types::FieldMask;
use tonic::{Response, Status};

use super::{common::CommonArgs, output::UserPrinter};
use crate::cli::{
    client::{Access, Client},
    error::CliError,
    output::finish,
};

#[derive(Debug, Args)]
pub(super) struct GetArgs {
    #[command(flatten)]
    common: CommonArgs,

    /// IDs of the users
    #[arg(value_name = "ID", required = true)]
    ids: Vec<i32>,
}

#[derive(Debug, Args)]
pub(super) struct CreateArgs {
    #[command(flatten)]
    common: CommonArgs,

    /// Name
    name: String,

    /// Email address, which no other user may have
    email: String,

    #[command(flatten)]
    request: RequestArgs,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("fields").required(true).multiple(true).args(["name", "email"]))]
pub(super) struct UpdateArgs {
    #[command(flatten)]
    common: CommonArgs,

    /// ID of the user
    id: i32,

    /// New name [default: unchanged]
    #[arg(long)]
    name: Option<String>,

    /// New email address [default: unchanged]
    #[arg(long)]
    email: Option<String>,

    #[command(flatten)]
    expected: ExpectedArgs,

    #[command(flatten)]
    request: RequestArgs,
}

/// The arguments of `delete` and `restore`.
#[derive(Debug, Args)]
pub(super) struct UserArgs {
    #[command(flatten)]
    common: CommonArgs,

    /// ID of the user
    id: i32,

    #[command(flatten)]
    expected: ExpectedArgs,

    #[command(flatten)]
    request: RequestArgs,
}

#[derive(Debug, Args)]
struct RequestArgs {
    /// Idempotency key, such as a UUID: if it is sent again within a day, the first result is returned
    /// and nothing is changed [default: none]
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    request_id: String,
}

#[derive(Debug, Args)]
struct ExpectedArgs {
    /// Fail unless this is the user's current revision [default: any revision]
    #[arg(
        long = "expected-revision",
        value_name = "REVISION",
        default_value_t = 0,
        hide_default_value = true
    )]
    revision: i64,
}

pub(super) fn get(arguments: GetArgs) -> Result<(), CliError> {
    let common = arguments.common;
    common.run(Access::Read, async |client, json| {
        let mut printer = UserPrinter::new(json, false)?;
        for id in arguments.ids {
            let user = client.users.clone().get_user(UserRequest { id }).await;
            let user = match user {
                Ok(user) => user.into_inner(),
                // The users before the error are printed.
                Err(status) => return finish(printer.end()).and(Err(client.error(&status))),
            };
            if let error @ Err(_) = printer.print(&user) {
                return finish(error);
            }
        }
        finish(printer.end())
    })
}

pub(super) fn create(arguments: CreateArgs) -> Result<(), CliError> {
    let request = CreateUserRequest {
        name: arguments.name,
        email: arguments.email,
        request_id: arguments.request.request_id,
    };
    let common = arguments.common;
    common.run(Access::Write, async |client, json| {
        let result = client.users.clone().create_user(request).await;
        print_result(client, result, json)
    })
}

pub(super) fn update(arguments: UpdateArgs) -> Result<(), CliError> {
    let fields = [
        ("name", arguments.name.is_some()),
        ("email", arguments.email.is_some()),
    ];
    let paths = fields
        .into_iter()
        .filter(|(_, is_given)| *is_given)
        .map(|(field, _)| field.to_owned());
    let request = UpdateUserRequest {
        id: arguments.id,
        update_mask: Some(FieldMask {
            paths: paths.collect(),
        }),
        name: arguments.name.unwrap_or_default(),
        email: arguments.email.unwrap_or_default(),
        expected_revision: arguments.expected.revision,
        request_id: arguments.request.request_id,
    };
    let common = arguments.common;
    common.run(Access::Read, async |client, json| {
        let result = client.users.clone().update_user(request).await;
        print_result(client, result, json)
    })
}

pub(super) fn delete(arguments: UserArgs) -> Result<(), CliError> {
    let request = DeleteUserRequest {
        id: arguments.id,
        expected_revision: arguments.expected.revision,
        request_id: arguments.request.request_id,
    };
    let common = arguments.common;
    common.run(Access::Read, async |client, json| {
        let result = client.users.clone().delete_user(request).await;
        print_result(client, result, json)
    })
}

pub(super) fn restore(arguments: UserArgs) -> Result<(), CliError> {
    let request = RestoreUserRequest {
        id: arguments.id,
        expected_revision: arguments.expected.revision,
        request_id: arguments.request.request_id,
    };
    let common = arguments.common;
    common.run(Access::Read, async |client, json| {
        let result = client.users.clone().restore_user(request).await;
        print_result(client, result, json)
    })
}

/// Prints the user as a change left it.
fn print_result(
    client: &Client,
    result: Result<Response<UserResponse>, Status>,
    json: bool,
) -> Result<(), CliError> {
    let user = result.map_err(|status| client.error(&status))?.into_inner();
    let mut printer = UserPrinter::new(json, user.delete_time.is_some())?;
    finish(printer.print(&user).and_then(|()| printer.end()))
}
