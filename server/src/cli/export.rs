//! `frontdesk export`.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use clap::Args;
use frontdesk::user::{ListUsersRequest, UserResponse};
use tokio::runtime;
use tonic::Streaming;

use super::{
    client::{Access, Desk, Found, Whom},
    say,
};
use crate::failure::Failure;
use frontdesk_store as store;

const BUFFER: usize = 1 << 16;

/// The flags of `frontdesk export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    #[command(flatten)]
    whom: Whom,

    /// Only people with this text in their name or email, without regard to case and accents
    /// [default: everybody]
    #[arg(long, value_name = "TEXT")]
    query: Option<String>,

    /// CSV file to write, or - for standard output
    #[arg(value_name = "FILE.csv", default_value = "-")]
    file: PathBuf,

    /// Writes over FILE.csv where it is there
    #[arg(long)]
    force: bool,
}

/// Writes names and emails as `frontdesk import` reads them, in the order of their ids.
///
/// # Errors
///
/// The directory can't be read or the file can't be written.
pub fn run(arguments: ExportArgs) -> Result<(), Failure> {
    let to = To {
        file: arguments.file,
        force: arguments.force,
    };
    match (arguments.whom.find()?, arguments.query) {
        // Beside whoever has it open: an import, for one.
        (Found::Folder(settings), None) => {
            let data = settings.data;
            // Looked for first: where there is no directory, nothing is written, and no empty file
            // is left.
            store::check(&data)?;
            let runtime = runtime::Builder::new_current_thread()
                .build()
                .map_err(|error| Failure::broken(format!("can't be started: {error}")))?;
            runtime.block_on(to.save(async |to: &mut dyn Write| read(&data, to)))
        }
        (found, query) => found.run("frontdesk export", Access::Finds, async |desk| {
            let list = ListUsersRequest {
                query: query.unwrap_or_default(),
                order_by: "id".to_owned(),
                ..ListUsersRequest::default()
            };
            // Begun before there is a file, for the same reason.
            let people = desk.users.clone().list_users(list).await;
            let people = people.map_err(|status| desk.failed(&status))?.into_inner();
            to.save(async |to: &mut dyn Write| listed(desk, people, to).await)
                .await
        }),
    }
}

/// How many people were written, or why the file could not be; the failure is one of the directory.
type Written = Result<io::Result<u64>, Failure>;

/// Where they are written to.
struct To {
    file: PathBuf,
    force: bool,
}

impl To {
    async fn save(self, write: impl AsyncFnOnce(&mut dyn Write) -> Written) -> Result<(), Failure> {
        if self.file == Path::new("-") {
            return match write(&mut io::stdout().lock()).await? {
                Ok(_) => Ok(()),
                // Who read it has read enough.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                Err(error) => Err(Failure::broken(format!("standard output: {error}"))),
            };
        }
        // Through a link, so that the link stays one.
        let file = fs::canonicalize(&self.file).unwrap_or(self.file);
        let unwritable = |error: io::Error| {
            let file = file.display();
            Failure::usage(format!("{file}: it can't be written: {error}"))
        };
        match fs::metadata(&file) {
            // A pipe, a device: nothing that could be lost.
            Ok(metadata) if !metadata.is_file() => {
                let to = OpenOptions::new().write(true).open(&file);
                let written = write(&mut to.map_err(unwritable)?).await?;
                written.map(drop).map_err(unwritable)
            }
            Ok(_) if store::is_a_directorys(&file).map_err(unwritable)? => {
                Err(Failure::usage(format!(
                    "{}: it belongs to a directory, and is not written over",
                    file.display()
                )))
            }
            // It may be the very list that is to be imported.
            Ok(_) if !self.force => Err(Failure::usage(format!(
                "{}: a file is there already, and is not written over; --force does",
                file.display()
            ))),
            _ => {
                let people = replace(&file, write).await?.map_err(unwritable)?;
                say(&format!("{people} people written to {}", file.display()))
            }
        }
    }
}

/// Writes a file beside `file` that takes its place when it is whole: what was there before stays
/// until then, whatever breaks.
async fn replace(file: &Path, write: impl AsyncFnOnce(&mut dyn Write) -> Written) -> Written {
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
    Ok(write(&mut whole.as_file()).await?.and_then(|people| {
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

/// Writes everybody in the folder's directory.
fn read(data: &Path, to: &mut dyn Write) -> Written {
    let mut file = match People::begin(to) {
        Ok(file) => file,
        Err(error) => return Ok(Err(error)),
    };
    let written = store::export(data, |name, email| file.add(name, email))?;
    Ok(written.and_then(|()| file.end()))
}

/// Writes everybody on a list.
async fn listed(desk: &Desk, mut people: Streaming<UserResponse>, to: &mut dyn Write) -> Written {
    let mut file = match People::begin(to) {
        Ok(file) => file,
        Err(error) => return Ok(Err(error)),
    };
    loop {
        let next = people.message().await;
        let added = match next.map_err(|status| desk.failed(&status))? {
            Some(person) => file.add(&person.name, &person.email),
            None => return Ok(file.end()),
        };
        if let Err(error) = added {
            return Ok(Err(error));
        }
    }
}

/// People as they are written.
struct People<'to> {
    csv: csv::Writer<&'to mut dyn Write>,
    people: u64,
}

impl<'to> People<'to> {
    fn begin(to: &'to mut dyn Write) -> io::Result<Self> {
        let mut csv = csv::WriterBuilder::new()
            .buffer_capacity(BUFFER)
            .from_writer(to);
        csv.write_record(["name", "email"]).map_err(plain)?;
        Ok(Self { csv, people: 0 })
    }

    fn add(&mut self, name: &str, email: &str) -> io::Result<()> {
        self.people += 1;
        self.csv.write_record([name, email]).map_err(plain)
    }

    /// How many there are.
    fn end(mut self) -> io::Result<u64> {
        self.csv.flush()?;
        Ok(self.people)
    }
}

/// The parser's error holds the writer's: its kind decides whether it is one.
fn plain(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
