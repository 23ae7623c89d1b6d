//! A CSV file of users to import, as another program would export it.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::TestResult;

/// The number of users in a new directory: John Doe and the sample users.
pub const INITIAL_USERS: usize = 1_000;
/// The number of users in the file.
pub const FILE_USERS: usize = 20_000;

/// A CSV file with a BOM, CRLF line ends and columns that are not imported.
pub struct UsersFile {
    _folder: TempDir,
    path: PathBuf,
    pub last_name: String,
}

impl UsersFile {
    /// Names are in several scripts; each email is unique.
    pub fn write() -> TestResult<Self> {
        let mut text = String::from("\u{feff}Index,First Name,Last Name,Sex,Email,Job Title\r\n");
        for index in 1..=FILE_USERS {
            let (first, last) = name(index);
            write!(
                text,
                "{index},{first},{last},,user{index}@example.org,\"Adviser, tax\"\r\n"
            )?;
        }
        let folder = TempDir::new()?;
        let path = folder.path().join("users.csv");
        fs::write(&path, text)?;
        let (first, last) = name(FILE_USERS);
        Ok(Self {
            _folder: folder,
            path,
            last_name: format!("{first} {last}"),
        })
    }

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
