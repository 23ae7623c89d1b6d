//! What commands print: tables for people, JSON for programs.

mod json;
mod table;
mod times;

use std::io::{self, IsTerminal as _, Write};

pub(super) use self::{
    json::Json,
    table::Table,
    times::{moment, time},
};
use crate::failure::Failure;

/// Standard output. Who reads it may have read enough, which is no failure: then there is nothing
/// more to do.
pub(super) struct Out {
    out: io::BufWriter<io::Stdout>,
    is_terminal: bool,
}

/// Nobody reads any more, or it could not be written.
pub(super) enum Unread {
    ReadEnough,
    Unwritable(io::Error),
}

impl Out {
    pub(super) fn new() -> Self {
        let out = io::stdout();
        let is_terminal = out.is_terminal();
        let out = io::BufWriter::new(out);
        Self { out, is_terminal }
    }

    pub(super) fn line(&mut self, line: &str) -> Result<(), Unread> {
        self.out.write_all(line.as_bytes())?;
        self.out.write_all(b"\n")?;
        Ok(())
    }

    /// What was written can be read.
    pub(super) fn flush(&mut self) -> Result<(), Unread> {
        Ok(self.out.flush()?)
    }

    /// How wide the terminal is; nothing where it is none.
    fn width(&self) -> Option<usize> {
        let size = self.is_terminal.then(terminal_size::terminal_size);
        size.flatten().map(|(width, _)| usize::from(width.0))
    }

    /// Whether there may be colours (<https://no-color.org>).
    fn is_coloured(&self) -> bool {
        self.is_terminal && std::env::var_os("NO_COLOR").is_none_or(|unwanted| unwanted.is_empty())
    }
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ReadEnough,
            _ => Self::Unwritable(error),
        }
    }
}

/// What a command that prints ends with.
pub(super) fn ended(printed: Result<(), Unread>) -> Result<(), Failure> {
    match printed {
        Ok(()) | Err(Unread::ReadEnough) => Ok(()),
        Err(Unread::Unwritable(error)) => Err(Failure::broken(format!("standard output: {error}"))),
    }
}
