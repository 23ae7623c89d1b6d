//! Fields that several requests have.

use frontdesk_directory::{Revision, UserId};

/// 0 stands for all users.
pub(super) fn optional_user(id: i32) -> Result<Option<UserId>, &'static str> {
    if id < 0 {
        return Err("must be 0 (all users) or a user id");
    }
    Ok(UserId::new(id))
}

/// 0 stands for no revision; `error` describes valid values.
pub(super) fn optional_revision(
    revision: i64,
    error: &'static str,
) -> Result<Option<Revision>, &'static str> {
    let revision = u64::try_from(revision).map_err(|_| error)?;
    Ok((revision > 0).then_some(Revision(revision)))
}
