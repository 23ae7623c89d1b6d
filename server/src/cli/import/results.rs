//! Counts imported rows and writes rejected ones.

use std::{fmt, io};

use frontdesk::user::{ImportBatchResult, RejectedRow};

use super::batches::Batch;
use crate::cli::{
    csv::{RejectedRows, line},
    error::CliError,
    output::{Progress, print},
};

pub(super) struct Results {
    rejected: RejectedRows,
    progress: Progress,
    summary: Summary,
    /// Whether all rejected rows were written.
    is_complete: bool,
    dry_run: bool,
}

/// The other rows were rejected.
#[derive(Default)]
struct Summary {
    rows: u64,
    created: u64,
    updated: u64,
    unchanged: u64,
}

impl Results {
    pub(super) fn new(rejected: RejectedRows, progress: Progress, dry_run: bool) -> Self {
        Self {
            rejected,
            progress,
            summary: Summary::default(),
            is_complete: true,
            dry_run,
        }
    }

    pub(super) fn remove_previous(&mut self) -> io::Result<()> {
        self.rejected.remove_previous()
    }

    pub(super) fn note(&self, text: &str) {
        self.progress.note(text);
    }

    /// Adds a batch that is on disk, writes its rejected rows, and reports progress.
    pub(super) fn add(&mut self, batch: Batch, result: ImportBatchResult) -> Result<(), CliError> {
        let counts = result.counts.unwrap_or_default();
        // Counted before writing rejected rows can fail.
        self.summary.rows += batch.rows.len() as u64;
        self.summary.created += counts.created.cast_unsigned();
        self.summary.updated += counts.updated.cast_unsigned();
        self.summary.unchanged += counts.unchanged.cast_unsigned();
        let position = batch.position;
        self.write_rejected(batch, result.rejected_rows)
            .map_err(|error| {
                self.is_complete = false;
                let path = self.rejected.path().display();
                CliError::failed(format!("{path}: cannot write a rejected row: {error}"))
            })?;
        self.progress.report(self.summary.rows, position, || {
            format!("{} so far", self.summary)
        });
        Ok(())
    }

    /// Writes the invalid rows, and those that the directory rejected, in the order of the file.
    fn write_rejected(&mut self, batch: Batch, rejected: Vec<RejectedRow>) -> io::Result<()> {
        let mut invalid = batch.invalid.into_iter().peekable();
        let mut rejected = rejected.into_iter().peekable();
        for (index, row) in batch.rows.iter().enumerate() {
            let reason = match invalid.next_if(|(invalid, _)| *invalid == index) {
                Some((_, reason)) => Some(reason),
                None => rejected
                    .next_if(|rejected| rejected.line.cast_unsigned() == line(row))
                    .map(|rejected| rejected.reason),
            };
            if let Some(reason) = reason {
                self.rejected.add(row, &reason)?;
            }
        }
        self.rejected.flush()
    }

    /// Prints the summary, or adds it to the error.
    pub(super) fn finish(self, result: Result<(), CliError>) -> Result<(), CliError> {
        let Self {
            rejected,
            progress,
            summary,
            is_complete,
            dry_run,
        } = self;
        drop(progress);
        let written = match summary.rejected() {
            0 => String::new(),
            _ if is_complete => format!(" (see {})", rejected.path().display()),
            _ => " (not all of them written)".to_owned(),
        };
        match result {
            Ok(()) if dry_run => print(&format!("{summary}{written}; dry run, nothing imported")),
            Ok(()) => print(&format!("{summary}{written}")),
            Err(error) if dry_run => Err(error.with_note("dry run, nothing imported")),
            Err(error) if summary.rows == 0 => Err(error.with_note("nothing imported")),
            Err(error) => Err(error.with_note(&format!("on disk: {summary}{written}"))),
        }
    }
}

impl Summary {
    fn rejected(&self) -> u64 {
        self.rows
            .saturating_sub(self.created)
            .saturating_sub(self.updated)
            .saturating_sub(self.unchanged)
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            rows,
            created,
            updated,
            unchanged,
        } = self;
        let noun = if *rows == 1 { "row" } else { "rows" };
        write!(
            f,
            "{rows} {noun}: {created} created, {updated} updated, {unchanged} unchanged, {} rejected",
            self.rejected()
        )
    }
}
