//! `frontdesk import`.

mod batches;
mod call;
mod keep;
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
    call::{Beginning, Call, ImportId},
    keep::Keeper,
    source::Source,
};
use super::{
    client::{Access, Desk, Whom},
    progress::Progress,
};
use crate::{
    csv::{Reader, Rejected},
    failure::Failure,
};
use frontdesk_directory::IdempotencyKey;

/// How many batches are under way at most.
const UNDER_WAY: usize = 32;

/// The flags of `frontdesk import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    #[command(flatten)]
    whom: Whom,

    /// What happens to people who are there already, by their email
    /// [default: refuse]
    #[arg(
        long,
        value_name = "WHAT",
        value_enum,
        default_value_t,
        hide_default_value = true
    )]
    on_existing: OnExisting,

    /// Says what would become of the rows, and lists those that would be refused; keeps nothing
    #[arg(long)]
    dry_run: bool,

    /// SortField which the import is known when it goes on after it broke off: for a day nothing is taken
    /// twice under one ID [default: made from the file's content]
    #[arg(long, value_name = "ID", conflicts_with = "dry_run")]
    import_id: Option<String>,

    /// Where the rows that are refused are listed, with line and reason. Such a list of an earlier
    /// run is replaced; where another file has that name, nothing is imported
    /// [default: FILE.rejected.csv beside FILE.csv]
    #[arg(long, value_name = "LIST.csv")]
    rejected: Option<PathBuf>,

    /// CSV file in UTF-8, or - for standard input. Its headings tell which columns hold the names
    /// (name, or first name and last name) and the emails (email); others are ignored
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,
}

/// What happens to people who are there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum OnExisting {
    /// Who is there by another name is refused
    #[default]
    Refuse,
    /// They stay as they are
    Skip,
    /// They get the row's name
    Update,
}

/// Adds the people of a file, through a server or into the database itself. Rows that are refused
/// go to `FILE.rejected.csv`, and the rest is kept. One that broke off goes on where it did.
///
/// # Errors
///
/// The file, the list or the directory can't be used, or something broke on the way: the failure
/// then says what is on disk all the same.
pub fn run(arguments: ImportArgs) -> Result<(), Failure> {
    let source = Source::open(&arguments.file)?;
    let name = source.name;
    let unusable = |why: &dyn Display| Failure::usage(format!("{name}: {why}"));
    let reader = Reader::new(source.file).map_err(|why| unusable(&why))?;

    let list = arguments
        .rejected
        .unwrap_or_else(|| Rejected::beside(&source.path));
    let unlistable = |why: &dyn Display| {
        let list = list.display();
        Failure::usage(format!(
            "{list}: refused rows can't be listed there: {why}; --rejected names another place"
        ))
    };
    if same(&list, &source.path) {
        return Err(unlistable(&"it is the file that is imported"));
    }
    let rejected =
        Rejected::at(list.clone(), reader.headings().clone()).map_err(|why| unlistable(&why))?;

    let (dry_run, on_existing) = (arguments.dry_run, arguments.on_existing);
    let file = source.length.map(|_| source.path);
    let id = import_id(arguments.import_id, file.filter(|_| !dry_run), on_existing)
        .map_err(|why| unusable(&why))?;
    let beginning = Beginning {
        id,
        on_existing: on_existing.into(),
        dry_run,
    };
    let access = if dry_run {
        Access::Tries
    } else {
        Access::Writes
    };
    // Only now: a file that can't be used leaves no folder behind.
    let found = arguments.whom.find()?;
    let server = found
        .server()
        .map(|url| format!("through the server at {url}"));
    let length = source.length;
    let goes_on = beginning.goes_on();
    found.run("frontdesk import", access, async |desk| {
        let call = Call::begin(desk, beginning).await?;
        let mut keeper = Keeper::new(rejected, Progress::new(length), dry_run);
        keeper.begin().map_err(|why| unlistable(&why))?;
        if let Some(server) = server {
            keeper.note(&server);
        }
        let ignored = &reader.columns().ignored;
        if !ignored.is_empty() {
            keeper.note(&format!("columns not used: {}", in_short(ignored)));
        }
        let end = import(desk, call, reader, &mut keeper, goes_on).await;
        keeper.finish(end.map_err(|failure| match failure {
            Broken::File(why) => unusable(&why),
            Broken::OnTheWay(failure) => failure,
        }))
    })
}

/// What ended an import too early.
enum Broken {
    /// The file can't be read any further.
    File(String),
    OnTheWay(Failure),
}

/// Sends the file's rows, and keeps what is answered.
async fn import(
    desk: &Desk,
    call: Call,
    reader: Reader<impl Read + Send + 'static>,
    keeper: &mut Keeper,
    goes_on: &str,
) -> Result<(), Broken> {
    let (sent, mut answers, begun) = call.split();
    if begun.last_sequence > 0 {
        let counts = begun.counts.unwrap_or_default();
        let taken = counts.created + counts.updated + counts.unchanged + counts.rejected;
        keeper.note(&format!(
            "it goes on where it broke off: {taken} rows were taken before"
        ));
    }
    let broken = Arc::new(AtomicBool::new(false));
    let (batches, mut read) = mpsc::channel(UNDER_WAY);
    let (ended, end) = oneshot::channel();
    let is_broken = Arc::clone(&broken);
    // Not of the runtime's: it may wait for standard input for ever, and nobody for it.
    thread::spawn(move || {
        let end = Batches::new(reader).read(&batches, &sent, &is_broken);
        drop((batches, sent));
        ended.send(end).ok();
    });
    let mut kept = Ok(());
    // To the end even where one can't be listed: those behind it are with the directory already,
    // and what becomes of them is counted, too.
    while let Some(batch) = read.recv().await {
        let imported = if batch.is_sent {
            let answer = Call::answer(&mut answers, desk).await;
            answer.map_err(|failure| Broken::OnTheWay(failure.and(goes_on)))?
        } else {
            ImportBatchResult::default()
        };
        let next = keeper.keep(batch, imported);
        broken.fetch_or(next.is_err(), Ordering::Relaxed);
        kept = kept.and(next);
    }
    kept.map_err(Broken::OnTheWay)?;
    match end.await {
        Ok(end) => end.map_err(|why| Broken::File(why.to_string())),
        Err(_) => Err(Broken::File("reading it broke".to_owned())),
    }
}

/// SortField which the import is known. Where it is made from the file's content, the same file goes on
/// with the same settings only.
fn import_id(
    named: Option<String>,
    file: Option<PathBuf>,
    on_existing: OnExisting,
) -> Result<ImportId, String> {
    if let Some(id) = named {
        return match IdempotencyKey::parse(&id) {
            Ok(Some(_)) => Ok(ImportId::Named(id)),
            Ok(None) => Err("--import-id: is empty".to_owned()),
            Err(why) => Err(format!("--import-id: {why}")),
        };
    }
    let Some(file) = file else {
        return Ok(ImportId::Unique(source::unique()));
    };
    // The number is that of how files are cut into batches.
    let settings = format!("import 1 {on_existing:?}");
    let id = source::fingerprint(&file, &settings)
        .map_err(|error| format!("it can't be read: {error}"))?;
    Ok(ImportId::OfFile(id, file))
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

fn same(one: &Path, other: &Path) -> bool {
    let whole = |path| fs::canonicalize(path).ok();
    whole(one).is_some_and(|one| whole(other) == Some(one))
}

/// The headings in a row, for a person: what is no table may have a million of them, or long ones.
fn in_short(headings: &[String]) -> String {
    const LONGEST: usize = 1_000;
    let all = headings.join(", ");
    match all.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}… ({} in all)", &all[..end], headings.len()),
        None => all,
    }
}
