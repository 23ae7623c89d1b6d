//! The rows that were refused, in a file that can be corrected and imported again.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use csv::ByteRecord;

/// How every list begins.
const BEGINNING: &str = "line,reason,";

/// Rows that were refused: line, reason, and the row as it was. The file is made with the first of
/// them; where there is none, there is none.
#[derive(Debug)]
pub struct Rejected {
    path: PathBuf,
    headings: ByteRecord,
    /// A list of an earlier run, to be replaced.
    older: bool,
    file: Option<csv::Writer<File>>,
}

impl Rejected {
    /// The list's place beside `people.csv`: `people.rejected.csv`.
    #[must_use]
    pub fn beside(path: &Path) -> PathBuf {
        let mut name = match path.extension() {
            Some(ending) if ending.eq_ignore_ascii_case("csv") => path.file_stem(),
            _ => path.file_name(),
        }
        .unwrap_or_default()
        .to_owned();
        name.push(".rejected.csv");
        path.with_file_name(name)
    }

    /// A list at `path`, of rows of a file with these headings. Nothing is changed there yet.
    ///
    /// # Errors
    /// It can't be written there, or another file is there: only a list is ever replaced.
    pub fn at(path: PathBuf, headings: ByteRecord) -> io::Result<Self> {
        let older = match fs::metadata(&path) {
            Ok(there) if !there.is_file() => false,
            Ok(_) if is_a_list(&path)? => true,
            Ok(_) => return Err(another()),
            // A link to nowhere is found by no other means.
            Err(_) if path.is_symlink() => return Err(another()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // Without a name: even a kill leaves nothing of it.
                tempfile::tempfile_in(folder(&path))?;
                return Ok(Self::new(path, headings, false));
            }
            Err(error) => return Err(error),
        };
        OpenOptions::new().write(true).open(&path)?;
        Ok(Self::new(path, headings, older))
    }

    fn new(path: PathBuf, headings: ByteRecord, older: bool) -> Self {
        Self {
            path,
            headings,
            older,
            file: None,
        }
    }

    /// Removes the list of an earlier run, which told of another file, or of the same one before
    /// it was corrected.
    ///
    /// # Errors
    /// It can't be removed.
    pub fn remove_older(&mut self) -> io::Result<()> {
        if self.older {
            fs::remove_file(&self.path)?;
            self.older = false;
        }
        Ok(())
    }

    /// Where the rows are, or would be.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds a row.
    ///
    /// # Errors
    /// The file can't be written.
    pub fn add<'row>(
        &mut self,
        line: u64,
        reason: &str,
        row: impl IntoIterator<Item = &'row [u8]>,
    ) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => {
                let mut file = csv::WriterBuilder::new()
                    .flexible(true)
                    .from_writer(open(&self.path)?);
                write(&mut file, b"line", b"reason", &self.headings).map_err(io::Error::other)?;
                none.insert(file)
            }
        };
        write(file, line.to_string().as_bytes(), reason.as_bytes(), row).map_err(io::Error::other)
    }

    /// What was added can be read in the file.
    ///
    /// # Errors
    /// The file can't be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), csv::Writer::flush)
    }
}

fn another() -> io::Error {
    let why = "another file is there, and is not written over: move it away";
    io::Error::new(io::ErrorKind::AlreadyExists, why)
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Whether this file is a list, as [`Rejected`] writes them, or nothing yet.
fn is_a_list(path: &Path) -> io::Result<bool> {
    let mut beginning = Vec::new();
    let length = BEGINNING.len() as u64;
    File::open(path)?.take(length).read_to_end(&mut beginning)?;
    // A kill can come between a list's making and its first line.
    Ok(beginning.is_empty() || beginning == BEGINNING.as_bytes())
}

/// A file that has come there meanwhile is somebody else's; a pipe or a device is nobody's.
fn open(path: &Path) -> io::Result<File> {
    match fs::metadata(path) {
        Ok(there) if !there.is_file() => OpenOptions::new().write(true).open(path),
        _ => File::create_new(path),
    }
}

fn write<'row>(
    file: &mut csv::Writer<File>,
    line: &[u8],
    reason: &[u8],
    row: impl IntoIterator<Item = &'row [u8]>,
) -> csv::Result<()> {
    file.write_field(line)?;
    file.write_field(reason)?;
    row.into_iter()
        .try_for_each(|column| file.write_field(column))?;
    file.write_record(None::<&[u8]>)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_lies_beside_the_file() {
        for (file, list) in [
            ("people.csv", "people.rejected.csv"),
            ("a/Staff.CSV", "a/Staff.rejected.csv"),
            ("people.txt", "people.txt.rejected.csv"),
            ("people", "people.rejected.csv"),
        ] {
            assert_eq!(Rejected::beside(Path::new(file)), Path::new(list));
        }
    }

    #[test]
    fn only_a_list_is_replaced_and_not_before_it_is_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("people.rejected.csv");
        let headings = || ByteRecord::from(vec!["name", "email"]);
        let mut list = Rejected::at(path.clone(), headings()).expect("a place");
        assert!(!path.exists(), "made before there is a row");
        list.add(2, "why", [&b"Ada"[..], b"x"]).expect("added");
        list.flush().expect("written");
        let written = fs::read_to_string(&path).expect("a list");
        assert_eq!(written, "line,reason,name,email\n2,why,Ada,x\n");

        let mut next = Rejected::at(path.clone(), headings()).expect("a place");
        assert!(path.exists(), "the older list is still there");
        next.remove_older().expect("removed");
        assert!(!path.exists());

        fs::write(&path, "line;reason;name\n").expect("somebody's file");
        let why = Rejected::at(path.clone(), headings()).expect_err("refused");
        assert!(why.to_string().contains("another file"), "{why}");
        next.add(2, "why", [&b"Ada"[..]])
            .expect_err("not over a file that came meanwhile");
        assert_eq!(fs::read(&path).expect("the file"), b"line;reason;name\n");

        let link = folder.path().join("link.rejected.csv");
        std::os::unix::fs::symlink("nowhere", &link).expect("a link");
        Rejected::at(link, headings()).expect_err("refused");
    }
}
