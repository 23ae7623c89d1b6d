//! Parsing of the requests that change a user.

use frontdesk::user::{
    CreateUserRequest, DeleteUserRequest, RestoreUserRequest, UpdateUserRequest,
};
use frontdesk_directory::{Command, Email, IdempotencyKey, Name, Revision, UserId};
use prost_types::FieldMask;
use tonic::Status;

use super::fields::optional_revision;
use crate::{grpc::bad_request::BadRequest, services::status::user_not_found};

/// A command and its idempotency key, the request's `request_id`.
pub(super) type ParsedCommand = (Command, Option<IdempotencyKey>);

pub(super) fn create(request: &CreateUserRequest) -> Result<ParsedCommand, Status> {
    let mut bad = BadRequest::default();
    let name = bad.check("name", Name::parse(&request.name));
    let email = bad.check("email", Email::parse(&request.email));
    let key = bad.check("request_id", IdempotencyKey::parse(&request.request_id));
    match (name, email, key) {
        (Some(name), Some(email), Some(key)) => Ok((Command::Create { name, email }, key)),
        _ => Err(bad.into_status()),
    }
}

pub(super) fn update(request: &UpdateUserRequest) -> Result<ParsedCommand, Status> {
    let mut bad = BadRequest::default();
    let fields = bad.check("update_mask", UpdatedFields::parse(request));
    let fields = fields.unwrap_or_default();
    let name = fields
        .name
        .then(|| bad.check("name", Name::parse(&request.name)));
    let email = fields
        .email
        .then(|| bad.check("email", Email::parse(&request.email)));
    let expected = bad.check(
        "expected_revision",
        parse_expected(request.expected_revision),
    );
    let key = bad.check("request_id", IdempotencyKey::parse(&request.request_id));
    if !bad.is_empty() {
        return Err(bad.into_status());
    }
    let command = Command::Update {
        id: existing_user(request.id)?,
        name: name.flatten(),
        email: email.flatten(),
        expected: expected.flatten(),
    };
    Ok((command, key.flatten()))
}

pub(super) fn delete(request: &DeleteUserRequest) -> Result<ParsedCommand, Status> {
    let (expected, key) = parse_common(request.expected_revision, &request.request_id)?;
    let id = existing_user(request.id)?;
    Ok((Command::Delete { id, expected }, key))
}

pub(super) fn restore(request: &RestoreUserRequest) -> Result<ParsedCommand, Status> {
    let (expected, key) = parse_common(request.expected_revision, &request.request_id)?;
    let id = existing_user(request.id)?;
    Ok((Command::Restore { id, expected }, key))
}

fn parse_common(
    expected_revision: i64,
    request_id: &str,
) -> Result<(Option<Revision>, Option<IdempotencyKey>), Status> {
    let mut bad = BadRequest::default();
    let expected = bad.check("expected_revision", parse_expected(expected_revision));
    let key = bad.check("request_id", IdempotencyKey::parse(request_id));
    match (expected, key) {
        (Some(expected), Some(key)) => Ok((expected, key)),
        _ => Err(bad.into_status()),
    }
}

fn parse_expected(revision: i64) -> Result<Option<Revision>, &'static str> {
    optional_revision(revision, "must be 0 (any revision) or a revision")
}

fn existing_user(id: i32) -> Result<UserId, Status> {
    UserId::new(id).ok_or_else(|| user_not_found(id))
}

#[derive(Clone, Copy, Default)]
struct UpdatedFields {
    name: bool,
    email: bool,
}

impl UpdatedFields {
    /// The fields in `update_mask`; without a mask, those that are not empty (AIP-134).
    fn parse(request: &UpdateUserRequest) -> Result<Self, &'static str> {
        let mut fields = Self::default();
        if let Some(FieldMask { paths }) = &request.update_mask {
            for path in paths {
                match path.as_str() {
                    "name" => fields.name = true,
                    "email" => fields.email = true,
                    "*" => (fields.name, fields.email) = (true, true),
                    _ => return Err("can only contain `name`, `email` and `*`"),
                }
            }
        } else {
            fields.name = !request.name.is_empty();
            fields.email = !request.email.is_empty();
        }
        if fields.name || fields.email {
            Ok(fields)
        } else {
            Err("must contain the fields to update: `name`, `email` or both")
        }
    }
}
