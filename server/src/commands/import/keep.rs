//! What becomes of the rows.

use std::{fmt, io};

use super::batches::Batch;
use crate::{
    commands::{broken, progress::Progress},
    failure::Failure,
    people_csv::Rejected,
};

/// Waits for the store, lists what was refused, and counts.
pub(super) struct Keeper {
    rejected: Rejected,
    progress: Progress,
    sum: Sum,
}

#[derive(Default)]
struct Sum {
    rows: u64,
    new: u64,
    already_there: u64,
    refused: u64,
}

impl Keeper {
    pub(super) fn new(rejected: Rejected, progress: Progress) -> Self {
        Self {
            rejected,
            progress,
            sum: Sum::default(),
        }
    }

    /// Says that the batch is kept, once it is on disk and what was refused of it is listed.
    pub(super) fn keep(&mut self, batch: Batch) -> Result<(), Failure> {
        let Batch {
            rows,
            refused,
            pending,
            position,
        } = batch;
        let added = pending.wait().map_err(|error| broken(&error))?;
        let (mut refused, mut taken) = (
            refused.into_iter().peekable(),
            added.taken.into_iter().peekable(),
        );
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
                self.sum.refused += 1;
                let listed = self.rejected.add(line, &reason, columns);
                listed.map_err(|error| self.unlisted(&error))?;
            }
        }
        self.rejected
            .flush()
            .map_err(|error| self.unlisted(&error))?;
        self.sum.rows += rows.len() as u64;
        self.sum.new += added.new as u64;
        self.sum.already_there += added.already_there as u64;
        self.progress.kept(self.sum.rows, position);
        Ok(())
    }

    /// Says how it ended.
    pub(super) fn finish(self, end: Result<(), Failure>) -> Result<(), Failure> {
        let Self {
            rejected,
            progress,
            sum,
        } = self;
        drop(progress);
        match end {
            Ok(()) => {
                println!("{sum}{}", sum.listed(&rejected));
                Ok(())
            }
            Err(failure) if sum.rows == 0 => Err(failure),
            Err(failure) => Err(failure.after(&format!("{sum}{}", sum.listed(&rejected)))),
        }
    }

    fn unlisted(&self, error: &io::Error) -> Failure {
        let path = self.rejected.path().display();
        Failure::broken(format!("{path}: a refused row can't be listed: {error}"))
    }
}

impl Sum {
    fn listed(&self, rejected: &Rejected) -> String {
        match self.refused {
            0 => String::new(),
            _ => format!(" (listed in {})", rejected.path().display()),
        }
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            rows,
            new,
            already_there,
            refused,
        } = self;
        write!(
            f,
            "{rows} rows: {new} new, {already_there} already there, {refused} refused"
        )
    }
}
