//! The tables, and how older ones become these.

use rusqlite::{Connection, Transaction};
use rusqlite_migration::{HookError, HookResult, M, Migrations};

use super::{
    people::{self, Origin},
    samples::Samples,
};
use crate::directory::{Email, Name, NewUser};

/// In the header of every database that is Frontdesk's.
pub(super) const APPLICATION_ID: i32 = i32::from_be_bytes(*b"FdDk");
/// The newest tables that this Frontdesk knows.
pub(super) const VERSION: i32 = 1;

const FIRST_SAMPLES: usize = 999;

/// Brings the tables up to [`VERSION`]. Each step is one transaction: a Frontdesk that is killed
/// on the way finds either the tables of before or those of after.
pub(super) fn migrate(db: &mut Connection) -> Result<(), rusqlite_migration::Error> {
    let steps = vec![M::up_with_hook(include_str!("schema.sql"), furnish)];
    Migrations::new(steps).to_latest(db)
}

/// A new directory is not empty: user 1 is John Doe, as clients in the field expect, and sample
/// people show what a directory looks like.
fn furnish(transaction: &Transaction<'_>) -> HookResult {
    let john = NewUser {
        name: Name::parse("John Doe").map_err(|error| HookError::Hook(error.to_string()))?,
        email: Email::parse("john@example.com")
            .map_err(|error| HookError::Hook(error.to_string()))?,
    };
    people::add(transaction, [john], Origin::Real)?;
    people::add(
        transaction,
        Samples::starting_at(2).take(FIRST_SAMPLES),
        Origin::Sample,
    )?;
    Ok(())
}
