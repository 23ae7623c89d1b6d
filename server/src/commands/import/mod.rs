//! `frontdesk import`.

mod batches;
mod keep;

use std::{
    fmt::Display,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
};

use clap::Args;

use self::keep::Keeper;
use super::{Place, progress::Progress};
use crate::{
    failure::Failure,
    people_csv::{Reader, Rejected},
    store::{Lock, Store},
};

/// How many batches are under way at most. What has queued up is committed together: the more,
/// the less often the emails' index is written, and the more rows are in memory.
const UNDER_WAY: usize = 16;

/// The flags of `frontdesk import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    #[command(flatten)]
    place: Place,

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
/// The file or the folder can't be used. What `kept` has said is kept all the same.
pub fn run(arguments: ImportArgs) -> Result<(), Failure> {
    let data = arguments.place.data()?;
    let source = Source::open(&arguments.file)?;
    let name = source.name;
    let unusable = |why: &dyn Display| Failure::usage(format!("{name}: {why}"));
    let reader = Reader::new(source.file).map_err(|why| unusable(&why))?;

    // Only now: a file that can't be used leaves no folder behind.
    let lock = Lock::take(&data, "frontdesk import")?;
    let store = Store::open(&lock)?;
    let rejected = Rejected::beside(&source.path, reader.headings().clone())
        .map_err(|why| unusable(&format!("the list of refused rows can't be written: {why}")))?;

    let progress = Progress::new(source.length);
    let ignored = &reader.columns().ignored;
    if !ignored.is_empty() {
        progress.note(&format!("columns not used: {}", ignored.join(", ")));
    }
    let mut keeper = Keeper::new(rejected, progress);
    let end = thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel(UNDER_WAY);
        let store = &store;
        let reading = scope.spawn(move || batches::read(reader, store, &sender));
        let kept = receiver
            .into_iter()
            .try_for_each(|batch| keeper.keep(batch));
        let read = reading.join();
        kept?;
        match read {
            Ok(read) => read.map_err(|why| unusable(&why)),
            Err(_) => Err(Failure::broken(format!("{name}: reading it broke"))),
        }
    });
    keeper.finish(end)
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
