//! People to import: a file as it comes out of another program, and what is in it.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::Outcome;

/// Those who are in a new directory: John Doe and the sample people.
pub const ALREADY_THERE: usize = 1_000;
/// Those in the file.
pub const IMPORTED: usize = 20_000;

/// A CSV file of [`IMPORTED`] people: BOM, CRLF, columns that nobody asked for.
pub struct PeopleFile {
    _folder: TempDir,
    path: PathBuf,
    /// The name in the last line.
    pub last: String,
}

impl PeopleFile {
    /// Writes the file: names of several scripts, and an address for each that is theirs alone.
    pub fn write() -> Outcome<Self> {
        let mut text = String::from("\u{feff}Index,First Name,Last Name,Sex,Email,Job Title\r\n");
        for index in 1..=IMPORTED {
            let (first, last) = name(index);
            write!(
                text,
                "{index},{first},{last},,person{index}@example.org,\"Adviser, tax\"\r\n"
            )?;
        }
        let folder = TempDir::new()?;
        let path = folder.path().join("people.csv");
        fs::write(&path, text)?;
        let (first, last) = name(IMPORTED);
        Ok(Self {
            _folder: folder,
            path,
            last: format!("{first} {last}"),
        })
    }

    /// Where the file lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn name(index: usize) -> (&'static str, String) {
    const FIRST: [&str; 8] = [
        "Olívia",
        "Zoë",
        "Дмитрий",
        "Ελένη",
        "محمد",
        "देवी",
        "美咲",
        "지우",
    ];
    (FIRST[index % FIRST.len()], format!("Nr{index}"))
}
