//! `frontdesk export`.

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::Args;

use super::Place;
use crate::{failure::Failure, store};

const BUFFER: usize = 1 << 16;

/// The flags of `frontdesk export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    #[command(flatten)]
    place: Place,

    /// CSV file to write, or - for standard output
    #[arg(value_name = "FILE.csv", default_value = "-")]
    file: PathBuf,
}

/// Writes everybody's name and email as `frontdesk import` reads them, in the order of their ids.
/// A server may have the directory open meanwhile.
///
/// # Errors
///
/// The folder can't be read or the file can't be written.
pub fn run(arguments: ExportArgs) -> Result<(), Failure> {
    let data = arguments.place.data()?;
    if arguments.file == Path::new("-") {
        let written = write(&data, io::stdout().lock())?;
        return match written {
            Ok(()) => Ok(()),
            // Who read it has read enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            Err(error) => Err(Failure::broken(format!("standard output: {error}"))),
        };
    }
    let unwritable = |error: io::Error| {
        let file = arguments.file.display();
        Failure::usage(format!("{file}: it can't be written: {error}"))
    };
    // Looked for first: no empty file is left behind where there is no directory.
    store::check(&data)?;
    let file = File::create(&arguments.file).map_err(unwritable)?;
    write(&data, &file)?
        .and_then(|()| file.sync_all())
        .map_err(unwritable)
}

fn write(data: &Path, to: impl Write) -> Result<io::Result<()>, Failure> {
    let mut csv = csv::WriterBuilder::new()
        .buffer_capacity(BUFFER)
        .from_writer(to);
    let written = match csv.write_record(["name", "email"]) {
        Ok(()) => store::export(data, |name, email| {
            csv.write_record([name, email]).map_err(plain)
        })?,
        Err(error) => Err(plain(error)),
    };
    Ok(written.and_then(|()| csv.flush()))
}

/// The parser's error holds the writer's: its kind decides whether it is one.
fn plain(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
