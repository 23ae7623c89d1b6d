//! `frontdesk export`.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use clap::Args;

use super::{Place, say};
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

    /// Writes over FILE.csv where it is there
    #[arg(long)]
    force: bool,
}

/// Writes everybody's name and email as `frontdesk import` reads them, in the order of their ids.
/// A server may have the directory open meanwhile.
///
/// # Errors
///
/// The folder can't be read or the file can't be written.
pub fn run(arguments: ExportArgs) -> Result<(), Failure> {
    let data = arguments.place.data()?;
    // Looked for first: where there is no directory, nothing is written, and no empty file is left.
    store::check(&data)?;
    if arguments.file == Path::new("-") {
        let written = write(&data, io::stdout().lock())?;
        return match written {
            Ok(_) => Ok(()),
            // Who read it has read enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            Err(error) => Err(Failure::broken(format!("standard output: {error}"))),
        };
    }
    // Through a link, so that the link stays one.
    let file = fs::canonicalize(&arguments.file).unwrap_or(arguments.file);
    let unwritable = |error: io::Error| {
        let file = file.display();
        Failure::usage(format!("{file}: it can't be written: {error}"))
    };
    match fs::metadata(&file) {
        // A pipe, a device: nothing that could be lost.
        Ok(metadata) if !metadata.is_file() => {
            let to = OpenOptions::new().write(true).open(&file);
            write(&data, to.map_err(unwritable)?)?
                .map(drop)
                .map_err(unwritable)
        }
        Ok(_) if store::is_a_directorys(&file).map_err(unwritable)? => {
            Err(Failure::usage(format!(
                "{}: it belongs to a directory, and is not written over",
                file.display()
            )))
        }
        // It may be the very list that is to be imported.
        Ok(_) if !arguments.force => Err(Failure::usage(format!(
            "{}: a file is there already, and is not written over; --force does",
            file.display()
        ))),
        _ => {
            let people = replace(&data, &file)?.map_err(unwritable)?;
            say(&format!("{people} people written to {}", file.display()))
        }
    }
}

/// Writes a file beside `file` that takes its place when it is whole: what was there before stays
/// until then, whatever breaks.
fn replace(data: &Path, file: &Path) -> Result<io::Result<u64>, Failure> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let made = tempfile::Builder::new()
        .prefix(".frontdesk-export-")
        // As any new file has it: what the user's mask leaves of this.
        .permissions(fs::Permissions::from_mode(0o666))
        .tempfile_in(folder);
    let whole = match made {
        Ok(whole) => whole,
        Err(error) => return Ok(Err(in_short(error))),
    };
    Ok(write(data, whole.as_file())?.and_then(|people| {
        whole.as_file().sync_all()?;
        whole.persist(file).map_err(|error| error.error)?;
        Ok(people)
    }))
}

/// Without the name of a file that nobody asked for.
fn in_short(error: io::Error) -> io::Error {
    match error.kind() {
        kind @ io::ErrorKind::NotFound => io::Error::new(kind, "its folder is missing"),
        kind @ (io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem) => kind.into(),
        _ => error,
    }
}

/// How many people were written.
fn write(data: &Path, to: impl Write) -> Result<io::Result<u64>, Failure> {
    let mut people = 0;
    let mut csv = csv::WriterBuilder::new()
        .buffer_capacity(BUFFER)
        .from_writer(to);
    let written = match csv.write_record(["name", "email"]) {
        Ok(()) => store::export(data, |name, email| {
            people += 1;
            csv.write_record([name, email]).map_err(plain)
        })?,
        Err(error) => Err(plain(error)),
    };
    let flushed = written.and_then(|()| csv.flush());
    drop(csv);
    Ok(flushed.map(|()| people))
}

/// The parser's error holds the writer's: its kind decides whether it is one.
fn plain(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
