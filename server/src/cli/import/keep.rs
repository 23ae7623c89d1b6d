//! What becomes of the rows.

use std::{fmt, io};

use frontdesk::user::{ImportBatchResult, RejectedRow};

use super::batches::Batch;
use crate::{
    cli::{progress::Progress, say},
    csv::Rejected,
    failure::Failure,
};

/// Lists what was refused, and counts.
pub(super) struct Keeper {
    rejected: Rejected,
    progress: Progress,
    sum: Sum,
    all_listed: bool,
    dry_run: bool,
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
    pub(super) fn new(rejected: Rejected, progress: Progress, dry_run: bool) -> Self {
        Self {
            rejected,
            progress,
            sum: Sum::default(),
            all_listed: true,
            dry_run,
        }
    }

    /// Removes the list of an earlier run.
    pub(super) fn begin(&mut self) -> io::Result<()> {
        self.rejected.remove_older()
    }

    /// Something to be said meanwhile.
    pub(super) fn note(&self, text: &str) {
        self.progress.note(text);
    }

    /// Says what has become of the batch, which is on disk, once what was refused of it is listed.
    pub(super) fn keep(
        &mut self,
        batch: Batch,
        imported: ImportBatchResult,
    ) -> Result<(), Failure> {
        let counts = imported.counts.unwrap_or_default();
        // Before anything else can fail: they are on disk.
        self.sum.rows += batch.rows.len() as u64;
        self.sum.new += counts.created.cast_unsigned();
        self.sum.changed += counts.updated.cast_unsigned();
        self.sum.already_there += counts.unchanged.cast_unsigned();
        let position = batch.position;
        self.list(batch, imported.rejected_rows).map_err(|error| {
            self.all_listed = false;
            let path = self.rejected.path().display();
            Failure::broken(format!("{path}: a refused row can't be listed: {error}"))
        })?;
        self.progress
            .rows(self.sum.rows, position, || format!("{} so far", self.sum));
        Ok(())
    }

    /// Lists the rows with nobody in them, and those that the directory refused.
    fn list(&mut self, batch: Batch, refused: Vec<RejectedRow>) -> io::Result<()> {
        let mut nobody = batch.refused.into_iter().peekable();
        let mut refused = refused.into_iter().peekable();
        for row in 0..batch.rows.len() {
            let Some((line, columns)) = batch.rows.get(row) else {
                continue;
            };
            let reason = match nobody.next_if(|(nobody, _)| *nobody == row) {
                Some((_, why)) => Some(why),
                None => refused
                    .next_if(|refused| refused.line.cast_unsigned() == line)
                    .map(|refused| refused.reason),
            };
            if let Some(reason) = reason {
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
            dry_run,
        } = self;
        drop(progress);
        let listed = match sum.refused() {
            0 => String::new(),
            _ if all_listed => format!(" (listed in {})", rejected.path().display()),
            _ => " (not all of them listed)".to_owned(),
        };
        match end {
            Ok(()) if dry_run => say(&format!("{sum}{listed}; a dry run: nothing was kept")),
            Ok(()) => say(&format!("{sum}{listed}")),
            Err(failure) if dry_run => Err(failure.after("a dry run: nothing was kept")),
            Err(failure) if sum.rows == 0 => Err(failure.after("nothing was imported")),
            Err(failure) => Err(failure.after(&format!("on disk: {sum}{listed}"))),
        }
    }
}

impl Sum {
    fn refused(&self) -> u64 {
        self.rows
            .saturating_sub(self.new)
            .saturating_sub(self.changed)
            .saturating_sub(self.already_there)
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
