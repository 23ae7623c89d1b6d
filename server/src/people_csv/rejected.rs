//! The rows that were refused, in a file that can be corrected and imported again.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use csv::ByteRecord;

/// Rows that were refused: line, reason, and the row as it was. The file is made with the first of
/// them; where there is none, there is none.
#[derive(Debug)]
pub struct Rejected {
    path: PathBuf,
    headings: ByteRecord,
    file: Option<csv::Writer<File>>,
}

impl Rejected {
    /// `people.rejected.csv` beside `people.csv`; one of an earlier run is removed, since it told
    /// of another file, or of the same one before it was corrected.
    ///
    /// # Errors
    /// The old file can't be removed.
    pub fn beside(path: &Path, headings: ByteRecord) -> io::Result<Self> {
        let mut name = match path.extension() {
            Some(ending) if ending.eq_ignore_ascii_case("csv") => path.file_stem(),
            _ => path.file_name(),
        }
        .unwrap_or_default()
        .to_owned();
        name.push(".rejected.csv");
        let path = path.with_file_name(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(Self {
                path,
                headings,
                file: None,
            }),
        }
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
                    .from_writer(File::create(&self.path)?);
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
