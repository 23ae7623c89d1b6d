//! `frontdesk export`.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use clap::Args;
use frontdesk::user::{ListUsersRequest, UserResponse};
use frontdesk_store as store;
use tokio::runtime;
use tonic::Streaming;

use super::{
    client::{Access, Client, Target, TargetArgs},
    error::CliError,
    output::print,
};

const BUFFER_BYTES: usize = 1 << 16;

/// The arguments of `frontdesk export`.
#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    #[command(flatten)]
    target: TargetArgs,

    /// Only users whose name or email address contains this text, ignoring case and diacritics
    /// [default: all users]
    #[arg(long, value_name = "TEXT")]
    query: Option<String>,

    /// CSV file to write, or - for standard output
    #[arg(value_name = "FILE.csv", default_value = "-")]
    file: PathBuf,

    /// Overwrite FILE.csv if it exists
    #[arg(long)]
    force: bool,
}

/// Writes names and email addresses as a CSV file, in order of IDs.
///
/// # Errors
///
/// The directory cannot be read, or the file cannot be written.
pub(super) fn run(arguments: ExportArgs) -> Result<(), CliError> {
    let destination = Destination {
        file: arguments.file,
        force: arguments.force,
    };
    match (arguments.target.resolve()?, arguments.query) {
        // Without a lock: an import may have the data directory open.
        (Target::DataDirectory(settings), None) => {
            let data = settings.data;
            // Checked first, so that no empty file is created if there is no directory.
            store::check_readable(&data)?;
            let runtime = runtime::Builder::new_current_thread()
                .build()
                .map_err(|error| CliError::failed(format!("cannot start the runtime: {error}")))?;
            runtime.block_on(destination.save(async |to: &mut dyn Write| write_all(&data, to)))
        }
        (target, query) => target.run("frontdesk export", Access::Search, async |client| {
            let request = ListUsersRequest {
                query: query.unwrap_or_default(),
                order_by: "id".to_owned(),
                ..ListUsersRequest::default()
            };
            // Called before the file is created, for the same reason.
            let users = client.users.clone().list_users(request).await;
            let users = users.map_err(|status| client.error(&status))?.into_inner();
            destination
                .save(async |to: &mut dyn Write| write_list(client, users, to).await)
                .await
        }),
    }
}

/// How many users were written. The outer error is one of the directory, the inner one of the file.
type Written = Result<io::Result<u64>, CliError>;

struct Destination {
    file: PathBuf,
    force: bool,
}

impl Destination {
    async fn save(
        self,
        write: impl AsyncFnOnce(&mut dyn Write) -> Written,
    ) -> Result<(), CliError> {
        if self.file == Path::new("-") {
            return match write(&mut io::stdout().lock()).await? {
                Ok(_) => Ok(()),
                // The reader has closed the pipe, as `head` does.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                Err(error) => Err(CliError::failed(format!("standard output: {error}"))),
            };
        }
        // Follows links, so that a link is not replaced by the file.
        let file = fs::canonicalize(&self.file).unwrap_or(self.file);
        let path = file.display();
        let unwritable =
            |error: io::Error| CliError::usage(format!("{path}: cannot be written: {error}"));
        match fs::metadata(&file) {
            // A pipe or a device.
            Ok(metadata) if !metadata.is_file() => {
                let to = OpenOptions::new().write(true).open(&file);
                let written = write(&mut to.map_err(unwritable)?).await?;
                written.map(drop).map_err(unwritable)
            }
            Ok(_) if store::is_database_file(&file).map_err(unwritable)? => Err(CliError::usage(
                format!("{path}: belongs to a data directory and is not overwritten"),
            )),
            // It may be the list of users to import.
            Ok(_) if !self.force => Err(CliError::usage(format!(
                "{path}: the file exists; use --force to overwrite it"
            ))),
            _ => {
                let users = replace(&file, write).await?.map_err(unwritable)?;
                print(&format!("exported {users} users to {path}"))
            }
        }
    }
}

/// Writes a temporary file that replaces `file` when it is complete.
async fn replace(file: &Path, write: impl AsyncFnOnce(&mut dyn Write) -> Written) -> Written {
    let directory = file
        .parent()
        .filter(|directory| !directory.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let created = tempfile::Builder::new()
        .prefix(".frontdesk-export-")
        // Like any new file: the umask is applied.
        .permissions(fs::Permissions::from_mode(0o666))
        .tempfile_in(directory);
    let temporary = match created {
        Ok(temporary) => temporary,
        Err(error) => return Ok(Err(without_path(error))),
    };
    Ok(write(&mut temporary.as_file()).await?.and_then(|users| {
        temporary.as_file().sync_all()?;
        temporary.persist(file).map_err(|error| error.error)?;
        Ok(users)
    }))
}

/// Removes the name of the temporary file from the message.
fn without_path(error: io::Error) -> io::Error {
    match error.kind() {
        kind @ io::ErrorKind::NotFound => io::Error::new(kind, "its directory does not exist"),
        kind @ (io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem) => kind.into(),
        _ => error,
    }
}

/// Writes all users of the data directory.
fn write_all(data: &Path, to: &mut dyn Write) -> Written {
    let mut file = match UserFile::new(to) {
        Ok(file) => file,
        Err(error) => return Ok(Err(error)),
    };
    let written = store::export(data, |name, email| file.add(name, email))?;
    Ok(written.and_then(|()| file.finish()))
}

/// Writes the users of a list.
async fn write_list(
    client: &Client,
    mut users: Streaming<UserResponse>,
    to: &mut dyn Write,
) -> Written {
    let mut file = match UserFile::new(to) {
        Ok(file) => file,
        Err(error) => return Ok(Err(error)),
    };
    loop {
        let next = users.message().await;
        let added = match next.map_err(|status| client.error(&status))? {
            Some(user) => file.add(&user.name, &user.email),
            None => return Ok(file.finish()),
        };
        if let Err(error) = added {
            return Ok(Err(error));
        }
    }
}

/// A CSV file with names and email addresses.
struct UserFile<'to> {
    csv: csv::Writer<&'to mut dyn Write>,
    users: u64,
}

impl<'to> UserFile<'to> {
    fn new(to: &'to mut dyn Write) -> io::Result<Self> {
        let mut csv = csv::WriterBuilder::new()
            .buffer_capacity(BUFFER_BYTES)
            .from_writer(to);
        csv.write_record(["name", "email"]).map_err(to_io_error)?;
        Ok(Self { csv, users: 0 })
    }

    fn add(&mut self, name: &str, email: &str) -> io::Result<()> {
        self.users += 1;
        self.csv.write_record([name, email]).map_err(to_io_error)
    }

    /// Returns the number of users.
    fn finish(mut self) -> io::Result<u64> {
        self.csv.flush()?;
        Ok(self.users)
    }
}

/// Keeps the kind of the error, which a closed pipe is recognized by.
fn to_io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
