//! The file that is imported, and the IDs of imports.

use std::{
    fmt::Write as _,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    process,
    time::{SystemTime, UNIX_EPOCH},
};

use frontdesk_directory::IdempotencyKey;
use sha2::{Digest as _, Sha256};

use super::call::ImportId;
use crate::cli::error::CliError;

/// The version of how files are split into batches.
pub(super) const BATCH_VERSION: u32 = 1;
const BUFFER_BYTES: usize = 1 << 18;

pub(super) struct Source {
    pub(super) file: Box<dyn Read + Send>,
    /// In bytes, for a regular file.
    pub(super) length: Option<u64>,
    /// For messages.
    pub(super) name: String,
    pub(super) path: PathBuf,
}

impl Source {
    pub(super) fn open(path: &Path) -> Result<Self, CliError> {
        if path == Path::new("-") {
            return Ok(Self {
                file: Box::new(io::stdin()),
                length: None,
                name: "standard input".to_owned(),
                path: PathBuf::from("stdin"),
            });
        }
        let name = path.display().to_string();
        let unreadable = |error| CliError::usage(format!("{name}: cannot be read: {error}"));
        let file = File::open(path).map_err(unreadable)?;
        let metadata = file.metadata().map_err(unreadable)?;
        if metadata.is_dir() {
            return Err(CliError::usage(format!("{name}: is a directory")));
        }
        Ok(Self {
            file: Box::new(file),
            length: metadata.is_file().then_some(metadata.len()),
            name,
            path: path.to_owned(),
        })
    }
}

/// The ID of an import: the given one, or one derived from the content of `file` and `options`.
pub(super) fn import_id(
    given: Option<String>,
    file: Option<PathBuf>,
    options: &str,
) -> Result<ImportId, String> {
    if let Some(id) = given {
        return match IdempotencyKey::parse(&id) {
            Ok(Some(_)) => Ok(ImportId::Given(id)),
            Ok(None) => Err("--import-id: is empty".to_owned()),
            Err(error) => Err(format!("--import-id: {error}")),
        };
    }
    let Some(file) = file else {
        return Ok(ImportId::Unique(unique_id()));
    };
    let id = fingerprint(&file, &format!("import {BATCH_VERSION} {options}"))
        .map_err(|error| format!("cannot be read: {error}"))?;
    Ok(ImportId::OfFile(id, file))
}

fn fingerprint(path: &Path, options: &str) -> io::Result<String> {
    let mut hash = Sha256::new();
    hash.update(options.as_bytes());
    hash.update([0]);
    let mut file = File::open(path)?;
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(to_id(&hash.finalize())),
            read => hash.update(&buffer[..read]),
        }
    }
}

/// Derived from the time and the process ID.
fn unique_id() -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let mut hash = Sha256::new();
    hash.update(now.as_nanos().to_le_bytes());
    hash.update(process::id().to_le_bytes());
    to_id(&hash.finalize())
}

/// 160 bits in hexadecimal, which fits an idempotency key.
fn to_id(hash: &[u8]) -> String {
    let mut id = String::with_capacity(40);
    for byte in hash.iter().take(20) {
        // Writing to a String does not fail.
        write!(id, "{byte:02x}").ok();
    }
    id
}
