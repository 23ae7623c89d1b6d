//! Standard output and standard error.

use std::io::{self, IsTerminal as _, Write};

use crate::cli::error::CliError;

/// Standard output, buffered.
pub(in crate::cli) struct Stdout {
    out: io::BufWriter<io::Stdout>,
    is_terminal: bool,
}

/// Why nothing more can be printed.
pub(in crate::cli) enum PrintError {
    /// The reader has closed the pipe, as `head` does: no error.
    Closed,
    Io(io::Error),
}

impl Stdout {
    pub(in crate::cli) fn new() -> Self {
        let out = io::stdout();
        let is_terminal = out.is_terminal();
        let out = io::BufWriter::new(out);
        Self { out, is_terminal }
    }

    pub(in crate::cli) fn line(&mut self, line: &str) -> Result<(), PrintError> {
        self.out.write_all(line.as_bytes())?;
        self.out.write_all(b"\n")?;
        Ok(())
    }

    pub(in crate::cli) fn flush(&mut self) -> Result<(), PrintError> {
        Ok(self.out.flush()?)
    }

    /// Columns of the terminal; `None` if the output is piped.
    pub(super) fn width(&self) -> Option<u16> {
        let size = self.is_terminal.then(terminal_size::terminal_size);
        size.flatten().map(|(width, _)| width.0)
    }

    /// Whether styles may be used (<https://no-color.org>).
    pub(super) fn has_style(&self) -> bool {
        self.is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
    }
}

impl From<io::Error> for PrintError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Io(error),
        }
    }
}

/// The result of a command that prints.
pub(in crate::cli) fn finish(printed: Result<(), PrintError>) -> Result<(), CliError> {
    match printed {
        Ok(()) | Err(PrintError::Closed) => Ok(()),
        Err(PrintError::Io(error)) => Err(CliError::failed(format!("standard output: {error}"))),
    }
}

/// Prints what a command has done. If that fails, the error contains the message instead.
pub(in crate::cli) fn print(message: &str) -> Result<(), CliError> {
    let printed = writeln!(io::stdout(), "{message}").map_err(PrintError::from);
    finish(printed).map_err(|error| error.with_note(message))
}

/// Prints a note on standard error, which may be closed.
pub(in crate::cli) fn note(message: &str) {
    let _ = writeln!(io::stderr(), "{message}");
}
