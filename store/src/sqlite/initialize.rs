//! The first users of a new directory.

use std::time::Duration;

use frontdesk_directory::{Email, Name, NewUser};
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::{
    bulk::{self, Origin},
    metadata::Metadata,
    transaction::WriteTransaction,
};
use crate::samples::Samples;

const SAMPLES: usize = 999;

/// Adds user 1, John Doe, whom existing clients expect, and samples. A directory is new until its first
/// id is assigned.
pub(super) fn initialize(db: &Connection) -> rusqlite::Result<()> {
    if Metadata::read(db)?.last_id > 0 {
        return Ok(());
    }
    let transaction = Transaction::new_unchecked(db, TransactionBehavior::Immediate)?;
    // Nothing is in the trash.
    let mut write = WriteTransaction::begin(&transaction, Duration::ZERO)?;
    let john = NewUser {
        name: Name::from_trusted("John Doe".to_owned()),
        email: Email::from_trusted("john@example.com".to_owned()),
    };
    bulk::add(&mut write, [john], Origin::Real)?;
    bulk::add(
        &mut write,
        Samples::starting_at(2).take(SAMPLES),
        Origin::Sample,
    )?;
    write.finish()?;
    transaction.commit()
}
