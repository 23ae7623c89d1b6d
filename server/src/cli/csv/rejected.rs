//! Writes rejected rows to a CSV file that can be corrected and imported.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use csv::ByteRecord;

use super::reader::line;

/// Every file of rejected rows begins with this.
const PREFIX: &str = "line,reason,";

/// A file of rejected rows: line, reason, and the fields of the row. It is created with the first
/// row.
#[derive(Debug)]
pub(in crate::cli) struct RejectedRows {
    path: PathBuf,
    headings: ByteRecord,
    /// Whether there is a file of an earlier run, which is replaced.
    replace: bool,
    file: Option<csv::Writer<File>>,
}

impl RejectedRows {
    /// The default path: `users.rejected.csv` for `users.csv`.
    pub(in crate::cli) fn default_path(path: &Path) -> PathBuf {
        let mut name = match path.extension() {
            Some(extension) if extension.eq_ignore_ascii_case("csv") => path.file_stem(),
            _ => path.file_name(),
        }
        .unwrap_or_default()
        .to_owned();
        name.push(".rejected.csv");
        path.with_file_name(name)
    }

    /// Prepares the file for rows with these headings. Nothing is changed on disk yet.
    ///
    /// # Errors
    /// The path cannot be written, or has a file that is not one of rejected rows.
    pub(in crate::cli) fn new(path: PathBuf, headings: ByteRecord) -> io::Result<Self> {
        let replace = match fs::metadata(&path) {
            Ok(metadata) if !metadata.is_file() => false,
            Ok(_) if has_rejected_rows(&path)? => true,
            Ok(_) => return Err(exists()),
            // A dangling link.
            Err(_) if path.is_symlink() => return Err(exists()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // Tests whether a file can be created; this one has no name.
                tempfile::tempfile_in(parent(&path))?;
                return Ok(Self::with(path, headings, false));
            }
            Err(error) => return Err(error),
        };
        OpenOptions::new().write(true).open(&path)?;
        Ok(Self::with(path, headings, replace))
    }

    fn with(path: PathBuf, headings: ByteRecord, replace: bool) -> Self {
        Self {
            path,
            headings,
            replace,
            file: None,
        }
    }

    /// Removes the file of an earlier run.
    ///
    /// # Errors
    /// It cannot be removed.
    pub(in crate::cli) fn remove_previous(&mut self) -> io::Result<()> {
        if self.replace {
            fs::remove_file(&self.path)?;
            self.replace = false;
        }
        Ok(())
    }

    pub(in crate::cli) fn path(&self) -> &Path {
        &self.path
    }

    /// # Errors
    /// The file cannot be written.
    pub(in crate::cli) fn add(&mut self, row: &ByteRecord, reason: &str) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => {
                let mut file = csv::WriterBuilder::new()
                    .flexible(true)
                    .from_writer(create(&self.path)?);
                write(&mut file, "line", "reason", &self.headings)?;
                none.insert(file)
            }
        };
        write(file, &line(row).to_string(), reason, row)
    }

    /// # Errors
    /// The file cannot be written.
    pub(in crate::cli) fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), csv::Writer::flush)
    }
}

fn exists() -> io::Error {
    let reason = "the file exists and does not contain rejected rows; it is not overwritten";
    io::Error::new(io::ErrorKind::AlreadyExists, reason)
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => directory,
        _ => Path::new("."),
    }
}

/// Also true for an empty file: the process may have been killed before the first line was written.
fn has_rejected_rows(path: &Path) -> io::Result<bool> {
    let mut prefix = Vec::new();
    File::open(path)?
        .take(PREFIX.len() as u64)
        .read_to_end(&mut prefix)?;
    Ok(prefix.is_empty() || prefix == PREFIX.as_bytes())
}

/// Does not replace a file that was created in the meantime; pipes and devices are written to.
fn create(path: &Path) -> io::Result<File> {
    match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => OpenOptions::new().write(true).open(path),
        _ => File::create_new(path),
    }
}

fn write(
    file: &mut csv::Writer<File>,
    line: &str,
    reason: &str,
    row: &ByteRecord,
) -> io::Result<()> {
    let fields = [line.as_bytes(), reason.as_bytes()];
    file.write_record(fields.into_iter().chain(row))
        .map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_path_is_beside_the_file() {
        for (file, rejected) in [
            ("users.csv", "users.rejected.csv"),
            ("a/Staff.CSV", "a/Staff.rejected.csv"),
            ("users.txt", "users.txt.rejected.csv"),
            ("users", "users.rejected.csv"),
        ] {
            assert_eq!(
                RejectedRows::default_path(Path::new(file)),
                Path::new(rejected)
            );
        }
    }

    #[test]
    fn only_a_file_of_rejected_rows_is_replaced() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("users.rejected.csv");
        let headings = || ByteRecord::from(vec!["name", "email"]);
        let mut row = ByteRecord::from(vec!["Ada", "x"]);
        let mut position = csv::Position::new();
        position.set_line(2);
        row.set_position(Some(position));
        let mut rejected = RejectedRows::new(path.clone(), headings()).expect("writable");
        assert!(!path.exists(), "created without a row");
        rejected.add(&row, "reason").expect("added");
        rejected.flush().expect("written");
        let written = fs::read_to_string(&path).expect("a file");
        assert_eq!(written, "line,reason,name,email\n2,reason,Ada,x\n");

        let mut next = RejectedRows::new(path.clone(), headings()).expect("writable");
        assert!(path.exists(), "the previous file is still there");
        next.remove_previous().expect("removed");
        assert!(!path.exists());

        fs::write(&path, "line;reason;name\n").expect("another file");
        let error = RejectedRows::new(path.clone(), headings()).expect_err("rejected");
        assert!(error.to_string().contains("not overwritten"), "{error}");
        next.add(&row, "reason")
            .expect_err("a file created in the meantime");
        assert_eq!(fs::read(&path).expect("the file"), b"line;reason;name\n");

        let link = directory.path().join("link.rejected.csv");
        std::os::unix::fs::symlink("nowhere", &link).expect("a link");
        RejectedRows::new(link, headings()).expect_err("rejected");
    }
}
