//! Requests for a change, checked.

use frontdesk::user::{
    CreateUserRequest, DeleteUserRequest, RestoreUserRequest, UpdateUserRequest,
};
use prost_types::FieldMask;
use tonic::Status;

use super::super::status::{BadFields, no_such_user};
use frontdesk_directory::{Command, Email, IdempotencyKey, Name, Revision, UserId};

/// A change, and the id of the request that asks for it.
pub(super) type ParsedCommand = (Command, Option<IdempotencyKey>);

type Parsed = Result<ParsedCommand, Status>;

pub(super) fn create(request: &CreateUserRequest) -> Parsed {
    let mut bad = BadFields::default();
    let name = bad.check("name", Name::parse(&request.name));
    let email = bad.check("email", Email::parse(&request.email));
    let id = bad.check("request_id", IdempotencyKey::parse(&request.request_id));
    match (name, email, id) {
        (Some(name), Some(email), Some(id)) => Ok((Command::Create { name, email }, id)),
        _ => Err(bad.status()),
    }
}

pub(super) fn update(request: &UpdateUserRequest) -> Parsed {
    let mut bad = BadFields::default();
    let wanted = bad.check("update_mask", Wanted::of(request));
    let wanted = wanted.unwrap_or_default();
    let name = wanted
        .name
        .then(|| bad.check("name", Name::parse(&request.name)));
    let email = wanted
        .email
        .then(|| bad.check("email", Email::parse(&request.email)));
    let expected = bad.check("expected_revision", expected(request.expected_revision));
    let request_id = bad.check("request_id", IdempotencyKey::parse(&request.request_id));
    if !bad.is_empty() {
        return Err(bad.status());
    }
    let edit = Command::Update {
        id: user(request.id)?,
        name: name.flatten(),
        email: email.flatten(),
        expected: expected.flatten(),
    };
    Ok((edit, request_id.flatten()))
}

pub(super) fn delete(request: &DeleteUserRequest) -> Parsed {
    let (expected, request_id) = common(request.expected_revision, &request.request_id)?;
    let id = user(request.id)?;
    Ok((Command::Delete { id, expected }, request_id))
}

pub(super) fn restore(request: &RestoreUserRequest) -> Parsed {
    let (expected, request_id) = common(request.expected_revision, &request.request_id)?;
    let id = user(request.id)?;
    Ok((Command::Restore { id, expected }, request_id))
}

fn common(
    expected_revision: i64,
    request_id: &str,
) -> Result<(Option<Revision>, Option<IdempotencyKey>), Status> {
    let mut bad = BadFields::default();
    let expected = bad.check("expected_revision", expected(expected_revision));
    let request_id = bad.check("request_id", IdempotencyKey::parse(request_id));
    match (expected, request_id) {
        (Some(expected), Some(request_id)) => Ok((expected, request_id)),
        _ => Err(bad.status()),
    }
}

fn user(id: i32) -> Result<UserId, Status> {
    UserId::new(id).ok_or_else(|| no_such_user(id))
}

fn expected(revision: i64) -> Result<Option<Revision>, &'static str> {
    let revision = u64::try_from(revision).map_err(|_| "must be 0 (any) or a revision")?;
    Ok((revision > 0).then_some(Revision(revision)))
}

/// Which fields are to be changed.
#[derive(Clone, Copy, Default)]
struct Wanted {
    name: bool,
    email: bool,
}

impl Wanted {
    fn of(request: &UpdateUserRequest) -> Result<Self, &'static str> {
        let mut wanted = Self::default();
        if let Some(FieldMask { paths }) = &request.update_mask {
            for path in paths {
                match path.as_str() {
                    "name" => wanted.name = true,
                    "email" => wanted.email = true,
                    "*" => (wanted.name, wanted.email) = (true, true),
                    _ => return Err("must be of `name` and `email`, or `*`"),
                }
            }
        } else {
            wanted.name = !request.name.is_empty();
            wanted.email = !request.email.is_empty();
        }
        if wanted.name || wanted.email {
            Ok(wanted)
        } else {
            Err("must name what is changed: `name`, `email` or both")
        }
    }
}
