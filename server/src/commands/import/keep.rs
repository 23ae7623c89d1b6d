//! What becomes of the rows.

use std::{fmt, io};

use super::batches::Batch;
use crate::{
    commands::{broken, progress::Progress, say},
    directory::UserId,
    failure::Failure,
    people_csv::{PackedRows, Rejected},
};

/// Waits for the store, lists what was refused, and counts.
pub(super) struct Keeper {
    rejected: Rejected,
    progress: Progress,
    sum: Sum,
    all_listed: bool,
}

/// What has become of the rows that are dealt with; those that are refused are the rest.
#[derive(Default)]
struct Sum {
    rows: u64,
    new: u64,
    changed: u64,
    already_there: u64,
}

impl Keeper {
    pub(super) fn new(rejected: Rejected, progress: Progress) -> Self {
        Self {
            rejected,
            progress,
            sum: Sum::default(),
            all_listed: true,
        }
    }

    /// Says what has become of the batch, once it is on disk and what was refused of it is listed.
    pub(super) fn keep(&mut self, batch: Batch) -> Result<(), Failure> {
        let added = batch.pending.wait().map_err(|error| broken(&error))?;
        // Before anything else can fail: they are on disk.
        self.sum.rows += batch.rows.len() as u64;
        self.sum.new += added.new as u64;
        self.sum.changed += added.changed as u64;
        self.sum.already_there += added.already_there as u64;
        self.list(&batch.rows, batch.refused, added.taken)
            .map_err(|error| {
                self.all_listed = false;
                let path = self.rejected.path().display();
                Failure::broken(format!("{path}: a refused row can't be listed: {error}"))
            })?;
        self.progress.rows(self.sum.rows, batch.position, || {
            format!("{} so far", self.sum)
        });
        Ok(())
    }

    /// Lists the rows with nobody in them, and those whose email somebody else has.
    fn list(
        &mut self,
        rows: &PackedRows,
        refused: Vec<(usize, String)>,
        taken: Vec<(usize, UserId)>,
    ) -> io::Result<()> {
        let (mut refused, mut taken) =
            (refused.into_iter().peekable(), taken.into_iter().peekable());
        let mut person = 0;
        for row in 0..rows.len() {
            let reason = if let Some((_, why)) = refused.next_if(|(refused, _)| *refused == row) {
                Some(why)
            } else {
                let holder = taken.next_if(|(taken, _)| *taken == person);
                person += 1;
                holder.map(|(_, id)| format!("user {id} has this email and another name"))
            };
            if let (Some(reason), Some((line, columns))) = (reason, rows.get(row)) {
                self.rejected.add(line, &reason, columns)?;
            }
        }
        self.rejected.flush()
    }

    /// Says how it ended.
    pub(super) fn finish(self, end: Result<(), Failure>) -> Result<(), Failure> {
        let Self {
            rejected,
            progress,
            sum,
            all_listed,
        } = self;
        drop(progress);
        let listed = match sum.refused() {
            0 => String::new(),
            _ if all_listed => format!(" (listed in {})", rejected.path().display()),
            _ => " (not all of them listed)".to_owned(),
        };
        match end {
            Ok(()) => say(&format!("{sum}{listed}")),
            Err(failure) if sum.rows == 0 => Err(failure.after("nothing was imported")),
            Err(failure) => Err(failure.after(&format!("on disk: {sum}{listed}"))),
        }
    }
}

impl Sum {
    fn refused(&self) -> u64 {
        self.rows - self.new - self.changed - self.already_there
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            rows,
            new,
            changed,
            already_there,
        } = self;
        let word = if *rows == 1 { "row" } else { "rows" };
        write!(
            f,
            "{rows} {word}: {new} new, {changed} changed, {already_there} already there, {} refused",
            self.refused()
        )
    }
}
