//! `frontdesk import`.

mod batches;
mod call;
mod results;
mod source;

use std::{
    fmt::Display,
    fs,
    io::Read,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use clap::{Args, ValueEnum};
use frontdesk::user::ImportBatchResult;
use tokio::sync::{mpsc, oneshot};

use self::{
    batches::Batches,
    call::{ImportCall, ImportOptions},
    results::Results,
    source::Source,
};
use super::{
    client::{Access, Client, TargetArgs},
    csv::{Reader, RejectedRows},
    error::CliError,
    output::Progress,
};

/// Batches that are read ahead of the responses.
const MAX_PENDING_BATCHES: usize = 32;

/// The arguments of `frontdesk import`.
#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    #[command(flatten)]
    target: TargetArgs,

    /// What to do with a row whose email address is already in use
    #[arg(long, value_name = "ACTION", value_enum, default_value_t)]
    on_existing: OnExisting,

    /// Validate all rows and write rejected ones, but import nothing
    #[arg(long)]
    dry_run: bool,

    /// ID under which an interrupted import can be resumed: for a day, no batch of rows is imported
    /// twice under the same ID [default: derived from the content of the file]
    #[arg(long, value_name = "ID", conflicts_with = "dry_run")]
    import_id: Option<String>,

    /// CSV file to write rejected rows to, with their line and the reason. A file of rejected rows
    /// is replaced; the import fails if another file has this name
    /// [default: FILE.rejected.csv next to FILE.csv]
    #[arg(long, value_name = "REJECTED.csv")]
    rejected: Option<PathBuf>,

    /// CSV file in UTF-8, separated by commas, or - for standard input. The first row must have the
    /// headings `name` (or `first name` and `last name`) and `email`. Other columns are ignored
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum OnExisting {
    /// Reject the row if the name differs
    #[default]
    Reject,
    /// Keep the existing user unchanged
    Skip,
    /// Update the name of the existing user
    Update,
}

/// Imports the users of a CSV file.
///
/// # Errors
///
/// The file, the file of rejected rows or the directory cannot be used, or the import was
/// interrupted; the message has the number of rows that were imported.
pub(super) fn run(arguments: ImportArgs) -> Result<(), CliError> {
    let source = Source::open(&arguments.file)?;
    let name = source.name;
    let failed = |reason: &dyn Display| CliError::usage(format!("{name}: {reason}"));
    let reader = Reader::new(source.file).map_err(|error| failed(&error))?;

    let path = arguments
        .rejected
        .unwrap_or_else(|| RejectedRows::default_path(&source.path));
    let cannot_write = |reason: &dyn Display| {
        CliError::usage(format!(
            "{}: cannot write rejected rows: {reason}; use --rejected to write another file",
            path.display()
        ))
    };
    if is_same_file(&path, &source.path) {
        return Err(cannot_write(&"it is the file to import"));
    }
    let rejected = RejectedRows::new(path.clone(), reader.headings().clone())
        .map_err(|error| cannot_write(&error))?;

    let (dry_run, on_existing) = (arguments.dry_run, arguments.on_existing);
    let file = source.length.map(|_| source.path).filter(|_| !dry_run);
    let id = source::import_id(arguments.import_id, file, &format!("{on_existing:?}"))
        .map_err(|reason| failed(&reason))?;
    let options = ImportOptions {
        id,
        on_existing: on_existing.into(),
        dry_run,
    };
    let access = if dry_run {
        Access::DryRun
    } else {
        Access::Write
    };
    // Resolved last, so that an invalid file does not create a data directory.
    let target = arguments.target.resolve()?;
    let server = target.server_url().map(|url| format!("using server {url}"));
    let length = source.length;
    let resume_hint = options.resume_hint();
    target.run("frontdesk import", access, async |client| {
        let call = ImportCall::start(client, options).await?;
        let mut results = Results::new(rejected, Progress::new(length), dry_run);
        results
            .remove_previous()
            .map_err(|error| cannot_write(&error))?;
        if let Some(server) = server {
            results.note(&server);
        }
        let ignored = reader.ignored_columns();
        if !ignored.is_empty() {
            results.note(&format!("ignored columns: {}", summarize(ignored)));
        }
        let result = import(client, call, reader, &mut results, resume_hint).await;
        results.finish(result.map_err(|error| match error {
            ImportError::File(reason) => failed(&reason),
            ImportError::Other(error) => error,
        }))
    })
}

/// Why an import was interrupted.
enum ImportError {
    /// The rest of the file cannot be read.
    File(String),
    Other(CliError),
}

/// Sends the rows of the file, and adds the responses to `results`.
async fn import(
    client: &Client,
    call: ImportCall,
    reader: Reader<impl Read + Send + 'static>,
    results: &mut Results,
    resume_hint: &str,
) -> Result<(), ImportError> {
    let ImportCall {
        requests,
        mut responses,
        started,
    } = call;
    if started.last_sequence > 0 {
        let counts = started.counts.unwrap_or_default();
        let rows = counts.created + counts.updated + counts.unchanged + counts.rejected;
        results.note(&format!("resuming the import after {rows} rows"));
    }
    let failed = Arc::new(AtomicBool::new(false));
    let (batches, mut pending) = mpsc::channel(MAX_PENDING_BATCHES);
    let (ended, end) = oneshot::channel();
    let has_failed = Arc::clone(&failed);
    // Not a thread of the runtime, which would wait for it: reading standard input may never end.
    thread::spawn(move || {
        let end = Batches::new(reader).read(&batches, &requests, &has_failed);
        drop((batches, requests));
        ended.send(end).ok();
    });
    let mut result = Ok(());
    // After an error, batches that were already sent are still counted.
    while let Some(batch) = pending.recv().await {
        let imported = if batch.is_sent {
            let response = responses.batch(client).await;
            response.map_err(|error| ImportError::Other(error.with_hint(resume_hint)))?
        } else {
            ImportBatchResult::default()
        };
        let added = results.add(batch, imported);
        failed.fetch_or(added.is_err(), Ordering::Relaxed);
        result = result.and(added);
    }
    result.map_err(ImportError::Other)?;
    match end.await {
        Ok(end) => end.map_err(|error| ImportError::File(error.to_string())),
        Err(_) => Err(ImportError::File("reading it failed".to_owned())),
    }
}

impl From<OnExisting> for frontdesk::user::OnExisting {
    fn from(on_existing: OnExisting) -> Self {
        match on_existing {
            OnExisting::Reject => Self::Unspecified,
            OnExisting::Skip => Self::Skip,
            OnExisting::Update => Self::Update,
        }
    }
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    let canonical = |path| fs::canonicalize(path).ok();
    canonical(one).is_some_and(|one| canonical(other) == Some(one))
}

/// The first 1,000 characters: a file that is not a CSV file may have a million headings.
fn summarize(headings: &[String]) -> String {
    const MAX_CHARACTERS: usize = 1_000;
    let all = headings.join(", ");
    match all.char_indices().nth(MAX_CHARACTERS) {
        Some((end, _)) => format!("{}… ({} in total)", &all[..end], headings.len()),
        None => all,
    }
}
