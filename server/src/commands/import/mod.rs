//! `frontdesk import`.

mod batches;
mod keep;

use std::{
    fmt::Display,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
};

use clap::Args;

use self::keep::Keeper;
use super::{Place, progress::Progress};
use crate::{
    failure::Failure,
    people_csv::{Reader, Rejected},
    store::{Keeping, Lock, Store},
};

/// How many batches are under way at most. What has queued up is committed together: the more,
/// the less often the emails' index is written, and the more rows are in memory.
const UNDER_WAY: usize = 16;

/// The flags of `frontdesk import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    #[command(flatten)]
    place: Place,

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

/// Adds the people of a file; who is there already, by their email, is left as they are. Rows
/// that are refused go to `FILE.rejected.csv`, and the rest is kept.
///
/// # Errors
///
/// The file, the list or the folder can't be used, or something broke on the way: the failure then
/// says what is on disk all the same.
pub fn run(arguments: ImportArgs) -> Result<(), Failure> {
    let place = arguments.place;
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
    let mut rejected =
        Rejected::at(list.clone(), reader.headings().clone()).map_err(|why| unlistable(&why))?;

    // Only now: a file that can't be used leaves no folder behind.
    let lock = Lock::take(&place.data_or_new()?, "frontdesk import")?;
    let store = Store::open(&lock, Keeping::default())?;
    rejected.remove_older().map_err(|why| unlistable(&why))?;

    let progress = Progress::new(source.length);
    let ignored = &reader.columns().ignored;
    if !ignored.is_empty() {
        progress.note(&format!("columns not used: {}", in_short(ignored)));
    }
    let mut keeper = Keeper::new(rejected, progress);
    let broken = AtomicBool::new(false);
    let end = thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel(UNDER_WAY);
        let (store, broken) = (&store, &broken);
        let reading = scope.spawn(move || batches::read(reader, store, &sender, broken));
        let mut kept = Ok(());
        // To the end even where one fails: those behind it are with the store already, and what
        // becomes of them is counted, too.
        for batch in receiver {
            let next = keeper.keep(batch);
            broken.fetch_or(next.is_err(), Ordering::Relaxed);
            kept = kept.and(next);
        }
        let read = reading.join();
        kept?;
        match read {
            Ok(read) => read.map_err(|why| unusable(&why)),
            Err(_) => Err(Failure::broken(format!("{name}: reading it broke"))),
        }
    });
    keeper.finish(end)
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

/// Where the rows come from.
struct Source {
    file: Box<dyn Read + Send>,
    /// In bytes, where that is known.
    length: Option<u64>,
    name: String,
    path: PathBuf,
}

impl Source {
    fn open(path: &Path) -> Result<Self, Failure> {
        if path == Path::new("-") {
            return Ok(Self {
                file: Box::new(io::stdin()),
                length: None,
                name: "standard input".to_owned(),
                path: PathBuf::from("stdin"),
            });
        }
        let name = path.display().to_string();
        let unreadable = |why| Failure::usage(format!("{name}: it can't be read: {why}"));
        let file = File::open(path).map_err(unreadable)?;
        let about = file.metadata().map_err(unreadable)?;
        if about.is_dir() {
            return Err(Failure::usage(format!("{name}: it is a folder")));
        }
        Ok(Self {
            file: Box::new(file),
            length: about.is_file().then_some(about.len()),
            name,
            path: path.to_owned(),
        })
    }
}
