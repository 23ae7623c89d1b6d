//! `frontdesk users get`, `create`, `update`, `delete` and `restore`.

use clap::{ArgGroup, Args};
use frontdesk::user::{
    CreateUserRequest, DeleteUserRequest, RestoreUserRequest, UpdateUserRequest, UserRequest,
    UserResponse,
};
use prost_types::FieldMask;
use tonic::{Response, Status};

use super::{Access, Common, Desk, People};
use crate::{cli::output::ended, failure::Failure};

/// The flags of `frontdesk users get`.
#[derive(Debug, Args)]
pub(super) struct GetArgs {
    #[command(flatten)]
    common: Common,

    /// Their numbers
    #[arg(value_name = "ID", required = true)]
    ids: Vec<i32>,
}

/// The flags of `frontdesk users create`.
#[derive(Debug, Args)]
pub(super) struct CreateArgs {
    #[command(flatten)]
    common: Common,

    /// What they are called
    name: String,

    /// Where their mail goes; nobody else's
    email: String,

    #[command(flatten)]
    change: Change,
}

/// The flags of `frontdesk users update`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).multiple(true).args(["name", "email"]))]
pub(super) struct UpdateArgs {
    #[command(flatten)]
    common: Common,

    /// Their number
    id: i32,

    /// What they are called from now on
    #[arg(long)]
    name: Option<String>,

    /// Where their mail goes from now on
    #[arg(long)]
    email: Option<String>,

    #[command(flatten)]
    expected: Expected,

    #[command(flatten)]
    change: Change,
}

/// The flags of `frontdesk users delete`.
#[derive(Debug, Args)]
pub(super) struct DeleteArgs {
    #[command(flatten)]
    common: Common,

    /// Their number
    id: i32,

    #[command(flatten)]
    expected: Expected,

    #[command(flatten)]
    change: Change,
}

/// The flags of `frontdesk users restore`.
#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    #[command(flatten)]
    common: Common,

    /// Their number
    id: i32,

    #[command(flatten)]
    expected: Expected,

    #[command(flatten)]
    change: Change,
}

/// What all changes can be told.
#[derive(Debug, Args)]
struct Change {
    /// AppliedChange up by you for this change: sent again with the same within a day, it is answered as it
    /// was then and changes nothing twice [default: none]
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    request_id: String,
}

/// What changes of somebody who is there can be told.
#[derive(Debug, Args)]
struct Expected {
    /// Only if this is still their revision [default: whatever it is]
    #[arg(
        long = "expected-revision",
        value_name = "REVISION",
        default_value_t = 0,
        hide_default_value = true
    )]
    revision: i64,
}

pub(super) fn get(arguments: GetArgs) -> Result<(), Failure> {
    let common = arguments.common;
    common.run(Access::Reads, async |desk, json| {
        let mut people = People::new(json, false)?;
        for id in arguments.ids {
            let user = desk.users.clone().get_user(UserRequest { id }).await;
            let user = match user {
                Ok(user) => user.into_inner(),
                // Those before them are shown.
                Err(status) => return ended(people.end()).and(Err(desk.failed(&status))),
            };
            if let unread @ Err(_) = people.add(&user) {
                return ended(unread);
            }
        }
        ended(people.end())
    })
}

pub(super) fn create(arguments: CreateArgs) -> Result<(), Failure> {
    let request = CreateUserRequest {
        name: arguments.name,
        email: arguments.email,
        request_id: arguments.change.request_id,
    };
    let common = arguments.common;
    common.run(Access::Writes, async |desk, json| {
        let answer = desk.users.clone().create_user(request).await;
        changed(desk, answer, json)
    })
}

pub(super) fn update(arguments: UpdateArgs) -> Result<(), Failure> {
    let fields = [
        ("name", arguments.name.is_some()),
        ("email", arguments.email.is_some()),
    ];
    let paths = fields
        .into_iter()
        .filter(|(_, is_said)| *is_said)
        .map(|(field, _)| field.to_owned());
    let request = UpdateUserRequest {
        id: arguments.id,
        update_mask: Some(FieldMask {
            paths: paths.collect(),
        }),
        name: arguments.name.unwrap_or_default(),
        email: arguments.email.unwrap_or_default(),
        expected_revision: arguments.expected.revision,
        request_id: arguments.change.request_id,
    };
    let common = arguments.common;
    common.run(Access::Reads, async |desk, json| {
        let answer = desk.users.clone().update_user(request).await;
        changed(desk, answer, json)
    })
}

pub(super) fn delete(arguments: DeleteArgs) -> Result<(), Failure> {
    let request = DeleteUserRequest {
        id: arguments.id,
        expected_revision: arguments.expected.revision,
        request_id: arguments.change.request_id,
    };
    let common = arguments.common;
    common.run(Access::Reads, async |desk, json| {
        let answer = desk.users.clone().delete_user(request).await;
        changed(desk, answer, json)
    })
}

pub(super) fn restore(arguments: RestoreArgs) -> Result<(), Failure> {
    let request = RestoreUserRequest {
        id: arguments.id,
        expected_revision: arguments.expected.revision,
        request_id: arguments.change.request_id,
    };
    let common = arguments.common;
    common.run(Access::Reads, async |desk, json| {
        let answer = desk.users.clone().restore_user(request).await;
        changed(desk, answer, json)
    })
}

/// Shows somebody as they are after a change.
fn changed(
    desk: &Desk,
    answer: Result<Response<UserResponse>, Status>,
    json: bool,
) -> Result<(), Failure> {
    let user = answer.map_err(|status| desk.failed(&status))?.into_inner();
    let mut people = People::new(json, user.delete_time.is_some())?;
    ended(people.add(&user).and_then(|()| people.end()))
}
